"""What a text's words are: stems, pinyin, numbers. Nothing here asks the database."""
