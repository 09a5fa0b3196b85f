"""The admin's export of exactly the list that an address of the portal shows."""

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db.models import BigIntegerField, F, Func, IntegerField, Value
from django.http import HttpResponseRedirect, QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sscnet.core.sql import IsAmong
from sscnet.exchange.admin import ExchangeMixin
from sscnet.facets import addresses

from .filters import ProjectFilter
from .landing import COUNTRY, GOAL, SECTOR

PARAMETER = "catalogue"
LISTS = {"projects:list", "projects:download", "projects:file", "projects:values"}
LANDING = {"landing:country": COUNTRY, "landing:sector": SECTOR, "landing:sdg": GOAL}


def parameters_of(address: str) -> QueryDict | None:
    """Give what an address asks of the catalogue; None when it shows no list of projects."""
    parameters = {name: facet.parameter for name, facet in LANDING.items()}
    return addresses.parameters_of(address, LISTS, parameters)


class AddressForm(forms.Form):
    """Takes the address of a list; clean, it is that list."""

    catalogue = forms.CharField(
        label=_("Address of the list"),
        max_length=4000,
        help_text=_(
            "As the browser shows it: of the list of projects with its filters, or of the page of"
            " a country, a sector or a goal."
        ),
    )

    def clean_catalogue(self):
        params = parameters_of(self.cleaned_data[PARAMETER])
        if params is None:
            raise ValidationError(gettext("This is not the address of a list of projects."))
        return ProjectFilter.listing(params)


class CatalogueExportMixin(ExchangeMixin):
    """Lets the export take a list of the catalogue instead of the list of the admin.

    What the catalogue lists is decided by its own declaration, so the file has the rows of the page
    and of the public files, in their order: what is published, and nothing else.
    """

    export_template_name = "admin/projects/export.html"

    def export_action(self, request):
        form = self.address_form(request)
        if form.is_bound and not form.is_valid() and request.method == "POST":
            return HttpResponseRedirect(request.get_full_path())
        return super().export_action(request)

    def address_form(self, request):
        return AddressForm(request.GET if PARAMETER in request.GET else None)

    def catalogue_list(self, request):
        form = self.address_form(request)
        return form.cleaned_data[PARAMETER] if form.is_valid() else None

    def get_export_queryset(self, request):
        if PARAMETER not in request.GET:
            return super().get_export_queryset(request)
        listing = self.catalogue_list(request)
        ids = Value(list(listing.ids) if listing else [], ArrayField(BigIntegerField()))
        place = Func(ids, F("pk"), function="array_position", output_field=IntegerField())
        return self.get_queryset(request).filter(IsAmong(F("pk"), ids)).order_by(place)

    def filter_values(self, request):
        if PARAMETER not in request.GET:
            return super().filter_values(request)
        listing = self.catalogue_list(request)
        return [value for _name, value in listing.fields("sort")] if listing else []

    def init_request_context_data(self, request, form):
        return {
            **super().init_request_context_data(request, form),
            "address_form": self.address_form(request),
            "listing": self.catalogue_list(request),
        }
