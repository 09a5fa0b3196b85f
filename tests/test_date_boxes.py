"""One widget takes days and one takes moments: a browser's box shows an ISO date and nothing else.

A box that is filled in as the language writes dates stands empty, and saving erases the date.
"""

import ast
from datetime import date

import pytest
from django.conf import settings
from django.utils.translation import override

from sscnet.core.forms.fields import IsoDateInput

ROOMS = ["meetings", "members", "projects", "secretariat", "sscnet"]
HOME = "sscnet/core/forms/fields.py"
OTHERS = {"DateInput", "DateTimeInput", "SelectDateWidget", "SplitDateTimeWidget"}
TYPES = {"date", "datetime-local"}


def other_date_boxes(source: str) -> list[int]:
    """Return the lines that make a date box without the widgets of the house."""
    return [node.lineno for node in ast.walk(ast.parse(source)) if is_date_box(node)]


def is_date_box(node: ast.AST) -> bool:
    match node:
        case ast.Attribute(value=ast.Name(id="forms" | "widgets"), attr=name):
            return name in OTHERS
        case ast.ImportFrom(module="django.forms" | "django.forms.widgets", names=names):
            return any(alias.name in OTHERS for alias in names)
        case ast.Dict(keys=keys, values=values):
            return any(map(sets_type, keys, values))
        case ast.Assign(
            targets=[ast.Subscript(slice=ast.Constant(value="type"))],
            value=ast.Constant(value=value),
        ):
            return value in TYPES
        case ast.Assign(targets=[ast.Name(id="input_type")], value=ast.Constant(value=value)):
            return value in TYPES
    return False


def sets_type(key, value) -> bool:
    match key, value:
        case ast.Constant(value="type"), ast.Constant(value=kind):
            return kind in TYPES
    return False


def test_no_other_date_box_is_made():
    found = []
    for room in ROOMS:
        for path in (settings.BASE_DIR / room).rglob("*.py"):
            place = path.relative_to(settings.BASE_DIR).as_posix()
            if place != HOME:
                lines = other_date_boxes(path.read_text(encoding="utf-8"))
                found += [f"{place}:{line}" for line in lines]
    assert found == []


def test_no_template_writes_a_date_box():
    pages = [path for path in (settings.BASE_DIR / "templates").rglob("*") if path.is_file()]
    assert pages
    assert [path for path in pages if 'type="date' in path.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize(
    "source",
    [
        "forms.DateInput({})",
        "from django.forms import DateInput",
        "forms.TextInput({'type': 'date'})",
        "field.widget.attrs['type'] = 'date'",
        "class Box(forms.TextInput):\n    input_type = 'datetime-local'",
    ],
)
def test_another_date_box_is_found_however_it_is_made(source):
    assert len(other_date_boxes(source)) == 1


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_date_box_is_filled_in_as_browsers_read_it(language):
    with override(language):
        box = IsoDateInput({"autocomplete": "off"}).render("day", date(2027, 6, 30))
    assert 'type="date"' in box
    assert 'value="2027-06-30"' in box
    assert 'autocomplete="off"' in box


@pytest.mark.parametrize("typed", ["30 June", "2027-13-01", "2027/06/30", "0000-00-00"])
def test_what_a_browser_would_not_show_stands_in_a_box_for_text(typed):
    box = IsoDateInput().render("day", typed)
    assert 'type="text"' in box
    assert f'value="{typed}"' in box
