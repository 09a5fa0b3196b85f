"""Finding records by words.

`matching(text)` finds, `Found.ranked(ids)` puts in order, `exact(text)` knows a code or number of
the Fund, `mark(text, query)` marks in a text what was asked for, `snippet` cuts a text to where
that stands. What is searched, apps register (`documents`); docs/search.md tells how it works.
"""

from .engine import Found, exact, matching
from .highlight import highlights, mark, may_show, snippet, snippet_highlights

__all__ = [
    "Found",
    "exact",
    "highlights",
    "mark",
    "matching",
    "may_show",
    "snippet",
    "snippet_highlights",
]
