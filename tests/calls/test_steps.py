"""Where a proposal stands: each change is a dated step, and some cannot be taken."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from projects.calls.models import ProposalState, ProposalStep
from projects.calls.steps import NEXT_STATES, take_step
from tests import make

pytestmark = pytest.mark.django_db


def test_a_step_is_written_with_the_state_and_its_fields():
    proposal = make.Proposal(state="at_fund")
    officer = make.User()

    step = take_step(
        proposal,
        ProposalState.NOT_RECOMMENDED,
        by=officer,
        on=date(2027, 7, 28),
        words="Sorry.",
        ground=ProposalStep.Ground.NATIONAL,
    )

    assert (step.before, step.after, step.on) == ("at_fund", "not_recommended", date(2027, 7, 28))
    assert (step.by, step.words, step.ground) == (officer, "Sorry.", "national")
    assert proposal.state == "not_recommended"
    proposal.refresh_from_db()
    assert (proposal.state, proposal.lock_version) == ("not_recommended", 1)

    proposal = make.Proposal(state="recommended")
    take_step(proposal, ProposalState.APPROVED, by=make.User(), granted_usd=30_000)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.granted_usd) == ("approved", 30_000)


def test_step_is_taken_from_what_is_stored():
    proposal = make.Proposal(call=make.Call(binding_rules=[]), state="received")
    take_step(proposal, ProposalState.WITHDRAWN, by=make.User())
    proposal.state = "received"

    with pytest.raises(ValidationError, match="“withdrawn” now: it cannot become “cleared”"):
        take_step(proposal, ProposalState.CLEARED, by=make.User())

    assert proposal.steps.count() == 1


def test_every_state_has_its_next_ones():
    assert NEXT_STATES.keys() == set(ProposalState)
