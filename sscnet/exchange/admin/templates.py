"""The file to start from: headings in the officer's language, an example, what columns take."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from sscnet.core.parsing.sheet_rows import COMMENT

from ..writing.rows import write_csv
from ..writing.workbook import WorkbookSheet, write_xlsx

MOST_CODES = 60


def template_file(resource, format: str) -> bytes:
    columns = {name: c for name, c in resource.fields.items() if not c.readonly}
    example = [example_of(column, resource) for column in columns.values()]
    described = [describe(name, column, resource) for name, column in resource.fields.items()]
    labels = [label for _name, label, *_rest in described[: len(columns)]]
    if format == "csv":
        hints = [f"{name}. {how}" for name, _label, how, *_rest in described[: len(columns)]]
        hints[0] = f"{COMMENT}{hints[0]}"
        return write_csv(labels, [hints, example])
    title = capfirst(str(resource.field_list.model._meta.verbose_name_plural))
    headers = [_("Column"), _("What it is"), _("How to write it"), _("Codes"), _("Example")]
    return write_xlsx(
        WorkbookSheet(title, labels, [example]),
        WorkbookSheet(_("Columns"), headers, described),
    )


def describe(name, column, resource) -> list[str]:
    label = resource.label_of(name)
    if column.readonly:
        return [name, label, _("Only shown: what a file says here is not imported."), "", ""]
    how = str(column.how)
    return [name, label, how, codes_of(column, resource), example_of(column, resource)]


def codes_of(column, resource) -> str:
    codes = resource.lists.get(getattr(column, "codes", None))
    if codes is None or len(codes.codes) > MOST_CODES:
        return ""
    pairs = ((code, codes.labels[value]) for value, code in codes.codes.items() if code)
    return "\n".join(code if code == label else f"{code} = {label}" for code, label in pairs)


def example_of(column, resource) -> str:
    """Return the column's example; None stands for the first code of its list, which does exist."""
    if column.example is None:
        return next(iter(resource.lists[column.codes].codes.values()), "")
    return str(column.example)
