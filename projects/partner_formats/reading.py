"""Sheets of G77 fields, as the portal gives them in JSON, as rows of an import."""

import json

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# The columns of `ProjectResource` that hold a field; {} stands for the language of the sheet.
COLUMNS = {
    "number": "fund_numbers",
    "title": "title_{}",
    "submitted_by": "submitter",
    "subcontractor": "subcontractors",
    "priority_area": "area",
    "number_of_countries": "participants_as_stated",
    "countries": "participating_countries",
    "pgtf_input": "granted_usd",
    "other_inputs": "other_inputs_usd",
    "duration": "duration_as_stated_{}",
    "approval_meeting": "approval_meeting_{}",
    "approval_date": "approved_on",
    "completion": "final_report_on",
    "impact": "outcome_{}",
}
LANGUAGES = {"en": "en", "zh": "zh_hans"}


def rows_of(content: bytes) -> list[dict[str, str]]:
    """Read one sheet or a list of them; raise ValidationError that says what to do instead."""
    try:
        sheets = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ValidationError(
            _("The file cannot be read as JSON. Download it again from its source.")
        ) from None
    sheets = sheets if isinstance(sheets, list) else [sheets]
    if not sheets or not all(is_sheet(one) for one in sheets):
        raise ValidationError(
            _("The file contains no sheet of G77 fields, as offered on a project’s page in JSON.")
        )
    return [row_of(one) for one in sheets]


def is_sheet(sheet) -> bool:
    return (
        isinstance(sheet, dict)
        and sheet.get("sheet") == "g77"
        and isinstance(sheet.get("fields"), dict)
    )


def row_of(sheet: dict) -> dict[str, str]:
    """Take the fields that have a column; contact, seat and file of the report have none."""
    language = LANGUAGES.get(str(sheet.get("language", "en"))[:2].lower(), "en")
    row = {
        column.format(language): str(sheet["fields"][field])
        for field, column in COLUMNS.items()
        if sheet["fields"].get(field) not in (None, "")
    }
    code = sheet.get("project")
    return ({"code": code} if isinstance(code, str) else {}) | {"programme": "pgtf"} | row
