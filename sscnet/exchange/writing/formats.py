"""The two formats of a table, and what sends it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from sscnet.core.uploads.documents import XLSX

from ..sheets import neutral
from .rows import stream_csv, stream_json
from .workbook import WorkbookSheet, write_xlsx


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


def xlsx(title: str, headers: list[str], rows: Iterable[list], safe):
    yield write_xlsx(WorkbookSheet(title or "1", headers, rows), safe=safe)


def csv(title: str, headers: list[str], rows: Iterable[list], safe):
    return stream_csv(headers, rows, safe)


FORMATS = {
    "xlsx": FileFormat("xlsx", _("Excel (.xlsx)"), XLSX.content_type, xlsx),
    "csv": FileFormat("csv", _("CSV (UTF-8)"), "text/csv; charset=utf-8", csv),
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
