"""Lists of records in the admin: their filters, order and links."""

from functools import reduce

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.template.loader import render_to_string


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
