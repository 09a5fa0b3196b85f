"""What no new password may be made of, beside what Django's own validators refuse."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# What somebody would try first who knows which portal this is.
WORDS = ("sscnet", "southsouth", "pgtf", "perezguerrero", "cooperation", "hezuowang", "nannan")


class NetworkWordsValidator:
    """Refuse passwords with a word that stands for this portal."""

    def validate(self, password, user=None):
        letters = "".join(character for character in password.casefold() if character.isalpha())
        if any(word in letters for word in WORDS):
            raise ValidationError(self.get_help_text(), code="password_of_network")

    def get_help_text(self):
        return _("Your password can’t contain the name of the Network, the Fund or the portal.")
