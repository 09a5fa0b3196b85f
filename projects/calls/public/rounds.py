"""What a round of proposals looked like, for the public: counts, areas, countries, money."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext

from sscnet.figures.figure import Figure, Number
from sscnet.figures.section import FigureSection, FigureTable

from ..models import AWARDED, Call, Proposal, ProposalCountry, ProposalState

# What a figure without an area or a country is called in addresses.
NONE = "none"


@dataclass(frozen=True)
class ProposalGroup:
    """Proposals that share something: `key` names it in addresses, `table` says what it is."""

    label: str
    proposals: list[Proposal]
    table: str = ""
    key: str = ""

    @cached_property
    def approved(self) -> list[Proposal]:
        return [one for one in self.proposals if one.state in AWARDED]


class Round:
    """The figures of one call; only the approved proposals are listed, below the figures."""

    def __init__(self, call: Call):
        rows = Proposal.objects.filter(call=call).exclude(reference="").with_amounts()
        rows = rows.select_related("area", "institution", "project").prefetch_related(
            "proposal_countries__country"
        )
        self.sent = list(rows.sent().order_by("reference"))
        self.total = ProposalGroup(gettext("total"), self.sent)
        self.groups = {
            "area": grouped(self.sent, "area", lambda one: [one.area] if one.area else []),
            "country": grouped(self.sent, "country", taking_part),
        }

    @property
    def not_approved(self) -> list[Proposal]:
        return [one for one in self.sent if one.state == ProposalState.NOT_RECOMMENDED]

    @property
    def undecided(self) -> list[Proposal]:
        return [one for one in self.sent if one not in self.not_approved + self.total.approved]

    @cached_property
    def sections(self) -> list[FigureSection]:
        """Return the figures in all, by area and by country."""
        return [
            self.section("total", "", [self.total]),
            self.section("area", gettext("By area"), self.groups["area"]),
            self.section("country", gettext("By participating country"), self.groups["country"]),
        ]

    def section(self, name: str, title: str, groups: list[ProposalGroup]) -> FigureSection:
        table = FigureTable(name, "", columns(), list(map(self.figure, groups)))
        return FigureSection(name, title, table=table)

    def figure(self, group: ProposalGroup) -> Figure:
        values = [
            len(group.proposals),
            len(group.approved),
            sum(one.sum_asked_usd for one in group.proposals),
            sum(one.granted_usd or 0 for one in group.approved),
        ]
        query = f"{group.table}={group.key}" if group.table else ""
        lists = ["", f"?{query}#approved" if group.approved else "", "", ""]
        return Figure(group.label, [Number(*one) for one in zip(values, lists, strict=True)])

    def approved_of(self, **keys: str) -> list[Proposal]:
        """Return the approved ones of an area and a country, as figures name them."""
        found = self.total.approved
        for table, key in keys.items():
            if key:
                groups = [group for group in self.groups[table] if group.key == key]
                found = [one for group in groups for one in group.approved if one in found]
        return found


def grouped(proposals: list[Proposal], table: str, records_of: Callable) -> list[ProposalGroup]:
    """Return a group a record that proposals share, the largest first; those without last."""
    groups: dict[Any, list[Proposal]] = {}
    without = []
    for proposal in proposals:
        records = records_of(proposal)
        for record in records:
            groups.setdefault(record, []).append(proposal)
        if not records:
            without.append(proposal)
    found = [
        ProposalGroup(str(record), those, table, str(record.pk)) for record, those in groups.items()
    ]
    found.sort(key=lambda group: (-len(group.proposals), group.label))
    return found + ([ProposalGroup(gettext("not stated"), without, table, NONE)] if without else [])


def taking_part(proposal: Proposal) -> list:
    beneficiary = ProposalCountry.Role.BENEFICIARY
    rows = proposal.proposal_countries.all()
    return [row.country for row in rows if row.role != beneficiary]


def columns() -> list[str]:
    return [
        gettext("Proposals sent"),
        gettext("Approved"),
        gettext("Requested, US$"),
        gettext("Granted, US$"),
    ]


def headers() -> list[str]:
    """Return the columns of a file."""
    return [gettext("Figures"), gettext("Item"), *columns()]
