"""The Secretariat's remarks on a returned proposal, and the institution's answers by section."""

from django.utils import timezone

from members.models import User
from projects.calls.models import Proposal, ProposalState, Remark


def open_remarks(proposal: Proposal) -> dict[str, Remark]:
    """Return the remarks that wait for an answer or have one already, by their section."""
    if proposal.state != ProposalState.RETURNED:
        return {}
    returned = proposal.steps.filter(after=ProposalState.RETURNED, undone_at=None)
    step = returned.order_by("at", "id").last()
    return {remark.section: remark for remark in step.remarks.all()} if step else {}


def unanswered(proposal: Proposal) -> list[Remark]:
    return [remark for remark in open_remarks(proposal).values() if not remark.answer.strip()]


def answer(remark: Remark, text: str | None, by: User) -> None:
    """Keep an answer, with who gave it last and when; None was no right one."""
    rows = Remark.objects.filter(pk=remark.pk)
    if text is not None and rows.exclude(answer=text).exists():
        at = timezone.now() if text else None
        rows.update(answer=text, answered_by=by if text else None, answered_at=at)
