"""The panel of filters of the catalogue: which filter stands where."""

from functools import cached_property

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sscnet.catalogue import panel
from sscnet.catalogue.panel import ANY, Place

from .catalogue.selection import Selection

PLACES = [
    Place("country", _("By region"), ("region", "subregion")),
    Place("sector"),
    Place("sdg", _("Only as the primary goal"), ("sdg_primary",)),
    Place("status"),
    Place("institution", _("In which role"), ("role",)),
    Place("year"),
]
# What is asked for rarely; so is whatever the declaration has besides.
RARE = ("programme", "area", "modality", "gender", "province")


class Panel(panel.Panel):
    def __init__(self, selection: Selection):
        super().__init__(selection, PLACES, RARE, reverse("projects:values", args=[ANY]))

    @cached_property
    def html(self) -> SafeString:
        """Give the panel; without a search, that of all pages of a list is made once."""
        if self.selection.given.text:
            return self.written()
        key = "panel", self.list_query, get_language()
        return self.selection.engine.make_once(key, self.written)
