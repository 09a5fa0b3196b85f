"""The file to start from: headings in the officer's language, an example, what columns take."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ..codes import CodeList
from ..writing.workbook import WorkbookSheet, write_xlsx

MOST_CODES = 60


def template_file(resource) -> bytes:
    described = [describe(name, column, resource) for name, column in resource.fields.items()]
    # Those only shown come last.
    to_fill = described[: sum(not column.readonly for column in resource.fields.values())]
    _names, labels, _hows, _codes, example = map(list, zip(*to_fill, strict=True))
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
    codes, example = column.codes and resource.lists[column.codes], column.example
    if example is None:
        # The first code of its list does exist.
        example = next(iter(codes.codes.values()), "")
    if codes:
        words = str(example).split("; ")
        example = "; ".join(
            codes.word(codes.find(one)) if codes.knows(one) else one for one in words
        )
    return [name, label, str(column.how), words_of(codes) if codes else "", str(example)]


def words_of(codes: CodeList) -> str:
    if len(codes.codes) > MOST_CODES:
        return ""
    pairs = ((code, codes.labels[value]) for value, code in codes.codes.items() if code)
    return "\n".join(code if code == label else f"{code} = {label}" for code, label in pairs)
