"""A figure: what it is called, its numbers with their lists, its definition, what is missing."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext

from sscnet.core.i18n.texts import line_width
from sscnet.core.models.fields import Bound

# As many as a line of a drawing holds.
MOST_LETTERS = 46


@dataclass(frozen=True)
class Number:
    """A number and the address of its list; `key` names the list. None: nothing states it.

    `text` is how it is written where it is not a whole number.
    """

    value: int | Decimal | float | None
    address: str = ""
    key: str = ""
    text: str = ""

    def __str__(self):
        if self.value is None:
            return "–"
        return self.text or number_format(self.value, 0, force_grouping=True)


def bounded(number: Number, bounds: Collection[str]) -> Number:
    """Return a sum of numbers that are exact, at least or about, written as the least exact."""
    words = {Bound.AT_LEAST: gettext("at least %(n)s"), Bound.ABOUT: gettext("about %(n)s")}
    word = next((word for bound, word in words.items() if bound in bounds), None)
    return replace(number, text=word % {"n": number}) if word else number


@dataclass(frozen=True)
class Figure:
    """Numbers with their definition; `stated` of the `whole` state what the first adds up.

    `lang` is the attribute of a label in another language than the page's.
    """

    label: str
    numbers: list[Number]
    definition: str = ""
    whole: Number | None = None
    stated: Number | None = None
    lacking: Number | None = None
    lang: str = ""

    @property
    def number(self) -> Number:
        return self.numbers[0]

    @property
    def short_label(self) -> str:
        """Shorten what does not fit in a line; SVG would let it run out of the drawing."""
        text = self.label
        if line_width(text) <= MOST_LETTERS:
            return text
        while line_width(text) >= MOST_LETTERS:
            text = text[:-1]
        return f"{text.rstrip()}…"
