"""What a round of proposals looked like: counts, areas, countries, money. Each figure has its list.

Of which proposals depends on who counts: the public of all, an officer of those that are handled.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .intervals import Duration, durations, taken
from .models import (
    AWARDED,
    NEVER_SENT,
    Call,
    Proposal,
    ProposalCountry,
    ProposalState,
    ProposalStep,
)

# What a figure without an area or a country is called in addresses.
NONE = "none"


@dataclass(frozen=True)
class RoundLine:
    """Figures of the proposals that share something; `key` names it in addresses."""

    label: Any
    key: str
    proposals: list[Proposal]

    @property
    def count(self) -> int:
        return len(self.proposals)

    @cached_property
    def approved(self) -> list[Proposal]:
        return [one for one in self.proposals if one.state in AWARDED]

    @property
    def approved_count(self) -> int:
        return len(self.approved)

    @property
    def asked(self) -> int:
        return sum(one.sum_asked_usd for one in self.proposals)

    @property
    def granted(self) -> int:
        return sum(one.granted_usd or 0 for one in self.approved)


@dataclass(frozen=True)
class RoundTable:
    name: str
    title: Any
    lines: list[RoundLine]


@dataclass(frozen=True)
class GroundLine:
    ground: ProposalStep.Ground
    count: int


class Round:
    """The figures of one call over some of its proposals."""

    def __init__(self, call: Call, proposals: QuerySet[Proposal]):
        self.call = call
        rows = proposals.filter(call=call).exclude(reference="").with_amounts()
        rows = rows.select_related("area", "institution", "project").prefetch_related(
            "proposal_countries__country", "steps"
        )
        self.all = list(rows.order_by("reference"))
        self.sent = [one for one in self.all if one.state not in NEVER_SENT]

    @property
    def total(self) -> RoundLine:
        return RoundLine(_("total"), "", self.sent)

    @property
    def not_approved(self) -> list[Proposal]:
        return [one for one in self.sent if one.state == ProposalState.NOT_RECOMMENDED]

    @property
    def undecided(self) -> list[Proposal]:
        return [one for one in self.sent if one not in self.not_approved + self.total.approved]

    @cached_property
    def by_area(self) -> RoundTable:
        lines = grouped(self.sent, lambda one: [one.area] if one.area else [])
        return RoundTable("area", _("By area"), lines)

    @cached_property
    def by_country(self) -> RoundTable:
        return RoundTable("country", _("By participating country"), grouped(self.sent, taking_part))

    @property
    def tables(self) -> list[RoundTable]:
        return [self.by_area, self.by_country]

    @property
    def by_state(self) -> list[RoundLine]:
        states = {one.state for one in self.all}
        return [
            RoundLine(state.label, state.value, [one for one in self.all if one.state == state])
            for state in ProposalState
            if state in states
        ]

    @property
    def grounds(self) -> list[GroundLine]:
        found = [grounds_of(one) for one in self.all]
        lines = [
            GroundLine(ground, sum(ground in grounds for grounds in found))
            for ground in ProposalStep.Ground
            if ground
        ]
        return [line for line in lines if line.count]

    @property
    def durations(self) -> list[Duration]:
        return durations(self.all)

    def approved_of(self, *, area: str = "", country: str = "") -> list[Proposal]:
        """Return the approved ones of an area and a country, as figures name them."""
        found = self.total.approved
        for table, key in ((self.by_area, area), (self.by_country, country)):
            if key:
                lines = [line for line in table.lines if line.key == key]
                found = [one for line in lines for one in line.approved if one in found]
        return found


def grouped(proposals: Iterable[Proposal], records_of: Callable) -> list[RoundLine]:
    """Return a line a record that proposals share, the most frequent first; those without last."""
    groups: dict[Any, list[Proposal]] = {}
    without = []
    for proposal in proposals:
        records = records_of(proposal)
        for record in records:
            groups.setdefault(record, []).append(proposal)
        if not records:
            without.append(proposal)
    lines = [RoundLine(str(record), str(record.pk), those) for record, those in groups.items()]
    lines.sort(key=lambda line: (-line.count, line.label))
    return lines + ([RoundLine(_("not stated"), NONE, without)] if without else [])


def taking_part(proposal: Proposal) -> list:
    beneficiary = ProposalCountry.Role.BENEFICIARY
    rows = proposal.proposal_countries.all()
    return [row.country for row in rows if row.role != beneficiary]


def grounds_of(proposal: Proposal) -> set[str]:
    refused = ProposalState.NOT_RECOMMENDED
    return {step.ground for step in taken(proposal) if step.after == refused}


def public_round(call: Call) -> Round:
    return Round(call, Proposal.objects.all())


def rows_of(found: Round) -> Iterable[list]:
    """Return all lines of a round, one below the other, for a file."""
    yield ["", str(found.total.label), *numbers(found.total)]
    for table in found.tables:
        for line in table.lines:
            yield [str(table.title), str(line.label), *numbers(line)]


def numbers(line: RoundLine) -> list[int]:
    return [line.count, line.approved_count, line.asked, line.granted]


def headers() -> list[str]:
    labels = (
        *(_("Figures"), _("Item"), _("Proposals sent")),
        *(_("Approved"), _("Requested, US$"), _("Granted, US$")),
    )
    return [str(label) for label in labels]
