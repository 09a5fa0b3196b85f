"""Pages of packages, which are in Django's language, in a frame of the site's own, in Jinja2."""

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

register = template.Library()


@register.simple_tag(takes_context=True)
def frame(context, page):
    """Return a page that is given all that this one has."""
    # What Jinja2 gives is not marked as HTML.
    return mark_safe(render_to_string(page, context.flatten(), request=context["request"]))
