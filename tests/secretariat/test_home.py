"""Home: who speaks and what for, what is on and what happened; every link leads somewhere."""

import re

import pytest

from tests import make
from tests.pages import text_of

pytestmark = pytest.mark.django_db


def test_without_records_home_says_what_will_be_there(client):
    page = text_of(client.get("/"))

    assert "The projects of the Network will appear here" in page
    assert "No course or meeting is announced" in page
    assert "The Fund’s year" in page


def test_the_latest_stand_on_home_whatever_they_are(client):
    make.Project(title="Tea", year_approved=2018)
    make.Meeting(title="Forum", year=2019)
    make.Project(title="Rice", year_approved=2020, granted_usd=29_000)
    for _n in range(3):
        make.Project(year_approved=2001)

    rows = re.findall(r'<li class="event">.*?</li>', text_of(client.get("/")), re.DOTALL)

    assert [re.search(r"<a [^>]*>(.*?)</a>", row)[1] for row in rows[:3]] == [
        "Rice",
        "Forum",
        "Tea",
    ]
    assert len(rows) == 4
    assert "US$ 29,000 from the Fund" in rows[0]


def test_the_frame_says_who_speaks_and_shows_what_the_settings_give(client, settings):
    page, chinese = text_of(client.get("/about/")), text_of(client.get("/zh-hans/"))
    assert "beian" not in page
    assert 'rel="license' not in page
    for words in ("Ministry of Commerce of China", "mailto:editor@ecdc.net.cn"):
        assert words in page
    assert "商务部中国国际经济技术交流中心" in chinese

    settings.ICP_NUMBER = "京ICP备1号"
    settings.POLICE_FILING_NUMBER = "京公网安备 11010502012345号"
    settings.DATA_LICENCE_NAME, settings.DATA_LICENCE_ADDRESS = "CC BY", "https://example.org/by"
    page = text_of(client.get("/zh-hans/projects/"))
    addresses = ("beian.miit.gov.cn/", "beian.mps.gov.cn/#/query/webSearch?code=11010502012345")
    client.force_login(make.Administrator())
    refused = text_of(client.get("/?x=%00"))
    inside = [text_of(client.get(f"/zh-hans{path}")) for path in ("/accounts/email/", "/admin/")]
    for shown in (page, refused, *inside):
        for number, address in zip(("京ICP备1号", "11010502012345号"), addresses, strict=True):
            assert f'href="https://{address}"' in shown
            assert f"{number}</a>" in shown
    assert '<a href="https://example.org/by" rel="license noopener">CC BY</a>' in page


@pytest.mark.usefixtures("network")
def test_home_has_topics_with_records_and_one_story_with_its_sign(client):
    home = client.get("/")

    shown = home.context["topics"]
    assert shown
    assert not any(one.has_few for one in shown)
    page = text_of(home)
    for one in shown:
        assert f'<h3><a href="{one.topic.get_absolute_url()}">' in page
    assert re.search(r'<div class="scene">.*?#people"', page)
