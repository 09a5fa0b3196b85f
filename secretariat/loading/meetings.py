"""The meetings of the Network, and forums near it, as far as their sources tell."""

import re

from meetings.models import Meeting, MeetingInstitution
from members.models import Institution
from sscnet.core.models import State

from .facts import SOURCES, Fact, LoadedLinks, LoadingOutcome, Writer
from .files import CsvRow, Files
from .members import by_key, split_name

INSTITUTIONS = LoadedLinks(
    "meeting_institutions", ("institution_id", "role"), ("institution_id", "role")
)

KINDS = {label.replace("_", " "): label for label in Meeting.Kind.values}
# Words with the same in Chinese in a bracket behind them.
WITH_CHINESE = re.compile(r"(.*?)\s*[(（]([^()（）]*[一-鿿][^()（）]*)[)）]")


def load_meetings(
    files: Files, outcome: LoadingOutcome, institutions: dict[str, Institution]
) -> None:
    texts = by_key(files, "meeting_texts.csv", "meeting")
    known = by_every_name(institutions)
    writer = Writer(Meeting, (SOURCES, INSTITUTIONS), outcome)
    for row in files.rows("annual_meetings.csv", "kind", "ordinal", "year", "city", "source"):
        key = meeting_key(row)
        if key not in texts:
            row.problem("kind", "Add a row for this meeting to meeting_texts.csv.", key)
            continue
        values, links = facts_of(row, texts[key], known)
        writer.write(Fact((row, texts[key]), key, values, links))


def meeting_key(row: CsvRow) -> str:
    """Give the name by which the other file calls the meeting: annual meeting 28."""
    return f"{row.text('kind')} {row.text('ordinal') or row.text('year')}"


def by_every_name(institutions: dict[str, Institution]) -> dict[str, Institution]:
    """Give the institutions by the names of the file, with and without their brackets."""
    official = {split_name(key)[0]: record for key, record in institutions.items()}
    return {name: record for name, record in (official | institutions).items() if record}


def facts_of(row: CsvRow, texts: CsvRow, known: dict[str, Institution]) -> tuple[dict, dict]:
    """Give the values of a meeting, and its link rows: sources, host, organiser."""
    title = texts.required("title_en")
    venue, venue_zh = in_two_languages(row.text("venue"))
    events, events_zh = in_two_languages(row.text("workshops_events"))
    year_basis = row.text("year_basis")
    values = {
        "kind": row.one_of("kind", KINDS, "Write a kind of meeting.") or "",
        "ordinal": row.integer("ordinal"),
        "title": title,
        "title_zh_hans": texts.required("title_zh"),
        "theme": without_title(row.text("theme_en"), title),
        "theme_zh_hans": without_title(
            row.text("theme_zh") or texts.text("theme_zh"), texts.text("title_zh")
        ),
        "description": "\n\n".join(filter(None, [events, row.text("notes")])),
        "description_zh_hans": texts.text("description_zh") or events_zh,
        "year": row.integer("year"),
        "starts_on": row.day("start_date"),
        "ends_on": row.day("end_date"),
        "dates_as_stated": texts.text("dates_en"),
        "dates_as_stated_zh_hans": texts.text("dates_zh"),
        "city": row.text("city"),
        "city_zh_hans": texts.text("city_zh"),
        "venue": venue,
        "venue_zh_hans": venue_zh or texts.text("venue_zh"),
        "host_as_stated": in_words(row.text("host"), known),
        "organiser_as_stated": in_words(row.text("organiser"), known),
        "organiser_as_stated_zh_hans": texts.text("organiser_zh"),
        "participants_as_stated": row.text("participants"),
        "members_present_as_stated": row.text("members_present"),
        "note": f"Year: {year_basis}" if year_basis != "stated" else "",
        "state": str(State.PUBLISHED),
    }
    roles = MeetingInstitution.Role
    parts = [("host", roles.HOST), ("organiser", roles.ORGANISER)]
    links = {
        "sources": row.sources(confidence="confidence"),
        "meeting_institutions": [
            {"institution_id": known[row.text(column)].pk, "role": str(role)}
            for column, role in parts
            if row.text(column) in known
        ],
    }
    return values, links


def in_two_languages(text: str) -> tuple[str, str]:
    """Split `Convention Center (会议中心)` into English and Chinese."""
    match = WITH_CHINESE.fullmatch(text)
    return match.groups() if match else (text, "")


def in_words(name: str, known: dict[str, Institution]) -> str:
    """Keep a name in words where no institution of the directory has it."""
    return "" if name in known else name


def without_title(theme: str, title: str) -> str:
    """Leave out of a theme what the title says already: all of it, or the bracket at its end."""
    return "" if theme == title else theme.removesuffix(f" ({title})")
