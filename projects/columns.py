"""Columns of a file that only projects have: countries by role, numbers of the Fund, goals.

And how other files name projects.
"""

import re
from functools import partial

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext as _

from members.columns import institution_codes
from sscnet.codelists.lists import country_codes, sdg_codes, sector_codes
from sscnet.exchange import CodeList, FieldColumn, LinkColumn, Links, names_of
from sscnet.exchange.columns import line, tidy
from sscnet.exchange.sheets import as_text, plain

from .models import Project, ProjectCountry, ProjectSDG
from .models.numbers import fund_number

links_of = partial(Links, owner="project")
NUMBERS = links_of("fund_numbers", key=("number",))
COUNTRIES = links_of(
    "project_countries", key=("country_id",), fields=("country_id", "role"), codes=country_codes
)
INSTITUTIONS = links_of(
    "project_institutions", key=("institution_id", "role"), codes=institution_codes
)
SECTORS = links_of("project_sectors", key=("sector_id",), codes=sector_codes)
GOAL = ("sdg_id", "place", "reason", "reason_zh_hans", "target")
SDGS = links_of("project_sdgs", key=("sdg_id",), fields=GOAL, codes=sdg_codes)

Role = ProjectCountry.Role

REASON = re.compile(r"(?:^|[\n|])\s*(?:SDG\s*)?(\d{1,2})\s*[:：]", re.IGNORECASE)


def project_codes(projects: QuerySet | None = None) -> CodeList:
    """Return how files name projects: all of them, if not said which."""
    codes = CodeList(_("“%(value)s” is not a project we know. Write its code, such as SSC-0001."))
    projects = Project.objects.all() if projects is None else projects
    for project in projects.prefetch_related("fund_numbers"):
        numbers = [one.number for one in project.fund_numbers.all()]
        names = [*names_of(project, "title"), project.slug, *numbers]
        # Public files name those of which there is a page.
        title = format_lazy("{}", project) if project.is_published else None
        codes.add(project.pk, project.code, names, title)
    return codes


class FundNumbersColumn(LinkColumn):
    def read_word(self, word, draft):
        parts = re.split(r"[,，]\s*", word)
        numbers = [fund_number(part) for part in parts]
        if None in numbers:
            raise ValidationError(
                _("“%(value)s” is not a number of the Fund. Write it like INT/18/K08.")
                % {"value": parts[numbers.index(None)]}
            )
        return numbers


def lead_counts_once(draft) -> None:
    """Keep the lead, which counts as taking part, once: as the lead."""
    entries = draft.changed_links.get(COUNTRIES, ())
    lead = {entry["country_id"] for entry in entries if entry["role"] == Role.LEAD}
    if lead:
        draft.replace(
            COUNTRIES,
            [
                entry
                for entry in entries
                if entry["role"] != Role.PARTICIPATING or entry["country_id"] not in lead
            ],
        )


def goals(draft) -> list[dict]:
    return sorted(draft.entries(SDGS), key=lambda entry: entry["place"])


class GoalsColumn(LinkColumn):
    """The primary goal, or the others in their order."""

    def __init__(self, *, is_primary, **kwargs):
        super().__init__(SDGS, is_several=not is_primary, **kwargs)
        self.is_primary = is_primary

    def read(self, cell, draft):
        value = super().read(cell, draft)
        if len(value) > 4:
            raise ValidationError(_("A project has one primary goal and at most four others."))
        return value

    def is_mine(self, entry):
        return (entry["place"] == ProjectSDG.Place.PRIMARY) == self.is_primary

    def get(self, draft):
        return tuple(entry["sdg_id"] for entry in goals(draft) if self.is_mine(entry))

    def set(self, draft, value):
        """Give each goal its place; it keeps its reasons as it moves."""
        other = tuple(entry["sdg_id"] for entry in goals(draft) if not self.is_mine(entry))
        primary, others = (value, other) if self.is_primary else (other, value)
        places = [(0, number) for number in primary]
        places += enumerate((number for number in others if number not in primary), 1)
        known = [*draft.old_entries(SDGS), *draft.entries(SDGS)]
        known = {entry["sdg_id"]: entry for entry in known}
        draft.replace(SDGS, [known.get(n, {}) | {"sdg_id": n, "place": p} for p, n in places])

    def same(self, old, new):
        return old == new


class ReasonsColumn(FieldColumn):
    """Why a project serves its goals: one a line, the goal's number before it."""

    links, empty = SDGS, ()

    def read(self, cell, draft):
        text = tidy(plain(as_text(cell).strip()))
        parts = REASON.split(text)
        if parts[0].strip() or len(parts) < 3:
            raise ValidationError(_("Write one reason per line, starting with its goal: “7: why”."))
        numbers = [int(number) for number in parts[1::2]]
        if len(set(numbers)) < len(numbers):
            raise ValidationError(_("A goal has two reasons. Write one."))
        reasons = [" ".join(reason.split()) for reason in parts[2::2]]
        return {n: reason for n, reason in zip(numbers, reasons, strict=True) if reason}

    def get(self, draft):
        return {
            entry["sdg_id"]: " ".join(entry[self.attribute].split())
            for entry in goals(draft)
            if entry.get(self.attribute)
        }

    def set(self, draft, value):
        value = dict(value)
        # An empty translation is left out of `i18n`.
        nothing = None if self.attribute.endswith("_zh_hans") else ""
        entries = [
            {**entry, self.attribute: value.pop(entry["sdg_id"], nothing)} for entry in goals(draft)
        ]
        draft.replace(SDGS, entries)
        draft.wishes[self.column_name] = sorted(value)

    def cell(self, value, draft):
        return "\n".join(f"{number}: {reason}" for number, reason in value.items()) or None

    def same(self, old, new):
        return dict(old) == dict(new)


class TargetsColumn(ReasonsColumn):
    """Targets of the goals, one a goal: 7.1; 13.b."""

    def read(self, cell, draft):
        words = [line(word) for word in re.split(r"[;；,，、\s]+", as_text(cell)) if word.strip()]
        if bad := [word for word in words if not re.fullmatch(r"\d{1,2}\.(\d{1,2}|[a-d])", word)]:
            raise ValidationError(
                _("“%(value)s” is not a target. Write it like 7.1 or 7.b.") % {"value": bad[0]}
            )
        targets = {int(word.partition(".")[0]): word for word in words}
        if len(targets) < len(words):
            raise ValidationError(_("Write one target per goal."))
        return targets

    def cell(self, value, draft):
        return list(value.values())
