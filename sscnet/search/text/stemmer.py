"""English stems, by the rules (Porter2) that most search engines use.

In Python, because index, question and marking must cut words alike: asking the database for the
stem of every word of a page would cost a query, and its rules move with its version.
"""

import threading

import snowballstemmer

# A stemmer works on a word in place, so each thread has its own.
own = threading.local()


def stem(word: str) -> str:
    """Return the stem of an English word in small letters: agricultural gives agricultur."""
    if not hasattr(own, "english"):
        own.english = snowballstemmer.stemmer("english")
    return own.english.stemWord(word)
