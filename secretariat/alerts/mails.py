"""The kinds of mail about new projects."""

from sscnet.outbox.wordings import register

from .handling import path_of

# Nobody has checked the address yet: no word that was typed, such as a search, goes there.
register("alert-confirm", "days", holds_secret=True, is_for_anybody=True)
register("alert", "count", "since", "list", "projects", holds_secret=True, stopped_at=path_of)
