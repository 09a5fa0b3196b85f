"""A slow, obvious count that the catalogue is checked against.

It reads rows with plain SQL into Python, and shares no code with the catalogue: neither its
declaration nor filters nor querysets. What it knows about the rules stands here once more, in words
and in loops.

`walk` goes through random combinations of filters and hands each to observers, functions that get
an `Asked` and compare what they look at: `numbers_beside_values`, `rows_in_order` ... Whoever shows
the list another way (heading, CSV, XLSX, JSON, map) adds an observer:

    def csv(asked):
        rows = read_csv(asked.client_get("/projects/export.csv"))
        assert [row["code"] for row in rows] == asked.records.values("code", asked.expected)
"""

from dataclasses import dataclass
from random import Random
from urllib.parse import urlencode

from django.db import connection
from django.http import QueryDict

NONE = "none"
# The filters and where their values are found, each as SQL for pairs of project and value.
VALUES = {
    "country": "SELECT project_id, country_id FROM projects_projectcountry",
    "region": """
        SELECT link.project_id, country.region FROM projects_projectcountry link
        JOIN codelists_country country ON country.iso2 = link.country_id""",
    "subregion": """
        SELECT link.project_id, country.subregion FROM projects_projectcountry link
        JOIN codelists_country country ON country.iso2 = link.country_id""",
    "group": """
        SELECT link.project_id, unnest(ARRAY[
            CASE WHEN ldc THEN 'ldc' END, CASE WHEN lldc THEN 'lldc' END,
            CASE WHEN sids THEN 'sids' END])
        FROM projects_projectcountry link
        JOIN codelists_country country ON country.iso2 = link.country_id""",
    "sector": """
        SELECT link.project_id, sector.slug FROM projects_projectsector link
        JOIN codelists_sector sector ON sector.id = link.sector_id""",
    "sdg": "SELECT project_id, sdg_id::text FROM projects_projectsdg",
    "sdg_primary": "SELECT project_id, sdg_id::text FROM projects_projectsdg WHERE place = 0",
    "area": """
        SELECT project.id, area.slug FROM projects_project project
        JOIN codelists_pgtfarea area ON area.id = project.area_id""",
    "status": "SELECT id, status FROM projects_project",
    "programme": "SELECT id, programme FROM projects_project",
    "modality": "SELECT id, modality FROM projects_project",
    "province": """
        SELECT link.project_id, institution.province FROM projects_projectinstitution link
        JOIN members_institution institution ON institution.id = link.institution_id
        WHERE link.role = 'submitter'""",
    "year": "SELECT id, year_approved::text FROM projects_project",
    "gender": "SELECT id, gender_marker::text FROM projects_project",
    "grant": "SELECT id, 'stated' FROM projects_project WHERE granted_usd IS NOT NULL",
    "inputs": "SELECT id, 'stated' FROM projects_project WHERE other_inputs_usd IS NOT NULL",
    "people": """
        SELECT id, CASE beneficiaries_bound WHEN '' THEN 'exact' ELSE 'bounded' END
        FROM projects_project WHERE beneficiaries_number IS NOT NULL""",
    "women": """
        SELECT id, 'stated' FROM projects_project
        WHERE beneficiaries_number IS NOT NULL AND women_beneficiaries_number IS NOT NULL""",
}
PARTS = """
    SELECT link.project_id, institution.slug, link.role FROM projects_projectinstitution link
    JOIN members_institution institution ON institution.id = link.institution_id"""
PUBLISHED = """
    SELECT id, code, year_approved, granted_usd, updated_at
    FROM projects_project WHERE state = 'published'"""
# What may stand in the address though no project carries it.
LISTED = {
    "country": "SELECT iso2 FROM codelists_country",
    "sector": "SELECT slug FROM codelists_sector",
    "sdg": "SELECT number::text FROM codelists_sdg",
    "area": "SELECT slug FROM codelists_pgtfarea",
}
ROLES = ["submitter", "co_implementer", "subcontractor", "supporter"]
FILTERS = [*VALUES, "institution", "role"]


