"""The admin's export of exactly the list that an address of the portal shows.

What the catalogue lists is decided by its own declaration, so the file has the rows of the page and
of the public files, in their order: what is published, and nothing else.
"""

from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db.models import BigIntegerField, F, Func, IntegerField, QuerySet, Value
from django.http import QueryDict
from django.urls import Resolver404, resolve
from django.utils.translation import get_language_from_path, gettext, override
from django.utils.translation import gettext_lazy as _

from sscnet.core.database.sql import IsAmong

from ..catalogue.filters import ProjectFilter
from ..pages.landing import COUNTRY, GOAL

PARAMETER = "catalogue"
LISTS = {"projects:list", "projects:download", "projects:file", "projects:values"}
LANDING = {"landing:country": COUNTRY, "landing:sdg": GOAL}


def parameters_of(address: str) -> QueryDict | None:
    """Return what an address asks of the catalogue; None when it shows no list of projects.

    A bare query is one of the catalogue; the page of a country or goal is a list of it.
    """
    try:
        parts = urlsplit(address.strip())
        with override(get_language_from_path(parts.path) or settings.LANGUAGE_CODE):
            match = resolve(parts.path) if parts.path else None
    except (ValueError, Resolver404):
        return None
    params = QueryDict(parts.query, mutable=True)
    name = match and match.view_name
    if name in LANDING:
        params.setlist(LANDING[name].parameter, map(str, match.kwargs.values()))
    elif name and name not in LISTS:
        return None
    return params


class AddressForm(forms.Form):
    """Takes the address of a list; clean, it is that list."""

    catalogue = forms.CharField(
        label=_("Address of the list"),
        max_length=4000,
        help_text=_(
            "As shown in the browser: the list of projects with its filters, or the page of a "
            "country or a goal."
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
