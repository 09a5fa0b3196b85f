"""The two formats of import and export."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from sscnet.core.uploads import XLSX

from ..sheets import neutral
from .rows import write_csv
from .workbook import WorkbookSheet, write_xlsx


@dataclass(frozen=True)
class FileFormat:
    """`write` takes a title, headers and rows, and what makes a cell harmless."""

    name: str
    label: str
    content_type: str
    write: Callable

    def download(self, content: bytes, stem: str) -> HttpResponse:
        """Return a file that no browser keeps."""
        response = HttpResponse(content, content_type=self.content_type)
        name = f"{stem}.{self.name}"
        response["Content-Disposition"] = content_disposition_header(True, name)
        response["Cache-Control"] = "no-store"
        return response


def xlsx(title: str, headers: list[str], rows: list[list], safe=neutral) -> bytes:
    return write_xlsx(WorkbookSheet(title or "1", headers, rows), safe=safe)


def csv(title: str, headers: list[str], rows: list[list], safe=neutral) -> bytes:
    return write_csv(headers, rows, safe=safe)


FORMATS = {
    file_format.name: file_format
    for file_format in (
        FileFormat("xlsx", _("Excel (.xlsx)"), XLSX.content_type, xlsx),
        FileFormat("csv", _("CSV (UTF-8)"), "text/csv; charset=utf-8", csv),
    )
}