def select(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


class Records:
    """All published projects, read row by row."""

    def __init__(self):
        columns = ("code", "year", "grant", "changed")
        self.projects = {
            row[0]: dict(zip(columns, row[1:], strict=True)) for row in select(PUBLISHED)
        }
        self.carried = {name: self.read(sql) for name, sql in VALUES.items()}
        self.parts = {project: set() for project in self.projects}
        for project, institution, role in select(PARTS):
            if project in self.parts:
                self.parts[project].add((institution, role))
        self.known = {name: self.known_values(name) for name in FILTERS}

    def read(self, sql):
        carried = {project: set() for project in self.projects}
        for project, value in select(sql):
            if project in carried and value:
                carried[project].add(value)
        return carried

    def known_values(self, name):
        if name == "role":
            return [*ROLES, NONE]
        if name == "institution":
            parts = {institution for parts in self.parts.values() for institution, _role in parts}
            return [*sorted(parts), NONE]
        values = set().union(*self.carried[name].values())
        if name in LISTED:
            values |= {value for (value,) in select(LISTED[name])}
        return [*sorted(values), NONE]

    # ---------------------------------------------------------------- the rules, in loops

    def matches(self, project, asked):
        """Tell whether a project matches every filter that is asked."""
        for name in VALUES:
            if name in asked and not self.has_value(project, name, asked):
                return False
        in_range = "year_from" in asked or "year_to" in asked
        if in_range and "year" not in asked and not self.has_value(project, "year", asked):
            return False
        return self.has_part(project, asked)

    def has_value(self, project, name, asked):
        carried = self.carried[name][project]
        for wanted in asked.get(name, []):
            if wanted in carried or (wanted == NONE and not carried):
                return True
        if name == "year" and carried and ("year_from" in asked or "year_to" in asked):
            year = int(next(iter(carried)))
            first, last = asked.get("year_from", 0), asked.get("year_to", 9999)
            return min(first, last) <= year <= max(first, last)
        return False

    def has_part(self, project, asked):
        """Tell whether one institution is wanted and has a wanted role, both at once."""
        for institution, role in self.parts_or_none(project):
            is_wanted = institution in asked.get("institution", [institution])
            if is_wanted and role in asked.get("role", [role]):
                return True
        return False

    def parts_or_none(self, project):
        return self.parts[project] or {(NONE, NONE)}

    def matching(self, asked):
        return [project for project in self.projects if self.matches(project, asked)]

    def values_in(self, name, projects):
        """List the values that some of these projects carry."""
        if name in ("institution", "role"):
            place = ("institution", "role").index(name)
            return {part[place] for p in projects for part in self.parts_or_none(p)}
        carried = self.carried[name]
        found = set().union(*(carried[p] for p in projects))
        return found | ({NONE} if any(not carried[p] for p in projects) else set())

    def in_order(self, projects, sort):
        """Sort as the page says: what is not stated last, equal ones by id the same way round."""
        column = {"newest": "year", "grant": "grant", "code": "code", "changed": "changed"}
        name = sort.removeprefix("-")
        downwards = (name != "code") != sort.startswith("-")
        stated = [p for p in projects if self.projects[p][column[name]] is not None]
        lacking = [p for p in projects if self.projects[p][column[name]] is None]

        def key(project):
            value = self.projects[project][column[name]]
            return int(value.removeprefix("SSC-")) if name == "code" else value

        stated = sorted(stated, key=lambda p: (key(p), p), reverse=downwards)
        return stated + sorted(lacking, reverse=downwards)

    def values(self, column, projects):
        return [self.projects[project][column] for project in projects]


# -------------------------------------------------------------------- walking


@dataclass
class Asked:
    """One combination of filters: what was asked, as parameters and address, and what must come."""

    records: Records
    filters: dict
    sort: str
    expected: list[int]

    @property
    def query(self) -> str:
        return urlencode([*self.filters.items(), ("sort", self.sort)], doseq=True)

    @property
    def params(self) -> QueryDict:
        return QueryDict(self.query)

    def expected_beside(self, name, value) -> int:
        """Count those that carry the value among those that match the other filters."""
        left_out = {"year_from", "year_to"} if name == "year" else set()
        others = {n: values for n, values in self.filters.items() if n not in left_out}
        return len(self.records.matching(others | {name: [value]}))


def walk(records, number, seed, observers):
    """Hand random combinations to the observers; the seed makes a failure come again."""
    random = Random(seed)
    for _ in range(number):
        asked = ask(records, random)
        for observe in observers:
            observe(asked)


def ask(records, random):
    names = random.sample(FILTERS, random.choice([0, 1, 1, 2, 2, 2, 3, 4]))
    if random.random() < 0.25:  # The pair that is one condition together.
        names = list(dict.fromkeys([*names, "institution", "role"]))
    filters = {name: some_values(records, random, name) for name in names}
    if random.random() < 0.2:
        for name in random.choice([["year_from"], ["year_to"], ["year_from", "year_to"]]):
            filters[name] = random.randrange(1983, 2025)
    order = random.choice(["newest", "grant", "code", "changed"])
    sort = random.choice(["", "-"]) + order
    return Asked(records, filters, sort, records.in_order(records.matching(filters), sort))


def some_values(records, random, name):
    """Take values that combine: mostly of one project, so that something is found."""
    project = random.choice(list(records.projects))
    carried = sorted(records.values_in(name, [project]))
    known = records.known[name]
    chosen = [random.choice(carried if random.random() < 0.6 else known) for _ in range(3)]
    return list(dict.fromkeys(chosen[: random.choice([1, 1, 2, 3])]))
