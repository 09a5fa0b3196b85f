"""Feeds, calendars and files that a Chinese page leads to have Chinese titles and headings."""

import io
from datetime import timedelta

import feedparser
import pytest
from django.utils import timezone
from icalendar import Calendar
from openpyxl import load_workbook

from tests import make
from tests.english import is_english

pytestmark = pytest.mark.django_db


def test_a_feed_is_titled_in_chinese(client):
    make.Project(title="", title_zh_hans="以竹代塑", year_approved=2019)
    make.Member(name="", name_zh_hans="竹子中心")
    make.Meeting(title="", title_zh_hans="第30届年会")

    filtered = "projects/feed/?programme=pgtf&year=2019&q=竹"
    for address in ("projects/feed/", filtered, "members/feed/", "meetings/feed/"):
        feed = feedparser.parse(client.get(f"/zh-hans/{address}").content)
        texts = [feed.feed.title, *(entry.title for entry in feed.entries)]
        assert feed.entries, address
        assert [text for text in texts if is_english(text) or text.isascii()] == [], address


def test_the_calendar_of_all_meetings_is_named_in_chinese(client):
    today = timezone.localdate()
    make.Meeting(
        title="Meeting",
        title_zh_hans="第30届年会",
        starts_on=today,
        ends_on=today + timedelta(days=1),
        cancelled_at=timezone.now(),
    )

    calendar = Calendar.from_ical(client.get("/zh-hans/meetings/calendar.ics").content)

    [event] = calendar.walk("VEVENT")
    texts = [str(calendar["x-wr-calname"]), str(event["summary"])]
    assert [text for text in texts if is_english(text) or text.isascii()] == []


# ------------------------------------------------------------------ sheets


@pytest.mark.parametrize("model", ["projects/project", "members/institution"])
def test_the_template_of_an_import_explains_its_columns_in_chinese(client, model):
    client.force_login(make.Administrator())

    answer = client.get(f"/zh-hans/admin/{model}/import/template.xlsx")
    book = load_workbook(io.BytesIO(b"".join(answer)))

    _first, explained = book.worksheets
    # The first column names, the last one is an example, in English for what is in English.
    texts = [cell for row in explained.values for cell in row[1:-1] if isinstance(cell, str)]
    assert not any(is_english(name) for name in book.sheetnames)
    assert len(texts) > 20
    assert [text for text in texts if is_english(text)] == []
