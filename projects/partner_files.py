"""Files of others as sheets of an import: IATI activities, and sheets of G77 fields."""

import codecs

from django import forms
from django.utils.translation import gettext_lazy as _

from sscnet.core.sheet_rows import MOST_BYTES, MOST_ROWS, too_large, too_many_rows
from sscnet.exchange.admin import ImportSheetForm
from sscnet.exchange.sheets import Sheet, read_sheet

from .iati import reading as iati
from .models import Project
from .partner_formats import reading as g77

READERS = {b"<": iati.rows_of, b"{": g77.rows_of, b"[": g77.rows_of}


def read_file(content: bytes, columns) -> Sheet:
    """Read a file by its content, as `read_sheet` does with tables."""
    start = content.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    if start not in READERS:
        return read_sheet(content, columns)
    if len(content) > MOST_BYTES:
        raise too_large()
    rows = READERS[start](content)
    if len(rows) > MOST_ROWS:
        raise too_many_rows()
    return sheet_of(rows)


def sheet_of(rows: list[dict[str, str]]) -> Sheet:
    """Number the rows from 1, as they follow one another in the file.

    Refused ones are given back as CSV. A code that is not here was given by another portal: such a
    project is new.
    """
    codes = [row["code"] for row in rows if "code" in row]
    known = set(Project.objects.filter(code__in=codes).values_list("code", flat=True))
    rows = [{k: v for k, v in row.items() if k != "code" or v in known} for row in rows]
    return Sheet.of_rows(rows, first=1)


class FileForm(ImportSheetForm):
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "Excel (.xlsx) or CSV, at most 10 MB and 5,000 rows; also IATI activities (.xml), or "
            "a sheet of G77 fields as offered on a project’s page (.json)."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.xml,.json"}),
        error_messages={"empty": _("The file is empty.")},
    )
