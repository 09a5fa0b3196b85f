"""What a project's page, row, API answer and IATI activity tell of its facts, read one by one.

Each reader gives, by the name of a fact, its value as text and how it is known. None shares code
with the portal or with another reader. `differences` says where two of them disagree.
"""

import csv
import io
import json
import re
from dataclasses import dataclass
from datetime import datetime

from lxml import etree, html

STATED, NOT_STATED = "stated", "not_stated"
# What stands beside a value: the basis, and the code of how it is known.
WORDS = {
    "derived from the number": ("derived", "from_number"),
    "derived from the title": ("derived", "from_title"),
    "derived from the list that names it": ("derived", "from_list"),
    "derived from a damaged copy": ("derived", "from_damaged_copy"),
    "derived: added up": ("derived", "added_up"),
    "our own assessment": ("ours", "assessed"),
    "our classification, not yet confirmed by the Secretariat": ("ours", "proposed"),
    "our classification, confirmed by the Secretariat": ("ours", "confirmed"),
    "other participants not stated": (NOT_STATED, "others_not_stated"),
}
# What IATI calls a fact, where that is not its name with spaces.
CALLED = {
    "year of approval": "year_approved",
    "approved by": "approval_meeting",
    "PGTF area": "area",
    "lead country": "lead_country",
    "DAC purposes": "dac_purposes",
    "primary goal (SDG)": "primary_sdg",
    "other goals (SDGs)": "secondary_sdgs",
}
NO_BOX = "<div><dd><i class='not-stated'></i></dd></div>"
PROGRAMMES = {"PGTF project": "pgtf", "Small demonstration project": "demonstration"}
STATUSES = {"1": "pipeline", "2": "ongoing", "4": "completed", "5": "cancelled"}
SEVERAL = {"fund_numbers", "countries", "sectors", "secondary_sdgs", "dac_purposes"}
FACTS = {
    *SEVERAL,
    *("title", "programme", "area", "status", "status_declared_on"),
    *("year_approved", "approved_on", "approval_meeting", "duration_as_stated", "final_report_on"),
    *("lead_country", "lead_institution", "primary_sdg"),
    *("granted_usd", "other_inputs_usd", "total_usd", "beneficiaries"),
}


@dataclass(frozen=True)
class Told:
    """`value` is None where a format has no place for it and tells only how it is known."""

    value: str | None
    basis: str
    how: str = ""


def told(value, known=None) -> Told:
    """Return what is told; without words on how it is known, a value is stated by a source."""
    if isinstance(value, (list, set, tuple)):
        value = "; ".join(sorted(map(str, value)))
    value = " ".join(str(value or "").split())
    if not value:
        return Told("", NOT_STATED)
    return Told(value, *(known or (STATED,)))


def differences(readings: dict[str, dict[str, Told]]) -> list[str]:
    """Name each fact that two of the readings tell otherwise, with what they tell."""
    found = []
    for fact in sorted(FACTS):
        tells = {name: facts[fact] for name, facts in readings.items() if fact in facts}
        values = {one.value for one in tells.values() if one.value is not None}
        if len(values) > 1 or len({(one.basis, one.how) for one in tells.values()}) > 1:
            found.append(f"{fact}: {tells}")
    return found


def amount(text) -> str:
    return f"{float(str(text).replace(',', '')):.2f}" if text not in (None, "") else ""


# ------------------------------------------------------------------ the page


