"""What comes next for a proposal and roughly when: the institution and officers read the same."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sscnet.core.i18n.dates import BEIJING, in_both_time_zones

from .models import Proposal, ProposalState, ReportDue

State = ProposalState
SENTENCES = {
    State.RECEIVED: gettext_lazy(
        "The Secretariat reads it, and clears it or returns it with remarks, usually within a few "
        "weeks."
    ),
    State.AT_FUND: gettext_lazy(
        "The Committee of Experts meets in July in most years and makes its recommendations."
    ),
    State.RECOMMENDED: gettext_lazy(
        "The ministers of the Group of 77 decide, usually in late September."
    ),
    State.COMPLETED: gettext_lazy("It is closed once the final report is accepted."),
}


def next_step(proposal: Proposal) -> str:
    """Return a sentence on what comes next; the institution is who is spoken to."""
    if write := WITH_DAYS.get(State(proposal.state)):
        return write(proposal)
    return str(SENTENCES.get(State(proposal.state), _("There are no further steps.")))


def of_draft(proposal: Proposal) -> str:
    text = _("Fill in the form, check the rules, and send it before the call closes on %(when)s.")
    return text % {"when": in_both_time_zones(proposal.call.closes_at)}


def of_returned(proposal: Proposal) -> str:
    if not proposal.answer_by_on:
        return _("Answer the remarks section by section and send it again.")
    text = _(
        "Answer the remarks section by section and send it again by %(day)s, the end of the day in"
        " Beijing."
    )
    return text % {"day": date_format(proposal.answer_by_on, "DATE_FORMAT")}


def of_cleared(proposal: Proposal) -> str:
    if not proposal.call.fund_closes_at:
        return _("It goes to the Fund through the Permanent Mission.")
    day = timezone.localdate(proposal.call.fund_closes_at, BEIJING)
    text = _("It goes to the Fund through the Permanent Mission before %(day)s.")
    return text % {"day": date_format(day, "DATE_FORMAT")}


def of_approved(proposal: Proposal) -> str:
    if proposal.reports_due.missing().exists():
        return of_work(proposal)
    return _("The project document is signed; the work can begin.")


def of_work(proposal: Proposal) -> str:
    reports = proposal.reports_due.exclude(kind=ReportDue.Kind.EXTENSION)
    report = reports.missing().first()
    if report is None and reports.exists():
        return _(
            "All reports have been uploaded; the Secretariat will say here when the work is done."
        )
    if report is None:
        return _("Reports are due on the dates set by the call.")
    words = {
        "report": report.get_kind_display(),
        "day": date_format(report.due_on, "DATE_FORMAT"),
    }
    return _("Next report: %(report)s, due on %(day)s.") % words


WITH_DAYS = {
    State.DRAFT: of_draft,
    State.RETURNED: of_returned,
    State.CLEARED: of_cleared,
    State.APPROVED: of_approved,
    State.UNDER_WAY: of_work,
    State.EXTENDED: of_work,
}
