"""Reports that an awarded proposal owes: planned by the call's months, reminded of, accepted."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import User
from projects.catalogue.amounts import usd
from sscnet.core.i18n.dates import BEIJING
from sscnet.outbox import due

from ..models import Proposal, ProposalState, ReportDue
from ..steps import lock
from ..versions import keep_version
from . import mails

Kind = ReportDue.Kind
# Days before a report is due, and after (as a negative number), on which is written about it.
REMIND_DAYS = (60, 14, 0, -14)
BEGUN = (ProposalState.UNDER_WAY, ProposalState.EXTENDED, ProposalState.COMPLETED)


def today() -> date:
    return timezone.localdate(timezone=BEIJING)


# ------------------------------------------------------------------ when reports are due


def plan(proposal: Proposal) -> None:
    """Write the reports that are due by the call; what was uploaded stays as it is."""
    due_days = due_days_of(proposal) if proposal.state in BEGUN else {}
    if proposal.state in (ProposalState.APPROVED, *BEGUN):
        due_days |= due_day_of_budget(proposal)
    waiting = proposal.reports_due.filter(uploaded_at=None)
    waiting.exclude(kind__in=due_days).delete()
    for kind, day in due_days.items():
        if not proposal.reports_due.filter(kind=kind).exclude(uploaded_at=None).exists():
            proposal.reports_due.update_or_create(kind=kind, defaults={"due_on": day})
    if proposal.granted_usd != sum(line.revised_usd or 0 for line in proposal.budget_lines.all()):
        # It adds up to a sum that was put right since.
        handed_in = proposal.reports_due.filter(kind=Kind.BUDGET).exclude(uploaded_at=None)
        handed_in.update(returned_at=timezone.now(), accepted_at=None, accepted_by=None)


def due_days_of(proposal: Proposal) -> dict[str, date]:
    """Return when the progress report and the final one are due: months after start and end."""
    call, days = proposal.call, {}
    steps = proposal.steps.filter(undone_at=None)
    started = steps.filter(after=ProposalState.UNDER_WAY).values_list("on", flat=True).last()
    if started and call.progress_report_months is not None:
        days[Kind.PROGRESS] = months_after(started, call.progress_report_months)
    end = end_of_work(proposal)
    if end and call.final_report_months is not None:
        days[Kind.FINAL] = months_after(end, call.final_report_months)
    return days


def due_day_of_budget(proposal: Proposal) -> dict[str, date]:
    """Return when the revised budget is due, if one is: the call's days after the approval."""
    approval = proposal.steps.filter(undone_at=None, after=ProposalState.APPROVED).last()
    if approval is None or proposal.granted_usd == proposal.asked_usd:
        return {}
    entered_on = timezone.localdate(approval.at, BEIJING)
    return {Kind.BUDGET: entered_on + timedelta(days=proposal.call.answer_days)}


def last_month(proposal: Proposal) -> str:
    """Return the last month of the work; an extension moves it."""
    extended = proposal.steps.filter(undone_at=None).exclude(extended_to="").last()
    return extended.extended_to if extended else proposal.ends_in


def end_of_work(proposal: Proposal) -> date | None:
    month = last_month(proposal)
    return last_day(month) if month else None


def last_day(month: str) -> date:
    return date.fromisoformat(f"{month}-01") + relativedelta(day=31)


def months_after(day: date, months: int) -> date:
    """Return the day so many months later: of the last of a month, the last of another."""
    is_last = day == day + relativedelta(day=31)
    return day + relativedelta(months=months, day=31 if is_last else None)


# ------------------------------------------------------------------ what is done with them


@transaction.atomic
def upload(report: ReportDue, *, by: User, amounts: dict[int, int] | None = None, **values) -> None:
    """Keep what the institution hands in; the same report again replaces it until it is accepted.

    `values` are fields of the report: file, words, and what was spent until which day. `amounts`
    are those of a revised budget, by budget line: they add up to the grant, are kept as a version
    of the proposal, and cannot be changed before the Secretariat returns them.
    """
    if values.get("spent_on") and values["spent_on"] > today():
        raise ValidationError({"spent_on": _("This day is in the future.")})
    stored = lock(report.proposal)
    if report.pk:
        report.refresh_from_db()
    if report.accepted_at:
        raise ValidationError(_("This report has already been accepted."))
    if amounts is not None:
        revise_budget(report, stored, amounts)
    for name, value in values.items():
        setattr(report, name, value)
    report.uploaded_at, report.uploaded_by = timezone.now(), by
    report.returned_at, report.answer = None, ""
    report.save()
    if amounts is not None:
        keep_version(stored, by=by, at=report.uploaded_at)
    mails.tell_secretariat("report-arrived", report, f"{report.uploaded_at.isoformat()}")


def revise_budget(report: ReportDue, proposal: Proposal, amounts: dict[int, int]) -> None:
    """Write what each line takes of the grant; raise ValidationError where it does not add up."""
    if report.is_waiting:
        raise ValidationError(_("The revised budget has already been handed in."))
    words = {"sum": usd(sum(amounts.values())), "granted": usd(proposal.granted_usd)}
    if sum(amounts.values()) != proposal.granted_usd:
        text = _("The lines add up to %(sum)s; the grant is %(granted)s.")
        raise ValidationError(text % words)
    for line in proposal.budget_lines.all():
        line.revised_usd = amounts[line.pk]
        line.save(update_fields=["revised_usd"])


@transaction.atomic
def accept(report: ReportDue, *, by: User, words: str = "") -> None:
    judge(report, words)
    report.accepted_at, report.accepted_by = timezone.now(), by
    report.save()
    mails.tell_of_report("report-accepted", report, f"{report.pk}")


@transaction.atomic
def give_back(report: ReportDue, *, by: User, words: str) -> None:
    if not words:
        raise ValidationError(_("Say what needs to be corrected before you return the report."))
    judge(report, words)
    report.returned_at = timezone.now()
    report.save()
    mails.tell_of_report("report-returned", report, report.returned_at.isoformat())


def judge(report: ReportDue, words: str) -> None:
    """Lock a report that waits for the Secretariat, and keep its words."""
    lock(report.proposal)
    report.refresh_from_db()
    if not report.is_waiting:
        raise ValidationError(
            _("There is no report waiting: somebody has dealt with it in the meantime.")
        )
    report.answer = words


# ------------------------------------------------------------------ reminders


@due.register
def remind_of_reports() -> None:
    """Write about each report that is due, once on each day that was reached."""
    day = today()
    first = day + timedelta(days=max(REMIND_DAYS))
    missing = (
        ReportDue.objects.missing()
        .filter(due_on__lte=first)
        .select_related("proposal__institution", "proposal__call")
    )
    for report in missing:
        remind(report, day)


@transaction.atomic
def remind(report: ReportDue, day: date) -> None:
    left = (report.due_on - day).days
    reached = min(number for number in REMIND_DAYS if left <= number)
    key = f"{report.pk}:{report.due_on}:{reached}"
    kind = "report-overdue" if reached < 0 else "report-due"
    mails.tell_of_report(kind, report, key)
    if reached < 0:
        mails.tell_secretariat("report-missing", report, key)


def overdue(day: date | None = None) -> Q:
    """Return the condition of a proposal's reports that an officer must ask for."""
    last = (day or today()) + timedelta(days=min(REMIND_DAYS))
    return Q(reports_due__in=ReportDue.objects.missing().filter(due_on__lte=last))
