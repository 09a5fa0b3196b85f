"""A page of a list: how many there are in all, and the addresses of the pages around it."""

from typing import Annotated

from django.core.paginator import Paginator
from django.utils.translation import get_language
from ninja import Field, Schema
from pydantic import StringConstraints

PER_PAGE = 20
MOST = 250
# What the portal can look for: any text but the NUL character, which PostgreSQL cannot hold.
Word = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]


class Paging(Schema):
    page: int = Field(1, ge=1, description="Beyond the end the last page is given")
    per_page: int = Field(PER_PAGE, ge=1, le=MOST, description="How many items a page has")
    # Read by the middleware, for every address; here it is only described.
    lang: Word = Field("", description="en or zh-hans: of headings and messages")


def page_of(request, records, paging: Paging, query: str):
    """Cut the page; give it with what every list says of itself.

    `query` is what else is asked for, as the end of an address: "?country=VN" or "". The language
    is kept.
    """
    if request.GET.get("lang"):
        query = "&".join(filter(None, [query, f"lang={get_language()}"]))
    page = Paginator(records, paging.per_page).get_page(min(paging.page, 10**9))
    links = links_of(request.build_absolute_uri(request.path), page, query)
    known = type(paging).model_fields
    given = [(name, values) for name, values in request.GET.lists() if name not in known]
    return page, {
        "ignored": [{"name": n, "value": value} for n, values in given for value in values],
        "total": page.paginator.count,
        "page": page.number,
        "per_page": paging.per_page,
        "pages": page.paginator.num_pages,
        "links": links,
    }


def links_of(address, page, query):
    def link(number):
        parts = [query.removeprefix("?"), f"per_page={page.paginator.per_page}", f"page={number}"]
        return f"{address}?{'&'.join(part for part in parts if part)}"

    return {
        "first": link(1),
        "last": link(page.paginator.num_pages),
        "prev": link(page.previous_page_number()) if page.has_previous() else None,
        "next": link(page.next_page_number()) if page.has_next() else None,
    }
