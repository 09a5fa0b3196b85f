"""What page, row, API answer and IATI activity tell of a record's facts, read one by one.

Each reader gives, by the name of a fact, its value as text, how it is known, and its sources with
our confidence in them. None shares code with the portal. `differences` says where two disagree.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lxml import etree, html
from openpyxl import load_workbook

STATED, NOT_STATED = "stated", "not_stated"
# What stands beside a value: the basis, and the code of how it is known.
WORDS = {
    "stated": (STATED,),
    "given by the institution": (STATED, "given"),
    "derived from the number": ("derived", "from_number"),
    "derived from the title": ("derived", "from_title"),
    "derived from the list that names it": ("derived", "from_list"),
    "derived from a damaged copy": ("derived", "from_damaged_copy"),
    "derived from the dates in the source": ("derived", "from_days_as_stated"),
    "derived: added up": ("derived", "added_up"),
    "in our words, from the source": ("derived", "in_our_words"),
    "translated by us": ("ours", "translated"),
    "由我们翻译": ("ours", "translated"),
    "our own assessment": ("ours", "assessed"),
    "our classification": ("ours", "proposed"),
    "confirmed by the Secretariat": ("ours", "confirmed"),
    "other participants not stated": (NOT_STATED, "others_not_stated"),
    "not confirmed": (NOT_STATED, "not_confirmed"),
}
OURS = {"assessed", "proposed", "confirmed"}
NO_BOX = "<div><dd><i class='not-stated'></i></dd></div>"
PROGRAMMES = {"PGTF project": "pgtf", "Small demonstration project": "demonstration"}
STATUSES = {"1": "pipeline", "2": "ongoing", "4": "completed", "5": "cancelled"}
SEVERAL = {"fund_numbers", "countries", "sectors", "secondary_sdgs"}
TEXTS = ("title", "approval_meeting", "duration_as_stated", "beneficiaries")
STORY = ("summary", "challenge", "approach", "outcome")
BOXES = {
    "approval_meeting": "Approved",
    "duration_as_stated": "Duration, according to the source",
    "beneficiaries": "Beneficiaries",
}
CHINESE_BOXES = {
    "approval_meeting": "已批准",
    "duration_as_stated": "期限（据资料来源）",
    "beneficiaries": "受益者",
}
IATI_TEXTS = {
    "challenge": ("Challenge", "挑战"),
    "approach": ("Approach", "做法"),
    "outcome": ("Outcome", "成果"),
    "duration_as_stated": ("Duration, according to the source", "所述期限"),
}
# The columns of facts whose own column is a code.
NAMED = {"area": "area_en", "lead_institution": "submitter_en"}
OTHERS_NAMED = {"sectors": "sectors_en"}
# What pages call a fact otherwise than files do.
LABELS = {
    "approved by": "approval_meeting",
    "year of approval": "year_approved",
    "granted by the pgtf, us$": "granted_usd",
    "duration in the source": "duration_as_stated",
    "evidence for the gender marker": "gender_evidence",
    "primary goal (sdg)": "primary_sdg",
    "other goals (sdgs)": "secondary_sdgs",
    "pgtf area": "area",
    "expertise": "sectors",
    "official name": "name",
    "un origin": "un_origin",
    "all texts in english": "en",
    "all texts in chinese": "zh",
}
# Of institutions and meetings.
OF_OTHERS = {"kind", "website", "sectors", "standing", "starts_on", "year"} | {
    f"{name}_{language}"
    for name in ("name", "description", "un_origin", "title", "theme", "city", "venue")
    for language in ("en", "zh")
}
FACTS = {
    *SEVERAL,
    *("programme", "area", "status", "status_declared_on"),
    *("year_approved", "approved_on", "final_report_on"),
    *("lead_country", "lead_institution", "primary_sdg"),
    *("granted_usd", "other_inputs_usd", "total_usd", "other_cash_usd", "other_kind_usd"),
    *("planned_start_on", "planned_end_on", "actual_start_on", "actual_end_on", "modality"),
    *("participants_as_stated", "beneficiaries_number", "women_beneficiaries_number"),
    *("gender_marker", "subtitle_en", "subtitle_zh", "gender_evidence_en", "gender_evidence_zh"),
    *(f"{name}_{language}" for name in (*TEXTS, *STORY) for language in ("en", "zh")),
}


@dataclass(frozen=True)
class Stated:
    """`value` is None where a format has no place for it and tells only how it is known.

    `sources` are the names of its sources, each with our confidence in it.
    """

    value: str | None
    basis: str
    how: str = ""
    sources: tuple[str, ...] = ()


class Sources:
    """The sources that a format lists: by number their names with confidence, and what for."""

    def __init__(self, rows: Iterable[tuple] = ()):
        self.names: dict[int, str] = {}
        self.fields: dict[int, set[str]] = {}
        for number, name, confidence, fields in rows:
            self.names[number] = f"{name} ({confidence or ''})"
            self.fields[number] = set(fields)

    def told(self, fact: str, value, known=None, numbers=()) -> Stated:
        """Return what is told; without words on how it is known, a value is stated.

        Its sources are those named beside it, else those for it, else those for the rest.
        """
        if isinstance(value, (list, set, tuple)):
            value = "; ".join(sorted(map(str, value)))
        value = None if value is None else " ".join(str(value).split())
        if value == "":
            return Stated("", NOT_STATED)
        basis, how = (*(known or (STATED,)), "")[:2]
        wanted = numbers or self.numbers_for(fact, is_ours=how in OURS)
        return Stated(value, basis, how, tuple(self.names.get(number, "?") for number in wanted))

    def numbers_for(self, fact: str, *, is_ours: bool) -> list[int]:
        named = [number for number, fields in self.fields.items() if fact in fields]
        if named or is_ours:
            return named
        language = [number for number, fields in self.fields.items() if fact[-2:] in fields]
        return language or [number for number, fields in self.fields.items() if not fields]


def differences(readings: dict[str, dict[str, Stated]]) -> list[str]:
    """Name each fact that two of the readings tell otherwise, with what they tell."""
    found = []
    for fact in sorted(set().union(*readings.values())):
        tells = {name: facts[fact] for name, facts in readings.items() if fact in facts}
        values = {one.value for one in tells.values() if one.value is not None}
        known = {(one.basis, one.how, one.sources) for one in tells.values()}
        if len(values) > 1 or len(known) > 1:
            found.append(f"{fact}: {tells}")
    return found


def amount(text) -> str:
    return f"{float(str(text).replace(',', '')):.2f}" if text not in (None, "") else ""


# ------------------------------------------------------------------ pages


class Page:
    """An article; `boxes` are the facts beside it by their labels, `language` that of the page."""

    def __init__(self, content: str, language: str = "en"):
        [self.article] = html.fromstring(content).findall(".//article")
        self.language, self.header = language, self.article.find(".//header")
        terms = self.article.xpath(".//dl[not(contains(@class, 'figures'))]/div/dt")
        self.boxes = {dt_text(dt): dt.getparent() for dt in terms}
        self.ours = {}
        for hint in self.article.xpath(".//details/p[span[@class='basis']]"):
            labels, _colon, words = hint.text_content().strip().partition(": ")
            self.ours |= dict.fromkeys(map(fact_of_label, labels.split(", ")), WORDS.get(words))
        items = self.article.xpath(".//details/ol[@class='sources']/li")
        self.sources = Sources(listed_source(n, item) for n, item in enumerate(items, 1))

    def told(self, fact: str, value, *around) -> Stated:
        """Return a value with the notes in the elements around it, or as the sources say."""
        notes = [note for one in around for note in notes_in(one)]
        words = [note.text_content().strip() for note in notes if note.tag == "small"]
        numbers = [
            int(address.removeprefix("#source-"))
            for note in notes
            for address in note.xpath("self::sup/a/@href")
        ]
        known = WORDS[words[0]] if words else self.ours.get(fact)
        return self.sources.told(fact, value or "", known, numbers)

    def box(self, fact: str, label: str, read=str) -> Stated:
        """Read a box of one value."""
        for dd in self.boxes[label].findall("dd") if label in self.boxes else ():
            return self.told(fact, read(plain(dd)) if plain(dd) else "", dd)
        return self.told(fact, "")

    def text(self, name: str, element, *around) -> Stated:
        """Read a text, if it is in the language of the page."""
        fact = f"{name}_{self.language}"
        value = "" if element is None else plain(element)
        is_chinese = re.search("[\u4e00-\u9fff]", value) is not None
        is_other = self.language == "zh" and not is_chinese
        if is_other or (element is not None and element.get("lang")):
            return self.told(fact, "")
        return self.told(fact, value, *around)

    def texts(self, boxes: dict[str, str], sections: dict[str, str]) -> dict[str, Stated]:
        """Read title, boxes and sections that are texts in the language of the page."""
        found = {}
        for name, label in boxes.items():
            dds = self.boxes[label].findall("dd") if label in self.boxes else []
            spans = [span for dd in dds for span in dd.findall("span") if not span.get("class")]
            span = next(iter(spans), None)
            found[name] = self.text(name, span, *(one.getparent() for one in spans[:1]))
        for name, id in sections.items():
            parts = self.article.xpath(f".//section[@aria-labelledby='{id}']")
            prose = parts[0].find(".//div[@class='prose']") if parts else None
            found[name] = self.text(name, prose, *parts)
        return {f"{name}_{self.language}": one for name, one in found.items()}

    def head(self, name: str) -> dict[str, Stated]:
        h1 = self.header.find("h1")
        notes = h1.xpath(
            "following-sibling::span[@class='known'][not(preceding-sibling::div[preceding-sibling::h1])]"
        )
        is_known = not re.search(", title not known$|（名称不详）$", plain(h1))
        return {f"{name}_{self.language}": self.text(name, h1 if is_known else None, *notes)}


def notes_in(element) -> list:
    return element.xpath(
        "descendant-or-self::small[@class='basis'] | descendant-or-self::sup[@class='of-source']"
    )


def listed_source(number: int, item) -> tuple:
    words = " ".join(item.xpath("string(span[@class='hint'])").split())
    named = item.xpath("string(a | span[not(@class)])").strip()
    fields = re.search(r"For: (.*?)\.(?: |$)", words)
    level = re.search(r"confidence in this source: (\w+)", words)
    labels = re.split(r", (?!US\$)", fields[1]) if fields else []
    return number, named, level[1] if level else "", [fact_of_label(label) for label in labels]


def fact_of_label(label: str) -> str:
    """Return the name of a fact in files: that of "title (English)" is title_en."""
    label = label.strip().lower()
    for words, end in ((" (english)", "_en"), (" (chinese)", "_zh")):
        if label.endswith(words):
            label = label.removesuffix(words)
            return LABELS.get(label, label).replace(" ", "_") + end
    return LABELS.get(label, label).replace(" ", "_")


def project_page(english: str, chinese: str) -> dict[str, Stated]:
    page = Page(english)
    facts = page.boxes
    # What is not stated has no box.
    for label in ("Money", "Institutions", "Status"):
        facts.setdefault(label, html.fromstring(NO_BOX))
    numbers = page.header.findtext("p").split(" · ")[1:]
    sections = {name: name for name in STORY if name != "summary"}
    found = {
        "fund_numbers": page.told("fund_numbers", [number.strip() for number in numbers]),
        "programme": page.box("programme", "Programme", PROGRAMMES.get),
        "area": page.box("area", "PGTF area"),
        "final_report_on": page.box("final_report_on", "Final report", partial_date),
        **page_status(page),
        **page_approval(page),
        **page_countries(page),
        **page_institution(page),
        **page_money(page),
        **page_goals(page),
    }
    for one, boxes in ((page, BOXES), (Page(chinese, "zh"), CHINESE_BOXES)):
        # The other page names the same sources.
        one.sources, one.ours = page.sources, page.ours
        summary = one.header.find(".//div[@class='summary prose']")
        after = one.header.xpath(".//span[@class='known'][preceding-sibling::div[@class]]")
        found |= one.head("title") | one.texts(boxes, sections)
        found[f"summary_{one.language}"] = one.text("summary", summary, *after)
    found["title_en"] = (
        found["title_en"] if " not known" not in plain(page.header) else Stated("", NOT_STATED)
    )
    return found


WEBSITE = ".//dt[. = 'Website']/../dd/a/@href"


def institution_page(english: str, chinese: str) -> dict[str, Stated]:
    page = Page(english)
    sectors = [text.strip() for text in page.boxes["Expertise"].xpath("dd/ul/li/text()")]
    found = {
        "kind": page.box("kind", "Kind", lambda text: text.lower().replace(" ", "-")),
        "website": page.told("website", "".join(page.article.xpath(WEBSITE))),
        "sectors": page.told("sectors", sectors),
    }
    for one in (page, Page(chinese, "zh")):
        one.sources, one.ours = page.sources, page.ours
        found |= one.head("name") | one.texts({}, {"description": "about", "un_origin": "origin"})
    return found


def meeting_page(english: str, chinese: str) -> dict[str, Stated]:
    page = Page(english)
    found = {}
    for one in (page, Page(chinese, "zh")):
        one.sources, one.ours = page.sources, page.ours
        theme = one.header.find("p[@class='lede']/span")
        around = [] if theme is None else [theme.getparent()]
        found |= one.head("title") | one.texts({}, {"description": "description"})
        # The page of an activity begins with it.
        if (text := one.header.find("div[@class='lede']")) is not None:
            found[f"description_{one.language}"] = one.text("description", text)
        found[f"theme_{one.language}"] = one.text("theme", theme, *around)
    return found


def dt_text(dt) -> str:
    return " ".join(dt.text_content().split())


def plain(element) -> str:
    """Return the text without the small notes; nothing where it says "not stated"."""
    if element.xpath(".//*[contains(@class, 'not-stated')]"):
        return ""
    texts = element.xpath(
        ".//text()[not(ancestor::small) and not(ancestor::title) and not(ancestor::sup)]"
    )
    return " ".join("".join(texts).split())


def page_status(page):
    [dd] = page.boxes["Status"].findall("dd")
    declared = re.search(r"declared on (\d+ \w+ \d+)", dd.text_content())
    return {
        "status": page.told("status", plain(dd).lower(), dd),
        "status_declared_on": page.told("status_declared_on", day(declared[1]) if declared else ""),
    }


def page_approval(page):
    """Read the day or the year: a day tells the year as well."""
    found = {name: page.told(name, "") for name in ("approved_on", "year_approved")}
    for dd in page.boxes["Approved"].findall("dd") if "Approved" in page.boxes else ():
        text = plain(dd)
        if re.fullmatch(r"\d{4}", text):
            found["year_approved"] = page.told("year_approved", text, dd)
        elif re.fullmatch(r"\d{1,2} \w+ \d{4}", text):
            found["approved_on"] = page.told("approved_on", day(text), dd)
            found["year_approved"] = page.told("year_approved", text[-4:], dd)
    return found


def page_countries(page):
    dd = next(box for label, box in page.boxes.items() if "ountr" in label).find("dd")
    items = dd.xpath("./ul/li")
    codes = [code_in(item.xpath("string(a/@href)")) for item in items]
    leads = [n for n, item in enumerate(items) if item.xpath("small[. = 'lead']")]
    lead = (codes[leads[0]], items[leads[0]]) if leads else ("",)
    return {
        "countries": page.told("countries", codes, *dd.xpath("./span[@class='known']")),
        "lead_country": page.told("lead_country", *lead),
    }


def page_institution(page):
    dds = page.boxes["Institutions"].findall("dd")
    leads = [dd for dd in dds if dd.xpath("small[. = 'lead institution']")]
    # A name in the other language stands in where there is none.
    is_named = leads and not leads[0].xpath(".//*[@lang]")
    lead = (plain(leads[0]), leads[0]) if is_named else ("",)
    return {"lead_institution": page.told("lead_institution", *lead)}


def page_money(page):
    heads = {"Grant from the Fund": "granted_usd", "Other inputs": "other_inputs_usd"}
    heads["Total"] = "total_usd"
    found = {name: page.told(name, "") for name in heads.values()}
    for dd in page.boxes["Money"].findall("dd"):
        head, _colon, rest = plain(dd).partition(": ")
        if number := re.fullmatch(r"US\$ ([\d,.]+)", rest):
            found[heads[head]] = page.told(heads[head], amount(number[1]), dd)
    return found


def page_goals(page):
    part = page.article.get_element_by_id("goals", None)
    section = html.fromstring(NO_BOX) if part is None else part.getparent()
    items = section.xpath("ul[@class='goals']/li")
    numbers = [item.find("span").text for item in items]
    primary = [n for n, item in zip(numbers, items, strict=True) if "primary goal" in text_of(item)]
    values = {
        "primary_sdg": primary,
        "secondary_sdgs": set(numbers) - set(primary),
        "sectors": [code_in(href) for href in section.xpath("ul[@class='chips']//a/@href")],
    }
    return {name: page.told(name, value) for name, value in values.items()}


def code_in(address: str) -> str:
    """Return the last part of the address of a country's or a sector's page."""
    return re.split("[/=]", address.rstrip("/"))[-1]


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


def of_csv(content: bytes) -> dict[str, dict[str, Stated]]:
    """Read the rows of a file, by code or address."""
    return of_rows(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def of_xlsx(content: bytes) -> dict[str, dict[str, Stated]]:
    sheet = load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
    names, *rows = sheet.iter_rows(values_only=True)
    return of_rows(dict(zip(names, map(cell, row), strict=True)) for row in rows)


def of_json(content: bytes) -> dict[str, dict[str, Stated]]:
    rows = json.loads(content)["rows"]
    return of_rows({name: cell(value) for name, value in row.items()} for row in rows)


def of_bundle(content: bytes, table: str) -> dict[str, dict[str, Stated]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return of_csv(archive.read(f"{table}.csv"))


def cell(value) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, list):
        return "; ".join(map(cell, value))
    return "" if value is None else str(value)


def words(text: str) -> list[str]:
    return [word for word in re.split(r"[;,]\s*", text) if word]


def of_rows(rows: Iterable[dict]) -> dict[str, dict[str, Stated]]:
    found = {}
    for row in rows:
        # Each line has seven parts at most; a file without lines of their own joins them by "; ".
        lines = [[part.strip() for part in line.split("|")] for line in lines_of(row["sources"])]
        sources = Sources(
            (number, line[0], (*line, *[""] * 7)[3], words((*line, *[""] * 7)[2]))
            for number, line in enumerate(lines, 1)
        )
        found[row.get("code") or row["slug"]] = of_row(row, sources)
    return found


def lines_of(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def of_row(row: dict, sources: Sources) -> dict[str, Stated]:
    known = dict(re.findall(r"(\w+): ([^;]+)", row["basis"]))
    is_project = "code" in row
    found = {}
    for fact in FACTS if is_project else [name for name in OF_OTHERS if name in row]:
        value = row[NAMED.get(fact, fact) if is_project else OTHERS_NAMED.get(fact, fact)]
        value = value.split("; ") if fact in SEVERAL and value else value
        value = amount(value) if fact.endswith("_usd") else value
        parts = known.get(fact, STATED).split(", ")
        numbers = [int(part.removeprefix("source ")) for part in parts if part.startswith("source")]
        basis = tuple(part for part in parts if not part.startswith("source"))
        found[fact] = sources.told(fact, value, basis, numbers)
    return found


def of_api(content: bytes) -> dict[str, Stated]:
    answer = json.loads(content)
    sources = Sources(
        (one["number"], one["name"]["en"] or "", one["confidence"], one["fields"])
        for one in answer["sources"]
    )
    values = {name: answer[name] for name in (FACTS | OF_OTHERS) & answer.keys()}
    for name, value in answer.items():
        if isinstance(value, dict) and value.keys() == {"en", "zh"}:
            values |= {f"{name}_{end}": text for end, text in value.items()}
    if "area" in answer:
        values |= of_api_project(answer)
    elif "sectors" in answer:
        values["sectors"] = [one["name"]["en"] for one in answer["sectors"]]
    found = {}
    for fact in (FACTS | OF_OTHERS) & values.keys() & answer["basis"].keys():
        value = amount(values[fact]) if fact.endswith("_usd") else values[fact]
        known = answer["basis"][fact]
        how = (known["how"]["code"],) if known["how"] else ()
        found[fact] = sources.told(
            fact, "" if value is None else value, (known["basis"], *how), known["sources"]
        )
    return found


def of_api_project(answer: dict) -> dict:
    roles = {one["role"]: one["code"] for one in answer["countries"]}
    parts = {one["role"]: one["name"]["en"] for one in answer["institutions"]}
    return {
        "area": answer["area"] and answer["area"]["name"]["en"],
        "countries": [one["code"] for one in answer["countries"]],
        "lead_country": roles.get("lead"),
        "lead_institution": parts.get("submitter"),
        "sectors": [one["code"] for one in answer["sectors"]],
        "primary_sdg": [g["number"] for g in answer["sdgs"] if g["is_primary"]],
        "secondary_sdgs": [g["number"] for g in answer["sdgs"] if not g["is_primary"]],
    }


# ------------------------------------------------------------------ IATI


def of_iati(content: bytes) -> dict[str, Stated]:
    """Read the facts that an activity has a place for."""
    [activity] = etree.fromstring(content)
    notes = iati_note(activity, "How facts are known: ")
    known = {}
    for label, text in re.findall(r"([^:;]+): ([^;]+(?:: added up)?)(?:; |$)", notes):
        parts = text.split(", ")
        basis = [part for part in parts if not part.startswith("source ")]
        numbers = [int(part.split()[1]) for part in parts if part.startswith("source ")]
        known[fact_of_label(label)] = WORDS[", ".join(basis) or STATED], numbers
    named = {number for _basis, numbers in known.values() for number in numbers}
    listed = re.findall(
        r"(\d+)\. (.*?)(?: \((high|medium|low)\))?(?:; (?=\d+\. )|$)",
        iati_note(activity, "Sources: "),
    )
    sources = Sources(
        (int(n), "" if name in WORDS else name, level, ["-"] if int(n) in named else [])
        for n, name, level in listed
    )
    values = {
        "fund_numbers": activity.xpath("other-identifier[@type='A9']/@ref"),
        "programme": activity.xpath("tag[contains(@vocabulary-uri, '#programme')]/@code"),
        "area": activity.xpath("tag[contains(@vocabulary-uri, '#area')]/narrative[1]/text()"),
        "status": STATUSES[activity.find("activity-status").get("code")],
        "lead_institution": activity.xpath(
            "participating-org[@role='2']/narrative[not(@xml:lang)]/text()"
        ),
        "sectors": activity.xpath("sector[@vocabulary='99']/@code"),
        "primary_sdg": iati_goals(activity, is_primary=True),
        "secondary_sdgs": iati_goals(activity, is_primary=False),
        "approved_on": iati_approval(activity),
        "beneficiaries_en": activity.xpath("string(description[@type='3']/narrative[not(@*)])"),
    }
    values |= iati_title(activity) | iati_countries(activity) | iati_grant(activity)
    values |= {
        f"{name}_{end}": iati_note(activity, f"{head}: " if end == "en" else f"{chinese}：", end)
        for name, (head, chinese) in IATI_TEXTS.items()
        for end in ("en", "zh")
    }
    others = {fact: None for fact in known if fact in FACTS}
    found = {}
    for fact, value in (others | values).items():
        value = value if value is None or isinstance(value, list) else str(value)
        found[fact] = sources.told(fact, "" if value == [] else value, *known.get(fact, ()))
    return found


def iati_note(activity, head: str, language: str = "en") -> str:
    for text in activity.xpath("description/narrative/text()"):
        if text.startswith(head):
            return text.removeprefix(head)
    return ""


def iati_title(activity):
    title = activity.xpath("string(title/narrative[not(@xml:lang)])")
    return {"title_en": "" if title.endswith(", title not known") else title}


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
    meeting = activity.xpath("string(transaction/description/narrative[not(@xml:lang)])")
    return {"granted_usd": amount(grant), "approval_meeting_en": meeting}
