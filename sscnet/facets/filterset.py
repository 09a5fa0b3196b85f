"""The declaration of a list: a FilterSet of django-filter, whose filters can be counted too.

    class ProjectFilter(ListFilterSet):
        country = ValuesFilter("project_countries__country_id", label=_("Country"), labels=...)

`.qs` is the plain meaning in SQL, for any records, drafts too; `listing` is what pages show.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from .engine import of_request
from .filters import Order, ValuesFilter
from .listing import Listing
from .params import NOT_STATED, Params, Text, read


@dataclass(frozen=True)
class Group:
    """A filter in the panel, with others folded below it under a line of their own."""

    name: str
    fold: Text = ""
    folded: tuple[str, ...] = ()


class ListFilterSet(django_filters.FilterSet):
    """The declaration of a list: its filters, and what else makes it up.

    `topics` are those of the log of changes that the list depends on. `orders`: the first is the
    usual one; `relevance` is that of a search, if it has one. `panel` says which filter stands
    where, `rare` those asked for rarely, which stand last with all that `panel` leaves out.
    `views` are the ways its page shows it, with their names; the first has none in the address.
    `counted` gives the pattern of the heading: `%(n)d` records, with `%(phrases)s` if described.
    """

    q = django_filters.CharFilter(label=_("Search"))

    topics: tuple[str, ...] = ()
    orders: list[Order] = []
    relevance: Order | None = None
    panel: list[Group] = []
    rare: tuple[str, ...] = ()
    views: dict[str, Text] = {}

    @classmethod
    def listed(cls) -> QuerySet:
        """Return the records of the unfiltered list."""
        raise NotImplementedError

    @classmethod
    def read(cls, ids: Iterable[int]) -> list:
        """Return the records of these ids, in their order, with what tables and feeds show."""
        raise NotImplementedError

    @classmethod
    def listing(cls, data, index=None, *, usual: str = "") -> Listing:
        """Return the list that an address asks for."""
        return Listing(cls, data, index, usual=usual)

    @classmethod
    def listing_of(cls, request, *, usual: str = "") -> Listing:
        """Return the list that a request asks for, of the state that all of its page shows."""
        return cls.listing(request.GET, of_request(request, cls), usual=usual)

    @classmethod
    def search(cls, text: str):
        """Return what a search finds, a `search.Found` or alike."""
        raise NotImplementedError

    @staticmethod
    def counted(n: int, is_described: bool) -> str:
        raise NotImplementedError

    @classmethod
    def values_filters(cls) -> list[ValuesFilter]:
        return [f for f in cls.base_filters.values() if isinstance(f, ValuesFilter)]

    @property
    def qs(self) -> QuerySet:
        """Return the records of the queryset that match the parameters, in plain SQL."""
        params, _unknown = read(self.data or {}, type(self), lambda values: values.labels())
        return self.queryset.filter(self.condition(params))

    def condition(self, params: Params) -> Q:
        """Return the condition in SQL: values of a filter widen, filters narrow one another."""
        condition = Q()
        for values in self.values_filters():
            if params.uses(values.name):
                condition &= self.condition_of(values, params)
        if params.text:
            found = self.search(params.text)
            if not found.is_everything:
                condition &= Q(pk__in=list(found.ids))
        return condition

    @classmethod
    def condition_of(cls, values: ValuesFilter, params: Params) -> Q:
        """Return the condition of one filter, with that of the filter it is combined with."""
        records = cls.records()
        codes = params.ticked.get(values.name, ())
        partner = cls.partner(values, params)
        if partner:
            asked = params.ticked[partner.name]
            condition = values.carries(records, codes, partner.rows_with(asked))
            if NOT_STATED in codes and NOT_STATED in asked:
                condition |= values.is_not_stated(records)
            return condition
        condition = values.carries(records, codes)
        if NOT_STATED in codes:
            condition |= values.is_not_stated(records)
        if values.name in params.ranges:
            condition |= values.in_range(records, params.ranges[values.name])
        return condition

    @classmethod
    def partner(cls, values: ValuesFilter, params) -> ValuesFilter | None:
        """Return the filter in use whose values narrow those of this one: institution and role."""
        for other in cls.values_filters():
            pair = other.name == values.qualifies or other.qualifies == values.name
            if pair and params.uses(other.name):
                return other
        return None

    @classmethod
    def records(cls) -> QuerySet:
        """Return all records of the list's kind, whether they are listed or not."""
        return cls._meta.model._base_manager.order_by()
