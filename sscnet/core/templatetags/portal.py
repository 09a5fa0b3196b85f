"""What all templates in Django's language have: settings.TEMPLATES makes it a part of it."""

from django import template
from django.conf import settings
from django.template.defaulttags import CsrfTokenNode
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from ..forms.kept_posts import person_input
from ..i18n import addresses, texts

register = template.Library()


@register.simple_tag(takes_context=True)
def csrf_token(context):
    """Return what Django's tag does, with whose form it is beside the token."""
    return format_html(
        "{}{}", CsrfTokenNode().render(context), person_input(context.get("request"))
    )


@register.simple_tag(takes_context=True)
def frame(context, page):
    """Return a page in Jinja2 that is given all that this one has, around pages of packages."""
    # What Jinja2 gives is not marked as HTML.
    return mark_safe(render_to_string(page, context.flatten(), request=context["request"]))


@register.filter
def language_tag(language):
    return texts.language_tag(language or settings.LANGUAGE_CODE)


@register.simple_tag
def languages():
    """Return the codes and names of the portal's languages."""
    return settings.LANGUAGES


@register.simple_tag(takes_context=True)
def absolute_address(context, language=None):
    """Return the full address of this page without its query, in the language asked for."""
    return addresses.absolute_address(context["request"], language)


@register.simple_tag(takes_context=True)
def address_in(context, language):
    """Return the address of this page, its query included, in another language."""
    return addresses.address_in(context["request"], language)
