"""What the start page of the admin shows above the list of everything."""

from django import template

from .. import start_page

register = template.Library()


@register.simple_tag(takes_context=True)
def what_waits(context):
    """Return the sections of what waits for this officer, each with its numbers."""
    return start_page.what_waits(context["request"])
