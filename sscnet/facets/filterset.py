"""The declaration of a list: a FilterSet of django-filter, whose filters can be counted too.

    class ProjectFilter(ListFilterSet):
        country = ValuesFilter("project_countries__country_id", label=_("Country"))

`listing` is what pages show.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from sscnet.core.pages.statements import RecordReader

from .engine import of_request
from .filters import Order, ValuesFilter
from .listing import Listing
from .params import Text


@dataclass(frozen=True)
class Group:
    """A filter in the panel, with others folded below it under a line of their own."""

    name: str
    fold: Text = ""
    folded: tuple[str, ...] = ()


class ListFilterSet(django_filters.FilterSet):
    """The declaration of a list: its filters, and what else makes it up.

    `topics` are those of the log of changes that the list depends on, `kind_found` the kind of
    documents that its search looks in. `orders`: the first is the usual one; `relevance` is that
    of a search, if it has one. `panel` says which filter stands where, `rare` those asked for
    rarely, which stand last with all that `panel` leaves out. `views` are the ways its page shows
    it, with their names; the first has none in the address. `reading` returns the reader of its
    records. `counted` is the pattern of the heading, `%(n)d` records; `described` that of a list
    with filters in use, which are its `%(phrases)s`.
    """

    topics: tuple[str, ...] = ()
    kind_found = ""
    orders: list[Order] = []
    relevance: Order | None = None
    panel: list[Group] = []
    rare: tuple[str, ...] = ()
    views: dict[str, Text] = {}
    reading: Callable[[], RecordReader]
    counted: Text
    described: Text

    @classmethod
    def listed(cls) -> QuerySet:
        """Return the records of the unfiltered list."""
        raise NotImplementedError

    @classmethod
    def read(cls, ids: Iterable[int]) -> list:
        """Return the records of these ids, in their order, with what tables and feeds show."""
        return cls.reading().of_ids(list(ids))

    @classmethod
    def listing(cls, data, index=None, *, usual: str = "") -> Listing:
        """Return the list that an address asks for."""
        return Listing(cls, data, index, usual=usual)

    @classmethod
    def listing_of(cls, request, *, usual: str = "") -> Listing:
        """Return the list that a request asks for, of the state that all of its page shows."""
        return cls.listing(request.GET, of_request(request, cls), usual=usual)

    @classmethod
    def groups(cls) -> list[Group]:
        """Return the groups of the panel; the last one folds what is rare and all it leaves out."""
        placed = {name for group in cls.panel for name in (group.name, *group.folded)}
        others = [values.name for values in cls.values_filters() if values.name not in placed]
        rest = [*cls.rare, *(name for name in others if name not in cls.rare)]
        return [*cls.panel, Group("", _("More filters"), tuple(rest))]

    @classmethod
    def values_filters(cls) -> list[ValuesFilter]:
        return [f for f in cls.base_filters.values() if isinstance(f, ValuesFilter)]

    @classmethod
    def partner(cls, values: ValuesFilter, params) -> ValuesFilter | None:
        """Return the filter in use whose values narrow those of this one: institution and role."""
        for other in cls.values_filters():
            pair = other.name == values.qualifies or other.qualifies == values.name
            if pair and params.uses(other.name):
                return other
        return None
