"""What public pages share: kept pages, feeds, sections added by other apps."""
