"""Figures of projects: each is added up over the very list of the catalogue that it opens."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from operator import itemgetter

from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from projects.catalogue.filters import BOUNDED, EXACT, STATED, ProjectFilter
from projects.models import Project
from sscnet.codelists.choices import CHINA
from sscnet.core.database.sql import IsAmong
from sscnet.core.i18n.texts import comma_separated
from sscnet.facets.listing import Listing
from sscnet.facets.params import NOT_STATED, Params
from sscnet.figures.figure import Figure, Number, bounded
from sscnet.figures.section import FigureTable

# By the filter of the projects that state it: the field that is added up.
MEASURES = {
    "grant": "granted_usd",
    "inputs": "other_inputs_usd",
    "people": "beneficiaries_number",
    "women": "women_beneficiaries_number",
}
# Of people exact numbers alone: they are never added up with "at least" and "about".
COLUMNS = {"grant": STATED, "inputs": STATED, "people": EXACT}
COLUMN_LABELS = [
    _("Projects"),
    _("Granted, US$"),
    _("Other inputs, US$"),
    _("Beneficiaries, exact numbers"),
]
# Where a project counts in several rows, none of them got the whole grant.
SHARED_LABELS = [
    _("Projects"),
    _("Grants of these projects, US$"),
    _("Other inputs of these projects, US$"),
    _("Beneficiaries of these projects, exact numbers"),
]
# The pages of all values of the filters that have many.
REGISTERS = {
    "country": reverse_lazy("landing:countries"),
    "sdg": reverse_lazy("landing:sdgs"),
    "institution": reverse_lazy("projects:values", args=["institution"]),
}
# A project counts in each of its values.
IN_SEVERAL = ("region", "country", "sector", "sdg", "institution")


def about(project: Project) -> dict[str, str]:
    cover = next((one for one in project.pictures.all() if one.is_cover), None)
    return {
        "title": str(project),
        "countries": comma_separated(link.country for link in project.country_links),
        "summary": project.summary_i18n or "",
        "picture": [*cover.names_by_width.values()][:2][-1] if cover else "",
        "alt": cover.alt_i18n or "" if cover else "",
    }


def asked(params: Params) -> Params:
    """Return what is asked of figures: they say themselves who states what."""
    for name in MEASURES:
        params = params.without(name)
    return replace(params, sort="", view="")


class ProjectFigures:
    """`lists` collects for each key the kind and the ids of the records behind its number."""

    def __init__(self, listing: Listing, lists: dict[str, tuple[str, list]]):
        self.listing, self.index, self.lists = listing, listing.index, lists
        self.params = asked(listing.params)
        self.matches = self.index.select(self.params)

    @cached_property
    def amounts(self) -> dict[int, dict]:
        """Read the amounts of all these projects at once."""
        these = IsAmong.ids(list(self.matches.result))
        fields = ("pk", "beneficiaries_bound", *MEASURES.values())
        rows = Project.objects.filter(these).order_by().values(*fields)
        return {row["pk"]: row for row in rows}

    # -------------------------------------------------------------- numbers

    def count(self, key: str, params: Params) -> Number:
        ids = self.index.select(params).result
        self.lists[key] = ("project", list(ids))
        return Number(len(ids), reverse("projects:list") + params.query(), key)

    def total(self, key: str, params: Params, name: str, code=STATED, field="") -> Number:
        """Add up an amount over the list of those that state it, as the filter says by `code`."""
        stated = self.count(key, params.with_value(name, code))
        if not stated.value:
            return Number(None)
        _kind, ids = self.lists[key]
        # What was emptied since the list was made is missing.
        field = field or MEASURES[name]
        amounts = (self.amounts.get(pk, {}).get(field) for pk in ids)
        total = sum((Decimal(amount) for amount in amounts if amount is not None), Decimal(0))
        number = replace(stated, value=int(total.quantize(Decimal(1), ROUND_HALF_UP)))
        is_bounded = field == "beneficiaries_number"
        bounds = {self.amounts[pk]["beneficiaries_bound"] for pk in ids if pk in self.amounts}
        return bounded(number, bounds) if is_bounded else number

    def carried(self, name: str, key: str, but: str = "") -> Number:
        """Count the values that these projects carry; the page of all values lists them."""
        codes = self.matches.carried(ProjectFilter.base_filters[name]).keys() - {NOT_STATED, but}
        self.lists[key] = (name, sorted(codes))
        # Of an institution or a role asked for, that page shows what else could be asked for.
        is_listed = name != "institution" or not any(map(self.params.uses, ("institution", "role")))
        return Number(len(codes), self.register(name) if is_listed else "", key)

    def register(self, name: str) -> str:
        """Return the address of the page of all values of a filter, where one is linked."""
        return REGISTERS[name] + self.params.query() if name in REGISTERS else ""

    # -------------------------------------------------------------- figures

    def each(self) -> dict:
        """Return what each of these projects is about, in the language of the page."""
        rows = Project.objects.filter(pk__in=self.index.select(self.params).result)
        rows = rows.prefetch_related("project_countries__country", "pictures")
        return {"records": sorted(map(about, rows), key=itemgetter("title"))}

    def added_up(self, label: str, name: str, definition: str, code=STATED, field="") -> Figure:
        key = field or (name if code == STATED else code)
        lacking = self.params.with_value(name, NOT_STATED)
        return Figure(
            label,
            [self.total(key, self.params, name, code, field)],
            definition,
            self.count("projects", self.params),
            self.count(key, self.params.with_value(name, code)),
            self.count(f"{key}-{NOT_STATED}", lacking) if code == STATED else None,
        )

    def projects(self) -> dict:
        countries = self.carried("country", "countries", but=CHINA)
        institutions = self.carried("institution", "institutions")
        figures = [
            Figure(
                gettext("Projects"),
                [self.count("projects", self.params)],
                gettext("Projects on record here, by their year of approval."),
            ),
            Figure(
                gettext("Countries reached"),
                [countries],
                gettext(
                    "Every country but China that leads, takes part or benefits in one of them."
                ),
            ),
            Figure(
                gettext("Institutions"),
                [institutions],
                gettext("Every institution that has a part in one of them."),
            ),
        ]
        return {"figures": figures}

    def money(self) -> dict:
        whole_dollars = gettext("Added up over the projects that state it; whole US dollars.")
        if any(map(self.params.uses, ("country", "region"))):
            shared = gettext("Each project counts whole: all its countries share its grant.")
            whole_dollars = f"{whole_dollars} {shared}"
        figures = [
            self.added_up(gettext("Granted by the Fund, US$"), "grant", whole_dollars),
            self.added_up(gettext("Other inputs, US$"), "inputs", whole_dollars),
        ]
        return {"figures": figures}

    def people(self) -> dict:
        figures = [
            self.added_up(
                gettext("People trained or reached, exact numbers"),
                "people",
                gettext("Of the projects whose source states an exact number."),
                EXACT,
            ),
            self.added_up(
                gettext("People trained or reached, other numbers"),
                "people",
                gettext("Of the projects whose source states “at least” or “about”."),
                BOUNDED,
            ),
            self.added_up(
                gettext("Women among them"),
                "women",
                gettext("From the projects that state both beneficiaries and women."),
            ),
            self.added_up(
                gettext("Beneficiaries of the same projects"),
                "women",
                gettext("For comparison with the number of women."),
                field="beneficiaries_number",
            ),
        ]
        return {"figures": figures}

    # -------------------------------------------------------------- divided

    def divided(self, name: str) -> dict:
        values = ProjectFilter.base_filters[name]
        carried = self.matches.carried(values)
        lacking = self.count(f"{name}.{NOT_STATED}", self.within(name, NOT_STATED))
        is_asked = self.params.uses(name) and NOT_STATED not in self.matches.ticked(values)
        table = FigureTable(
            name,
            str(values.label),
            [str(label) for label in (SHARED_LABELS if name in IN_SEVERAL else COLUMN_LABELS)],
            self.rows(name, [code for code in carried if code != NOT_STATED]),
            lacking if lacking.value and not is_asked else None,
            self.register(name),
        )
        several = gettext(
            "A project can count in several rows, each time with its whole grant, which all of them"
            " share: the rows do not add up."
        )
        note = several if name in IN_SEVERAL else ""
        return {"note": note, "table": table}

    def rows(self, name: str, codes: list[str]) -> list[Figure]:
        """Return a row for each value, the most projects first, years in their order.

        Of a filter in use only its own values: a list cannot ask for two values at once.
        """
        values = ProjectFilter.base_filters[name]
        if self.params.uses(name):
            codes = [code for code in codes if code in set(self.matches.ticked(values))]
        if name == "year":
            codes.sort()
        else:
            codes.sort(key=lambda code: str(self.listing.label(values, code)))
        rows = [row for code in codes if (row := self.row(name, code)).number.value]
        return rows if name == "year" else sorted(rows, key=lambda row: -row.number.value)

    def row(self, name: str, code: str) -> Figure:
        label = self.listing.label(ProjectFilter.base_filters[name], code)
        params, key = self.within(name, code), f"{name}.{code}"
        totals = [self.total(f"{key}.{one}", params, one, COLUMNS[one]) for one in COLUMNS]
        return Figure(str(label), [self.count(key, params), *totals], lang=label.lang)

    def within(self, name: str, code: str) -> Params:
        return self.params.without(name).with_value(name, code)