def of_page(content: str) -> dict[str, Told]:
    page = html.fromstring(content)
    [article] = page.findall(".//article")
    facts = {dt_text(dt): dt.getparent() for dt in article.iterfind(".//aside//dt")}
    # What is not stated has no box of its own, it is named in the last one.
    unknown = facts["Not stated"].xpath(".//li") if "Not stated" in facts else []
    facts |= {dt_text(item): html.fromstring(NO_BOX) for item in unknown}
    facts.setdefault("Approved", facts.get("Year of approval"))
    if {"Grant from the Fund", "Other inputs"} <= facts.keys():
        facts["Money"] = html.fromstring(NO_BOX)
    goals = article.get_element_by_id("goals", None)
    return (
        page_head(article)
        | {
            "programme": of_box(facts["Programme"], PROGRAMMES.get),
            "area": of_box(facts["PGTF area"]),
            "duration_as_stated": of_box(facts["Duration, according to the source"]),
            "final_report_on": of_box(facts["Final report"], partial_date),
        }
        | page_status(facts["Status"])
        | page_approval(facts["Approved"])
        | page_countries(next(box for dt, box in facts.items() if "ountr" in dt))
        | page_institution(facts["Institutions"])
        | page_money(facts["Money"])
        | {"beneficiaries": page_beneficiaries(facts.get("Beneficiaries"))}
        | page_goals(html.fromstring(NO_BOX) if goals is None else goals.getparent())
    )


def dt_text(dt) -> str:
    return " ".join(dt.text_content().split())


def known_of(element):
    """Return how the fact in this element is known, by the words beside it."""
    notes = element.xpath(".//small[@class='basis']")
    return WORDS[notes[0].text_content().strip()] if notes else None


def plain(element) -> str:
    """Return the text without the small notes; nothing where it says "not stated"."""
    if element.xpath(".//*[contains(@class, 'not-stated')]"):
        return ""
    texts = element.xpath(".//text()[not(ancestor::small) and not(ancestor::title)]")
    return " ".join("".join(texts).split())


def of_box(box, read=str) -> Told:
    [dd] = box.findall("dd")
    text = plain(dd)
    return told(read(text) if text else "", known_of(dd))


def page_head(article):
    header = article.find("header")
    title = header.findtext("h1").strip()
    eyebrow = header.findtext("p").split(" · ")
    is_known = not title.endswith(", title not known")
    return {
        "title": told(title if is_known else "", known_of(header)),
        "fund_numbers": told([number.strip() for number in eyebrow[1:]]),
    }


def page_status(box):
    [dd] = box.findall("dd")
    declared = re.search(r"declared on (.*?)\s*$", dd.text_content().strip())
    return {
        "status": told(plain(dd).lower(), known_of(dd)),
        "status_declared_on": told(day(declared[1]) if declared else ""),
    }


def page_approval(box):
    """Read the meeting, and the day or the year: a day tells the year as well."""
    found = dict.fromkeys(("approval_meeting", "approved_on", "year_approved"), told(""))
    for dd in box.findall("dd"):
        text, known = plain(dd), known_of(dd)
        if re.fullmatch(r"\d{4}", text):
            found["year_approved"] = told(text, known)
        elif re.fullmatch(r"\d{1,2} \w+ \d{4}", text):
            found["approved_on"] = told(day(text), known)
            found["year_approved"] = told(text[-4:], known)
        elif text:
            found["approval_meeting"] = told(text, known)
    return found


def page_countries(box):
    dd = box.find("dd")
    items = dd.xpath("./ul/li")
    codes = [code_in(item.xpath("string(a/@href)")) for item in items]
    leads = [n for n, item in enumerate(items) if item.xpath("small[. = 'lead']")]
    known = dd.xpath("./small[@class='basis']")
    return {
        "countries": told(codes, WORDS[known[0].text.strip()] if known else None),
        "lead_country": told(codes[leads[0]], known_of(items[leads[0]])) if leads else told(""),
    }


def page_institution(box):
    leads = [dd for dd in box.findall("dd") if dd.xpath("small[. = 'lead institution']")]
    return {"lead_institution": told(plain(leads[0]), known_of(leads[0])) if leads else told("")}


