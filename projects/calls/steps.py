"""Where a proposal stands, how it may go on, and what comes next for it.

Each change is a step with day and author.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members.models import User
from sscnet.core.i18n.dates import BEIJING, in_both_time_zones

from .models import Proposal, ProposalStep, Remark, ReportDue
from .models import ProposalState as State

NEXT_STATES = {
    State.DRAFT: {State.RECEIVED},
    State.RECEIVED: {
        State.RETURNED,
        State.CLEARED,
        State.WITHDRAWN,
    },
    State.RETURNED: {State.RECEIVED, State.WITHDRAWN},
    State.CLEARED: {
        State.AT_FUND,
        State.RETURNED,
        State.WITHDRAWN,
    },
    State.AT_FUND: {
        State.RECOMMENDED,
        State.NOT_RECOMMENDED,
        State.WITHDRAWN,
    },
    State.RECOMMENDED: {State.APPROVED, State.WITHDRAWN},
    State.NOT_RECOMMENDED: set(),
    # Approved again: what was entered wrong is put right.
    State.APPROVED: {State.APPROVED, State.UNDER_WAY},
    State.UNDER_WAY: {State.EXTENDED, State.COMPLETED},
    State.EXTENDED: {State.EXTENDED, State.COMPLETED},
    State.COMPLETED: {State.CLOSED},
    State.CLOSED: set(),
    State.WITHDRAWN: set(),
}


def lock(proposal: Proposal) -> Proposal:
    """Return the proposal as it is stored now, locked until the end of the transaction."""
    rows = Proposal.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("call", "institution").get(pk=proposal.pk)


@transaction.atomic
def take_step(
    proposal: Proposal,
    after: State,
    *,
    by: User,
    on: date | None = None,
    words: str = "",
    ground: str = "",
    extended_to: str = "",
    **values,
) -> ProposalStep:
    """Bring the proposal to the state `after`, write the step and return it.

    `on` is the day it happened, today in Beijing unless given. `values` are fields of the proposal
    that are written with the state, such as `granted_usd`. Raise ValidationError where it cannot go
    there from where it stands now.
    """
    before = lock(proposal).state
    if after not in NEXT_STATES[before]:
        text = _("The proposal is “%(now)s” now: it cannot become “%(next)s”.")
        states = {"now": State(before).label, "next": State(after).label}
        raise ValidationError(text % states)
    proposal.refresh_from_db(fields=["lock_version"])
    # A form that is still open somewhere was made before this step.
    values |= {"state": State(after), "lock_version": proposal.lock_version + 1}
    for name, value in values.items():
        setattr(proposal, name, value)
    proposal.save(update_fields=list(values))
    return ProposalStep.objects.create(
        proposal=proposal,
        before=before,
        after=after,
        on=on or timezone.localdate(timezone=BEIJING),
        by=by,
        words=words,
        ground=ground,
        extended_to=extended_to,
    )


# ------------------------------------------------------------------ remarks and answers


def open_remarks(proposal: Proposal) -> dict[str, Remark]:
    """Return the remarks that wait for an answer or have one already, by their section."""
    if proposal.state != State.RETURNED:
        return {}
    returned = proposal.steps.filter(after=State.RETURNED, undone_at=None)
    step = returned.order_by("at", "id").last()
    return {remark.section: remark for remark in step.remarks.all()} if step else {}


def unanswered(proposal: Proposal) -> list[Remark]:
    return [remark for remark in open_remarks(proposal).values() if not remark.answer.strip()]


def answer_remark(remark: Remark, text: str | None, by: User) -> None:
    """Keep an answer, with who gave it last and when; None was no right one."""
    rows = Remark.objects.filter(pk=remark.pk)
    if text is not None and rows.exclude(answer=text).exists():
        at = timezone.now() if text else None
        rows.update(answer=text, answered_by=by if text else None, answered_at=at)


# ------------------------------------------------------------------ what comes next


def next_step(proposal: Proposal) -> str:
    """Return a sentence on what comes next and roughly when; the institution is spoken to.

    Officers read the same.
    """
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
