"""How long proposals took from one state to another, by their steps that were not undone."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ..models import Proposal, ProposalState, ProposalStep

State = ProposalState


@dataclass(frozen=True)
class Interval:
    """From the first step to `start` until the last step to `end`."""

    label: Any
    start: State
    end: State

    @property
    def name(self) -> str:
        return f"{self.start}-{self.end}"

    def passed(self) -> Q:
        """Return the condition of the proposals that took both steps."""
        return Q(Exists(steps_to(self.start))) & Q(Exists(steps_to(self.end)))

    def days(self, proposals: list[Proposal]) -> list[int]:
        """Return how many days it was for those that passed it; their steps are loaded."""
        found = []
        for steps in map(taken, proposals):
            first = next((step.on for step in steps if step.after == self.start), None)
            last = next((step.on for step in reversed(steps) if step.after == self.end), None)
            found += [(last - first).days] if first and last else []
        return found


def steps_to(state: State) -> QuerySet:
    return ProposalStep.objects.filter(proposal=OuterRef("pk"), after=state, undone_at=None)


INTERVALS = [
    Interval(_("from received to cleared"), State.RECEIVED, State.CLEARED),
    Interval(_("from cleared to the Fund"), State.CLEARED, State.AT_FUND),
    Interval(_("from the Fund to the recommendation"), State.AT_FUND, State.RECOMMENDED),
    Interval(_("from the recommendation to the approval"), State.RECOMMENDED, State.APPROVED),
    Interval(_("from received to the approval"), State.RECEIVED, State.APPROVED),
    Interval(_("from the approval to the work"), State.APPROVED, State.UNDER_WAY),
    Interval(_("from the work to its completion"), State.UNDER_WAY, State.COMPLETED),
]


def taken(proposal: Proposal) -> list[ProposalStep]:
    return [step for step in proposal.steps.all() if not step.undone_at]
