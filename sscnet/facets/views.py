"""What the views of a list share."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from .listing import Listing
from .params import Text, Unknown


def view_of(listing: Listing, views: Mapping[str, Text]) -> tuple[str, list[Unknown]]:
    """Return the view asked for, or else the first, and what is not known as one."""
    asked = listing.params.shown_as.get("view", ())
    unknown = [Unknown("view", _("View"), name) for name in asked if name not in {*views, "list"}]
    return next((name for name in reversed(asked) if name in views), ""), unknown
