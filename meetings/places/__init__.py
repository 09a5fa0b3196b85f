"""The only code that gives or takes places at meetings and workshops.

Pages, the admin, imports and commands call these functions; none writes a place itself. Each is one
transaction that locks the meeting first, reads what it counts after that, writes what it decided
and the log of it, and the mails that tell of it. `actor` is the user who did it, None the portal;
whether the user may, the caller asks. `now` is for those who know the time better, as tests do;
`told_later` maps the delegation to which the caller writes itself to the people that it touched.

How it works and why: docs/developers.md.
"""

from .delegations import (
    NAMES,
    PERSON,
    LinePreview,
    answer_offer,
    choose_workshops,
    name,
    preview,
    submit,
    swap,
    take_over,
    withdraw,
)
from .due import tend
from .errors import BelowTaken, Busy, NotPossible, PlacesError, TooLate
from .officers import approve, decline, set_capacity, set_quota, undo
from .status import PlaceStatus, statuses
