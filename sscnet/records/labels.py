"""What fields are called, once a record has the same field in two languages."""

from django.utils.functional import lazystr
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslatedVirtualField

IN_LANGUAGE = {"en": _("{field} (English)"), "zh-hans": _("{field} (Chinese)")}


def translated_fields(model) -> set[str]:
    """Name the fields of a model that have a value in each language."""
    names = (field.name for field in model._meta.private_fields if is_translation(field))
    return {model._meta.get_field(name).original_name for name in names}


def is_translation(field) -> bool:
    """Say whether the field holds the value of one language, as `title_zh_hans` does."""
    return isinstance(field, TranslatedVirtualField) and field.language is not None


def field_label(field):
    """Give the field's name in the reader's language, with its own language where it has one."""
    if is_translation(field):
        return format_lazy(IN_LANGUAGE[field.language], field=field.original_field.verbose_name)
    if field.name in translated_fields(field.model):
        return format_lazy(IN_LANGUAGE["en"], field=field.verbose_name)
    return lazystr(field.verbose_name)
