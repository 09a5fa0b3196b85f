"""What a round of proposals looked like, for the public: counts, areas, countries, money."""

from collections import defaultdict
from collections.abc import Callable

from django.utils.functional import cached_property
from django.utils.translation import gettext

from sscnet.figures.figure import Figure, Number
from sscnet.figures.section import FigureSection, FigureTable

from ..models import AWARDED, Call, Proposal, ProposalCountry, ProposalState


class Round:
    """The figures of one call; only the approved proposals are listed, below the figures."""

    def __init__(self, call: Call):
        rows = Proposal.objects.filter(call=call).exclude(reference="").with_amounts()
        rows = rows.select_related("area", "institution", "project").prefetch_related(
            "proposal_countries__country"
        )
        self.sent = list(rows.sent().order_by("reference"))
        self.approved = approved_of(self.sent)
        states = [one.state for one in self.sent]
        self.not_approved = states.count(ProposalState.NOT_RECOMMENDED)
        self.undecided = len(self.sent) - len(self.approved) - self.not_approved

    @cached_property
    def sections(self) -> list[FigureSection]:
        """Return the figures in all, by area and by country."""
        areas = grouped(self.sent, lambda one: [one.area] if one.area else [])
        countries = grouped(self.sent, taking_part)
        return [
            section("total", "", {gettext("total"): self.sent}),
            section("area", gettext("By area"), areas),
            section("country", gettext("By participating country"), countries),
        ]


def approved_of(proposals: list[Proposal]) -> list[Proposal]:
    return [one for one in proposals if one.state in AWARDED]


def section(name: str, title: str, groups: dict[str, list[Proposal]]) -> FigureSection:
    table = FigureTable(name, "", columns(), [figure(*group) for group in groups.items()])
    return FigureSection(name, title, table=table)


def figure(label: str, proposals: list[Proposal]) -> Figure:
    approved = approved_of(proposals)
    numbers = [
        Number(len(proposals), ""),
        Number(len(approved), "#approved" if approved else ""),
        Number(sum(one.sum_asked_usd for one in proposals), ""),
        Number(sum(one.granted_usd or 0 for one in approved), ""),
    ]
    return Figure(label, numbers)


def grouped(proposals: list[Proposal], records_of: Callable) -> dict[str, list[Proposal]]:
    """Return the proposals of each record that they share, the most first; those without last."""
    groups: dict[str, list[Proposal]] = defaultdict(list)
    for proposal in proposals:
        for record in records_of(proposal):
            groups[str(record)].append(proposal)
    found = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    without = [one for one in proposals if not records_of(one)]
    return dict(found) | ({gettext("not stated"): without} if without else {})


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
