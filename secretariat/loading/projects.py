"""The projects led from China, with their classification."""

from members.models import Institution
from projects.models import Project, ProjectCountry, ProjectInstitution, ProjectSDG
from sscnet.codelists.models import SDG, Country, PGTFArea, Sector
from sscnet.core.models import State

from .facts import SOURCES, Fact, LoadedLinks, LoadingOutcome, Writer
from .files import CsvRow, Files
from .members import CHINA

NUMBERS = LoadedLinks("fund_numbers", ("number",), ("number",))
COUNTRIES = LoadedLinks("project_countries", ("country_id",), ("country_id", "role"))
INSTITUTIONS = LoadedLinks(
    "project_institutions", ("institution_id", "role"), ("institution_id", "role")
)
SECTORS = LoadedLinks("project_sectors", ("sector_id",), ("sector_id",))
SDGS = LoadedLinks("project_sdgs", ("sdg_id",), ("sdg_id", "place", "reason", "reason_zh_hans"))
LINKS = (SOURCES, NUMBERS, COUNTRIES, INSTITUTIONS, SECTORS, SDGS)

YEAR_BASES = {
    "stated": Project.YearBasis.STATED,
    "derived from the number": Project.YearBasis.FROM_NUMBER,
}
STATUSES = {value: value for value in Project.Status.values if value}


def project_key(row: CsvRow, title: str) -> str:
    return row.text("project_number") or row.text(title)


def load_projects(
    files: Files, outcome: LoadingOutcome, institutions: dict[str, Institution]
) -> None:
    tags = {
        project_key(row, "title_en"): row
        for row in files.rows("project_tags.csv", "project_number", "title_en", "lead_institution")
    }
    texts = {
        project_key(row, "title_en"): row
        for row in files.rows("project_texts.csv", "project_number", "title_en")
    }
    lists = CodeLists(institutions)
    writer = Writer(Project, LINKS, outcome)
    for row in files.rows("pgtf_projects.csv", "project_number", "title", "lead_iso2", "source"):
        if row.text("lead_iso2") != CHINA:
            continue
        key = project_key(row, "title")
        if key not in tags:
            row.problem("project_number", "Add a row for this project to project_tags.csv.")
            continue
        values = values_of(row, tags[key], texts.get(key), lists)
        writer.write(Fact((row, tags[key]), key, values, links_of(row, tags[key], lists)))


class CodeLists:
    """What the files' codes and names stand for."""

    def __init__(self, institutions: dict[str, Institution]):
        self.countries = {code: code for code in Country.objects.values_list("iso2", flat=True)}
        self.areas = dict(PGTFArea.objects.values_list("name", "pk"))
        self.sectors = dict(Sector.objects.values_list("slug", "pk"))
        self.sdgs = {str(number): number for number in SDG.objects.values_list("number", flat=True)}
        # An institution that staff deleted is left out, not guessed anew.
        self.institutions = {key: record and record.pk for key, record in institutions.items()}


def values_of(row: CsvRow, tags: CsvRow, texts: CsvRow | None, lists: CodeLists) -> dict:
    title = row.text("title")
    result, result_zh = row.text("result_summary"), tags.text("result_zh")
    # A result that is only planned tells what the project set out to do, not what came of it.
    is_planned = "planned" in result
    return {
        "title": title,
        "title_zh_hans": tags.text("title_zh"),
        "approach": result if is_planned else "",
        "approach_zh_hans": result_zh if is_planned else "",
        "outcome": "" if is_planned else result,
        "outcome_zh_hans": "" if is_planned else result_zh,
        "programme": str(Project.Programme.PGTF),
        "area": row.one_of(
            "priority_area", lists.areas, "Write one of the names in pgtf_areas.csv."
        ),
        "status": row.one_of("status", STATUSES, "Write pipeline, ongoing, completed or cancelled.")
        or "",
        "approval_meeting": row.text("approval_meeting"),
        "approval_meeting_zh_hans": texts.text("approval_meeting_zh") if texts else "",
        "approved_on": row.day("approval_date"),
        "year_approved": row.integer("year_approved"),
        "year_basis": str(
            row.one_of("year_basis", YEAR_BASES, "Write stated or derived from the number.") or ""
        ),
        "duration_as_stated": row.text("duration_text"),
        "duration_as_stated_zh_hans": texts.text("duration_zh") if texts else "",
        "final_report_on": row.partial_date("final_report_date"),
        "participants_as_stated": row.integer("participants_stated"),
        "granted_usd": row.amount("pgtf_amount_usd"),
        "other_inputs_usd": row.amount("other_inputs_usd"),
        "note": row.text("notes"),
        "state": str(State.PUBLISHED if title else State.DRAFT),
    }


def links_of(row: CsvRow, tags: CsvRow, lists: CodeLists) -> dict[str, list[dict]]:
    number = row.text("project_number")
    sectors = tags.several_of("sectors", lists.sectors, "Write codes of network_sectors.csv.")
    lead = tags.one_of(
        "lead_institution", lists.institutions, "Write a name of member_institutions.csv."
    )
    submitter = {"institution_id": lead, "role": str(ProjectInstitution.Role.SUBMITTER)}
    return {
        "fund_numbers": [{"number": number}] if number else [],
        "project_countries": countries_of(row, lists),
        "project_institutions": [submitter] if lead else [],
        "project_sectors": [{"sector_id": pk} for pk in sectors],
        "project_sdgs": sdgs_of(tags, lists),
        "sources": row.sources(confidence="confidence"),
    }


def countries_of(row: CsvRow, lists: CodeLists) -> list[dict]:
    """Give one row a country: the lead, from a column of its own, and those that take part."""
    cure = "Write a two-letter code of countries.csv."
    lead = row.one_of("lead_iso2", lists.countries, cure)
    listed = row.several_of("participating_iso2", lists.countries, cure)
    codes = dict.fromkeys([*listed, lead] if lead in listed else [lead, *listed])
    roles = ProjectCountry.Role
    return [
        {"country_id": code, "role": str(roles.LEAD if code == lead else roles.PARTICIPATING)}
        for code in codes
    ]


def sdgs_of(tags: CsvRow, lists: CodeLists) -> list[dict]:
    """Give the primary goal and the secondary ones, each with its reason in both languages."""
    primary = tags.one_of("primary_sdg", lists.sdgs, "Write the number of a goal, 1 to 17.")
    if primary is None:
        return []
    goals = [(primary, tags.text("primary_reason_en"), tags.text("primary_reason_zh"))]
    reasons_zh = dict(pairs(tags, "secondary_sdgs_zh"))
    for number, reason in pairs(tags, "secondary_sdgs_en"):
        if number not in lists.sdgs or number not in reasons_zh:
            tags.problem(
                "secondary_sdgs_en", "Write number:reason, the same numbers in both columns."
            )
            continue
        goals.append((lists.sdgs[number], reason, reasons_zh[number]))
    if len(goals) > len(ProjectSDG.Place):
        tags.problem("secondary_sdgs_en", "Give at most four secondary goals.")
        return []
    return [
        {"sdg_id": sdg, "place": place, "reason": reason, "reason_zh_hans": reason_zh}
        for place, (sdg, reason, reason_zh) in enumerate(goals)
    ]


def pairs(tags: CsvRow, column: str) -> list[tuple[str, str]]:
    parts = [part.partition(":") for part in tags.text(column).split("|") if part]
    return [(number.strip(), reason.strip()) for number, _colon, reason in parts]
