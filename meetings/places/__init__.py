"""The only code that gives or takes places at meetings and workshops.

Pages, the admin, imports and commands call these functions; none writes a place itself. Each is one
transaction that locks the meeting first, reads what it counts after that, writes what it decided
and the log of it, and the mails that tell of it. `actor` is the user who did it, None the portal;
whether the user may, the caller asks. `now` is for those who know the time better, as tests do.

How it works and why: docs/places.md.
"""

from .delegations import (
    NAMES,
    PERSON,
    Submission,
    answer_offer,
    approve,
    choose_workshops,
    decline,
    name,
    set_rule,
    submit,
    swap,
    undo,
    withdraw,
)
from .errors import BelowTaken, Busy, NotPossible, PlacesError, TooLate
from .meetings import offer_next, release_unnamed, set_capacity, set_quota, tend
from .status import LinePreview, PlaceStatus, preview, standings

__all__ = [
    "NAMES",
    "PERSON",
    "BelowTaken",
    "Busy",
    "LinePreview",
    "NotPossible",
    "PlaceStatus",
    "PlacesError",
    "Submission",
    "TooLate",
    "answer_offer",
    "approve",
    "choose_workshops",
    "decline",
    "name",
    "offer_next",
    "preview",
    "release_unnamed",
    "set_capacity",
    "set_quota",
    "set_rule",
    "standings",
    "submit",
    "swap",
    "tend",
    "undo",
    "withdraw",
]
