"""Undefined names in Jinja2 pages."""

from jinja2 import StrictUndefined


class NotGiven(StrictUndefined):
    """An error wherever it is used, except a dict's missing key as a condition: `{% if a.key %}`.

    The templates of Django's own widgets do that with their attributes.
    """

    def __bool__(self):
        return False if isinstance(self._undefined_obj, dict) else super().__bool__()
