"""Django's tag for the CSRF token, with whose form it is beside the token."""

from django import template
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html

from ..forms.kept_posts import person_input

register = template.Library()


@register.simple_tag(takes_context=True)
def csrf_token(context):
    return format_html(
        "{}{}", CsrfTokenNode().render(context), person_input(context.get("request"))
    )
