"""What every page may say about the Network: its pages and its dated figures."""

from django import template

from ..models import DatedFigure, Page

register = template.Library()


@register.simple_tag
def network_pages():
    """Give the pages of the Secretariat in the order of its menu."""
    return Page.objects.published().defer("body")


@register.simple_tag
def dated_figure(figure):
    """Give the newest statement of a figure, or None."""
    return DatedFigure.objects.newest_of(figure)
