"""Up to four projects side by side: the columns of the list are the rows.

The address names the projects by their codes: `?id=SSC-0001&id=SSC-0002`. Nothing else is kept, so
that a comparison can be sent and printed.
"""

from functools import cached_property

from django.http import QueryDict
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sscnet.core.i18n.texts import comma_separated, translated
from sscnet.core.pages.page_cache import keep_until_changed
from sscnet.core.records import samples
from sscnet.core.records.basis import is_blank

from .filters import ProjectFilter
from .table import ALL, Column

TEXTS = [
    Column("summary", _("In short"), lambda p: translated(p, "summary") or "", kind="text"),
    Column("outcome", _("What came of it"), lambda p: translated(p, "outcome") or "", kind="text"),
]
ID = "id"
MOST = 4
# So many ids of an address are looked at, so much of each is said.
MOST_READ, LONGEST = 20, 60


class Comparison:
    """The projects that an address names, of those that the list shows."""

    def __init__(self, data: QueryDict):
        self.asked = [one.strip() for one in data.getlist(ID)[:MOST_READ] if one.strip()]

    @cached_property
    def known(self) -> dict:
        """Return the projects by their codes, in the order asked for."""
        wanted = list(dict.fromkeys(self.asked))
        listed = ProjectFilter.listed().filter(code__in=wanted).order_by()
        found = {one.code: one for one in ProjectFilter.read(listed.values_list("pk", flat=True))}
        return {one: found[one] for one in wanted if one in found}

    @property
    def records(self) -> list:
        return list(self.known.values())[:MOST]

    @property
    def keys(self) -> list[str]:
        return list(self.known)[:MOST]

    @property
    def problems(self) -> list[str]:
        """Say what was asked for and is not shown."""
        unknown = self.in_words(one for one in self.asked if one not in self.known)
        over = self.in_words(list(self.known)[MOST:])
        said = [
            (unknown, gettext("Not in the list, or no longer public: %(ids)s.")),
            (over, gettext("At most four are compared. Left out: %(ids)s.")),
        ]
        return [text % {"ids": ids} for ids, text in said if ids]

    @staticmethod
    def in_words(ids) -> str:
        return comma_separated(one[:LONGEST] for one in dict.fromkeys(ids))

    def rows(self, columns: list[Column]) -> list[tuple[Column, list]]:
        """Return each column that one of the projects has something in, with the value of each."""
        records = self.records
        values = ((column, [column.value(record) for record in records]) for column in columns)
        return [(column, row) for column, row in values if not all(map(is_blank, row))]

    # ------------------------------------------------------------ ways on

    def query(self, keys: list[str]) -> str:
        return samples.keep(f"?{urlencode([(ID, key) for key in keys])}") if keys else ""

    @property
    def address(self) -> str:
        return self.query(self.keys)

    @property
    def chosen(self) -> list[tuple]:
        """Return the projects, each with the query of the comparison without it."""
        return [
            (one, self.query([key for key in self.keys if key != one.code])) for one in self.records
        ]


@require_safe
@keep_until_changed(*ProjectFilter.topics)
def compare(request):
    comparison = Comparison(request.GET)
    context = {"comparison": comparison, "rows": comparison.rows([*TEXTS, *ALL])}
    return render(request, "projects/project_compare.html", context)
