"""Lists of records in the admin: their filters, order and links."""

from functools import partial, reduce

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from sscnet.core.records.completeness import counted, lacking


def link(address, words):
    """Return a link for a column or a message."""
    return render_to_string("admin/components/link.html", {"address": address, "words": words})


def related_column(path: str, label):
    """Return a column with what a row leads to, sorted by it; Django names it by its path."""

    @admin.display(description=label, ordering=path)
    def column(_admin, row):
        return reduce(getattr, path.split("__"), row)

    return column


class CaseFilter(admin.SimpleListFilter):
    """A filter of a few cases: of each its name, and what it keeps of the rows."""

    cases: dict = {}

    def lookups(self, request, model_admin):
        return [(value, label) for value, (label, _keep) in self.cases.items()]

    def queryset(self, request, queryset):
        _label, keep = self.cases.get(self.value(), ("", None))
        return keep(queryset) if keep else queryset


class CompletenessFilter(CaseFilter):
    """Keeps the records that lack what they should have."""

    title = _("lacks")
    parameter_name = "lacks"

    def __init__(self, request, params, model, model_admin):
        self.cases = {
            one.name: (one.label, partial(lacking, requirement=one)) for one in counted(model)
        }
        super().__init__(request, params, model, model_admin)


class RecordList(ChangeList):
    def get_ordering(self, request, queryset):
        # An export makes its list without them.
        self.sortable_by = self.model_admin.get_sortable_by(request)
        return super().get_ordering(request, queryset)

    def get_ordering_field(self, field_name):
        """Sort by no column that is not offered for it, though the address asks."""
        return super().get_ordering_field(field_name) if field_name in self.sortable_by else None

    def get_queryset(self, request, **kwargs):
        return self.model_admin.for_list(super().get_queryset(request, **kwargs))
