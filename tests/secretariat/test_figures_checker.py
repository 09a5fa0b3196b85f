"""The Network in figures: each number is that of the list it opens, and of a slow count."""

import csv
import io
import json
import os
import re
from random import Random
from urllib.parse import urlencode, urlsplit

import pytest
from django.db import transaction
from django.http import QueryDict

from meetings.models import Attendance, Meeting
from projects.models import Project
from secretariat.figures.network import NetworkFigures
from tests import make
from tests.projects.made_records import make_records
from tests.secretariat.figures_checker import FigureRecords

pytestmark = pytest.mark.django_db
PROOF = bool(os.environ.get("PROOF"))
FIGURES = 40
# Of so many the list is opened; all others are counted only.
OPENED = FIGURES if PROOF else 5


def make_meetings():
    """Make five meetings of the past, of which four tell who came and two who of them are women."""
    rows = [(2001, 9, 6, True), (2004, 5, 5, True), (2004, 3, 9, True), (2009, 8, 8, False)]
    for year, women, men, shows in [*rows, (2009, 0, 2, True)]:
        meeting = make.Meeting(year=year, kind="seminar", shows_numbers=shows)
        delegation = make.Delegation(meeting=meeting)
        for n, gender in enumerate(["woman"] * women + ["man"] * men):
            delegate = make.Delegate(delegation=delegation, position=n, gender=gender)
            Attendance.objects.create(meeting=meeting, delegate=delegate)
        Attendance.objects.create(meeting=meeting, name="Walked in")
    make.Meeting(year=2001, participants_number=50, participants_bound="at_least")
    make.Meeting(year=2009, participants_number=0)
    for year, number, bound in ((2004, 20, ""), (2005, 30, "at_least"), (2005, None, "")):
        course = {"kind": "training_course", "year": year}
        make.Meeting(participants_number=number, participants_bound=bound, **course)


@pytest.fixture(scope="module")
def records(django_db_setup, django_db_blocker):
    """300 made projects with every kind of gap, and five meetings."""
    with django_db_blocker.unblock(), transaction.atomic():
        for n, region in enumerate(["africa", "asia", "americas", ""] * 3):
            make.Country(region=region, m49=f"{900 + n}")
        for create, number in ((make.Sector, 5), (make.SDG, 6), (make.PGTFArea, 3)):
            create.create_batch(number)
        make_records(300)
        make_meetings()
        yield FigureRecords()
        transaction.set_rollback(True)


def filters(records):
    """Give ten filters: each that the page offers, by a common value, and some together."""
    found = {}
    for name in ("country", "region", "area", "sector", "sdg", "institution", "programme"):
        carried = [sorted(records.projects.values_in(name, [p])) for p in records.projects.projects]
        values = [value for some in carried for value in some if value != "none"]
        found[name] = [max(set(values), key=lambda value: (values.count(value), value))]
    years = {"year_from": 2001, "year_to": 2008}
    several = {"region": found["region"], "sector": found["sector"], "year_from": 1995}
    two = {"country": [*found["country"], "none"], "institution": found["institution"]}
    return [
        years,
        {"country": found["country"], "role": ["submitter"], **years},
        several,
        two,
        {"year": ["2004", "none"]},
        *({name: values} for name, values in list(found.items())[2:]),
    ]


def numbers_of(sections):
    """Give every number: its key, whether it is a sum, the number."""
    for section in sections:
        for figure in section.figures:
            yield figure.number, figure.stated is not None
            for number in (figure.whole, figure.stated, figure.lacking):
                if number:
                    yield number, False
        for row in section.table.rows if section.table and section.name != "meetings" else ():
            for place, number in enumerate(row.numbers):
                yield number, place > (section.name == "activities")
        if section.table and section.table.lacking:
            yield section.table.lacking, False


def opened(client, address):
    """Give what the list shows that a number opens: codes of projects, or keys in addresses."""
    path, query = address.split("?")[0], urlsplit(address).query
    if path == "/projects/":
        rows = client.get(f"/projects/export.json?{query}")
        codes = {row["code"] for row in json.loads(b"".join(rows))["rows"]}
        return set(Project.objects.filter(code__in=codes).values_list("pk", flat=True))
    page = client.get(address).content.decode().partition("<main")[2].partition("</main")[0]
    if path == "/countries/":
        reached = page.partition("China, the Network’s own country")[0]
        return set(re.findall(r'href="/countries/(\w\w)/"', reached))
    if path == "/projects/values/institution/":
        return set(re.findall(r'<li data-value="([^"]+)"', page)) - {"none"}
    slugs = set(re.findall(r'href="/(?:meetings|activities)/([\w-]+)/"', page))
    return set(Meeting.objects.filter(slug__in=slugs).values_list("pk", flat=True))


@pytest.mark.parametrize("turn", range(10) if PROOF else [1])
def test_figures_are_those_of_a_slow_count_and_of_the_lists_they_open(records, client, db, turn):
    asked = filters(records)[turn]
    found = NetworkFigures(QueryDict(urlencode(asked, doseq=True)))
    every = [pair for pair in numbers_of(found.sections()) if pair[0].value is not None]
    random = Random(turn)
    chosen = every[:12] + random.sample(every[12:], FIGURES - 12)
    linked = [pair for pair in chosen if pair[0].address]

    for number, is_sum in every:
        expected = records.value(number.key, asked, is_sum=is_sum)
        assert (number.key, number.value) == (number.key, expected)
    for number, _is_sum in random.sample(linked, min(OPENED, len(linked))):
        assert opened(client, number.address) == records.members(number.key, asked), number


def test_the_page_and_its_file_have_the_same_numbers(records, client, db):
    page = client.get("/figures/?year_from=2001&year_to=2004")
    sections = page.context["sections"]

    file = client.get("/figures/export.csv?year_from=2001&year_to=2004")

    rows = list(csv.DictReader(io.StringIO(b"".join(file).decode("utf-8-sig"))))
    of_file = [(row["Value"], row["List"].removeprefix("http://testserver")) for row in rows]
    shown = [(n.value, n.address) for section in sections for n in first_numbers(section)]
    statements = [(o.value, o.address) for section in sections for o in section.statements]
    assert of_file == [("" if v is None else str(v), a or "") for v, a in shown + statements]
    text = page.content.decode().replace("&amp;", "&")
    for number in first_numbers(sections[1]) + first_numbers(sections[5]):
        assert (
            number.value is None or f'href="{number.address}" rel="nofollow">{number}</a>' in text
        )


def first_numbers(section):
    """Give the numbers of a section as they stand in its tables."""
    numbers = [figure.number for figure in section.figures]
    if section.table:
        numbers += [number for row in section.table.rows for number in row.numbers]
        numbers += [section.table.lacking] if section.table.lacking else []
    return numbers
