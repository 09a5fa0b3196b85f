"""IATI activities as rows of an import, in the columns of `ProjectResource`.

Whatever the portal wrote itself it reads again; of others' files it takes what has a column here.
What is not in the file is an empty cell, which leaves a field as it is.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sscnet.codelists.models import DACSector
from sscnet.core.basis import How
from sscnet.core.limited import run_limited
from sscnet.core.xml import check_xml

from ..models import ProjectCountry
from . import words
from .elements import CHINESE, LANG
from .publisher import Publisher

Row = dict[str, str]
LANGUAGES = ("en", "zh_hans")
STATUSES = {code: status for status, code in words.STATUSES.items()}
DATES = {code: field for field, code in words.DATES.items()}
COUNTRY_COLUMNS = {
    ProjectCountry.Role.LEAD: "lead_country",
    ProjectCountry.Role.PARTICIPATING: "participating_countries",
    ProjectCountry.Role.BENEFICIARY: "beneficiary_countries",
}
BETWEEN = "; "
LEAD_ALONE = re.compile(r"lead country: .*\(([A-Z]{2})\);")


def rows_of(content: bytes) -> list[Row]:
    """Read the activities of a file; raise ValidationError that says what to do instead."""
    run_limited(check_xml, content)
    root = fromstring(content, forbid_dtd=True)
    activities = root.findall("iati-activity")
    if root.tag != "iati-activities" or not activities:
        raise ValidationError(_("The file contains no IATI activities (version 2.01 to 2.03)."))
    rows = [row_of(activity) for activity in activities]
    keep_known_purposes([row for row in rows if "dac_purposes" in row])
    return rows


def keep_known_purposes(rows: list[Row]) -> None:
    """Leave out the purposes that the portal has not: it knows those of the Network's areas."""
    if not rows:
        return
    purposes = DACSector.objects.filter(level=DACSector.Level.PURPOSE)
    known = set(purposes.values_list("pk", flat=True))
    for row in rows:
        codes = row["dac_purposes"].split(BETWEEN)
        row["dac_purposes"] = BETWEEN.join(code for code in codes if code in known)


def row_of(activity: Element) -> Row:
    row: Row = {}
    for read in READERS:
        row |= {column: text for column, text in read(activity) if text}
    return row


def narratives(element: Element | None) -> tuple[str, str]:
    """Return the English and the Chinese narrative; without a language it is English."""
    texts = {"en": "", CHINESE: ""}
    for narrative in element.findall("narrative") if element is not None else ():
        language = narrative.get(LANG, "en").partition("-")[0]
        if language in texts:
            texts[language] = (narrative.text or "").strip()
    return texts["en"], texts[CHINESE]


def in_both(field: str, texts: tuple[str, str]) -> Iterator[tuple[str, str]]:
    for language, text in zip(LANGUAGES, texts, strict=True):
        yield f"{field}_{language}", text


# ------------------------------------------------------------------ each kind of element


def names(activity):
    """Read our code, if we are who wrote it, and the numbers of the Fund."""
    ours = Publisher.of_settings()
    identifiers = {"A1": [], "A9": []}
    for other in activity.findall("other-identifier"):
        identifiers.setdefault(other.get("type"), []).append(other.get("ref", ""))
    identifier = (activity.findtext("iati-identifier") or "").strip()
    if ours.ref and identifier in [ours.identifier(code) for code in identifiers["A1"]]:
        yield "code", identifier.removeprefix(ours.identifier(""))
    yield "fund_numbers", BETWEEN.join(identifiers["A9"])
    title = narratives(activity.find("title"))
    if not title[0].endswith(words.TITLE_NOT_KNOWN[0]):
        yield from in_both("title", title)


def texts(activity):
    titles = narratives(activity.find("title"))
    for description in activity.findall("description"):
        texts = narratives(description)
        kind = description.get("type", words.GENERAL)
        if kind == words.GENERAL and texts != titles:
            yield from in_both("summary", texts)
        elif kind == words.TARGET_GROUPS:
            yield from in_both("beneficiaries", texts)
        elif kind == words.OTHER:
            yield from headed_text(texts)


def headed_text(texts):
    """Find the field by the words before the text."""
    for field, heads in words.TEXTS.items():
        starts = f"{heads[0]}: ", f"{heads[1]}："
        pairs = list(zip(texts, starts, strict=True))
        if any(text and text.startswith(start) for text, start in pairs):
            yield from in_both(field, tuple(text.removeprefix(start) for text, start in pairs))


def state_and_days(activity):
    status = activity.find("activity-status")
    yield "status", STATUSES.get(status.get("code"), "") if status is not None else ""
    for day in activity.findall("activity-date"):
        field = DATES.get(day.get("type"), "")
        note = narratives(day)[0]
        if note.startswith(words.APPROVAL_DAY[0].partition(";")[0]):
            yield from approval(day.get("iso-date", ""))
            if str(How.FROM_NUMBER.label) in note:
                yield "year_basis", How.FROM_NUMBER.value
        elif note == words.REPORT_DAY[0]:
            yield "final_report_on", day.get("iso-date", "")
        elif field:
            yield field, day.get("iso-date", "")


def approval(day):
    """A day of approval states the year as well."""
    yield "approved_on", day
    yield "year_approved", day[:4]
    yield "year_basis", "stated" if day else ""


