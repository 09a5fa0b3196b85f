"""What the pages of a proposal and of a reading show."""

from sscnet.changes.comparing import compare_states

from ...models import Project
from ..checks.papers import asked_papers, lacks_form_of_fund
from ..handling.award import changes_of
from ..handling.deciding import possible_states, undoable_step
from ..handling.readings import alike, appraisal
from ..models import AWARDED, FormSection, Proposal, ProposalVersion, Remark
from ..next_step import next_step
from ..versions import differences, lines_of


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


def sections_of(
    proposal: Proposal, version: ProposalVersion | None, form=None, readings=()
) -> list[dict]:
    """Return the sections in the order of the form, as the template takes them.

    `form` has the boxes of who reads it now; `readings` are those whose remarks are shown.
    """
    lines = lines_of(version) if version else []
    remarks = Remark.objects.filter(step__proposal=proposal, step__undone_at=None)
    remarks = list(remarks.select_related("step"))
    boxes = {field.name: field for field in form or ()}
    return [
        {
            "section": section,
            "lines": [line for line in lines if line.section == section],
            "remarks": [remark for remark in remarks if remark.section == section],
            "readers": [(one.reader, one.remarks.get(section)) for one in readings],
            "box": boxes.get(f"remark_{section}"),
        }
        for section in FormSection
    ]
