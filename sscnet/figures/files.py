"""Figures as CSV and XLSX: a row for each number, or short rows as a page shows them."""

from collections.abc import Iterable, Iterator
from urllib.parse import urljoin

from django.utils.translation import gettext

from sscnet.exchange.writing.formats import sheet

from .figure import Figure, Number
from .section import FigureSection


def answer(request, name: str, kind: str, sections: Iterable[FigureSection]):
    """Send the sections, a row for each number. Raise Http404 for a kind of file there is not."""
    return sheet(name, kind, headers(), list(rows(sections, request.build_absolute_uri("/"))))


def headers() -> list[str]:
    return [
        gettext("Section"),
        gettext("Figure"),
        gettext("Of this"),
        gettext("Value"),
        gettext("Definition"),
        gettext("State it"),
        gettext("Of how many"),
        gettext("List"),
    ]


def rows(sections: Iterable[FigureSection], base: str) -> Iterator[list]:
    """Give a row for each number: its definition, what is missing, the list behind it.

    `base` makes the addresses whole.
    """
    for section in sections:
        for figure in section.figures:
            words = [section.title, figure.label, None]
            yield words + cells(figure.number, figure.definition, base, figure.stated, figure.whole)
        if section.table:
            lacking = Figure(gettext("not stated"), list(filter(None, [section.table.lacking])))
            for figure in [*section.table.rows, lacking]:
                for column, number in zip(section.table.columns, figure.numbers, strict=False):
                    yield [section.title, figure.label, column, *cells(number, section.note, base)]
        for one in section.statements:
            words = " · ".join(filter(None, [one.as_of, one.source]))
            stated = [one.qualifier, one.value, words, None, None, one.address]
            yield [section.title, one.label, *stated]


def cells(number: Number, definition: str, base: str, *of: Number | None) -> list:
    missing = [one and one.value for one in of] or [None, None]
    address = urljoin(base, number.address) if number.address else None
    return [number.value, definition, *missing, address]


def short_answer(name: str, kind: str, headers: list[str], sections: Iterable[FigureSection]):
    """Send the sections, a row for each figure with its numbers side by side."""
    return sheet(name, kind, headers, short_rows(sections, len(headers)))


def short_rows(sections: Iterable[FigureSection], width: int) -> Iterator[list]:
    for section in sections:
        for figure in section.figures + (section.table.rows if section.table else []):
            row = [section.title, figure.label, *(number.value for number in figure.numbers)]
            yield row + [None] * (width - len(row))