def page_money(box):
    found = dict.fromkeys(("granted_usd", "other_inputs_usd", "total_usd"), told(""))
    heads = {"Grant from the Fund": "granted_usd", "Other inputs": "other_inputs_usd"}
    for dd in box.findall("dd"):
        head, _colon, rest = plain(dd).partition(": ")
        if number := re.fullmatch(r"US\$ ([\d,.]+)", rest):
            name = (heads | {"Total": "total_usd"})[head]
            found[name] = told(amount(number[1]), known_of(dd))
    return found


def page_beneficiaries(box):
    texts = [plain(dd) for dd in box.findall("dd")] if box is not None else []
    return told(next((text for text in texts if not re.match(r"\d+ (people|person)$", text)), ""))


def page_goals(section):
    known = {}
    for hint in section.xpath("p[span[@class='basis']]"):
        labels, _colon, words = hint.text_content().strip().partition(": ")
        known |= dict.fromkeys(labels.lower().split(", "), WORDS[words])
    goals = section.xpath("ul[@class='goals']/li")
    numbers = [item.find("span").text for item in goals]
    primary = [n for n, item in zip(numbers, goals, strict=True) if "primary goal" in text_of(item)]
    sectors = [code_in(href) for href in section.xpath("ul[@class='chips']//a/@href")]
    purposes = section.xpath("string(p[starts-with(normalize-space(.), 'DAC purposes:')])")
    return {
        "primary_sdg": told(primary, known.get("primary goal")),
        "secondary_sdgs": told(set(numbers) - set(primary), known.get("other goals")),
        "sectors": told(sectors, known.get("sectors")),
        "dac_purposes": told(re.findall(r"\b\d{5}\b", purposes), known.get("dac purposes")),
    }


def code_in(address: str) -> str:
    """Return the last part of the address of a country's or a sector's page."""
    return address.rstrip("/").rpartition("/")[2]


def text_of(item) -> str:
    return " ".join(item.xpath(".//small//text()"))


def day(text: str) -> str:
    return datetime.strptime(text, "%d %B %Y").date().isoformat()


def partial_date(text: str) -> str:
    for written, kept in (("%d %B %Y", "%Y-%m-%d"), ("%B %Y", "%Y-%m"), ("%Y", "%Y")):
        try:
            return datetime.strptime(text, written).strftime(kept)
        except ValueError:
            continue
    raise AssertionError(text)


# ------------------------------------------------------------------ the files and the API


def of_csv(content: bytes) -> dict[str, dict[str, Told]]:
    """Read the rows of a file, by code."""
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return {row["code"]: of_row(row) for row in rows}


def of_row(row: dict) -> dict[str, Told]:
    known = dict(re.findall(r"(\w+): (\w+, \w+)", row["basis"]))
    columns = {
        "title": "title_en",
        "area": "area_en",
        "approval_meeting": "approval_meeting_en",
        "duration_as_stated": "duration_as_stated_en",
        "beneficiaries": "beneficiaries_en",
        "lead_institution": "submitter_en",
    }
    found = {}
    for fact in FACTS:
        value = row[columns.get(fact, fact)]
        value = value.split("; ") if fact in SEVERAL and value else value
        value = amount(value) if fact.endswith("_usd") else value
        found[fact] = told(value, tuple(known[fact].split(", ")) if fact in known else None)
    return found


def of_api(content: bytes) -> dict[str, Told]:
    answer = json.loads(content)
    roles = {one["role"]: one["code"] for one in answer["countries"]}
    parts = {one["role"]: one["name"]["en"] for one in answer["institutions"]}
    values = {
        **{name: answer[name] for name in FACTS & answer.keys()},
        "title": answer["title"]["en"],
        "area": answer["area"] and answer["area"]["name"]["en"],
        "approval_meeting": answer["approval_meeting"]["en"],
        "duration_as_stated": answer["duration_as_stated"]["en"],
        "beneficiaries": answer["beneficiaries"]["en"],
        "countries": [one["code"] for one in answer["countries"]],
        "lead_country": roles.get("lead"),
        "lead_institution": parts.get("submitter"),
        "sectors": [one["code"] for one in answer["sectors"]],
        "dac_purposes": [one["code"] for one in answer["dac_purposes"]],
        "primary_sdg": [g["number"] for g in answer["sdgs"] if g["is_primary"]],
        "secondary_sdgs": [g["number"] for g in answer["sdgs"] if not g["is_primary"]],
    }
    found = {}
    for fact in FACTS:
        value = amount(values[fact]) if fact.endswith("_usd") else values[fact]
        plain_value = told(value).value
        basis, how = answer["basis"][fact]["basis"], answer["basis"][fact]["how"]
        found[fact] = Told(plain_value, basis, how["code"] if how else "")
    return found


