"""Labels of fields that a record has in several languages."""

from collections.abc import Sequence

from django.apps import apps
from django.conf import settings
from django.utils.functional import lazystr
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslatedVirtualField, TranslationField
from modeltrans.utils import build_localized_fieldname

IN_LANGUAGE = {"en": _("{field} (English)"), "zh-hans": _("{field} (Chinese)")}


def each_language(field: str) -> tuple[str, ...]:
    """Return the fields of a text in each of the portal's languages: title, title_zh_hans."""
    return tuple(
        field if code == settings.LANGUAGE_CODE else build_localized_fieldname(field, code)
        for code, _name in settings.LANGUAGES
    )


def own_language_first(names: Sequence) -> list:
    """Return fields in their order, but of a text in several languages the reader's first.

    An item may be several fields that stand in one line.
    """
    codes = [code for code, _name in settings.LANGUAGES]
    here = get_language()
    own = codes.index(here) if here in codes else 0
    texts = [without_language(name) if isinstance(name, str) else "" for name in names]

    def place(name) -> tuple[int, bool]:
        if not isinstance(name, str):
            return names.index(name), False
        text = without_language(name)
        return texts.index(text), name != each_language(text)[own]

    lines = sorted(names, key=place)
    return [line if isinstance(line, str) else own_language_first(line) for line in lines]


def without_language(name: str) -> str:
    """Return the field that a text belongs to: title_zh_hans is a title."""
    for code, _name in settings.LANGUAGES:
        name = name.removesuffix(build_localized_fieldname("", code))
    return name


def with_language(label, code: str):
    """Return the label of a field's language, the language's own name where it has none."""
    if code in IN_LANGUAGE:
        return format_lazy(IN_LANGUAGE[code], field=label)
    return format_lazy("{field} ({language})", field=label, language=dict(settings.LANGUAGES)[code])


def translated_fields(model) -> set[str]:
    """Name the fields of a model that have a value in each language."""
    fields = (field for field in model._meta.fields if isinstance(field, TranslationField))
    return {name for field in fields for name in field.fields}


def is_translation(field) -> bool:
    """Return whether the field holds the value of one language, as `title_zh_hans` does."""
    return isinstance(field, TranslatedVirtualField) and field.language is not None


def name_translations() -> None:
    """Let each translated field say its language; modeltrans writes a code: title (ZH-HANS)."""
    for model in apps.get_models():
        for field in filter(is_translation, model._meta.private_fields):
            field.verbose_name = field_label(field)


def field_label(field):
    """Return the field's name in the reader's language, with its own language where it has one."""
    if is_translation(field):
        return with_language(field.original_field.verbose_name, field.language)
    if field.name in translated_fields(field.model):
        return with_language(field.verbose_name, settings.LANGUAGE_CODE)
    return lazystr(field.verbose_name)
