"""What is refused in a person's name and telephone number."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOBILE = re.compile(r"\+?[0-9][0-9 ()./-]{5,28}")
LEAST_DIGITS = 7


def validate_name(name: str) -> None:
    """Refuse pictures and signs without a letter: no paper can show them."""
    if any(unicodedata.category(sign) in ("So", "Cs") for sign in name):
        raise ValidationError(_("Write the name in letters or characters, without pictures."))


def validate_mobile(number: str) -> None:
    if not MOBILE.fullmatch(number) or sum(map(str.isdigit, number)) < LEAST_DIGITS:
        text = _(
            "Write digits, with + and the country’s code for numbers abroad: +86 138 0000 0000."
        )
        raise ValidationError(text)