# ------------------------------------------------------------------ IATI


def of_iati(content: bytes) -> dict[str, Told]:
    """Read the facts that an activity has a place for."""
    [activity] = etree.fromstring(content)
    notes = activity.xpath("string(description/narrative[starts-with(., 'How facts are known: ')])")
    known = {
        CALLED.get(name, name.replace(" ", "_")): how
        for name, how in re.findall(
            r"([^:;]+): ([^;]+(?:: added up)?)(?:; |$)", notes.partition(": ")[2]
        )
    }
    values = {
        "fund_numbers": activity.xpath("other-identifier[@type='A9']/@ref"),
        "programme": activity.xpath("tag[contains(@vocabulary-uri, '#programme')]/@code"),
        "area": activity.xpath("tag[contains(@vocabulary-uri, '#area')]/narrative[1]/text()"),
        "status": STATUSES[activity.find("activity-status").get("code")],
        "lead_institution": activity.xpath("participating-org[@role='2']/narrative[1]/text()"),
        "sectors": activity.xpath("sector[@vocabulary='99']/@code"),
        "dac_purposes": iati_purposes(activity),
        "primary_sdg": iati_goals(activity, is_primary=True),
        "secondary_sdgs": iati_goals(activity, is_primary=False),
        "approved_on": iati_approval(activity),
        "beneficiaries": activity.xpath("description[@type='3']/narrative[1]/text()"),
    }
    values |= iati_title(activity) | iati_countries(activity) | iati_grant(activity)
    found = {
        fact: told(value, WORDS[known[fact]] if fact in known else None)
        for fact, value in values.items()
    }
    others = {fact: Told(None, *WORDS[words]) for fact, words in known.items()}
    return others | found


def iati_title(activity):
    title = activity.findtext("title/narrative")
    return {"title": "" if title.endswith(", title not known") else title}


def iati_purposes(activity):
    return [
        sector.get("code")
        for sector in activity.findall("sector[@vocabulary='1']")
        if "usual purpose" not in (sector.findtext("narrative") or "")
    ]


def iati_goals(activity, *, is_primary):
    return [
        tag.get("code")
        for tag in activity.findall("tag[@vocabulary='2']")
        if (tag.findtext("narrative") or "").startswith("Primary goal") == is_primary
    ]


def iati_approval(activity):
    told = activity.xpath("string(description/narrative[starts-with(., 'Day of approval: ')])")
    return told.removeprefix("Day of approval: ")


def iati_countries(activity):
    """Read the countries; a region names the lead where the others are not stated."""
    leads = activity.xpath("recipient-country[starts-with(narrative[1], 'lead country')]/@code")
    codes = activity.xpath("recipient-country/@code")
    region = activity.xpath("string(recipient-region/narrative[1])")
    if alone := re.match(r"lead country: .*\((\w\w)\); other participants not stated", region):
        leads = codes = [alone[1]]
    return {"countries": codes, "lead_country": leads}


def iati_grant(activity):
    grant = activity.findtext("transaction/value")
    if grant is None:
        return {}
    meeting = activity.findtext("transaction/description/narrative")
    return {"granted_usd": amount(grant), "approval_meeting": meeting}
