"""What every page may say about the Network: its pages and its dated figures."""

from django import template
from django.utils.translation import get_language
from projects.unchanged import catalogue_of

from ..models import DatedFigure, Page

register = template.Library()


def pages_of_menu():
    """Return the published pages of the Secretariat in the order of the footer."""
    return Page.objects.published().defer("body")


def newest_figure(figure):
    """Return the newest statement of a figure, or None."""
    return DatedFigure.objects.newest_of(figure)


@register.simple_tag(takes_context=True)
def network_pages(context):
    """Give the pages of the Secretariat in the order of its menu."""
    return kept(context, "pages", lambda: list(Page.objects.published().defer("body")))


@register.simple_tag(takes_context=True)
def dated_figure(context, figure):
    """Give the newest statement of a figure, or None."""
    return kept(context, figure, lambda: DatedFigure.objects.newest_of(figure))


@register.simple_tag(takes_context=True)
def included_once(context, template, *key):
    """Include a template that makes the same of everything but this key and the language."""
    included = context.template.engine.get_template(template)
    return kept(context, (template, *key), lambda: included.render(context))


def kept(context, name, make):
    """Make once for each state of the records what every page shows; the log tells of it too."""
    catalogue = catalogue_of(context["request"])
    return catalogue.make_once((name, get_language()), make)
