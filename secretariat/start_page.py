"""What waits for an officer: numbers on the start page of the admin, each with its list.

A row's number counts exactly what its list shows. All are counted by one query, and each stands
there for those only who may open its list and do something about it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Count, Model, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meetings.backoffice import check_in
from meetings.backoffice import waiting as registrations
from meetings.models import (
    ActionPoint,
    ChangeRequest,
    Delegate,
    Delegation,
    Meeting,
    Offer,
    SpeakerPaper,
    VisitStatement,
)
from members.models import Institution
from projects.calls.handling.reports import overdue
from projects.calls.models import Call, Proposal, ProposalState, Reading, ReportDue
from projects.models import Project
from sscnet.core.completeness import counted, lacking
from sscnet.core.models import ProposedVersion, State
from sscnet.outbox.models import Message

from .models import Enquiry, Page


@dataclass(frozen=True)
class WaitingRow:
    """Something that waits: the rows, the filters that list them, and the permission to act."""

    label: Any
    model: type[Model]
    rows: Callable[..., QuerySet]
    # What one may who does something about it: the permission's verb, on the same model.
    verb: str = "change"
    filters: dict[str, str] = field(default_factory=dict)
    # The column that puts the oldest first; empty where the list does so by itself.
    oldest: str = ""
    # The model of that permission, where it is another one.
    permission_of: type[Model] | None = None
    # Whether `rows` takes the officer: of some records not everybody sees all.
    of_officer: bool = False

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
        opts = self.model._meta
        page = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")
        query = self.filters | self.order(request)
        return f"{page}?{urlencode(query)}" if query else page

    def order(self, request) -> dict[str, str]:
        """Name the column as a list does: by its number, boxes to tick count as one."""
        if not self.oldest:
            return {}
        columns = list(self.admin.get_list_display(request))
        before = 1 if self.admin.get_actions(request) else 0
        return {"o": str(columns.index(self.oldest) + before)}


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


# Nothing has to be done about a sample.
REAL = {"is_sample__exact": "0"}


def real(model) -> QuerySet:
    return model.objects.filter(is_sample=False)


def ready(label, model) -> WaitingRow:
    return WaitingRow(
        label,
        model,
        lambda: real(model).filter(state=State.READY),
        "publish",
        {"state__exact": State.READY} | REAL,
        "updated_at",
    )


def versions(label, model) -> WaitingRow:
    return WaitingRow(
        label,
        ProposedVersion,
        lambda: ProposedVersion.objects.waiting().of_kind(model),
        "publish",
        {"kind": model._meta.label_lower},
        permission_of=model,
    )


def gaps(model) -> list[WaitingRow]:
    return [
        WaitingRow(
            requirement.title,
            model,
            lambda requirement=requirement: lacking(real(model), requirement),
            filters={"lacks": requirement.name} | REAL,
            oldest="updated_at",
        )
        for requirement in counted(model)
    ]


def proposals(label, filters, keep, **options) -> WaitingRow:
    """Make a row of the proposals that the officer handles."""
    return WaitingRow(
        label,
        Proposal,
        lambda user: keep(Proposal.objects.handled_by(user)),
        "decide",
        filters,
        of_officer=True,
        **options,
    )


def with_reports_waiting(rows):
    return rows.filter(reports_due__in=ReportDue.objects.waiting())


SECTIONS = [
    Section(
        "decide",
        _("To decide or answer"),
        [
            ready(_("Projects ready to publish"), Project),
            ready(_("Institutions ready to publish"), Institution),
            ready(_("Meetings ready to publish"), Meeting),
            ready(_("Calls ready to publish"), Call),
            ready(_("Pages ready to publish"), Page),
            versions(_("Changes of projects to release"), Project),
            versions(_("Changes of institutions to release"), Institution),
            versions(_("Changes of meetings to release"), Meeting),
            versions(_("Changes of calls to release"), Call),
            versions(_("Changes of pages to release"), Page),
            WaitingRow(
                _("Questions overdue"), Enquiry, Enquiry.objects.overdue, filters={"due": "overdue"}
            ),
            WaitingRow(
                _("Action points reported as done"),
                ActionPoint,
                ActionPoint.objects.reported,
                filters={"waits": "decision"},
                oldest="due_on",
            ),
            WaitingRow(
                _("Action points overdue"),
                ActionPoint,
                ActionPoint.objects.late,
                filters={"waits": "report"},
                oldest="due_on",
            ),
            WaitingRow(
                _("Texts on exchange visits to release"),
                VisitStatement,
                VisitStatement.objects.waiting,
                "publish",
                {"waits": "release"},
                "sent_at",
                permission_of=Meeting,
            ),
            WaitingRow(
                _("Papers of speakers to release"),
                SpeakerPaper,
                SpeakerPaper.objects.all,
                "publish",
                oldest="uploaded_at",
                permission_of=Meeting,
            ),
            WaitingRow(
                _("Mails that failed"),
                Message,
                Message.objects.failed,
                "send_again",
                {"state": Message.State.FAILED},
                "created_at",
            ),
        ],
    ),
    Section(
        "proposals",
        _("Calls and proposals"),
        [
            proposals(
                _("Proposals to clear or return"),
                {"state__exact": ProposalState.RECEIVED},
                lambda rows: rows.filter(state=ProposalState.RECEIVED),
                oldest="sent_at",
            ),
            proposals(
                _("Reports to accept or return"), {"report": "waiting"}, with_reports_waiting
            ),
            proposals(
                _("Reports overdue"), {"report": "overdue"}, lambda rows: rows.filter(overdue())
            ),
            WaitingRow(
                _("Readings not finished"),
                Reading,
                lambda user: Reading.objects.shown_to(user).filter(finished_at=None),
                filters={"finished_at__isempty": "1"},
                oldest="assigned_at",
                of_officer=True,
            ),
        ],
    ),
    Section(
        "registrations",
        _("Registrations"),
        [
            WaitingRow(
                _("People to approve"),
                Delegate,
                registrations.to_be_approved,
                filters={"waits": "approval"},
                oldest="submitted_at",
            ),
            WaitingRow(
                _("Requested changes"),
                ChangeRequest,
                ChangeRequest.objects.open,
                filters={"state__exact": ChangeRequest.State.OPEN},
                oldest="asked_at",
            ),
            WaitingRow(
                _("Places without a name"),
                Delegate,
                registrations.to_be_named,
                "view",
                {"waits": "name"},
                "submitted_at",
            ),
            WaitingRow(
                _("Nomination letters missing"),
                Delegation,
                registrations.without_letter,
                "view",
                {"waits": "letter"},
                "submitted_at",
            ),
            WaitingRow(
                _("Offers not answered"),
                Offer,
                registrations.unanswered,
                "view",
                {"waits": "answer"},
                "answer_by",
            ),
        ],
    ),
    Section(
        "gaps",
        _("Gaps in records"),
        [
            *gaps(Project),
            *gaps(Institution),
            WaitingRow(
                _("Profiles not checked for a year"),
                Institution,
                lambda: real(Institution).profile_late(),
                filters={"profile": "late"} | REAL,
                oldest="updated_at",
            ),
            *gaps(Meeting),
            *gaps(Call),
            *gaps(Page),
        ],
    ),
]


def what_waits(request) -> list[tuple[Section, list[CountedRow]]]:
    """Return each section with its numbers; what has nothing waiting is left out."""
    mine = [(section, [row for row in section.rows if row.is_for(request)]) for section in SECTIONS]
    rows = [row.found(request.user) for _section, rows in mine for row in rows]
    counts = iter(count_all(rows))
    found = [
        (section, [CountedRow(row.label, next(counts), row.address(request)) for row in rows])
        for section, rows in mine
    ]
    waiting = [(section, [n for n in numbers if n.count]) for section, numbers in found]
    shown = [(section, numbers) for section, numbers in waiting if numbers]
    return [*at_door(request), *shown]


def at_door(request) -> list[tuple[Section, list[CountedRow]]]:
    """Return the meetings of today, for those who note who comes."""
    if not request.user.has_perms(check_in.MAY_NOTE):
        return []
    rows = [
        CountedRow(
            meeting, meeting.here, reverse("admin:meetings_meeting_desk_door", args=[meeting.pk])
        )
        for meeting in check_in.held_now()
    ]
    return [(Section("door", _("At check-in: people present"), []), rows)] if rows else []


def count_all(querysets: list[QuerySet]) -> list[int]:
    """Count the rows of each, in one query."""
    counts = [
        rows.order_by().values(which=Value(str(n))).annotate(n=Count("pk", distinct=True))
        for n, rows in enumerate(querysets)
    ]
    if not counts:
        return []
    found = counts[0].union(*counts[1:], all=True).order_by()
    by_number = {line["which"]: line["n"] for line in found}
    return [by_number.get(str(n), 0) for n in range(len(querysets))]
