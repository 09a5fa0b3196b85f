"""A slow, obvious count that the figures are checked against.

It reads rows with plain SQL and counts in loops; it shares no code with the figures, and of the
lists only the checker of the catalogue. What a figure counts is known by its key.
"""

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal

from tests.projects.list_checker import NONE, Records, select

AMOUNTS = """
    SELECT id, granted_usd, other_inputs_usd, beneficiaries_number, women_beneficiaries_number,
        CASE WHEN beneficiaries_bound = '' THEN beneficiaries_number END,
        CASE WHEN beneficiaries_bound <> '' THEN beneficiaries_number END
    FROM projects_project"""
# By key: which amount is added up, and which must be stated.
TOTALS = {
    "grant": (0, [0]),
    "inputs": (1, [1]),
    "people": (4, [4]),
    "exact": (4, [4]),
    "bounded": (5, [5]),
    "women": (3, [2, 3]),
    "beneficiaries_number": (2, [2, 3]),
}
MEETINGS = """
    SELECT id, year, kind, shows_numbers, participants_number, participants_bound,
        capacity IS NOT NULL OR kind IN ('annual_meeting', 'thematic_workshop',
            'exchange_visit', 'related_forum')
    FROM meetings_meeting
    WHERE state = 'published' AND NOT is_sample"""
PRESENT = """
    SELECT came.meeting_id, delegate.gender FROM meetings_attendance came
    LEFT JOIN meetings_delegate delegate ON delegate.id = came.delegate_id
    WHERE came.state = 'present'"""
FEWEST = 5


class FigureRecords:
    """Everything that is counted, read row by row."""

    def __init__(self):
        self.projects = Records()
        self.amounts = {row[0]: row[1:] for row in select(AMOUNTS)}
        self.meetings = {row[0]: row[1:] for row in select(MEETINGS)}
        self.people, self.genders = Counter(), {}
        for meeting, gender in select(PRESENT):
            self.people[meeting] += 1
            self.genders.setdefault(meeting, Counter())[gender or ""] += 1

    # ---------------------------------------------------------------- what a key stands for

    def members(self, key, asked):
        """Return the records of the list behind a number."""
        if key.startswith("activities"):
            return self.members_of_activities(key, asked)
        if key.startswith("meeting"):
            return self.members_of_meetings(key, asked)
        projects = self.matching(asked)
        if key in ("countries", "institutions"):
            name = {"countries": "country", "institutions": "institution"}[key]
            return self.projects.values_in(name, projects) - {NONE, "CN"}
        if "." in key:
            name, code, *rest = key.split(".")
            others = {n: v for n, v in asked.items() if not n.startswith(name)}
            if name == "sdg" and "sdg_primary" in asked:
                others["sdg_primary"] = asked["sdg_primary"]
            projects = self.matching(others | {name: [code]})
            key = rest[0] if rest else "projects"
        return set(self.stating(key, projects))

    def matching(self, asked):
        return self.projects.matching(asked)

    def stating(self, key, projects):
        key, _dash, none = key.partition("-")
        needed = TOTALS[key][1] if key in TOTALS else []
        for project in projects:
            states = all(self.amounts[project][n] is not None for n in needed)
            if states != bool(none):
                yield project

    def value(self, key, asked, *, is_sum):
        members = self.members(key, asked)
        if not is_sum:
            return len(members)
        if key.startswith(("meetings.", "activities.")):
            if key == "meetings.women":
                return sum(self.genders[m]["woman"] for m in members)
            return sum(self.came(m) for m in members)
        place = TOTALS[key.rpartition(".")[2]][0]
        total = sum((Decimal(self.amounts[project][place]) for project in members), Decimal(0))
        return int(total.quantize(Decimal(1), ROUND_HALF_UP))

    # ---------------------------------------------------------------- meetings

    def members_of_meetings(self, key, asked):
        _meetings, _dot, which = key.partition(".")
        found = {
            m
            for m, (year, *_, is_own) in self.meetings.items()
            if is_own and self.is_in_years(year, asked)
        }
        if which == "published":
            return {m for m in found if self.came(m) is not None}
        if which == "women":
            return {m for m in found if self.is_stated(m) and self.tells_women(m)}
        return {m for m in found if not which or self.meetings[m][1] == which}

    def members_of_activities(self, key, asked):
        found = {m for m, (year, *_) in self.meetings.items() if self.is_in_years(year, asked)}
        for part in key.split(".")[1:]:
            if part.isdecimal():
                found = {m for m in found if self.meetings[m][0] == int(part)}
                continue
            of_courses = part in ("courses", "exact", "bounded")
            kind = "training_course" if of_courses else part
            found = {m for m in found if self.meetings[m][1] == kind}
            if part in ("exact", "bounded"):
                told = {m for m in found if self.came(m) is not None}
                bound = {m for m in told if self.meetings[m][4] and not self.is_stated(m)}
                found = bound if part == "bounded" else told - bound
        return found

    def is_in_years(self, year, asked):
        if not asked.keys() & {"year", "year_from", "year_to"}:
            return True
        if year is None:
            return NONE in asked.get("year", [])
        if str(year) in asked.get("year", []):
            return True
        if not asked.keys() & {"year_from", "year_to"}:
            return False
        return asked.get("year_from", 0) <= year <= asked.get("year_to", 9999)

    def came(self, meeting):
        """Return how many were noted at the door, or else how many a source states."""
        return self.people[meeting] if self.is_stated(meeting) else self.meetings[meeting][3]

    def is_stated(self, meeting):
        return self.meetings[meeting][2] and self.people[meeting] > 0

    def tells_women(self, meeting):
        genders = self.genders[meeting]
        others = sum(n for gender, n in genders.items() if gender not in ("", "woman"))
        return genders["woman"] >= FEWEST and others >= FEWEST
