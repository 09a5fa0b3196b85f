"""The kinds of mail about new projects."""

from sscnet.outbox.wordings import register

from .handling import path_of

RIGHT = "secretariat.view_alert"

# Nobody has checked the address yet: no word that was typed, such as a search, goes there.
register("alert-confirm", "days", holds_secret=True, is_for_anybody=True, address_right=RIGHT)
register(
    "alert",
    "count",
    "since",
    "list",
    "projects",
    holds_secret=True,
    address_right=RIGHT,
    stopped_at=path_of,
)
