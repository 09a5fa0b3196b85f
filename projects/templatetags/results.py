"""A project as the lists show it, wherever one stands: `{% result project %}`."""

from django import template
from django.utils.safestring import mark_safe

from ..results import Shown, html_of

register = template.Library()


@register.simple_tag
def result(project):
    return mark_safe(html_of(Shown.of(project)))
