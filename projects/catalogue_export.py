"""The admin's export of exactly the list that an address of the portal shows.

What the catalogue lists is decided by its own declaration, so the file has the rows of the page and
of the public files, in their order: what is published, and nothing else.
"""

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db.models import BigIntegerField, F, Func, IntegerField, QuerySet, Value
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sscnet.core.sql import IsAmong
from sscnet.facets import addresses

from .filters import ProjectFilter
from .landing import COUNTRY, GOAL, SECTOR

PARAMETER = "catalogue"
LISTS = {"projects:list", "projects:download", "projects:file", "projects:values"}
LANDING = {"landing:country": COUNTRY, "landing:sector": SECTOR, "landing:sdg": GOAL}


def parameters_of(address: str) -> QueryDict | None:
    """Return what an address asks of the catalogue; None when it shows no list of projects."""
    parameters = {name: facet.parameter for name, facet in LANDING.items()}
    return addresses.parameters_of(address, LISTS, parameters)


class AddressForm(forms.Form):
    """Takes the address of a list; clean, it is that list."""

    catalogue = forms.CharField(
        label=_("Address of the list"),
        max_length=4000,
        help_text=_(
            "As shown in the browser: the list of projects with its filters, or the page of a "
            "country, a sector or a goal."
        ),
    )

    def clean_catalogue(self):
        params = parameters_of(self.cleaned_data[PARAMETER])
        if params is None:
            raise ValidationError(gettext("This is not the address of a list of projects."))
        return ProjectFilter.listing(params)


def address_form(request) -> AddressForm:
    return AddressForm(request.GET if PARAMETER in request.GET else None)


def listing_of(request):
    """Return the list of the catalogue that is to be exported; None if no address of one is."""
    form = address_form(request)
    return form.cleaned_data[PARAMETER] if form.is_valid() else None


def in_order(rows: QuerySet, ids: list[int]) -> QuerySet:
    """Keep the rows of these ids, in their order."""
    ids = Value(ids, ArrayField(BigIntegerField()))
    place = Func(ids, F("pk"), function="array_position", output_field=IntegerField())
    return rows.filter(IsAmong(F("pk"), ids)).order_by(place)
