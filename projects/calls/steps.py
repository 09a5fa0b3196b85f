"""Where a proposal stands, and how it may go on: each change is a step with day and author."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import User
from sscnet.core.i18n.dates import BEIJING

from .models import Proposal, ProposalState, ProposalStep

NEXT_STATES = {
    ProposalState.DRAFT: {ProposalState.RECEIVED},
    ProposalState.RECEIVED: {
        ProposalState.RETURNED,
        ProposalState.CLEARED,
        ProposalState.WITHDRAWN,
    },
    ProposalState.RETURNED: {ProposalState.RECEIVED, ProposalState.WITHDRAWN},
    ProposalState.CLEARED: {
        ProposalState.AT_FUND,
        ProposalState.RETURNED,
        ProposalState.WITHDRAWN,
    },
    ProposalState.AT_FUND: {
        ProposalState.RECOMMENDED,
        ProposalState.NOT_RECOMMENDED,
        ProposalState.WITHDRAWN,
    },
    ProposalState.RECOMMENDED: {ProposalState.APPROVED, ProposalState.WITHDRAWN},
    ProposalState.NOT_RECOMMENDED: set(),
    ProposalState.APPROVED: {ProposalState.UNDER_WAY},
    ProposalState.UNDER_WAY: {ProposalState.EXTENDED, ProposalState.COMPLETED},
    ProposalState.EXTENDED: {ProposalState.EXTENDED, ProposalState.COMPLETED},
    ProposalState.COMPLETED: {ProposalState.CLOSED},
    ProposalState.CLOSED: set(),
    ProposalState.WITHDRAWN: set(),
}


def lock(proposal: Proposal) -> Proposal:
    """Return the proposal as it is stored now, locked until the end of the transaction."""
    rows = Proposal.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("call", "institution").get(pk=proposal.pk)


@transaction.atomic
def take_step(
    proposal: Proposal,
    after: ProposalState,
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
        states = {"now": ProposalState(before).label, "next": ProposalState(after).label}
        raise ValidationError(text % states)
    proposal.refresh_from_db(fields=["lock_version"])
    # A form that is still open somewhere was made before this step.
    values |= {"state": ProposalState(after), "lock_version": proposal.lock_version + 1}
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
