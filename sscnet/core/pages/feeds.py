"""Feeds in Atom (RFC 4287), in pages (RFC 5005): any list of public records that know when they
changed.

What a feed says of an entry changes only when the record does, so that readers see no old news.
"""

from datetime import UTC, datetime

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Max
from django.http import HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language, gettext

from ..i18n.texts import language_tag
from ..parsing.xml import writable
from ..records import samples

PER_PAGE = 50
# When a list changed that was always empty.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class ListFeed(Atom1Feed):
    """A page of a list. `query` is the list as an address without a page: "?country=VN" or "".

    `updated`: when anything in the whole list changed last.
    """

    def __init__(self, *, title: str, path: str, list_path: str, query: str, page, updated):
        self.address, self.page, self.updated = f"{path}{query}", page, updated
        super().__init__(
            title=title,
            link=full(f"{list_path}{query}"),
            description=None,
            language=language_tag(get_language()),
            author_name=gettext("China South-South Cooperation Network"),
            feed_url=self.page_address(page.number),
            # The same for every page of the list.
            feed_guid=full(self.address),
        )

    def latest_post_date(self) -> datetime:
        return self.updated or NEVER

    def add_root_elements(self, handler) -> None:
        super().add_root_elements(handler)
        pages = {"first": 1, "last": self.page.paginator.num_pages}
        if self.page.has_previous():
            pages["previous"] = self.page.previous_page_number()
        if self.page.has_next():
            pages["next"] = self.page.next_page_number()
        for rel, number in pages.items():
            handler.addQuickElement("link", "", {"rel": rel, "href": self.page_address(number)})

    def page_address(self, number: int) -> str:
        mark = "&" if "?" in self.address else "?"
        return full(self.address if number == 1 else f"{self.address}{mark}page={number}")

    def add_record(self, record, *, key: str, summary: str, categories=()) -> None:
        """Add a record. `key` names it for ever, whatever the address of its page is."""
        self.add_item(
            title=writable(str(record)),
            link=full(record.get_absolute_url()),
            description=escape(writable(summary)) or None,
            unique_id=full(key),
            pubdate=record.published_at,
            updateddate=record.updated_at,
            categories=categories,
        )

    def response(self) -> HttpResponse:
        response = HttpResponse(content_type=self.content_type)
        self.write(response, "utf-8")
        return response


def full(path: str) -> str:
    return f"{settings.PORTAL_ADDRESS}{path}"


def plain_feed(request, records, title: str, feed_name: str, list_name: str) -> HttpResponse:
    """Answer with the feed of records that a list without filters shows, the last change first."""
    list_path = reverse(list_name)
    records = records.order_by("-updated_at", "-pk")
    page = Paginator(records, PER_PAGE).get_page(request.GET.get("page"))
    feed = ListFeed(
        title=title,
        path=reverse(feed_name),
        query=samples.keep(""),
        list_path=list_path,
        page=page,
        updated=records.aggregate(at=Max("updated_at"))["at"],
    )
    for record in page:
        key = f"{list_path}#{record.pk}"
        feed.add_record(record, key=key, summary=record.summary_i18n or "")
    return feed.response()
