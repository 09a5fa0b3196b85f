"""Rows of the start page: how many records wait, since when and for whom, each with its list."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Count, DateTimeField, F, Min, Model, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import groups

OFFICER = _(groups.OFFICER)


@dataclass(frozen=True, eq=False)
class WaitingRow:
    """Something that waits: the rows, the filters that list them, and the permission to act."""

    label: Any
    model: type[Model]
    rows: Callable[..., QuerySet]
    # What one may who does something about it: the permission's verb, on the same model.
    verb: str = "change"
    filters: dict[str, str] = field(default_factory=dict)
    # Who has to do something, in words.
    waits_for: Any = OFFICER
    # The day or moment from which a row waits: a field or a way to it; empty where none is known.
    since: str = ""
    # The column that puts the oldest first, where it is not `since`.
    oldest: str = ""
    # The model of that permission, where it is another one.
    permission_of: type[Model] | None = None
    # Whether `rows` takes the officer: of some records not everybody sees all.
    of_officer: bool = False
    # The page that lists them, where it is not the list of the model.
    page: str = ""

    def is_for(self, request) -> bool:
        opts = (self.permission_of or self.model)._meta
        may_act = request.user.has_perm(f"{opts.app_label}.{self.verb}_{opts.model_name}")
        return may_act and self.admin.has_view_or_change_permission(request)

    def found(self, user) -> QuerySet:
        return self.rows(user) if self.of_officer else self.rows()

    @property
    def admin(self):
        return admin.site.get_model_admin(self.model)

    def address(self, request) -> str:
        if self.page:
            return reverse(self.page)
        opts = self.model._meta
        page = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
        query = self.filters | self.order(request)
        return f"{page}?{urlencode(query)}" if query else page

    def order(self, request) -> dict[str, str]:
        """Name the column as a list does: by its number, boxes to tick count as one."""
        columns = list(self.admin.get_list_display(request))
        oldest = self.oldest or self.since
        if oldest not in columns:
            return {}
        before = 1 if self.admin.get_actions(request) else 0
        return {"o": str(columns.index(oldest) + before)}


@dataclass(frozen=True)
class Section:
    name: str
    title: Any
    rows: list[WaitingRow]


@dataclass(frozen=True)
class CountedRow:
    """A row as the page shows it."""

    label: Any
    count: int
    address: str
    waits_for: Any = ""
    since: date | None = None


def counted(sections: list[Section], request) -> list[tuple[Section, list[CountedRow]]]:
    """Return each section with what waits longest first; what has nothing waiting is left out."""
    mine = [(section, [row for row in section.rows if row.is_for(request)]) for section in sections]
    numbers = count_all([row for _section, rows in mine for row in rows], request.user)
    found = [
        (section, [counted_row(row, *numbers[row], request) for row in rows if row in numbers])
        for section, rows in mine
    ]
    return [
        (section, sorted(rows, key=lambda row: (row.since is None, row.since)))
        for section, rows in found
        if rows
    ]


def counted_row(row: WaitingRow, count: int, since: datetime | None, request) -> CountedRow:
    day = since and timezone.localdate(since)
    return CountedRow(row.label, count, row.address(request), row.waits_for, day)


def count_all(rows: list[WaitingRow], user) -> dict[WaitingRow, tuple[int, datetime | None]]:
    """Return how many wait, and since when, of each that has some; in one query."""
    counts = [
        row.found(user)
        .order_by()
        .values(which=Value(n))
        .annotate(n=Count("pk", distinct=True), since=Min(moment(row.since)))
        for n, row in enumerate(rows)
    ]
    if not counts:
        return {}
    found = counts[0].union(*counts[1:], all=True).order_by()
    return {rows[line["which"]]: (line["n"], line["since"]) for line in found if line["n"]}


def moment(path: str):
    """Return the field as a moment: of days too, so that all rows fit into one query."""
    return Cast(F(path) if path else Value(None), DateTimeField())
