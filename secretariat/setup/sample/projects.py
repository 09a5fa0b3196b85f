"""The made-up projects: each status and state, and one of which hardly anything is known."""

from datetime import date

import pgtrigger
from django.utils import timezone
from django.utils.text import slugify

from projects.models import Project
from sscnet.codelists.models import PGTFArea, Sector
from sscnet.core.models import State

from .institutions import mark, read, sample_institutions

TEXTS = ("summary", "challenge", "approach", "outcome")


@pgtrigger.ignore()
def make_sample_projects() -> int:
    """Make those that are missing, without a history of what nobody did; return how many."""
    institutions = sample_institutions()
    there = set(Project.objects.filter(is_sample=True).values_list("code", flat=True))
    rows = {f"SAMPLE-{n:06}": row for n, row in enumerate(read("projects.csv"), 1)}
    missing = rows.keys() - there
    for code in sorted(missing):
        project = make_project(code, rows[code])
        link_rows(project, rows[code], institutions)
    return len(missing)


def make_project(code: str, row: dict[str, str]) -> Project:
    was_public = row["state"] in (State.PUBLISHED, State.WITHDRAWN)
    year = int(row["year"]) if row["year"] else None
    project = Project.objects.create(
        code=code,
        slug=f"sample-{slugify(row['title'])}",
        is_sample=True,
        title=f"Sample: {row['title']}",
        title_zh_hans=f"示例：{row['title_zh_hans']}",
        state=row["state"],
        published_at=timezone.now() if was_public else None,
        withdrawn_at=timezone.now() if row["state"] == State.WITHDRAWN else None,
        programme=row["programme"],
        area=PGTFArea.objects.filter(slug=row["area"]).first(),
        status=row["status"],
        year_approved=year,
        **days(year, row["status"]),
        granted_usd=row["granted"] or None,
        other_inputs_usd=row["other"] or None,
        beneficiaries_number=row["people"] or None,
        **{name: row[name] for text in TEXTS for name in (text, f"{text}_zh_hans")},
    )
    mark(project)
    return project


def days(year: int | None, status: str) -> dict:
    if not year:
        return {}
    begins, ends = date(year + 1, 3, 1), date(year + 2, 2, 28)
    is_over = status == Project.Status.COMPLETED
    kind = "actual" if is_over else "planned"
    report = date(year + 2, 6, 15).isoformat() if is_over else ""
    return {
        "approved_on": date(year, 9, 24),
        f"{kind}_start_on": begins,
        f"{kind}_end_on": ends,
        "final_report_on": report,
    }


def link_rows(project: Project, row: dict[str, str], institutions) -> None:
    """Tie the project to what its row names: the first country leads, as does the institution."""
    for place, iso2 in enumerate(row["countries"].split()):
        role = "participating" if place else "lead"
        project.project_countries.create(country_id=iso2, role=role)
    project.sectors.set(Sector.objects.filter(slug__in=row["sectors"].split()))
    for place, number in enumerate(row["goals"].split()):
        project.project_sdgs.create(sdg_id=number, place=place)
    for place, number in enumerate(row["institutions"].split()):
        role = "co_implementer" if place else "submitter"
        project.project_institutions.create(institution=institutions[int(number) - 1], role=role)
    if row["number"]:
        project.fund_numbers.create(number=row["number"])
