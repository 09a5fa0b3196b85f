"""Languages on a page: which one a text is in, and the same page in another one.

`{% with t=project|translated:"title" %}<h1{{ t.lang }}>{{ t }}</h1>{{ t.label }}{% endwith %}`
"""

from django import template
from django.conf import settings
from django.utils.translation import get_language

from .. import texts

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
    request = context["request"]
    return request.build_absolute_uri(in_language(request.path, language or get_language()))


@register.simple_tag(takes_context=True)
def address_in(context, language):
    """Give the address of this page, its query included, in another language."""
    return in_language(context["request"].get_full_path(), language)


def in_language(path, language):
    """Put a path under the prefix of a language; works for addresses that lead nowhere, too."""
    for code, _name in settings.LANGUAGES:
        if path.startswith(f"/{code}/"):
            path = path.removeprefix(f"/{code}")
    return path if language == settings.LANGUAGE_CODE else f"/{language}{path}"
