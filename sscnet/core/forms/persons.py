"""What is refused in a person's name and telephone number."""

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

# Pictures, which no paper can show.
validate_name = RegexValidator(
    "[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]",
    _("Write the name in letters or characters, without pictures."),
    inverse_match=True,
)
validate_mobile = RegexValidator(
    r"^\+?([ ()./-]*[0-9]){7,15}$",
    _("Write digits, with + and the country’s code for numbers abroad: +86 138 0000 0000."),
)
# The country codes of ITU-T E.164 in use, then the number, perhaps with an extension.
COUNTRY_CODE = (
    r"(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]"
    r"|(2[1-689]|3[578]|42|5[09]|6[789]|8[058]|9[67])[0-9]|99[2-68])"
)
PHONE = rf"^\+{COUNTRY_CODE}([ ()./-]*[0-9]){{6,12}}( *(ext\.?|x|转) *[0-9]{{1,6}})?$"
validate_phone = RegexValidator(
    PHONE, _("Write + and the country’s code, then the number in digits: +86 28 8432 0000.")
)


def is_chinese(text: str) -> bool:
    return any("CJK" in unicodedata.name(sign, "") for sign in text)


def validate_latin(name: str) -> None:
    """Refuse a name in Chinese characters where one in Latin letters belongs."""
    if is_chinese(name):
        raise ValidationError(
            _("Use Latin letters, as in the passport; the Chinese name has a field of its own.")
        )
