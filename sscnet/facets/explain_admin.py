"""A page of the admin: why is this record (not) in this list?"""

from functools import partial

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from ..core.admin_pages import AdminPages
from .explain import Explanation
from .filterset import ListFilterSet


class ExplainForm(forms.Form):
    record = forms.CharField(
        label=_("Record"),
        max_length=200,
        help_text=_("Its code, or the last part of its page’s address."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    address = forms.CharField(
        label=_("Address of the list"),
        max_length=4000,
        help_text=_("As shown in the browser: the list with its filters."),
        widget=forms.TextInput(attrs={"class": "vURLField"}),
    )

    def __init__(self, *args, explains, **kwargs):
        super().__init__(*args, **kwargs)
        self.explains = explains

    def clean_record(self):
        record = self.explains.record_of(self.cleaned_data["record"].strip())
        if record is None:
            raise ValidationError(gettext("No record has this code or address."))
        return record

    def clean_address(self):
        params = self.explains.list_parameters(self.cleaned_data["address"])
        if params is None:
            raise ValidationError(gettext("This is not the address of a list of these records."))
        return params


class ExplainPages(AdminPages):
    """For the admin of records that stand in a public list with filters."""

    filterset: type[ListFilterSet]
    list_view = ""

    def list_parameters(self, address):
        """Return what an address asks of the list, or None."""
        raise NotImplementedError

    def found_where(self, record, text):
        """Return where in a record the words asked for stand."""
        raise NotImplementedError

    def record_of(self, text):
        return self.admin.model._default_manager.for_slug(text).first()

    def name_in_address(self, record):
        return record.slug

    def views(self):
        return [("why/", require_safe(self.why_view), "why")]

    def context_of_form(self, record):
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_why")
        asked = {"record": self.name_in_address(record), "address": reverse(self.list_view)}
        return {"why_address": f"{address}?{urlencode(asked)}"}

    def why_view(self, request):
        if not self.admin.has_view_permission(request):
            raise PermissionDenied
        form = ExplainForm(request.GET or None, explains=self)
        why = None
        if form.is_valid():
            record = form.cleaned_data["record"]
            listing = self.filterset.listing(form.cleaned_data["address"])
            why = Explanation(listing, record, partial(self.found_where, record))
        context = {
            **self.admin.admin_site.each_context(request),
            "title": gettext("Why is this record in the list, or not?"),
            "form": form,
            "why": why,
            "list_address": reverse(self.list_view),
            "change_address": f"admin:{self.opts.app_label}_{self.opts.model_name}_change",
            "opts": self.opts,
        }
        request.current_app = self.admin.admin_site.name
        return TemplateResponse(request, "admin/facets/why.html", context)
