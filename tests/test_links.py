"""From home by links: all public pages in four clicks, no broken link, none outside the sitemap.

Each has at least two ways on, besides its menu and footer.

All pages of lists are read for links, as the way to the records goes there; of other kinds of page
(by view and parameters) some are opened, with PROOF=1 all, in both languages and in each world.
"""

import os
import re
from collections import Counter
from html import unescape
from itertools import product
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import timezone

from secretariat.setup.sample.stock import make_sample
from tests import make

PROOF = bool(os.environ.get("PROOF"))
MOST_CLICKS = 4
LEAST_WAYS_ON = 2
MOST_OF_A_KIND = 10_000 if PROOF else 1
WORLDS = [*product([True, False], repeat=2)] if PROOF else [(True, False)]
CHINESE = "/zh-hans"
HOMES = ["/", f"{CHINESE}/"] if PROOF else ["/"]
WITH_SAMPLES = ["projects/?samples=1", "members/?samples=1", "meetings/?samples=1"]

LINK = re.compile(r'<(a|link)\b[^>]*?\shref="([^"]*)"')
QUERY_LINK = re.compile(r'(<a\b[^>]*?\shref="((?!https?:)[^"]*\?[^"]*)"[^>]*>)')
MAIN = re.compile(r"<main\b.*</main>", re.DOTALL)
ID = re.compile(r'\sid="([^"]+)"')
NO_INDEX = re.compile(r'<meta name="robots" content="[^"]*noindex')
LOCATION = re.compile(r"<loc>http://testserver([^<]+)</loc>")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("network")]


class LinkWalk:
    """Read pages from the first ones on: `clicks` to each, `broken` links, `pages` to be found.

    `dead_ends` are pages to be found with fewer than two ways on, `followed` links to filtered or
    sorted lists that robots are not asked to leave alone.
    """

    def __init__(self, *firsts):
        self.client = Client(raise_request_exception=False)
        self.prefix = CHINESE if firsts[0].startswith(CHINESE) else ""
        self.clicks = dict.fromkeys(firsts, 0)
        self.opened, self.kinds, self.broken, self.pages = set(), Counter(), [], set()
        self.dead_ends, self.followed = [], set()
        waiting = [*firsts]
        for address in waiting:
            waiting += self.read(address)

    def read(self, address):
        """Read a page; return the pages that it leads to first."""
        text = self.open(address, address)
        if text and not NO_INDEX.search(text) and "?" not in address:
            self.pages.add(address)
            if len(ways_on(address, text)) < LEAST_WAYS_ON:
                self.dead_ends.append(address)
        ids, found = {"", *ID.findall(text)}, []
        for whole, href in QUERY_LINK.findall(text):
            names = {*parse_qs(unescape(href).partition("?")[2])}
            # Pages of accounts are closed to robots; a form of a question names what it is about.
            if not names <= {"page", "next", "set-language", "about"} and "nofollow" not in whole:
                self.followed.add((address, unescape(href)))
        for tag, href in LINK.findall(text):
            link, _hash, fragment = urljoin(address, unescape(href)).partition("#")
            if link == address and fragment not in ids:
                self.broken.append((address, href))
            if not link.startswith("/") or link.startswith(("//", "/static/")):
                continue
            if tag == "a" and self.is_page(link) and link not in self.clicks:
                self.clicks[link] = self.clicks[address] + 1
                if self.is_wanted(link):
                    found.append(link)
            elif link not in self.clicks and link not in self.opened and self.is_wanted(link):
                self.open(link, address)
        return found

    def is_page(self, link):
        """Return whether a page of this language is meant: a list filtered or sorted is another."""
        parts = urlsplit(link)
        is_same = parts.path.startswith(f"{CHINESE}/") == bool(self.prefix)
        return is_same and parse_qs(parts.query).keys() <= {"page"}

    def is_wanted(self, link):
        """Return whether to open it: each page of a list, of another kind only some."""
        parts = urlsplit(link)
        try:
            match = resolve(parts.path.removeprefix(CHINESE) or "/")
        except Resolver404:
            return True
        names = frozenset(parse_qs(parts.query))
        kind = (match.view_name, names, parts.path.startswith(f"{CHINESE}/"))
        self.kinds[kind] += 1
        is_list = not match.kwargs and names <= {"page"}
        return is_list or self.kinds[kind] <= MOST_OF_A_KIND

    def open(self, link, from_page):
        self.opened.add(link)
        response = self.client.get(link, follow=True)
        if response.status_code != 200:
            self.broken.append((from_page, link, response.status_code))
        content = b"".join(response) if response.streaming else response.content
        is_page = response.get("Content-Type", "").startswith("text/html")
        return content.decode() if is_page else ""


def ways_on(address, text):
    """Return the other pages of the portal that the contents of a page lead to."""
    found = LINK.findall(MAIN.search(text)[0])
    links = {urljoin(address, unescape(href)).partition("#")[0] for _tag, href in found}
    return {link for link in links if link.startswith("/")} - {address}


@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize(("has_iati", "has_samples"), WORLDS)
def test_links_lead_everywhere_and_nowhere_wrong(home, has_iati, has_samples, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    if has_iati:
        settings.IATI_REGISTRATION_AGENCY = "XI-ROR"
        settings.IATI_REPORTING_ORG_REF = "XI-ROR-example"
        settings.IATI_REPORTING_ORG_NAME = "Example Centre"
        settings.IATI_REPORTING_ORG_TYPE = "10"
    if has_samples:
        make_sample()
    make.Page(kind="news", since=timezone.localdate(), state="published")
    walk = LinkWalk(home)
    sitemap = set(LOCATION.findall(Client().get("/sitemap.xml").content.decode()))
    here = {one for one in sitemap if one.startswith(CHINESE) == home.startswith(CHINESE)}

    assert walk.broken == []
    assert walk.dead_ends == []
    assert walk.followed == set()
    assert {one for one in here if walk.clicks.get(one, 99) > MOST_CLICKS} == set()
    assert walk.pages - here == set()
    if PROOF and has_samples:
        assert LinkWalk(*(home + one for one in WITH_SAMPLES)).broken == []
