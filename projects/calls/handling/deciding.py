"""Steps that the Secretariat takes with a proposal: dated, sent by mail, undoable for a day."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import User

from ..checks.papers import lacks_form_of_fund
from ..models import Proposal, ProposalState, ProposalStep
from ..steps import NEXT_STATES, lock, take_step
from . import mails, reports

UNDOABLE_FOR = timedelta(days=1)
# Only an institution sends; what it did itself the Secretariat does not undo.
TAKEN_BY_INSTITUTION = {ProposalState.RECEIVED}
# Fields of the proposal that are written with a step, and emptied when it is undone.
WRITTEN = {
    ProposalState.RETURNED: ["answer_by_on"],
    ProposalState.APPROVED: ["approval_meeting", "approved_on", "granted_usd"],
}


def possible_states(proposal: Proposal) -> list[ProposalState]:
    """Return the states that an officer may bring the proposal to, in their order."""
    following = NEXT_STATES[ProposalState(proposal.state)] - TAKEN_BY_INSTITUTION
    # A letter or a payment rests on the sum that was granted.
    if proposal.state == ProposalState.APPROVED and (proposal.has_letter or proposal.received_usd):
        following = following - {ProposalState.APPROVED}
    return [state for state in ProposalState if state in following]


@transaction.atomic
def decide(
    proposal: Proposal,
    after: ProposalState,
    by: User,
    *,
    on: date,
    remarks: dict[str, str] | None = None,
    **said,
) -> ProposalStep:
    """Take the step, plan what it makes due, and write to the institution.

    `said` are words and reason of the step, and fields of the proposal that are written with it
    (`WRITTEN`); `remarks` are by section. Raise ValidationError where the step is not possible now,
    or the proposal lacks the Fund's own form, without which it is not ready for the Fund.
    """
    if after == ProposalState.APPROVED:
        said["approved_on"] = on
    stored, written = lock(proposal), WRITTEN.get(after)
    # The same sent twice; what is written anew puts right what was entered wrong.
    is_same = written and all(getattr(stored, name) == said.get(name) for name in written)
    if after not in possible_states(stored) or (after == stored.state and is_same):
        raise ValidationError(_("This step is not possible in the proposal’s current status."))
    if after == ProposalState.CLEARED and (lacking := lacks_form_of_fund(proposal)):
        raise ValidationError([_("Not ready for the Fund."), lacking])
    step = take_step(proposal, after, by=by, on=on, **said)
    for section, text in (remarks or {}).items():
        step.remarks.create(section=section, text=text)
    reports.plan(proposal)
    mails.tell_step(step)
    return step


def undoable_step(proposal: Proposal) -> ProposalStep | None:
    """Return the last step if it can be undone now: the Secretariat's, a day old at most."""
    step = proposal.steps.filter(undone_at=None).last()
    if step is None or step.after in TAKEN_BY_INSTITUTION or step.after != proposal.state:
        return None
    if step.before == step.after == ProposalState.APPROVED:
        return None
    return step if timezone.now() - step.at <= UNDOABLE_FOR else None


@transaction.atomic
def undo(proposal: Proposal, by: User) -> ProposalStep:
    """Take the last step back, with all it wrote, and write a correction to the institution."""
    stored = lock(proposal)
    step = undoable_step(stored)
    if step is None:
        raise ValidationError(_("There is nothing to undo: a step can be undone within one day."))
    if step.after == ProposalState.APPROVED:
        handed_in = stored.reports_due.exclude(uploaded_at=None)
        if stored.project_id:
            raise ValidationError(_("A project was made from it. Delete that draft first."))
        if stored.has_letter or stored.payments.exists() or handed_in.exists():
            raise ValidationError(_("It has a letter of award, a payment or a revised budget."))
    if step.after == ProposalState.RETURNED and stored.saved_at > step.at:
        raise ValidationError(_("The institution is already working on it: wait for its answer."))
    for name in WRITTEN.get(step.after, []):
        setattr(stored, name, Proposal._meta.get_field(name).get_default())
    stored.state = step.before
    stored.lock_version += 1
    try:
        with transaction.atomic():
            stored.save()
    except IntegrityError as error:
        text = _("The call was changed in the meantime: the proposal now breaks one of its rules.")
        raise ValidationError(text) from error
    step.undone_at, step.undone_by = timezone.now(), by
    step.save(update_fields=["undone_at", "undone_by"])
    reports.plan(stored)
    mails.tell_undone(step)
    proposal.refresh_from_db()
    return step
