"""What others show of the portal: its card and icons; and the page that stands in for it."""

import re
import struct

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

pytestmark = pytest.mark.django_db


def size_of(address):
    """Give width and height of a PNG picture of ours."""
    with open(finders.find(address.removeprefix("/static/")), "rb") as file:
        head = file.read(24)
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", head[16:24])


def test_a_page_that_is_passed_on_has_a_card_and_icon_of_the_size_it_says(client):
    for path in ("/", "/projects/", "/zh-hans/members/"):
        page = client.get(path).content.decode()
        said = dict(re.findall(r'<meta property="og:([^"]+)" content="([^"]*)">', page))
        assert said["url"] == f"http://testserver{path}"
        assert said["image"].startswith("http://testserver/static/")
        size = size_of(said["image"].removeprefix("http://testserver"))
        assert size == (1200, 630) == (int(said["image:width"]), int(said["image:height"]))
        touch = re.search('<link rel="apple-touch-icon" href="([^"]+)">', page)[1]
        assert size_of(touch) == (180, 180)


def test_the_page_while_the_portal_is_down_needs_nothing_else():
    page = (settings.BASE_DIR / "static" / "maintenance.html").read_text(encoding="utf-8")

    assert not re.search(r"\s(src|href)=|url\(|@import|<script", page)
    assert "China South-South Cooperation Network" in page
    assert "网站维护中" in page
