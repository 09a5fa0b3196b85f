"""What every page may say about the Network: the pages about it, and its dated figures."""

from functools import lru_cache

from sscnet.core.database import stamps

from ..models import DatedFigure, Page


def pages_of_menu(request) -> list[Page]:
    """Return the published pages of the Secretariat in the order of the footer."""
    return published_pages(stamps.of_request(request)[stamps.PAGES])


def newest_figure(request, figure: str) -> DatedFigure | None:
    """Return the newest statement of a figure, with its sources, or None."""
    looked = stamps.of_request(request)
    return newest(figure, stamps.stamp_of((stamps.PAGES, stamps.SOURCES), looked))


# Every page asks for them: they are read once for each state of the records.


@lru_cache(maxsize=2)
def published_pages(_stamp: str) -> list[Page]:
    return list(Page.objects.published().of_menu().defer("body"))


@lru_cache(maxsize=20)
def newest(figure: str, _stamp: str) -> DatedFigure | None:
    rows = DatedFigure.objects.prefetch_related("sources").filter(figure=figure)
    return rows.order_by("-as_of").first()
