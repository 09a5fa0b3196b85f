"""What a list is declared by: its facets and the orders it can stand in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# In an address: the records for which this is not stated.
NOT_STATED = "none"
SEARCH = "q"
MOST_SEARCH_CHARACTERS = 200
SORT = "sort"
PAGE = "page"
# How the list is shown, not what is in it; they stay in the address.
SHOWN_AS = ("view", "columns")

Text = str | Promise


@dataclass(frozen=True, eq=False)
class Facet:
    """A filter of several values, with a number beside each.

    `pairs` says where it is read from, in a form that the list's own engine understands.

    `labels` gives the words of all codes that may stand in the address, in the page's language.
    `phrase` is the facet's part of the heading ("in %(values)s"). `is_name`: the words are names
    and keep their capital inside a sentence. `order` sorts the values, else the commonest stands
    first. `ranged` lets the address say `<name>_from` and `<name>_to` as well. `qualifies` names
    the facet whose values it narrows when both are ticked: an institution *in this role*, not a
    project of the institution where somebody has the role.
    """

    name: str
    label: Text
    pairs: Any
    labels: Callable[[], Mapping[str, str]]
    phrase: Text = _("with “%(filter)s”: %(values)s")  # noqa: RUF009
    is_name: bool = True
    order: Callable[[str], object] | None = None
    ranged: bool = False
    qualifies: str = ""

    @property
    def range(self) -> tuple[str, str]:
        return f"{self.name}_from", f"{self.name}_to"

    @property
    def parameters(self) -> tuple[str, ...]:
        return (self.name, *self.range) if self.ranged else (self.name,)


def rows_of(model, code: str, label: str):
    """Take the labels from the rows of a code list."""
    return lambda: {
        str(getattr(row, code)): str(getattr(row, label) or row) for row in model.objects.all()
    }


def choices_of(enum):
    """Take the labels from words that belong to the code; the empty one means not stated."""
    return lambda: {str(code): str(label) for code, label in enum.choices if code != ""}


@dataclass(frozen=True)
class Order:
    """An order of the list; what lacks a value stands last, forwards and backwards.

    In the address a minus turns it round: `sort=-title`. Equal ones stand by id.
    """

    name: str
    label: Text
    label_reversed: Text
    column: str
    is_descending: bool = False
    is_translated: bool = False

    def column_in(self, language: str) -> str:
        return f"{self.column}_{language.replace('-', '_')}" if self.is_translated else self.column
