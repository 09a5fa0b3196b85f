"""What the functions of `places` raise; each message can be shown to the user."""

from django.utils.translation import gettext_lazy as _


class PlacesError(Exception):
    """Nothing was changed, and `message` says why."""

    message = _("This is not possible.")

    def __init__(self, message=None):
        self.message = message or self.message
        super().__init__(self.message)

    def __str__(self):
        return str(self.message)


class Busy(PlacesError):
    """Others were quicker for five seconds, or twice; nothing is lost but time."""

    message = _("Many people are registering at the moment. Please send it again.")


class NotPossible(PlacesError):
    """The place is not in a state in which this can be done."""


class TooLate(PlacesError):
    """The time for this is over."""


class BelowTaken(PlacesError):
    """A capacity or quota would be lower than what is taken, and no place is taken away."""
