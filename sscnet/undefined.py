"""What a page meets that it was not given."""

from jinja2 import StrictUndefined


class NotGiven(StrictUndefined):
    """An error wherever it is used. Only whether a dict has a key may be asked: `{% if a.key %}`.

    The templates of Django's own widgets ask that of their attributes.
    """

    def __bool__(self):
        return False if isinstance(self._undefined_obj, dict) else super().__bool__()
