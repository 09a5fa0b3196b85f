"""Languages on a page: which one a text is in, and the same page in another one.

`{% with t=project|translated:"title" %}<h1{{ t.lang }}>{{ t }}</h1>{{ t.label }}{% endwith %}`
"""

from django import template
from django.conf import settings

from .. import addresses, texts

register = template.Library()


@register.filter
def translated(record, field):
    """Give a text of the record, or an empty one where there is no record."""
    return texts.translated(record, field) if record else texts.Text()


@register.filter
def guessed(value):
    """Mark a text that is in one language only for the language of its characters."""
    return texts.guessed(str(value)).marked


@register.filter
def language_tag(language):
    return texts.language_tag(language or settings.LANGUAGE_CODE)


@register.simple_tag
def languages():
    """Give the codes and names of the portal's languages."""
    return settings.LANGUAGES


@register.simple_tag(takes_context=True)
def absolute_address(context, language=None):
    """Give the full address of this page without its query, in the language asked for."""
    return addresses.absolute_address(context["request"], language)


@register.simple_tag(takes_context=True)
def address_in(context, language):
    """Give the address of this page, its query included, in another language."""
    return addresses.address_in(context["request"], language)
