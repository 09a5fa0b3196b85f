"""What every page may say about the Network: its pages and its dated figures."""

from django import template

from ..models import DatedFigure, Page

register = template.Library()


def pages_of_menu():
    """Return the published pages of the Secretariat in the order of the footer."""
    return Page.objects.published().defer("body")


def newest_figure(figure):
    """Return the newest statement of a figure, or None."""
    return DatedFigure.objects.newest_of(figure)


@register.simple_tag
def network_pages():
    return pages_of_menu()


@register.simple_tag(takes_context=True)
def included_once(context, template, *key):
    return context.template.engine.get_template(template).render(context)
