"""Columns of a file: how a cell is read, what a record holds there, how it is written again.

`read` turns a cell into a value or raises ValidationError with the cure; `get` and `set` know where
the value lives in a Draft; `cell` writes it: text, number, date, yes or no, None, or a list of
texts. What `cell` and `words` write, `read` understands: that a file taken away and brought back
changes nothing rests on it.
"""

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from django.core.exceptions import ValidationError
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sscnet.core.i18n.labels import field_label, with_language
from sscnet.core.i18n.numbers import read_number
from sscnet.core.models.fields import validate_partial_date
from sscnet.core.parsing.sheet_rows import MOST_IN_CELL

from .codes import CodeList, in_every_language
from .sheets import EMPTY_MARKS, as_text, plain

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
YEAR_FIRST = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?|月)?")


def line(cell) -> str:
    """Return the text of a cell in one line, full-width letters and digits made narrow."""
    return " ".join(unicodedata.normalize("NFKC", plain(as_text(cell).strip())).split())


def tidy(text: str | None) -> str:
    """Return a text as files and forms share it: one kind of line end, no control characters."""
    text = normalize_newlines((text or "").replace("_x000D_\n", "\n"))
    return CONTROLS.sub("", text).strip()


def alike(cell) -> str:
    """Return the text of a cell as it is in every format: 85000.00 is 85000."""
    return re.sub(r"\.0+$", "", re.sub(r"\s*[;\n]\s*", "; ", plain(as_text(cell).strip())))


def is_dash(cell) -> bool:
    return isinstance(cell, str) and cell.strip() in EMPTY_MARKS


class FieldColumn:
    """A column of a field of the record itself; `column_name` is its name in the file.

    `type` is that of a Frictionless table schema. What is not `is_public` only officers get.
    """

    column_name = ""
    model = None
    type = "string"
    # What makes the code list of its values.
    codes: Callable[[], CodeList] | None = None
    is_public, is_reported = True, True

    empty = None
    how = ""
    # What the first row of an office's own sheet may call it besides.
    also_called = ()
    # Of columns that say something of a record's links: which ones.
    links = None

    def __init__(self, attribute=None, *, label=None, how=None, example="", readonly=False):
        self.attribute, self.readonly = attribute, readonly
        self.given_label, self.example = label, example
        self.how = how or self.how

    @property
    def label(self):
        if self.given_label or not self.attribute:
            return self.given_label or self.column_name
        return field_label(self.model._meta.get_field(self.attribute.removesuffix("_id")))

    def headings(self) -> list[str]:
        """List what the first row of a file may call it: its name, its label in each language."""
        name = self.column_name
        long = [f"{name}_hans"] if name.endswith("_zh") else []
        return [name, *long, *in_every_language(self.label), *self.also_called]

    def read(self, cell, draft):
        raise NotImplementedError

    def get(self, draft):
        return getattr(draft.instance, self.attribute)

    def set(self, draft, value):
        setattr(draft.instance, self.attribute, value)

    def same(self, old, new) -> bool:
        return old == new

    def cell(self, value, draft):
        return None if value == "" else value

    def words(self, value, draft):
        """Return the cell for readers: names instead of codes."""
        return self.cell(value, draft)


class KeyColumn(FieldColumn):
    """What the portal gives once, and a row only names; in an empty database it `is_given`."""

    is_given = False

    def read(self, cell, draft):
        return line(cell) if self.is_given and draft.is_new else self.get(draft)

    def get(self, draft):
        return None if draft.is_new else super().get(draft)


class ShownColumn(FieldColumn):
    """What follows from the record, and no file changes: `value` is a function of the record.

    What a file says instead is passed over with a warning, unless it says nothing of the record
    that other columns do not (`is_reported`).
    """

    def __init__(self, value, *, type="string", is_reported=True, **kwargs):
        super().__init__(readonly=True, **kwargs)
        self.value, self.type, self.is_reported = value, type, is_reported

    def read(self, cell, draft):
        return alike(cell)

    def get(self, draft):
        return None if draft.is_new else self.value(draft.instance)

    def same(self, old, new):
        return old is None or alike(old) == new


class NamesColumn(ShownColumn):
    """The names in one language of what another column has the codes of."""

    def __init__(self, column, language):
        super().__init__(None, is_reported=False)
        self.column, self.language = column, language

    @property
    def label(self):
        return with_language(self.column.label, self.language)

    def get(self, draft):
        value = self.column.get(draft)
        name = partial(draft.lists[self.column.codes].name, language=self.language)
        if not isinstance(value, tuple | list):
            return name(value)
        names = [name(one) for one in value]
        return names if self.column.is_several else next(iter(names), None)


