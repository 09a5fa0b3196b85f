"""What every page may say about the Network: the pages about it, and its dated figures."""

from .models import DatedFigure, Page


def pages_of_menu():
    """Return the published pages of the Secretariat in the order of the footer."""
    return Page.objects.published().defer("body")


def newest_figure(figure: str) -> DatedFigure | None:
    """Return the newest statement of a figure, or None."""
    return DatedFigure.objects.newest_of(figure)
