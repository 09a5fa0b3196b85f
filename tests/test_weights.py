"""How heavy pages are on the way to a reader, compressed as the portal's server sends them."""

import gzip
import re
from html.parser import HTMLParser

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.utils import translation

from meetings.models import Meeting
from members.models import Institution
from projects.models import Project

pytestmark = pytest.mark.django_db

KB = 1000


class Files(HTMLParser):
    """The files a browser loads with a page."""

    def __init__(self, html):
        super().__init__()
        self.found = set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag in ("script", "img"):
            self.found.add(attrs.get("src"))
        if tag == "link" and attrs.get("rel") in ("stylesheet", "icon"):
            self.found.add(attrs["href"])
        self.found.discard(None)


def visit(client, address):
    """Give the weight of the page itself, and of each file it names."""
    response = client.get(address)
    assert response.status_code == 200
    files = Files(response.content.decode()).found
    return len(gzip.compress(response.content, 6)), {
        name: weight(name) if name.startswith("/static/") else len(client.get(name).content)
        for name in files
    }


def weight(name):
    """Compress a static file as WhiteNoise does: the lighter of gzip and brotli."""
    path = finders.find(name.removeprefix("/static/"))
    assert path, f"{name} is no static file of ours"
    with open(path, "rb") as file:
        content = file.read()
    if re.search(r"\.(webp|png|jpe?g|woff2)$", name):
        return len(content)
    return min(len(gzip.compress(content, 9)), len(brotli.compress(content)))


def whole(visited):
    page, files = visited
    return page + sum(files.values())


@pytest.mark.parametrize("language", ["", "/zh-hans"])
def test_first_visits_are_light_and_later_pages_bring_little(network, client, language):
    page, known = visit(client, language + "/")
    assert whole((page, known)) <= 90 * KB
    assert whole(visit(client, language + "/projects/")) <= 90 * KB
    heavy = {}

    for address in later_pages():
        page, files = visit(client, language + address)
        new = page + sum(files[name] for name in files.keys() - known.keys())
        if new > 30 * KB:
            heavy[address] = new

    assert heavy == {}


@translation.override("en")
def later_pages():
    return [
        Project.objects.published().first().get_absolute_url(),
        Institution.objects.published().first().get_absolute_url(),
        Meeting.objects.published().first().get_absolute_url(),
        *["/projects/?country=VN", "/projects/?view=table", "/members/", "/meetings/"],
        *["/about/", "/about/accessibility/", "/about/data/", "/ask/", "/accounts/login/"],
    ]


def test_all_scripts_and_all_styles_are_light(network, client):
    files = {}
    for address in ["/", "/projects/", *later_pages()]:
        files |= visit(client, address)[1]

    assert sum(size for name, size in files.items() if name.endswith(".js")) <= 25 * KB
    assert sum(size for name, size in files.items() if name.endswith(".css")) <= 20 * KB
