"""What waits for officers, by task: the rows of the admin's start page.

A row is a list of the admin with its filters, which count and list the same. It stands there for
those only who may open the list and do something about it. One query counts all rows.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.utils import prepare_lookup_value
from django.db.models import Count, DateTimeField, F, Min, Model, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from meetings.models import ActionPoint, ChangeRequest, Delegate, Delegation, Meeting
from members.models import Institution, Invitation
from projects.calls.models import Call, Proposal, ProposalState, Reading
from projects.models import Project
from secretariat.models import Enquiry, Page, Request
from sscnet.core.models import ProposedVersion, State
from sscnet.core.records.completeness import counted as requirements_of
from sscnet.outbox.models import Message

from . import groups

RECORDS = (Project, Institution, Meeting, Call, Page)
OFFICER, HELPER = _(groups.OFFICER), _(groups.HELPER)
INSTITUTION, FUND = _("the institution"), _("the Fund")
# Not who took the step before: `members.accounts.four_eyes`.
SECOND_PERSON = _("a second person")
# Nothing has to be done about a sample.
REAL = {"is_sample__exact": "0"}


@dataclass(frozen=True, eq=False)
class WaitingRow:
    """Something that waits: a list of the admin with its filters, and the permission to act."""

    label: Any
    model: type[Model]
    filters: dict[str, str]
    # What one may who does something about it: the permission's verb, on the same model.
    verb: str = "change"
    # Who has to do something, in words.
    waits_for: Any = OFFICER
    # The day or moment from which a row waits: a field or a way to it; empty where none is known.
    since: str = ""
    # The column that puts the oldest first, where it is not `since`.
    oldest: str = ""
    # The model of that permission, where it is another one.
    permission_of: type[Model] | None = None

    def is_for(self, request) -> bool:
        opts = (self.permission_of or self.model)._meta
        may_act = request.user.has_perm(f"{opts.app_label}.{self.verb}_{opts.model_name}")
        return may_act and self.admin.has_view_or_change_permission(request)

    def found(self, request) -> QuerySet:
        """Return the records of the list: what this officer sees there, by its filters."""
        seen = self.admin.get_queryset(request).order_by().values("pk")
        rows = self.model._default_manager.filter(pk__in=seen)
        asked = {name: [value] for name, value in self.filters.items()}
        for one in self.admin.list_filter:
            if getattr(one, "parameter_name", None) in asked:
                # It takes its parameter out of those asked for.
                rows = one(request, asked, self.model, self.admin).queryset(request, rows)
        for name, values in asked.items():
            rows = rows.filter(**{name: prepare_lookup_value(name, values[0])})
        return rows

    @property
    def admin(self):
        return admin.site.get_model_admin(self.model)

    def address(self, request) -> str:
        opts = self.model._meta
        page = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
        return f"{page}?{urlencode(self.filters | self.order(request))}"

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


# ------------------------------------------------------------------ what there is


def ready(model) -> WaitingRow:
    kind = capfirst(model._meta.verbose_name_plural)
    label = format_lazy(_("{kind} ready to publish"), kind=kind)
    filters = {"state__exact": State.READY} | REAL
    return WaitingRow(label, model, filters, "publish", since="updated_at")


def versions(model) -> WaitingRow:
    filters = {"kind": model._meta.label_lower, "state": ProposedVersion.State.WAITING}
    return WaitingRow(
        format_lazy(_("Changes of {kind} to release"), kind=model._meta.verbose_name_plural),
        ProposedVersion,
        filters,
        "publish",
        since="made_at",
        permission_of=model,
    )


def gaps(model) -> list[WaitingRow]:
    lacking = {one.title: {"lacks": one.name} | REAL for one in requirements_of(model)}
    return [
        WaitingRow(title, model, filters, oldest="updated_at") for title, filters in lacking.items()
    ]


def question(label, filters, waits_for=HELPER) -> WaitingRow:
    return WaitingRow(label, Enquiry, filters, waits_for=waits_for, since="asked_at")


def proposal(label, filters, waits_for=OFFICER, since="sent_at") -> WaitingRow:
    return WaitingRow(label, Proposal, filters, "decide", waits_for, since)


def person(label, cause, waits_for, verb="view", since="delegation__submitted_at") -> WaitingRow:
    return WaitingRow(label, Delegate, {"waits": cause}, verb, waits_for, since, "submitted_at")


def delegation(label, cause, since) -> WaitingRow:
    return WaitingRow(label, Delegation, {"waits": cause}, "view", INSTITUTION, since)


def in_state(*states) -> dict[str, str]:
    return {"state__in": ",".join(states)} if states[1:] else {"state__exact": states[0]}


@cache
def sections() -> list[Section]:
    """Return all sections; what records should have is known once all apps are ready."""
    decide = [
        *map(ready, RECORDS),
        *map(versions, RECORDS),
        WaitingRow(
            _("Action points overdue"),
            ActionPoint,
            {"waits": "institution"},
            waits_for=INSTITUTION,
            since="due_on",
        ),
        WaitingRow(
            _("Votes on paper to confirm"),
            Request,
            {"second_person": "paper"},
            waits_for=SECOND_PERSON,
            since="responses__paper_votes__entered_at",
        ),
        WaitingRow(
            _("Candidates to admit"),
            Request,
            {"second_person": "admission"},
            waits_for=SECOND_PERSON,
            since="closed_at",
        ),
    ]
    in_time = {"due": "in_time"}
    answer = [
        question(_("Questions overdue"), {"due": "overdue"}),
        question(_("New questions"), in_time | in_state(Enquiry.State.NEW)),
        question(
            _("Questions passed on, not answered"),
            in_time | in_state(Enquiry.State.PASSED_ON),
            INSTITUTION,
        ),
        WaitingRow(
            _("Mails that failed"),
            Message,
            {"state": Message.State.FAILED},
            "send_again",
            since="created_at",
        ),
        WaitingRow(
            _("Invitations to confirm"),
            Invitation,
            {"standing": "to_confirm"},
            "add",
            SECOND_PERSON,
            since="created_at",
        ),
        WaitingRow(
            _("Invitations that nobody accepted in time"),
            Invitation,
            {"standing": Invitation.State.EXPIRED},
            since="expires_at",
        ),
    ]
    of_open = in_state(ChangeRequest.State.OPEN)
    at_fund = in_state(ProposalState.AT_FUND, ProposalState.RECOMMENDED)
    proposals = [
        proposal(_("Proposals to clear or return"), in_state(ProposalState.RECEIVED)),
        proposal(_("Proposals to send to the Fund"), in_state(ProposalState.CLEARED)),
        proposal(_("Proposals at the Fund"), at_fund, FUND),
        proposal(_("Proposals approved, not begun"), in_state(ProposalState.APPROVED)),
        proposal(
            _("Reports to accept or return"),
            {"report": "waiting"},
            since="reports_due__uploaded_at",
        ),
        proposal(_("Reports overdue"), {"report": "overdue"}, INSTITUTION, "reports_due__due_on"),
        WaitingRow(
            _("Proposals to read"),
            Reading,
            {"finished_at__isnull": "True"},
            waits_for=_("the reader"),
            since="assigned_at",
        ),
    ]
    registrations = [
        person(_("People to approve"), "approval", OFFICER, "change"),
        WaitingRow(_("Requested changes"), ChangeRequest, of_open, since="asked_at"),
        person(_("People on waiting lists"), "place", _("a place")),
        person(_("Places without a name"), "name", INSTITUTION),
        delegation(_("Registrations started, not submitted"), "sending", "created_at"),
        delegation(_("Return slips missing"), "slip", "submitted_at"),
        person(_("Offers not answered"), "answer", _("the delegate"), since="offers__made_at"),
    ]
    late = WaitingRow(
        _("Profiles not checked for a year"),
        Institution,
        {"profile": "late"} | REAL,
        oldest="updated_at",
    )
    return [
        Section("decide", _("To decide or release"), decide),
        Section("answer", _("Questions, mail and accounts"), answer),
        Section("proposals", _("Calls and proposals"), proposals),
        Section("registrations", _("Registrations"), registrations),
        Section("gaps", _("Gaps in records"), [*chain.from_iterable(map(gaps, RECORDS)), late]),
    ]


# ------------------------------------------------------------------ how many there are


def what_waits(request) -> list[tuple[Section, list[CountedRow]]]:
    """Return each section with what waits longest first; what has nothing waiting is left out."""
    mine = [(one, [row for row in one.rows if row.is_for(request)]) for one in sections()]
    numbers = count_all([row for _section, rows in mine for row in rows], request)
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


def count_all(rows: list[WaitingRow], request) -> dict[WaitingRow, tuple[int, datetime | None]]:
    """Return how many wait, and since when, of each that has some; in one query."""
    counts = [
        row.found(request)
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
