"""Fields that read numbers, months and days as people write them, on a Chinese keyboard too."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sscnet.core.i18n.numbers import read_number

from .fields import IsoDateInput

MONTHS = [
    re.compile(r"(?P<year>\d{4})\s*[-./年]\s*(?P<month>\d{1,2})\s*月?", re.ASCII),
    re.compile(r"(?P<month>\d{1,2})\s*[-./]\s*(?P<year>\d{4})", re.ASCII),
]


def plain(text: str) -> str:
    """Fold full-width digits and signs, as a Chinese keyboard types them."""
    return unicodedata.normalize("NFKC", text).strip()


class WholeNumberField(forms.IntegerField):
    """A whole number as people write it: 35000, 35,000, 35 000."""

    widget = forms.TextInput
    wrong = _("Write a whole number, like 1,200.")
    nothing = None
    most = 2**31 - 1
    too_much = _("This number is too large.")

    def __init__(self, **kwargs):
        kwargs |= {"required": False, "min_value": 0}
        super().__init__(**kwargs)
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def to_python(self, value):
        if isinstance(value, int):
            return value
        if not plain(value or ""):
            return self.nothing
        number = read_number(value)
        # 35.000 may be meant as 35,000.
        if number is None or number % 1 or number.as_tuple().exponent < -2:
            raise ValidationError(self.wrong)
        if number > self.most:
            raise ValidationError(self.too_much)
        return int(number)

    def prepare_value(self, value):
        return f"{value:,}" if isinstance(value, int) and value != self.nothing else value or ""


class MonthField(forms.CharField):
    """A month: 2027-04, 2027/4, 04/2027 or 2027年4月."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs | {"required": False, "max_length": 20})
        self.widget.attrs["autocomplete"] = "off"

    def to_python(self, value):
        text = plain(super().to_python(value))
        if not text:
            return ""
        for pattern in MONTHS:
            if (match := pattern.fullmatch(text)) and 1 <= int(match["month"]) <= 12:
                return f"{match['year']}-{int(match['month']):02}"
        raise ValidationError(_("Write a month like 2027-04."))


class DayAsTypedField(forms.DateField):
    """A day: 2027-04-21, 2027/4/21 or 2027年4月21日."""

    def __init__(self, **kwargs):
        formats = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]
        widget = IsoDateInput({"type": "text", "autocomplete": "off"})
        super().__init__(**{"required": False, "input_formats": formats, "widget": widget} | kwargs)
        self.error_messages["invalid"] = _("Write a date like 2027-04-21.")

    def to_python(self, value):
        return super().to_python(plain(value) if isinstance(value, str) else value)


class PastDayField(DayAsTypedField):
    """A day that has come."""

    def validate(self, value):
        super().validate(value)
        if value and value > timezone.localdate():
            raise ValidationError(_("This day is in the future."))
