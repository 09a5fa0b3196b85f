"""The two formats of import and export."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from ..sheets import neutral, write_csv
from .workbook import WorkbookSheet, write_xlsx


@dataclass(frozen=True)
class FileFormat:
    """`write` takes a title, headers and rows, and what makes a cell harmless."""

    name: str
    label: str
    content_type: str
    write: Callable


def xlsx(title: str, headers: list[str], rows: list[list], safe=neutral) -> bytes:
    return write_xlsx(WorkbookSheet(title or "1", headers, rows), safe=safe)


def csv(title: str, headers: list[str], rows: list[list], safe=neutral) -> bytes:
    return write_csv(headers, rows, safe=safe)


FORMATS = {
    file_format.name: file_format
    for file_format in (
        FileFormat(
            "xlsx",
            _("Excel (.xlsx)"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            xlsx,
        ),
        FileFormat("csv", _("CSV (UTF-8)"), "text/csv; charset=utf-8", csv),
    )
}
