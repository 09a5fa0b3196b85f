"""Institutions: members, partners, those not published, and the supporters of the Network."""

import re

from members.models import Institution, InstitutionName, Membership
from sscnet.codelists.choices import Province
from sscnet.codelists.models import Sector
from sscnet.core.models import State

from .facts import SOURCES, Fact, LoadedLinks, LoadingOutcome, Writer
from .files import CsvRow, Files

NAMES = LoadedLinks("names", ("name",), ("name", "kind", "language"))
MEMBERSHIPS = LoadedLinks("memberships", ("state",), ("state",))
SECTORS = LoadedLinks("institution_sectors", ("sector_id",), ("sector_id",))

# A bracket at the end of a name, or before a comma, holds another name of the institution.
BRACKET = re.compile(r"\s*[(（]([^)）]+)[)）](?=$|,)")
ACRONYM = re.compile(r"[A-Z]{2,}")
PLACES = {label.lower() for label in Province.labels} | {"湖南"}

MEMBER = "member (named)"
LEAD = "PGTF lead, membership not confirmed"
CHINA = "CN"


def split_name(text: str) -> tuple[str, list[str]]:
    """Split a name into the official one and what its brackets hold; a place stays part of it."""
    others = [other for other in BRACKET.findall(text) if other.lower() not in PLACES]
    for other in others:
        text = re.sub(rf"\s*[(（]{re.escape(other)}[)）]", "", text)
    return text, others


def other_name(name: str, language: str = "") -> dict:
    kinds = InstitutionName.Kind
    kind = kinds.ACRONYM if ACRONYM.fullmatch(name) else kinds.ALIAS
    return {"name": name, "kind": str(kind), "language": language}


def website(row: CsvRow, column: str = "website") -> str:
    """Give the address with a scheme: that of a source on the same host, else https."""
    host = row.text(column)
    if not host or "://" in host:
        return host
    is_http = f"http://{host}" in row.text("source") and f"https://{host}" not in row.text("source")
    return f"{'http' if is_http else 'https'}://{host}"


def file_key(row: CsvRow) -> str:
    """Give the name by which the other files call the institution of this row."""
    return row.text("name_en") or row.text("name_zh")


def by_key(files: Files, name: str, key: str) -> dict[str, CsvRow]:
    return {row.text(key): row for row in files.rows(name, key)}


def load_institutions(files: Files, outcome: LoadingOutcome) -> dict[str, Institution]:
    """Load the institutions; give them by the names the other files call them."""
    tags = by_key(files, "institution_tags.csv", "institution")
    texts = by_key(files, "institution_texts.csv", "institution")
    aliases = spellings_in_projects(files)
    sectors = dict(Sector.objects.values_list("slug", "pk"))
    writer = Writer(Institution, (SOURCES, NAMES, MEMBERSHIPS, SECTORS), outcome)
    institutions = {}
    for row in files.rows(
        "member_institutions.csv", "name_en", "name_zh", "member_status", "source"
    ):
        key = file_key(row)
        if key not in tags:
            row.problem("name_en", "Add a row for this institution to institution_tags.csv.")
            continue
        values, links = facts_of(row, tags[key], texts.get(key), aliases.get(key, []), sectors)
        institutions[key] = writer.write(Fact((row, tags[key]), key, values, links))
    return institutions


def spellings_in_projects(files: Files) -> dict[str, list[str]]:
    """Collect how the projects' pages spell their lead institutions."""
    leads = {
        row.text("project_number") or row.text("title_en"): row.text("lead_institution")
        for row in files.rows("project_tags.csv", "project_number", "title_en", "lead_institution")
    }
    spellings: dict[str, list[str]] = {}
    for row in files.rows("pgtf_projects.csv", "project_number", "title", "lead_institution"):
        lead = leads.get(row.text("project_number") or row.text("title"))
        spelling = row.text("lead_institution")
        if lead and spelling and spelling not in spellings.setdefault(lead, []):
            spellings[lead].append(spelling)
    return spellings


def facts_of(row: CsvRow, tags: CsvRow, texts: CsvRow | None, spellings: list[str], sectors: dict):
    """Give the values and the link rows of one institution."""
    name, others = split_name(row.text("name_en"))
    name_zh, others_zh = split_name(row.text("name_zh"))
    status = row.required("member_status")
    kinds = {label.replace("-", " "): label for label in Institution.Kind.values}
    provinces = dict(zip(Province.labels, Province.values, strict=True))
    values = {
        "name": name,
        "name_zh_hans": name_zh,
        "kind": tags.one_of("kind", kinds, "Write a kind of institution.") or "",
        "city": row.text("city"),
        "city_zh_hans": texts.text("city_zh") if texts else "",
        "province": row.one_of("province", provinces, "Write a province of China in English.")
        or "",
        "country": CHINA,
        "website": website(row),
        "description": row.text("field"),
        "description_zh_hans": texts.text("description_zh") if texts else "",
        "un_origin": row.text("un_origin"),
        "un_origin_zh_hans": texts.text("un_origin_zh") if texts else "",
        "membership_unconfirmed": status != MEMBER,
        "note": row.text("notes"),
        "state": str(State.PUBLISHED if status in (MEMBER, LEAD) else State.DRAFT),
    }
    acronym = tags.text("acronym")
    names = [other_name(other) for other in dict.fromkeys([*others, acronym, *spellings])]
    names += [other_name(other, "zh-hans") for other in others_zh]
    # What the official name and its brackets say already is no other name.
    official = (name, row.text("name_en"), "")
    ids = tags.several_of("sectors", sectors, "Write codes of network_sectors.csv.")
    links = {
        "names": [other for other in names if other["name"] not in official],
        "memberships": [{"state": str(Membership.State.MEMBER)}] if status == MEMBER else [],
        "institution_sectors": [{"sector_id": pk} for pk in ids],
        "sources": row.sources(confidence="confidence"),
    }
    return values, links


def load_supporters(files: Files, outcome: LoadingOutcome) -> None:
    writer = Writer(Institution, (SOURCES, NAMES), outcome)
    for row in files.rows("supporters.csv", "acronym", "name_en", "name_zh", "role_en", "source"):
        values = {
            "name": row.required("name_en"),
            "name_zh_hans": row.text("name_zh"),
            "kind": str(Institution.Kind.SUPPORTER),
            "description": row.text("role_en"),
            "description_zh_hans": row.text("role_zh"),
            "state": str(State.PUBLISHED),
        }
        links = {"names": [other_name(row.required("acronym"))], "sources": row.sources()}
        writer.write(Fact((row,), f"supporter {row.text('acronym')}", values, links))
