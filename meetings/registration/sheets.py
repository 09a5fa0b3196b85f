"""People out of a spreadsheet: pasted rows, or a file."""

import csv
import io

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from meetings.models import Delegate
from sscnet.core.parsing.sheet_rows import BadCell, column_name
from sscnet.exchange.sheets import SheetRow, as_text, plain, read_sheet

# The columns by the names people give them, in either language.
COLUMNS = {
    "chinese_name": ("chinese_name", "name_in_chinese", "中文姓名", "姓名"),
    "family_name": ("family_name", "surname", "last_name", "姓(拼音)", "姓_(拼音)", "姓", "英文姓"),
    "given_names": (
        "given_names",
        "given_name",
        "first_name",
        "名(拼音)",
        "名_(拼音)",
        "名",
        "英文名",
    ),
    "role": ("role", "position", "title", "职务", "职位"),
    "email": ("email", "e_mail", "mail", "邮箱", "电子邮件", "电子邮箱"),
    "mobile": (
        "mobile",
        "mobile_number",
        "phone",
        "telephone",
        "手机",
        "手机号",
        "手机号码",
        "电话",
    ),
}
FIELDS = tuple(COLUMNS)
FIELD_OF = {name: field for field, names in COLUMNS.items() for name in names}


type People = tuple[list[dict[str, str]], list[str]]


def sign_between(line: str) -> str:
    return next((sign for sign in "\t,，;；、" if sign in line), ",")


def people_of_text(text: str, room: int) -> People:
    """Read rows pasted from a spreadsheet; without names of columns they are in the form's order.

    Return a dict of the fields `FIELDS` for each row, and what was passed over. Raise
    ValidationError with what to do, also for more than `room` people.
    """
    text = text.strip("\r\n")
    between = sign_between(text.split("\n", 1)[0])
    # What is quoted may hold any sign, and the end of a line.
    if between in "，；、" or '"' not in text:
        lines = [line.replace(sign_between(line), "\t") for line in text.splitlines()]
        text, between = "\n".join(lines), "\t"
    first = text.split("\n", 1)[0]
    if not any(column_name(cell) in FIELD_OF for cell in first.split(between)):
        rows = csv.reader(io.StringIO(text), delimiter=between)
        if any(any(row[len(FIELDS) :]) for row in rows):
            raise ValidationError(
                _("A row has more cells than columns. Put the column names in the first row.")
            )
        text = between.join(FIELDS) + "\n" + text
    return people_of_file(text.encode(), room)


def people_of_file(content: bytes, room: int) -> People:
    """Read a CSV or Excel file whose first row names the columns, as `people_of_text`."""
    sheet = read_sheet(content, FIELD_OF)
    if len(sheet.rows) > room:
        text = _("The sheet has more than %(most)d people. Send fewer at a time.")
        raise ValidationError(text % {"most": room})
    people = [person(row) for row in sheet.rows]
    if too_long := [text for one in people for text in what_is_too_long(one)]:
        raise ValidationError(too_long)
    return people, sheet.notices


def person(row: SheetRow) -> dict[str, str]:
    if bad := next((cell for cell in row.cells.values() if isinstance(cell, BadCell)), None):
        text = _("Row %(row)d: %(cure)s") % {"row": row.number, "cure": bad.cure}
        raise ValidationError(text)
    values = dict.fromkeys(FIELDS, "")
    for name, cell in row.cells.items():
        values[FIELD_OF[name]] = values[FIELD_OF[name]] or plain(as_text(cell)).strip()
    return values


def what_is_too_long(values: dict[str, str]) -> list[str]:
    """Return what has no room in the record, by the person; nothing is cut."""
    text = _("%(person)s: %(field)s has %(length)d characters; at most %(most)d are possible.")
    found = []
    for name, value in values.items():
        field = Delegate._meta.get_field(name)
        if len(value) > field.max_length:
            words = {"field": field.verbose_name, "length": len(value), "most": field.max_length}
            found.append(text % (words | {"person": str(Delegate(**values))[:60]}))
    return found
