"""The languages of the portal in templates of Django's."""

from django import template
from django.conf import settings

from ..i18n import addresses, texts

register = template.Library()


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
