"""Every number of the list of meetings against a slow count: 12 combinations, 500 for the proof."""

import csv
import html
import io
import json
import os
import re
from datetime import timedelta
from random import Random
from urllib.parse import urlencode

import feedparser
import pytest
from django.test import Client
from django.utils import timezone

from meetings.models import Meeting
from tests import make
from tests.members.test_directory_checker import LABEL

COMBINATIONS = 500 if os.environ.get("PROOF") else 12
SAMPLE = 60
LIST = "/meetings/"
ORDERS = ["next", "newest", "-newest", "title", "-title", "changed", "-changed"]
HEADING = re.compile(r'<h2 id="found">(\d+) meeting')
RESULT = re.compile(r'<h[34]><a href="/meetings/([-\w]+)/"')
NONE = "none"
OWN = ("annual_meeting", "thematic_workshop", "exchange_visit", "related_forum")

pytestmark = pytest.mark.django_db


def make_meetings(random):
    countries = [make.Country(iso2=code) for code in ("VN", "LK", "KE")]
    sectors = [make.Sector(slug=slug) for slug in ("tea", "solar")]
    projects = [
        make.Project(
            countries=random.sample(countries, random.randint(0, 2)),
            sectors=random.sample(sectors, random.randint(0, 2)),
            state=random.choice(["published", "published", "draft"]),
        )
        for _n in range(12)
    ]
    today, now = timezone.localdate(), timezone.now()
    for n in range(SAMPLE):
        first = today + timedelta(days=random.randint(-900, 300))
        days = {"starts_on": first, "ends_on": first + timedelta(days=random.randint(0, 3))}
        window = {
            "registration_opens_at": now - timedelta(days=random.randint(-5, 5)),
            "registration_closes_at": now + timedelta(days=6),
        }
        meeting = make.Meeting(
            title=f"Meeting {n}",
            kind=random.choice(Meeting.Kind.values),
            city=random.choice(["", "Fuzhou", "Shanghai"]),
            city_zh_hans=random.choice([None, "昆明"]),
            capacity=random.choice([None, 20]),
            cancelled_at=random.choice([None, None, now]),
            state=random.choice(["published"] * 5 + ["draft", "withdrawn"]),
            is_sample=random.random() < 0.1,
            retain_until=today,
            **random.choice([days, days, {"year": first.year}, {}]),
            **random.choice([{}, window]),
        )
        for project in random.sample(projects, random.choice([0, 0, 1, 2])):
            meeting.meeting_projects.create(project=project)


def slow_codes(meeting):
    """Return the codes of a meeting by the names of the filters, each rule written once more."""
    now, today = timezone.now(), timezone.localdate()
    last = meeting.ends_on or (meeting.year and today.replace(year=meeting.year, month=12, day=31))
    opens, closes = meeting.registration_opens_at, meeting.registration_closes_at
    is_open = opens and opens <= now < closes and meeting.capacity and not meeting.cancelled_at
    status = {"past" if last < today else "coming"} if last else set()
    projects = meeting.projects.filter(state="published")
    return {
        "status": status
        | ({"open"} if is_open else set())
        | ({"cancelled"} if meeting.cancelled_at else set()),
        "year": {str(meeting.year)} if meeting.year else set(),
        "kind": {meeting.kind},
        "sector": {sector.slug for one in projects for sector in one.sectors.all()},
        "country": {link.country_id for one in projects for link in one.project_countries.all()},
    }


def matching(records, asked):
    def has(codes, wanted):
        return any(code in codes or (code == NONE and not codes) for code in wanted)

    return {
        slug
        for slug, codes in records.items()
        if all(has(codes[name], wanted) for name, wanted in asked.items())
    }


def get(path, query):
    response = Client().get(f"{path}?{query}")
    assert response.status_code == 200, query
    return response.getvalue().decode("utf-8-sig")


def test_every_number_and_every_format_is_that_of_the_slow_count():
    random = Random(31)
    make_meetings(random)
    public = Meeting.objects.filter(state="published", is_sample=False)
    own = [meeting for meeting in public if meeting.kind in OWN or meeting.capacity is not None]
    records = {meeting.slug: slow_codes(meeting) for meeting in own}
    names = list(next(iter(records.values())))
    values = {n: sorted({c for codes in records.values() for c in codes[n]}) for n in names}
    numbers = 0
    for _n in range(COMBINATIONS):
        asked = {
            name: random.sample([*values[name], NONE], random.randint(1, 2))
            for name in random.sample(names, random.randint(0, 3))
        }
        query = urlencode({**asked, "sort": random.choice(ORDERS)}, doseq=True)
        expected = matching(records, asked)

        page = get(LIST, query)
        assert int(HEADING.search(page)[1]) == len(expected), query
        for name, code, number in LABEL.findall(page):
            if name in names:
                with_it = matching(records, asked | {name: [html.unescape(code)]})
                assert int(number) == len(with_it), (query, name, code)
                numbers += 1
        answer = json.loads(get("/api/v1/meetings", f"{query}&per_page=250"))
        in_order = [item["slug"] for item in answer["items"]]
        assert set(in_order) == expected, query
        assert (answer["total"], answer["ignored"]) == (len(expected), []), query
        assert RESULT.findall(page) == in_order[:20], query
        lines = csv.DictReader(io.StringIO(get(f"{LIST}export.csv", query), newline=""))
        assert [line["slug"] for line in lines] == in_order, query
        feed = feedparser.parse(get(f"{LIST}feed/", query))
        assert [entry.link.split("/")[-2] for entry in feed.entries] == in_order[:50], query
        with_days = Meeting.objects.filter(slug__in=expected, starts_on__isnull=False)
        assert get(f"{LIST}calendar.ics", query).count("BEGIN:VEVENT") == with_days.count(), query
    assert numbers > 10 * COMBINATIONS