class TextColumn(FieldColumn):
    """Text of one or several lines. An empty translation is left out of `i18n`."""

    empty = ""
    how = gettext_lazy("Text.")

    def read(self, cell, draft):
        if "\0" in (text := as_text(cell)):
            raise ValidationError(_("The text contains a NUL character. Write it again."))
        return tidy(plain(text.strip()))

    def get(self, draft):
        return tidy(super().get(draft))

    def set(self, draft, value):
        is_translation = not draft.model._meta.get_field(self.attribute).concrete
        super().set(draft, None if is_translation and not value else value)

    def same(self, old, new):
        # The cell of a workbook holds no more of a long text; its mark may take a character.
        return old == new or (len(new) > MOST_IN_CELL - 100 and old.startswith(new))


class SlugColumn(TextColumn):
    """The last part of the page's address: it finds a record, and may name a new one."""

    def read(self, cell, draft):
        return line(cell).lower() if draft.is_new else draft.instance.slug


class WebsiteColumn(TextColumn):
    how = gettext_lazy("An address that starts with https:// or http://.")

    def read(self, cell, draft):
        text = super().read(cell, draft)
        return text if "://" in text else f"https://{text}"


class CodeColumn(FieldColumn):
    """A code or name of a list; `codes` makes the list."""

    is_several = False
    how = gettext_lazy("A code of the list. A name is understood too, in English or Chinese.")

    def __init__(self, attribute, codes, **kwargs):
        super().__init__(attribute, **kwargs)
        self.codes = codes

    def read(self, cell, draft):
        return draft.lists[self.codes].find(line(cell))

    def cell(self, value, draft):
        return None if value is None else draft.lists[self.codes].codes.get(value, str(value))

    def words(self, value, draft):
        return draft.lists[self.codes].word(value)


class ChoiceColumn(CodeColumn):
    """A choice of the field's own."""

    empty = ""

    # "Not stated" is an empty cell, not a word.
    cell = FieldColumn.cell


class YesNoColumn(FieldColumn):
    """Yes or no; `empty` is None where neither may be known."""

    type = "boolean"
    empty = False
    how = gettext_lazy("yes or no.")

    def read(self, cell, draft):
        words = {"yes": True, "是": True, "true": True, "1": True}
        words |= {"no": False, "否": False, "false": False, "0": False}
        try:
            return words[line(cell).casefold()]
        except KeyError:
            raise ValidationError(_("Write yes or no.")) from None


class NumberColumn(FieldColumn):
    """A whole number, zero or more; 29,000 is understood."""

    type = "integer"
    how = gettext_lazy("A whole number, such as 29000.")
    cure = gettext_lazy("Write a whole number without a sign, such as 29000.")

    def read(self, cell, draft):
        number = self.decimal(cell)
        if number != number.to_integral_value() or number > 2**31:
            raise ValidationError(self.cure)
        return int(number)

    def decimal(self, cell) -> Decimal:
        if isinstance(cell, bool | date):
            raise ValidationError(self.cure)
        if isinstance(cell, float) and math.isfinite(cell):
            # 29000.1 is kept in a sheet as 29000.099999999999.
            cell = str(round(cell, 6))
        number = read_number(line(cell))
        if number is None:
            raise ValidationError(self.cure)
        return number


class AmountColumn(NumberColumn):
    type = "number"
    how = gettext_lazy("An amount in US dollars, such as 29000 or 29000.50.")
    cure = gettext_lazy(
        "Write an amount without a sign and with a point, such as 29000 or 29000.50."
    )

    def read(self, cell, draft):
        amount = self.decimal(cell)
        # 29.000 is thirty thousand less one to some, and twenty-nine to others.
        if amount != round(amount, 2) or re.search(r"\.\d{3}", line(cell)):
            raise ValidationError(self.cure)
        return amount


class DateColumn(FieldColumn):
    type = "date"
    how = gettext_lazy("A date, such as 2019-05-12.")
    cure = gettext_lazy("Write the date as 2019-05-12.")

    def read(self, cell, draft):
        if isinstance(cell, datetime):
            return cell.date()
        if isinstance(cell, date):
            return cell
        match = YEAR_FIRST.fullmatch(line(cell))
        try:
            return date(*(int(part) for part in match.groups()))
        except (AttributeError, TypeError, ValueError):
            raise ValidationError(self.cure) from None


class PartialDateColumn(FieldColumn):
    """A year, a month or a day; kept as text."""

    empty = ""
    how = gettext_lazy("A year, a month or a day: 2019, 2019-05 or 2019-05-12.")

    def read(self, cell, draft):
        text = line(cell)
        if match := YEAR_FIRST.fullmatch(text):
            text = "-".join(part.zfill(2) for part in match.groups() if part)
        validate_partial_date(text.removesuffix("年"))
        return text.removesuffix("年")
