"""The two formats of import and export, as django-import-export wants them."""

from django.utils.translation import gettext as _
from import_export.formats.base_formats import Format

from .sheets import neutral, write_csv
from .workbook import WorkbookSheet, write_xlsx


class XlsxFormat(Format):
    name = "xlsx"

    def get_title(self):
        return _("Excel (.xlsx)")

    def get_extension(self):
        return self.name

    def get_content_type(self):
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def can_export(self):
        return True

    def can_import(self):
        return True

    def export_data(self, dataset, *, title="", safe=neutral, **kwargs):
        return write_xlsx(WorkbookSheet(title or "1", dataset.headers, list(dataset)), safe=safe)


class CsvFormat(XlsxFormat):
    name = "csv"

    def get_title(self):
        return _("CSV (UTF-8)")

    def get_content_type(self):
        return "text/csv; charset=utf-8"

    def export_data(self, dataset, *, title="", safe=neutral, **kwargs):
        return write_csv(dataset.headers, list(dataset), safe=safe)


FORMATS = {format.name: format for format in (XlsxFormat, CsvFormat)}
