"""What a page meets that it was not given."""

from jinja2 import StrictUndefined


class NotGiven(StrictUndefined):
    """An error wherever it is used, but for a key that a dict lacks: one may ask whether it is there.

    The templates of Django's own widgets ask that of their attributes.
    """

    def __bool__(self):
        return False if isinstance(self._undefined_obj, dict) else super().__bool__()
