"""What the page of a proposal shows an officer."""

from sscnet.changes.words import compare_states

from ...models import Project
from ..handling.alike import alike
from ..handling.deciding import possible_states, undoable_step
from ..handling.outcome import changes_of
from ..handling.readings import appraisal
from ..models import AWARDED, Proposal
from ..next_step import next_step
from ..proposals.checks.papers import asked_papers, lacks_form_of_fund
from ..versions.differences import differences
from .sections import sections_of


def page_of(request, proposal: Proposal) -> dict:
    """Return the context of the page, as it was sent last: a returned one may be in the making."""
    proposal = Proposal.objects.for_form().with_readings().get(pk=proposal.pk)
    versions = list(proposal.versions.select_related("sent_by"))
    shown = chosen(versions, request.GET.get("version"))
    before = versions[versions.index(shown) - 1] if shown and shown is not versions[0] else None
    may_decide = request.user.has_perm("calls.decide_proposal")
    criteria = list(proposal.call.criteria.all())
    finished = [one for one in proposal.readings.all() if one.finished_at]
    return {
        "original": proposal,
        "next_step": next_step(proposal),
        "lacks_form_of_fund": lacks_form_of_fund(proposal),
        "steps": proposal.steps.select_related("by", "undone_by").prefetch_related("remarks"),
        "versions": versions,
        "version": shown,
        "before": before,
        "sections": sections_of(proposal, shown, readings=finished),
        "differences": differences(before, shown) if before else [],
        "alike": alike(proposal),
        "papers": asked_papers(proposal) if not proposal.is_open else [],
        "possible": possible_states(proposal) if may_decide else [],
        "undoable": undoable_step(proposal) if may_decide else None,
        "readings": proposal.readings.all(),
        "appraisal": appraisal(proposal, criteria),
        "reports": proposal.reports_due.select_related("uploaded_by", "accepted_by"),
        "may_decide": may_decide,
        "is_awarded": proposal.state in AWARDED,
        "payments": proposal.payments.select_related("entered_by"),
        "outcome": compare_states(changes_of(proposal), Project),
    }


def chosen(versions: list, number: str | None):
    """Return the version of this number, or the last one; None where there is none."""
    named = [one for one in versions if str(one.number) == number]
    return (named or versions[-1:] or [None])[0]
