"""What waits for officers, by task: each row's number counts exactly what its list shows.

A row stands there for those only who may open its list and do something about it.
"""

from functools import cache
from itertools import chain

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from meetings.models import (
    ActionPoint,
    ChangeRequest,
    Delegate,
    Delegation,
    Meeting,
)
from meetings.office import waiting as registrations
from members.models import Institution, Invitation
from projects.calls.handling.reports import overdue
from projects.calls.models import Call, Proposal, ProposalState, Reading, ReportDue
from projects.models import Project
from secretariat.models import Enquiry, Page
from sscnet.core.models import ProposedVersion, State
from sscnet.core.records.completeness import counted as requirements_of
from sscnet.core.records.completeness import lacking
from sscnet.outbox.models import Message

from .. import groups
from .rows import OFFICER, CountedRow, Section, WaitingRow, counted

HELPER = _(groups.HELPER)
INSTITUTION, READER, DELEGATE = _("the institution"), _("the reader"), _("the delegate")
FUND = _("the Fund")

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
        since="updated_at",
    )


def versions(label, model) -> WaitingRow:
    return WaitingRow(
        label,
        ProposedVersion,
        lambda: ProposedVersion.objects.waiting().of_kind(model),
        "publish",
        {"kind": model._meta.label_lower},
        since="made_at",
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
        for requirement in requirements_of(model)
    ]


def questions(label, filters, keep, waits_for=HELPER) -> WaitingRow:
    return WaitingRow(
        label,
        Enquiry,
        lambda: keep(Enquiry.objects.all()),
        filters=filters,
        waits_for=waits_for,
        since="asked_at",
    )


def in_time(state):
    return lambda rows: rows.in_time().filter(state=state)


def proposals(label, filters, keep, waits_for=OFFICER, since="sent_at") -> WaitingRow:
    """Make a row of the proposals that the officer handles."""
    return WaitingRow(
        label,
        Proposal,
        lambda user: keep(Proposal.objects.handled_by(user)),
        "decide",
        filters,
        waits_for,
        since,
        of_officer=True,
    )


def proposals_that_are(label, *states, **options) -> WaitingRow:
    filters = {"state__in": ",".join(states)} if states[1:] else {"state__exact": states[0]}
    return proposals(label, filters, lambda rows: rows.filter(state__in=states), **options)


DECIDE = Section(
    "decide",
    _("To decide or release"),
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
            _("Action points overdue"),
            ActionPoint,
            ActionPoint.objects.late,
            filters={"waits": "institution"},
            waits_for=INSTITUTION,
            since="due_on",
        ),
    ],
)
ANSWER = Section(
    "answer",
    _("Questions, mail and accounts"),
    [
        questions(_("Questions overdue"), {"due": "overdue"}, lambda rows: rows.overdue()),
        questions(
            _("New questions"),
            {"due": "in_time", "state__exact": Enquiry.State.NEW},
            in_time(Enquiry.State.NEW),
        ),
        questions(
            _("Questions passed on, not answered"),
            {"due": "in_time", "state__exact": Enquiry.State.PASSED_ON},
            in_time(Enquiry.State.PASSED_ON),
            INSTITUTION,
        ),
        WaitingRow(
            _("Mails that failed"),
            Message,
            Message.objects.failed,
            "send_again",
            {"state": Message.State.FAILED},
            since="created_at",
        ),
        WaitingRow(
            _("Invitations that nobody accepted in time"),
            Invitation,
            lambda: Invitation.objects.in_state(Invitation.State.EXPIRED),
            filters={"standing": Invitation.State.EXPIRED},
            since="expires_at",
        ),
    ],
)
PROPOSALS = Section(
    "proposals",
    _("Calls and proposals"),
    [
        proposals_that_are(_("Proposals to clear or return"), ProposalState.RECEIVED),
        proposals_that_are(_("Proposals to send to the Fund"), ProposalState.CLEARED),
        proposals_that_are(
            _("Proposals at the Fund"),
            ProposalState.AT_FUND,
            ProposalState.RECOMMENDED,
            waits_for=FUND,
        ),
        proposals_that_are(_("Proposals approved, not begun"), ProposalState.APPROVED),
        proposals(
            _("Reports to accept or return"),
            {"report": "waiting"},
            lambda rows: rows.filter(reports_due__in=ReportDue.objects.waiting()),
            since="reports_due__uploaded_at",
        ),
        proposals(
            _("Reports overdue"),
            {"report": "overdue"},
            lambda rows: rows.filter(overdue()),
            INSTITUTION,
            "reports_due__due_on",
        ),
        WaitingRow(
            _("Proposals to read"),
            Reading,
            lambda user: Reading.objects.shown_to(user).filter(finished_at=None),
            filters={"finished_at__isempty": "1"},
            waits_for=READER,
            since="assigned_at",
            of_officer=True,
        ),
    ],
)
REGISTRATIONS = Section(
    "registrations",
    _("Registrations"),
    [
        WaitingRow(
            _("People to approve"),
            Delegate,
            registrations.to_be_approved,
            filters={"waits": "approval"},
            since="delegation__submitted_at",
            oldest="submitted_at",
        ),
        WaitingRow(
            _("Requested changes"),
            ChangeRequest,
            ChangeRequest.objects.open,
            filters={"state__exact": ChangeRequest.State.OPEN},
            since="asked_at",
        ),
        WaitingRow(
            _("People on waiting lists"),
            Delegate,
            registrations.in_line,
            "view",
            {"waits": "place"},
            _("a place"),
            "delegation__submitted_at",
            "submitted_at",
        ),
        WaitingRow(
            _("Places without a name"),
            Delegate,
            registrations.to_be_named,
            "view",
            {"waits": "name"},
            INSTITUTION,
            "delegation__submitted_at",
            "submitted_at",
        ),
        WaitingRow(
            _("Registrations started, not submitted"),
            Delegation,
            lambda: Delegation.objects.filter(registrations.waits_for_sending()),
            "view",
            {"waits": "sending"},
            INSTITUTION,
            "created_at",
        ),
        WaitingRow(
            _("Return slips missing"),
            Delegation,
            lambda: registrations.without_slip(Delegation.objects),
            "view",
            {"waits": "slip"},
            INSTITUTION,
            "submitted_at",
        ),
        WaitingRow(
            _("Offers not answered"),
            Delegate,
            registrations.unanswered,
            "view",
            {"waits": "answer"},
            DELEGATE,
            "offers__made_at",
            "submitted_at",
        ),
    ],
)


@cache
def sections() -> list[Section]:
    """Return all sections; what records should have is known once all apps are ready."""
    late = WaitingRow(
        _("Profiles not checked for a year"),
        Institution,
        lambda: real(Institution).profile_late(),
        filters={"profile": "late"} | REAL,
        oldest="updated_at",
    )
    incomplete = chain.from_iterable(map(gaps, (Project, Institution, Meeting, Call, Page)))
    in_records = Section("gaps", _("Gaps in records"), [*incomplete, late])
    return [DECIDE, ANSWER, PROPOSALS, REGISTRATIONS, in_records]


def what_waits(request) -> list[tuple[Section, list[CountedRow]]]:
    """Return each section with its numbers, all counted by one query."""
    return counted(sections(), request)
