"""Files of any length, written row by row while they are sent: CSV and JSON.

Each function takes the column names and rows of plain values (text, number, date, yes or no, None,
or a list of texts) and gives the bytes of the file piece by piece.
"""

import codecs
import csv
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import batched, chain

from django.core.serializers.json import DjangoJSONEncoder

from ..sheets import as_text, neutral

AT_ONCE = 200


def stream_csv(headers: list[str], rows: Iterable[list], safe=neutral) -> Iterator[bytes]:
    """Write CSV as Excel opens it in any language: a byte order mark, and nothing it would run."""
    writer = csv.writer(_Echo())
    yield codecs.BOM_UTF8
    for some in batched(chain([headers], rows), AT_ONCE):
        lines = (writer.writerow(_csv_cell(value, safe) for value in row) for row in some)
        yield "".join(lines).encode()


def stream_json(headers: list[str], rows: Iterable[list], about: dict) -> Iterator[bytes]:
    """Write an object: what it is `about`, and its `rows`, each an object by column name."""
    encoder = DjangoJSONEncoder(ensure_ascii=False)
    head = encoder.encode(about)
    yield f'{head[:-1]}, "rows": ['.encode()
    between = ""
    for some in batched(rows, AT_ONCE):
        objects = (encoder.encode(dict(zip(headers, row, strict=True))) for row in some)
        yield (between + ",\n".join(objects)).encode()
        between = ",\n"
    yield b"]}\n"


class _Echo:
    """What csv.writer writes to; the writer returns what this returns."""

    def write(self, line):
        return line


def _csv_cell(value, safe):
    is_number = isinstance(value, int | float | Decimal)
    return as_text(value) if is_number else safe(as_text(value))
