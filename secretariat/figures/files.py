"""Figures as a file: a row each, with its definition, what is missing, and the list behind it."""

from collections.abc import Iterable, Iterator
from urllib.parse import urljoin

from django.http import Http404, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext

from sscnet.exchange.writing.rows import STREAMS

from .shown import Figure, FigureSection, FigureTable, Number


def answer(sections: Iterable[FigureSection], kind: str, name: str, base: str):
    """Send the sections as CSV or XLSX; `base` makes their addresses whole."""
    if kind not in STREAMS:
        raise Http404
    content_type, stream = STREAMS[kind]
    response = StreamingHttpResponse(
        stream(headers(), list(rows(sections, base))), content_type=content_type
    )
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{kind}")
    return response


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
    for section in sections:
        for figure in section.figures:
            yield row_of(section, figure, base)
        if section.table:
            yield from rows_of_table(section, section.table, base)
        for one in section.statements:
            words = " · ".join(filter(None, [one.as_of, one.source]))
            yield [
                section.title,
                one.label,
                one.qualifier,
                one.value,
                words,
                None,
                None,
                one.address,
            ]


def row_of(section: FigureSection, figure: Figure, base: str) -> list:
    stated, whole = (number and number.value for number in (figure.stated, figure.whole))
    words = [section.title, figure.label, None]
    return [*words, *cells(figure.number, figure.definition, stated, whole, base)]


def rows_of_table(section: FigureSection, table: FigureTable, base: str) -> Iterator[list]:
    for row in table.rows:
        for column, number in zip(table.columns, row.numbers, strict=True):
            yield [section.title, row.label, column, *cells(number, section.note, None, None, base)]
    if table.lacking:
        label = [section.title, gettext("not stated"), table.columns[0]]
        yield [*label, *cells(table.lacking, section.note, None, None, base)]


def cells(number: Number, definition: str, stated, whole, base: str) -> list:
    address = urljoin(base, number.address) if number.address else None
    return [number.value, definition, stated, whole, address]