def places(activity):
    columns: dict[str, list[str]] = {}
    roles = {texts[0]: role for role, texts in words.COUNTRY_ROLES.items()}
    for country in activity.findall("recipient-country"):
        note = narratives(country)[0].partition(";")[0]
        role = roles.get(note, ProjectCountry.Role.PARTICIPATING)
        columns.setdefault(COUNTRY_COLUMNS[role], []).append(country.get("code", ""))
    for region in activity.findall("recipient-region"):
        if lead := LEAD_ALONE.match(narratives(region)[0]):
            columns["lead_country"] = [lead[1]]
    return [(column, BETWEEN.join(codes)) for column, codes in columns.items()]


def organisations(activity):
    """Read the institutions by their names; who answers for the project has submitted it."""
    names_by_role: dict[str, list[str]] = {}
    for organisation in activity.findall("participating-org"):
        texts = narratives(organisation)
        if organisation.get("role") == words.FUNDING and texts[0] == words.FUND[0]:
            yield "programme", "pgtf"
        names_by_role.setdefault(organisation.get("role"), []).append(texts[0] or texts[1])
    leads = names_by_role.get(words.ACCOUNTABLE, [])
    yield "submitter", BETWEEN.join(leads)
    others = [name for name in names_by_role.get(words.IMPLEMENTING, []) if name not in leads]
    yield "co_implementers", BETWEEN.join(others)


def sectors(activity):
    ours = [
        sector.get("code", "")
        for sector in activity.findall("sector")
        if sector.get("vocabulary") == words.OUR_SECTORS
        and sector.get("vocabulary-uri", "").endswith("/sectors/")
    ]
    yield "sectors", BETWEEN.join(ours)
    purposes = [
        sector.get("code", "")
        for sector in activity.findall("sector")
        if sector.get("vocabulary", words.DAC_PURPOSE) == words.DAC_PURPOSE
        and not narratives(sector)[0].endswith(words.OF_SECTOR[0])
    ]
    yield "dac_purposes", BETWEEN.join(purposes)


def tags(activity):
    goals, targets = [], []
    for tag in activity.findall("tag"):
        vocabulary, code = tag.get("vocabulary"), tag.get("code", "")
        kind = tag.get("vocabulary-uri", "").rpartition("#")[2]
        if vocabulary == words.GOALS:
            goals.append((code, *narratives(tag)))
        elif vocabulary == words.TARGETS:
            targets.append(code)
        elif vocabulary == words.OUR_TAGS and kind in (words.PROGRAMME, words.AREA, words.MODALITY):
            yield kind, code
    yield "sdg_targets", BETWEEN.join(targets)
    yield from goals_of(goals)


def goals_of(goals):
    """Read which goal is the primary one, and why each is served."""
    is_primary = {code: (en or zh).startswith(words.PRIMARY) for code, en, zh in goals}
    yield "primary_sdg", BETWEEN.join(code for code in is_primary if is_primary[code])
    yield "secondary_sdgs", BETWEEN.join(code for code in is_primary if not is_primary[code])
    for place, language in enumerate(LANGUAGES):
        head, colon = words.PRIMARY[place], (": ", "：")[place]
        reasons = [(goal[0], goal[1 + place]) for goal in goals]
        reasons = [(code, text.removeprefix(head).removeprefix(colon)) for code, text in reasons]
        lines = [f"{code}: {' '.join(text.split())}" for code, text in reasons if text]
        yield f"sdg_reasons_{language}", "\n".join(lines)


def gender(activity):
    for marker in activity.findall("policy-marker"):
        if marker.get("code") == words.GENDER and marker.get("vocabulary", "1") == "1":
            yield "gender_marker", marker.get("significance", "")
            yield from in_both("gender_evidence", narratives(marker))


def money(activity):
    """Read the grant and its approval; of several commitments none is the grant."""
    commitments = [
        transaction
        for transaction in activity.findall("transaction")
        if (kind := transaction.find("transaction-type")) is not None
        and kind.get("code") == words.COMMITMENT
    ]
    if len(commitments) != 1:
        return
    [commitment] = commitments
    value, day = commitment.find("value"), commitment.find("transaction-date")
    currency = activity.get("default-currency", "")
    if value is not None and value.get("currency", currency) == "USD":
        yield "granted_usd", (value.text or "").strip()
    if day is not None:
        yield from approval(day.get("iso-date", ""))
    yield from in_both("approval_meeting", narratives(commitment.find("description")))


def sources(activity):
    """Read pages about the project as its sources, but for the portal's own page of it."""
    own = activity.get("linked-data-uri", "")
    path = "/" + own.partition("://")[2].partition("/")[2] if own else "/"
    lines = []
    for link in activity.findall("document-link"):
        address = link.get("url", "")
        is_page = any(c.get("code") == words.ACTIVITY_PAGE for c in link.findall("category"))
        if is_page and not (len(path) > 1 and address.endswith(path)):
            title = narratives(link.find("title"))
            name = " ".join((title[0] or title[1] or address).replace("|", " ").split())
            lines.append(f"{name} | {address}")
    yield "sources", "\n".join(lines)


READERS = (
    names,
    texts,
    state_and_days,
    places,
    organisations,
    sectors,
    tags,
    gender,
    money,
    sources,
)
