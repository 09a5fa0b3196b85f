"""What comes next for a proposal and roughly when: the institution and officers read the same."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from sscnet.core.i18n.dates import BEIJING, in_both_time_zones

from .models import Proposal, ProposalState, ReportDue

State = ProposalState


def next_step(proposal: Proposal) -> str:
    """Return a sentence on what comes next; the institution is who is spoken to."""
    match proposal.state:
        case State.DRAFT:
            text = _(
                "Fill in the form, check the rules, and send it before the call closes on %(when)s."
            )
            return text % {"when": in_both_time_zones(proposal.call.closes_at)}
        case State.RECEIVED:
            return _(
                "The Secretariat reads it, and clears it or returns it with remarks, usually within"
                " a few weeks."
            )
        case State.RETURNED if proposal.answer_by_on:
            text = _(
                "Answer the remarks section by section and send it again by %(day)s, the end of the"
                " day in Beijing."
            )
            return text % {"day": date_format(proposal.answer_by_on)}
        case State.RETURNED:
            return _("Answer the remarks section by section and send it again.")
        case State.CLEARED if proposal.call.fund_closes_at:
            day = timezone.localdate(proposal.call.fund_closes_at, BEIJING)
            text = _("It goes to the Fund through the Permanent Mission before %(day)s.")
            return text % {"day": date_format(day)}
        case State.CLEARED:
            return _("It goes to the Fund through the Permanent Mission.")
        case State.AT_FUND:
            return _(
                "The Committee of Experts meets in July in most years and makes its"
                " recommendations."
            )
        case State.RECOMMENDED:
            return _("The ministers of the Group of 77 decide, usually in late September.")
        case State.APPROVED if not proposal.reports_due.missing().exists():
            return _("The project document is signed; the work can begin.")
        case State.APPROVED | State.UNDER_WAY | State.EXTENDED:
            return next_report(proposal)
        case State.COMPLETED:
            return _("It is closed once the final report is accepted.")
    return _("There are no further steps.")


def next_report(proposal: Proposal) -> str:
    reports = proposal.reports_due.exclude(kind=ReportDue.Kind.EXTENSION)
    if report := reports.missing().first():
        words = {"report": report.get_kind_display(), "day": date_format(report.due_on)}
        return _("Next report: %(report)s, due on %(day)s.") % words
    if reports.exists():
        return _(
            "All reports have been uploaded; the Secretariat will say here when the work is done."
        )
    return _("Reports are due on the dates set by the call.")
