"""Which parameters the directory takes."""

from urllib.parse import urlencode

import django_filters
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .models import Institution

MOST_SEARCH_CHARACTERS = 200


class InstitutionFilter(django_filters.FilterSet):
    MEMBERS, PARTNERS, FORMER = "members", "partners", "former"

    q = django_filters.CharFilter(
        method="search", max_length=MOST_SEARCH_CHARACTERS, label=_("Search")
    )
    show = django_filters.ChoiceFilter(
        choices=[
            (MEMBERS, _("Members")),
            (PARTNERS, _("Partners")),
            (FORMER, _("Former members")),
        ],
        label=_("Show"),
    )

    class Meta:
        model = Institution
        fields = []

    def search(self, queryset, name, value):
        return queryset.search(value)

    def filter_queryset(self, queryset):
        searched = self.filters["q"].filter(queryset, self.form.cleaned_data.get("q"))
        return searched.of_group(self.shown)

    @property
    def shown(self):
        self.form.is_valid()
        return self.form.cleaned_data.get("show") or self.MEMBERS

    @cached_property
    def text(self):
        self.form.is_valid()
        return self.form.cleaned_data.get("q") or ""

    @property
    def given_show(self):
        return "" if self.shown == self.MEMBERS else self.shown

    def query(self, group):
        """Write the search with a group as a query string; members are the default."""
        given = {"q": self.text, "show": "" if group == self.MEMBERS else group}
        query = urlencode({name: value for name, value in given.items() if value})
        return f"?{query}" if query else ""

    @property
    def unknown(self):
        return [(self.filters["show"].label, self.data["show"])] if "show" in self.errors else []

    @cached_property
    def groups(self):
        """List the groups with how many match the search; former members only if there are any."""
        self.form.is_valid()
        searched = self.queryset.search(self.text)
        counts = searched.count_groups()
        return [
            {
                "label": label,
                "count": counts[key],
                "query": self.query(key),
                "is_current": key == self.shown,
            }
            for key, label in self.filters["show"].extra["choices"]
            if counts[key] or key in (self.MEMBERS, self.PARTNERS, self.shown)
        ]
