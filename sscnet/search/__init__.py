"""Finding records by words.

`matching(text)` finds, `matching_each` does so of several kinds, `Found.ranked(ids)` puts in order,
`highlights(text, query)` cuts a text into pieces
that were asked for or not, `snippet` does so to what stands around the first of them. Apps register
what is searched (`documents`). How it works: docs/developers.md.
"""

from .engine import closest, having_any, matching, matching_each
from .found import Found, ranked_together
from .highlight import Pieces, highlights, may_show, snippet
