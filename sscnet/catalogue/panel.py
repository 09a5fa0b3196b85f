"""The panel of filters: which filter stands where, and its HTML.

Written here and not in templates: fifteen filters of eight values each take a template five
milliseconds, more than everything else of the page together.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext

from sscnet.records.texts import guessed

from .declaration import NOT_STATED, Text
from .selection import FacetValue, FacetView, Selection


@dataclass(frozen=True)
class Place:
    """A filter in the panel, with others folded below it under a line of their own."""

    name: str
    fold: Text = ""
    folded: tuple[str, ...] = ()


ANY = "any-filter"


class Panel:
    """The filters of a list, in the order of the page.

    `rare` are those asked for rarely; so is whatever the declaration has besides. `values_url` is
    the address of all values of a filter, with `ANY` in place of its name.
    """

    def __init__(
        self, selection: Selection, places: list[Place], rare: tuple[str, ...], values_url: str
    ):
        self.selection = selection
        self.places = places
        self.rare = rare
        self.list_query = escape(selection.query())
        self.values_url = values_url

    @cached_property
    def html(self) -> SafeString:
        return self.written()

    def written(self) -> SafeString:
        names = [facet.name for facet in self.selection.engine.facets]
        placed = {name for place in self.places for name in (place.name, *place.folded)}
        others = [name for name in names if name not in placed | set(self.rare)]
        parts = [
            part for place in self.places for part in (self.facet(place.name), self.fold(place))
        ]
        parts.append(self.details("more-filters", gettext("More filters"), [*self.rare, *others]))
        return mark_safe("".join(parts))

    def fold(self, place: Place) -> str:
        if not place.folded:
            return ""
        return self.details(f"more-{place.name}", str(place.fold), place.folded)

    def details(self, id: str, summary: str, names) -> str:
        """Fold filters away, unless one of them is in use."""
        inside = "".join(self.facet(name) for name in names)
        if not inside:
            return ""
        is_used = any(self.selection.given.uses(name) for name in names)
        return (
            f'<details class="fold" id="{id}"{" open" if is_used else ""}>'
            f"<summary>{escape(summary)}</summary>{inside}</details>"
        )

    def facet(self, name: str) -> str:
        view = self.selection.facet(name)
        if not view.counts and not view.facet.ranged:
            return ""
        language = get_language()
        values = "".join(value_html(view, value, language) for value in view.in_sight)
        ends = range_html(view) if view.facet.ranged else ""
        return (
            f'<fieldset class="facet"><legend>{escape(str(view.label))}</legend>'
            f"{ends}{values}{self.all_values(view)}</fieldset>"
        )

    def all_values(self, view: FacetView) -> str:
        if not view.hidden:
            return ""
        n = len(view)
        words = ngettext("Show %(n)d", "Show all %(n)d", n) % {"n": n}
        url = self.values_url.replace(ANY, view.name)
        return (
            f'<a class="all" href="{url}{self.list_query}">{escape(words)}'
            f'<span class="visually-hidden">: {escape(str(view.label))}</span></a>'
        )


def value_html(view: FacetView, value: FacetValue, language: str) -> str:
    code = escape(value.code)
    ticked = " checked" if value.is_ticked else ""
    name = name_html(view.name, value.code, value.label, language)
    return (
        f'<label><input type="checkbox" name="{view.name}" value="{code}"'
        f' id="{view.name}-{code}"{ticked}><span class="name">{name}</span>'
        f'<span class="count">{value.count}</span></label>\n'
    )


@lru_cache(maxsize=4096)
def name_html(facet: str, code: str, label: str, _language: str) -> str:
    """Write a value's name; the same few hundred stand on every page."""
    label = escape(label)
    if facet.startswith("sdg") and code != NOT_STATED:
        return f'<span class="sdg sdg-{code}">{code}</span><span>{label}</span>'
    return f"<span{guessed(label).lang}>{label}</span>"


def range_html(view: FacetView) -> str:
    first, last = view.facet.range
    fields = zip((first, last), (gettext("From"), gettext("To")), view.range, strict=True)
    return '<span class="range">{}</span>'.format(
        "".join(
            f'<span><label for="{name}">{escape(label)}</label><input id="{name}" name="{name}"'
            f' inputmode="numeric" maxlength="4" size="4" value="{end or ""}"></span>'
            for name, label, end in fields
        )
    )
