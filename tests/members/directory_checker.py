"""A slow, obvious count that the directory is checked against.

It reads rows with plain SQL into Python and shares no code with the directory: neither its
declaration nor its engine nor querysets. The rules stand here once more, in words and in loops.
What a word finds is asked of the search, which has tests of its own.
"""

from dataclasses import dataclass
from random import Random
from urllib.parse import urlencode

from sscnet import search
from tests.projects.list_checker import select

NONE = "none"
VALUES = {
    "standing": """
        SELECT institution_id, CASE WHEN state IN ('member', 'suspended') THEN 'member'
            ELSE 'former' END FROM members_membership WHERE until IS NULL
        UNION ALL SELECT id, 'partner' FROM members_institution
        WHERE id NOT IN (SELECT institution_id FROM members_membership)""",
    "sector": """
        SELECT link.institution_id, sector.slug FROM members_institutionsector link
        JOIN codelists_sector sector ON sector.id = link.sector_id""",
    "province": "SELECT id, province FROM members_institution",
    "kind": "SELECT id, kind FROM members_institution",
    "service": "SELECT institution_id, kind FROM members_service",
}
LISTED = """
    SELECT id, slug, updated_at
    FROM members_institution WHERE state = 'published' AND kind <> 'supporter'"""
WORDS = ["institute", "centre", "研究", "MADE-UP", "nosuchword"]


class Records:
    """All institutions of the directory, read row by row."""

    def __init__(self):
        rows = select(LISTED)
        self.slugs = {id: slug for id, slug, _changed in rows}
        self.changed = {id: changed for id, _slug, changed in rows}
        self.found = {word: set(search.matching(word, "institution").ids) for word in WORDS}
        self.carried = {name: self.read(sql) for name, sql in VALUES.items()}

    def read(self, sql):
        carried = {id: set() for id in self.slugs}
        for id, value in select(sql):
            if id in carried and value:
                carried[id].add(value)
        return carried

    def values_in(self, name, institutions):
        """List the values that some of these carry, `none` if one carries nothing."""
        return {value for id in institutions for value in self.carried[name][id] or {NONE}}

    def matching(self, filters):
        return [id for id in self.slugs if self.matches(id, filters)]

    def matches(self, id, filters):
        for name, wanted in filters.items():
            if name == "q":
                if id not in self.found[wanted]:
                    return False
            elif not any(value in (self.carried[name][id] or {NONE}) for value in wanted):
                return False
        return True


@dataclass
class Asked:
    """One combination of filters, and what must come."""

    records: Records
    filters: dict
    sort: str

    @property
    def query(self) -> str:
        return urlencode([*self.filters.items(), ("sort", self.sort)], doseq=True)

    @property
    def expected(self) -> list[str]:
        """Give the slugs in order: by the moment of the last change."""
        found = self.records.matching(self.filters)
        found.sort(key=lambda id: (self.records.changed[id], id), reverse=self.sort == "changed")
        return [self.records.slugs[id] for id in found]

    def expected_beside(self, name, value) -> int:
        """Count those that carry the value among those that match the other filters."""
        return len(self.records.matching(self.filters | {name: [value]}))

    def expected_values(self, name) -> set[str]:
        """List the values to be shown: of those that match the other filters, and ticked ones."""
        others = {n: values for n, values in self.filters.items() if n != name}
        carried = self.records.values_in(name, self.records.matching(others))
        return carried | set(self.filters.get(name, []))


def walk(records, number, seed, observers):
    """Hand random combinations to the observers; the seed makes a failure come again."""
    random = Random(seed)
    for _ in range(number):
        asked = ask(records, random)
        for observe in observers:
            observe(asked)


def ask(records, random):
    names = random.sample([*VALUES], random.choice([0, 1, 1, 2, 2, 2, 3, 4]))
    filters = {name: some_values(records, random, name) for name in names}
    if random.random() < 0.3:
        filters["q"] = random.choice(WORDS)
    return Asked(records, filters, random.choice(["changed", "-changed"]))


def some_values(records, random, name):
    one = random.choice(list(records.slugs))
    own = sorted(records.values_in(name, [one]))
    known = sorted(records.values_in(name, records.slugs))
    chosen = [random.choice(own if random.random() < 0.6 else known) for _ in range(3)]
    return list(dict.fromkeys(chosen[: random.choice([1, 1, 2, 3])]))
