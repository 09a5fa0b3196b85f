"""What is refused in a person's name and telephone number."""

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
