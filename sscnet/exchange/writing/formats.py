"""The formats of a table, written row by row while they are sent, and what sends them.

`stream_csv` and `stream_json` take the column names and rows of plain values (text, number, date,
yes or no, None, or a list of texts) and give the bytes of the file piece by piece.
"""

import codecs
import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import batched, chain

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from sscnet.core.uploads.documents import XLSX

from ..resource import RecordResource
from ..sheets import as_text, neutral
from .workbook import WorkbookSheet, write_xlsx

AT_ONCE = 200
LONGEST_HINT = 40


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


@dataclass(frozen=True)
class FileFormat:
    """`stream` takes a title, headers and rows, and what makes a cell harmless."""

    name: str
    label: str
    content_type: str
    stream: Callable

    def write(self, title: str, headers: list[str], rows: Iterable[list], safe=neutral) -> bytes:
        return b"".join(self.stream(title, headers, rows, safe))

    def download(self, content: bytes, stem: str) -> HttpResponse:
        """Return a file that no browser keeps."""
        response = HttpResponse(content, content_type=self.content_type)
        response["Cache-Control"] = "no-store"
        return named(response, f"{stem}.{self.name}")


def of_xlsx(title: str, headers: list[str], rows: Iterable[list], safe):
    yield write_xlsx(WorkbookSheet(title or "1", headers, rows), safe=safe)


def of_csv(title: str, headers: list[str], rows: Iterable[list], safe):
    return stream_csv(headers, rows, safe)


FORMATS = {
    "xlsx": FileFormat("xlsx", _("Excel (.xlsx)"), XLSX.content_type, of_xlsx),
    "csv": FileFormat("csv", _("CSV (UTF-8)"), "text/csv; charset=utf-8", of_csv),
}


def sheet(
    name: str, extension: str, headers: list[str], rows: Iterable[list], about: dict | None = None
):
    """Send rows as a file of this name; as JSON only what it is `about`.

    Raise Http404 for another extension.
    """
    if extension == "json" and about:
        content_type, content = "application/json", stream_json(headers, rows, about)
    elif file_format := FORMATS.get(extension):
        content_type = file_format.content_type
        content = file_format.stream(name, headers, rows, neutral)
    else:
        raise Http404
    response = StreamingHttpResponse(content, content_type=content_type)
    return named(response, f"{name}.{extension}")


def named(response, name: str):
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def is_for_readers(request, extension: str) -> bool:
    """Return whether a file has the columns for readers: a workbook, unless all are asked for."""
    return extension == "xlsx" and request.GET.get("fields") != "all"


# ------------------------------------------------------------------ a list as a file


def list_file(
    request, name: str, extension: str, listing, resource: RecordResource
) -> StreamingHttpResponse:
    """Send exactly the list as a file, in its order; Excel shows the columns for readers."""
    queryset = resource.for_exchange(resource.field_list.model.objects.published())
    names, row_of = resource.table(for_readers=is_for_readers(request, extension))
    rows = map(row_of, listing.all_records(queryset))
    said = about(request, name, listing.count)
    return sheet(list_name(name, listing), extension, names, rows, said)


def list_name(name: str, listing) -> str:
    """Name a file by what is in it and the day: projects-7-VN-LK-2026-11-25."""
    codes = (code for codes in listing.params.ticked.values() for code in codes)
    hint = "-".join([name, str(listing.count), *codes])[:LONGEST_HINT].rstrip("-")
    return f"{hint}-{timezone.localdate().isoformat()}"


def about(request, name: str, count: int) -> dict:
    """Return what a JSON file is."""
    return {
        "publisher": "China South-South Cooperation Network",
        "portal": request.build_absolute_uri("/").rstrip("/"),
        "made_on": timezone.localdate(),
        "languages": [code for code, _name in settings.LANGUAGES],
        name: count,
    }
