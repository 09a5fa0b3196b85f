"""Feeds in Atom (RFC 4287), in pages (RFC 5005): any list of public records that know when they
changed.

What a feed says of an entry changes only when the record does, so that nobody is told of old news.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import get_language, gettext

from .i18n.texts import language_tag
from .xml import writable

NAMESPACE = "http://www.w3.org/2005/Atom"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
CONTENT_TYPE = "application/atom+xml; charset=utf-8"
PER_PAGE = 50
# When nothing was ever listed, nothing ever changed.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class FeedEntry:
    """`address` is the record's page; `key` names the record for ever, whatever its page is."""

    key: str
    address: str
    title: str
    summary: str
    published: datetime | None
    updated: datetime
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class Feed:
    """A page of a list. `query` is the list as an address without a page: "?country=VN" or "".

    `updated`: when anything in the whole list changed last.
    """

    title: str
    path: str
    query: str
    list_path: str
    page: Any
    updated: datetime | None


def answer(request, feed: Feed, entries: Iterable[FeedEntry]) -> HttpResponse:
    return HttpResponse(write(feed, entries), content_type=CONTENT_TYPE)


def write(feed: Feed, entries: Iterable[FeedEntry]) -> bytes:
    home = settings.PORTAL_ADDRESS
    root = Element("feed", {"xmlns": NAMESPACE, LANG: language_tag(get_language())})
    # An address that stays: of the list, in this language, whatever page of it is asked for.
    text(root, "id", f"{home}{feed.path}{feed.query}")
    text(root, "title", feed.title)
    text(root, "updated", moment(feed.updated or NEVER))
    SubElement(text(root, "author", ""), "name").text = gettext(
        "China South-South Cooperation Network"
    )
    link(root, "alternate", f"{home}{feed.list_path}{feed.query}", "text/html")
    for rel, number in pages_around(feed.page):
        link(root, rel, f"{home}{feed.path}{with_page(feed.query, number)}", "application/atom+xml")
    for entry in entries:
        add_entry(root, entry, home)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="utf-8") + b"\n"


def pages_around(page) -> Iterator[tuple[str, int]]:
    yield "self", page.number
    yield "first", 1
    yield "last", page.paginator.num_pages
    if page.has_previous():
        yield "previous", page.previous_page_number()
    if page.has_next():
        yield "next", page.next_page_number()


def with_page(query: str, number: int) -> str:
    if number == 1:
        return query
    return f"{query}&page={number}" if query else f"?page={number}"


def add_entry(root: Element, entry: FeedEntry, home: str) -> None:
    element = SubElement(root, "entry")
    text(element, "id", f"{home}{entry.key}")
    text(element, "title", entry.title)
    text(element, "updated", moment(entry.updated))
    if entry.published:
        text(element, "published", moment(entry.published))
    link(element, "alternate", f"{home}{entry.address}", "text/html")
    if entry.summary:
        text(element, "summary", entry.summary)
    for term in entry.categories:
        SubElement(element, "category", {"term": term})


def text(parent: Element, name: str, content: str) -> Element:
    element = SubElement(parent, name)
    element.text = writable(content)
    return element


def link(parent: Element, rel: str, address: str, kind: str) -> None:
    SubElement(parent, "link", {"rel": rel, "href": address, "type": kind})


def moment(at: datetime) -> str:
    """Write a full date and time as RFC 3339 wants it."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
