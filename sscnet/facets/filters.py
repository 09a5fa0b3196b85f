"""The filters and orders that a list is declared with.

Each filter says where a record's codes stand; what the engine reads for its bitmaps follows from
that.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import django_filters
from django.db.models import F, Func, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from .params import Text


class ValuesFilter(django_filters.MultipleChoiceFilter):
    """A filter of several values, of which one must hold, with a number beside each.

    `code` is where the codes of a record stand: a path of the ORM from the list's model, or an
    expression; `where` narrows the rows on that path. `labels` gives the words of all codes that
    may stand in the address, in the page's language: those of the field at the path, unless given.
    `phrase` is the filter's part of the heading
    ("in %(values)s"). `is_name`: the words are names and keep their capital inside a sentence.
    `order` sorts the values, else the commonest stands first. `qualifies` names the filter whose
    values it narrows when both are ticked: an institution *in this role*, not a project of the
    institution where another has the role. The paths of both begin with the same link.
    """

    is_range = False

    def __init__(
        self,
        code,
        *,
        label: Text,
        labels: Callable[[], Mapping[str, str]] | None = None,
        phrase: Text = "",
        where: Q = Q(),  # noqa: B008 - never changed
        is_name: bool = True,
        order: Callable[[str], object] | None = None,
        qualifies: str = "",
    ):
        super().__init__(label=label)
        self.code = F(code) if isinstance(code, str) else code
        self.labels, self.where = labels, where
        self.phrase = phrase or _("with “%(filter)s”: %(values)s")
        self.is_name, self.order, self.qualifies = is_name, order, qualifies

    @property
    def name(self) -> str:
        """Return the parameter's name: a FilterSet sets it as the field's, we have no other."""
        return self.field_name

    @property
    def parameters(self) -> tuple[str, ...]:
        return (self.name,)

    def words(self, model: type[Model]) -> Mapping[str, str]:
        """Return the words of the codes that a record of the model may have."""
        return self.labels() if self.labels else words_at(model, self.code.name)

    def pairs(self, records: QuerySet) -> QuerySet:
        """Return a row for each record and `value` it carries; without one, it is *not stated*."""
        rows = records.order_by().filter(self.where)
        return rows.annotate(value=Cast(self.code, TextField())).filter(value__gt="")


class YearFilter(ValuesFilter):
    """A filter of years: ticked, or asked for as `<name>_from` and `<name>_to`; both widen."""

    is_range = True

    def __init__(self, code, **options):
        super().__init__(code, labels=years, order=lambda year: -int(year), **options)

    @property
    def ends(self) -> tuple[str, str]:
        return f"{self.name}_from", f"{self.name}_to"

    @property
    def parameters(self) -> tuple[str, ...]:
        return (self.name, *self.ends)


def years() -> dict[str, str]:
    """Return the labels of years: every one is its own."""
    return {str(year): str(year) for year in range(1900, 2100)}


class ArrayFilter(ValuesFilter):
    """A filter of the values of an array column."""

    def pairs(self, records):
        values = Func(self.code, function="unnest", output_field=TextField())
        return records.order_by().annotate(value=values)


class ComputedFilter(ValuesFilter):
    """A filter of what only Python says of a record: `computed` gives the ids of each code."""

    def __init__(self, computed: Callable[[Iterable], Mapping[str, Iterable[int]]], **options):
        super().__init__("pk", **options)
        self.computed = computed


def rows_of(model: type[Model], code: str = "pk"):
    """Return a function of the names of a code list's rows."""
    return lambda: {
        str(getattr(row, code)): str(row.name_i18n or row) for row in model.objects.all()
    }


def choices_of(declared):
    """Return a function of the labels of an enum or field; the empty value means not stated."""
    return lambda: {str(code): str(label) for code, label in declared.choices if code != ""}


def words_at(model: type[Model], path: str) -> dict[str, str]:
    """Return the words of the codes at a path of the ORM: choices, or the names of its rows."""
    *way, name = path.split("__")
    for step in way:
        model = model._meta.get_field(step).related_model
    field = model._meta.get_field(name)
    field = getattr(field, "base_field", field)
    if field.choices:
        return choices_of(field)()
    return rows_of(field.related_model)() if field.is_relation else rows_of(model, name)()


@dataclass(frozen=True)
class Order:
    """An order of the list; what lacks a value stands last, forwards and backwards.

    `field` is what is compared, read by `values_list`; `key` makes of it what Python compares. Of a
    translated text each language has an order of its own; without any text `fallback` is compared.
    `computed` gives for the ids of records what Python compares, where no field says it.
    In the address a minus turns an order round: `sort=-title`. Equal ones stand by id. An order
    that is not offered the other way round has no `label_reversed`.
    """

    name: str
    label: Text
    label_reversed: Text
    field: object = "pk"
    is_descending: bool = False
    is_translated: bool = False
    fallback: str = ""
    key: Callable | None = None
    computed: Callable[[Iterable], Mapping[int, object]] | None = None


# Of every list that has a feed.
CHANGED = Order(
    "changed", _("Recently changed"), _("Longest unchanged"), "updated_at", is_descending=True
)


def by_title(fallback: str) -> Order:
    labels = _("Title"), _("Title (Z to A)")
    return Order("title", *labels, "title", is_translated=True, fallback=fallback)
