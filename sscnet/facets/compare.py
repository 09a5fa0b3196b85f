"""Up to four records of a list side by side: its columns are the rows.

The address names the records, by a key that each kind of record has: `?id=SSC-0001&id=SSC-0002`.
Nothing else is kept, so that a comparison can be sent, printed and taken away as a file.
"""

from functools import cached_property

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext

from sscnet.core import samples
from sscnet.core.basis import is_blank
from sscnet.core.i18n.texts import comma_separated

from .filterset import ListFilterSet
from .listing import index_for
from .params import MOST_SEARCH_CHARACTERS, SEARCH
from .table import Column

ID, FIND = "id", "find"
MOST = 4
# So many ids of an address are looked at, so much of each is said.
MOST_READ, LONGEST = 20, 60
FOUND_AT_ONCE = 8


class Comparison:
    """The records that an address names, of those that the list shows."""

    def __init__(self, data: QueryDict, filterset: type[ListFilterSet], key: str):
        self.filterset, self.key = filterset, key
        self.asked = [one.strip() for one in data.getlist(ID)[:MOST_READ] if one.strip()]
        self.find = data.get(FIND, "").strip()[:MOST_SEARCH_CHARACTERS]

    @cached_property
    def known(self) -> dict:
        """Return the records by their keys, in the order asked for."""
        wanted = list(dict.fromkeys(self.asked))
        listed = self.filterset.listed().filter(**{f"{self.key}__in": wanted}).order_by()
        rows = self.filterset.for_list().filter(pk__in=listed.values("pk"))
        found = {getattr(row, self.key): row for row in rows}
        return {one: found[one] for one in wanted if one in found}

    @property
    def records(self) -> list:
        return list(self.known.values())[:MOST]

    @property
    def keys(self) -> list[str]:
        return list(self.known)[:MOST]

    @property
    def is_full(self) -> bool:
        return len(self.keys) == MOST

    @property
    def problems(self) -> list[str]:
        """Say what was asked for and is not shown, or only once."""
        unknown = self.in_words(one for one in self.asked if one not in self.known)
        twice = self.in_words(one for one in self.known if self.asked.count(one) > 1)
        over = self.in_words(list(self.known)[MOST:])
        said = [
            (unknown, gettext("Not in the list, or no longer public: %(ids)s.")),
            (twice, gettext("Named more than once, shown once: %(ids)s.")),
            (over, gettext("At most four are compared. Left out: %(ids)s.")),
        ]
        return [text % {"ids": ids} for ids, text in said if ids]

    @staticmethod
    def in_words(ids) -> str:
        return comma_separated(one[:LONGEST] for one in dict.fromkeys(ids))

    def rows(self, columns: list[Column]) -> list[tuple[Column, list]]:
        """Return each column that one of the records has something in, with the value of each."""
        records = self.records
        values = ((column, [column.value(record) for record in records]) for column in columns)
        return [(column, row) for column, row in values if not all(map(is_blank, row))]

    # ------------------------------------------------------------ ways on

    def query(self, keys: list[str]) -> str:
        return samples.keep(f"?{urlencode([(ID, key) for key in keys])}") if keys else ""

    @property
    def address(self) -> str:
        return self.query(self.keys)

    @property
    def chosen(self) -> list[tuple]:
        """Return the records, each with the query of the comparison without it."""
        return [
            (record, self.query([other for other in self.keys if other != key]))
            for key, record in zip(self.keys, self.records, strict=True)
        ]

    @cached_property
    def found(self) -> list[tuple]:
        """Return the records that a search finds, each with the query that adds it."""
        if not self.find or self.is_full:
            return []
        data = QueryDict(urlencode({SEARCH: self.find}))
        listing = self.filterset.listing(data, index_for(self.filterset, data))
        records = listing.records(listing.page(size=FOUND_AT_ONCE).object_list)
        keyed = [(getattr(record, self.key), record) for record in records]
        return [(one, self.query([*self.keys, key])) for key, one in keyed if key not in self.keys]
