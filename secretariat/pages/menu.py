"""What every page may say about the Network: the pages about it, and its dated figures."""

from functools import lru_cache

from django.conf import settings

from sscnet.core.database import stamps

from ..models import PRIVACY, DatedFigure, Page

PAGES_OF_SITE = [PRIVACY, "accessibility"]


def facts_of_footer() -> dict:
    """Return what the footer shows; what the settings leave empty has no place there."""
    return {
        "mailbox": settings.PUBLIC_MAILBOX,
        "licence": settings.DATA_LICENCE_ADDRESS and settings.DATA_LICENCE_NAME,
        "licence_address": settings.DATA_LICENCE_ADDRESS,
        "filings": settings.FILINGS,
        "pages_of_site": PAGES_OF_SITE,
    }


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
