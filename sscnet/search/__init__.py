"""Finding projects by words.

`matching(text)` finds, `Found.ranked(ids)` puts in order, `exact(text)` knows a code or number of
the Fund, `highlights(text, query)` marks in a text what was asked for,
`snippet` cuts a text to where that stands. The index is kept by
`sscnet.search.documents`; docs/search.md tells how it works.
"""

from .engine import Found, exact, matching
from .highlight import Pieces, highlights, may_show, snippet

__all__ = ["Found", "Pieces", "exact", "highlights", "matching", "may_show", "snippet"]
