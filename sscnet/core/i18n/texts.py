"""Texts of records that know the language they are in."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, reduce

from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import get_language, override, pgettext
from django.utils.translation import gettext_lazy as _
from modeltrans.utils import build_localized_fieldname

CHINESE = re.compile("[\u4e00-\u9fff]")
# A Western sentence has forty signs at least: a full stop before is that of a short form.
SENTENCE = re.compile(r".+?(?:(?<=.{40})[.!?][”’)]?(?=\s)|[。！？]”?)", re.DOTALL)
LONGEST_SENTENCE = 220
LONGEST_WORD = 20
IN_LANGUAGE = {"en": _("in English"), "zh-hans": _("in Chinese")}


@dataclass(frozen=True)
class Text:
    """A text of a record with the language it is really in; prints as the text."""

    value: str = ""
    language: str = ""

    def __str__(self):
        return self.value

    def __bool__(self):
        return bool(self.value)

    @property
    def is_other(self):
        """Return whether the page's readers meet another language; a bare number is in none."""
        return self.language != get_language() and any(map(str.isalpha, self.value))

    @property
    def lang(self):
        """Return the attribute for the element around the text, when it is in another language."""
        return lang_attribute(self.language) if self.is_other else ""

    @property
    def language_words(self):
        """Return a few words that name the language, where it is not the page's."""
        if not self.is_other:
            return ""
        return IN_LANGUAGE.get(self.language) or dict(settings.LANGUAGES)[self.language]


class Name(str):
    """A name of one language, with the attribute for the element around it worked out once."""

    __slots__ = ("lang",)

    def __new__(cls, value: str):
        name = super().__new__(cls, value)
        name.lang = guessed(value).lang
        return name


def translated(record, field: str) -> Text:
    """Return a translated field in the page's language, or else in another one that has it.

    Where there is no record there is no text.
    """
    return next(in_page_order(field, *([] if record is None else [record])), Text())


def in_page_order(field: str, *records) -> Iterator[Text]:
    """Return a text of records in each language that has it, first in the page's."""
    for language in sorted(dict(settings.LANGUAGES), key=lambda code: code != get_language()):
        for record in records:
            if value := in_one_language(record, field, language):
                yield Text(value, language)


def guessed(value: str) -> Text:
    """Return a text of unknown language with the language its characters suggest."""
    has_chinese = CHINESE.search(value)
    return Text(value, "zh-hans" if has_chinese else "en")


def translated_or_guessed(record, field: str) -> Text:
    """Return a translation into the page's language, or the text in whatever language it is."""
    original = getattr(record, field)
    text = translated(record, field)
    return guessed(original) if text.value == original else text


def in_one_language(record, field: str, language: str) -> str:
    if language == settings.LANGUAGE_CODE:
        return getattr(record, field)
    # Some names are not translated at all.
    return getattr(record, build_localized_fieldname(field, language), None) or ""


def per_language(make: Callable) -> dict:
    """Return what `make` makes in each of the portal's languages."""
    made = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            made[code] = make()
    return made


def comma_separated(items: Iterable) -> str:
    """Join a short list as the page's language does: with commas, in Chinese with 、."""
    pair = pgettext("two items of a list", "%(first)s, %(second)s")
    texts = [str(item) for item in items]
    return reduce(lambda first, second: pair % {"first": first, "second": second}, texts or [""])


def first_sentence(text: str) -> str:
    """Return the first sentence of a text, cut where it is very long."""
    found = SENTENCE.match(text)
    whole = found[0] if found else text
    cut = cut_at_word(whole, LONGEST_SENTENCE - 1)
    return whole if cut == whole else f"{cut}…"


def cut_at_word(text: str, length: int) -> str:
    """Return the beginning of a text, which ends with a whole word where there are spaces."""
    space = text.rfind(" ", max(0, length - LONGEST_WORD), length + 1)
    return text if len(text) <= length else text[: space if space > 0 else length]


def is_largest_first() -> bool:
    """Return whether places are written from large to small, as in Chinese: 中国浙江杭州."""
    return (get_language() or "").startswith("zh")


def in_place_order(places: Iterable) -> list:
    """Order places, given from small to large, as the page's language writes them."""
    known = [place for place in places if place]
    return known[::-1] if is_largest_first() else known


def place_in_words(places: Iterable) -> str:
    """Write places, given from small to large, in one line: Hangzhou, China; 中国杭州."""
    return ("" if is_largest_first() else ", ").join(map(str, in_place_order(places)))


@cache
def lang_attribute(language: str) -> str:
    return format_html(' lang="{}"', language_tag(language))


def language_tag(language: str) -> str:
    """Return a language's tag as the standard writes it: zh-hans gives zh-Hans."""
    main, hyphen, script = language.partition("-")
    return f"{main}{hyphen}{script.title()}"


def line_width(text: str) -> int:
    """Return the width of a line: a Chinese character counts twice."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)
