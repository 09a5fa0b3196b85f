"""Fill what was typed before into the form of a page that is made already.

It works on the HTML, so that the pages' own views and forms need not know of it.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import accumulate
from urllib.parse import urldefrag, urljoin

from django.forms import HiddenInput
from django.utils.html import escape

CONTROLS = ("input", "textarea", "select", "option", "button")
BUTTONS = ("submit", "button", "image", "reset")
# They hold nothing, or nothing that a page may give back.
NOT_FILLED = (*BUTTONS, "file", "password")


@dataclass
class Control:
    """An input, text area, select or option, and where its tag stands in the text of the page."""

    tag: str
    attributes: dict[str, str | None]
    start: int
    end: int
    # Where the text in it ends.
    close: int = 0
    options: list["Control"] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.attributes.get("name") or ""

    @property
    def kind(self) -> str:
        return (self.attributes.get("type") or "text").lower() if self.tag == "input" else self.tag

    def with_attributes(self, **changes: str | bool | None) -> str:
        """Write the tag anew; False takes an attribute out."""
        found = self.attributes | changes
        written = [
            f" {name}" if value is None else f' {name}="{escape(value)}"'
            for name, value in found.items()
            if value is not False
        ]
        return f"<{self.tag}{''.join(written)}>"


@dataclass
class Form:
    """A form of a page with its controls."""

    address: str
    is_sent: bool
    start: int
    close: int = 0
    controls: list[Control] = field(default_factory=list)

    @property
    def names(self) -> set[str]:
        return {one.name for one in self.controls if one.kind not in BUTTONS}


class Forms(HTMLParser):
    """Finds the forms of a page."""

    def __init__(self, html: str, address: str):
        super().__init__()
        self.address, self.forms, self.is_open = address, [], False
        self.lines = [0, *accumulate(len(line) + 1 for line in html.split("\n"))]
        self.feed(html)
        self.close()

    def place(self) -> int:
        line, column = self.getpos()
        return self.lines[line - 1] + column

    def handle_starttag(self, tag, attrs):
        given, start = dict(attrs), self.place()
        if tag == "form":
            target = urldefrag(urljoin(self.address, given.get("action") or "")).url
            is_sent = (given.get("method") or "").lower() == "post"
            self.forms.append(Form(target, is_sent, start))
            self.is_open = True
        elif self.is_open and tag in CONTROLS:
            end = start + len(self.get_starttag_text())
            found = Control(tag, given, start, end)
            controls = self.forms[-1].controls
            (controls[-1].options if tag == "option" else controls).append(found)

    def handle_endtag(self, tag):
        if not self.is_open:
            return
        if tag == "form":
            self.forms[-1].close, self.is_open = self.place(), False
        elif tag in ("textarea", "select"):
            self.forms[-1].controls[-1].close = self.place()


@dataclass
class Filling:
    """A page with its form filled in, and what of it could not be."""

    html: str
    # Where a notice about it may stand.
    start: int
    left: dict[str, list[str]]


def fill(html: str, address: str, typed: dict[str, list[str]]) -> Filling | None:
    """Fill in the form of a page that is sent to an address; without such a form give None."""
    forms = [one for one in Forms(html, address).forms if one.is_sent and one.address == address]
    form = max(forms, key=lambda one: len(one.names & typed.keys()), default=None)
    if form is None or not form.names & typed.keys():
        return None
    buttons = {one.name for one in form.controls if one.kind in BUTTONS}
    left = {name: list(values) for name, values in typed.items() if name not in buttons}
    edits = [edit for control in form.controls for edit in edits_of(control, left)]
    left = {name: values for name, values in left.items() if any(values)}
    rows = {name: left.pop(name) for name in list(left) if is_of_row(name, form.names)}
    hidden = [HiddenInput().render(name, one) for name, values in rows.items() for one in values]
    edits.append((form.close, form.close, "".join(hidden)))
    return Filling(edited(html, edits), form.start, left)


def edits_of(control: Control, left: dict[str, list[str]]):
    """Return what to write where for one control, and take it from what is left."""
    name, kind = control.name, control.kind
    if kind in NOT_FILLED:
        return
    if kind in ("checkbox", "radio"):
        value = control.attributes.get("value") or "on"
        is_checked = value in left.get(name, [])
        if is_checked:
            left[name].remove(value)
        yield replaced(control, checked=is_checked)
    elif kind == "select":
        yield from edits_of_select(control, left.pop(name, None))
    elif left.get(name):
        value = left[name].pop(0)
        if kind == "textarea":
            # A browser leaves out the first line break.
            yield control.end, control.close, f"\n{escape(value)}"
        else:
            yield replaced(control, value=value)


def edits_of_select(control: Control, chosen: list[str] | None):
    if chosen is None and "multiple" not in control.attributes:
        return
    offered = {one.attributes.get("value") for one in control.options}
    for option in control.options:
        value = option.attributes.get("value")
        yield replaced(option, selected=value in (chosen or []))
    for value in chosen or []:
        if value not in offered:
            # A script had fetched it.
            added = Control("option", {"value": value, "selected": None}, 0, 0)
            yield control.close, control.close, added.with_attributes() + escape(value)


def replaced(control: Control, **changes):
    changes = {name: None if value is True else value for name, value in changes.items()}
    return control.start, control.end, control.with_attributes(**changes)


def is_of_row(name: str, names: set[str]) -> bool:
    """Return whether a field is of a row that a script had added."""
    found = re.fullmatch(r"(.+)-\d+-[^-]+", name)
    return bool(found and f"{found[1]}-TOTAL_FORMS" in names)


def edited(text: str, edits: list[tuple[int, int, str]]) -> str:
    """Write the text anew with its edits: from where, up to where, what instead."""
    parts, done = [], 0
    for start, end, instead in sorted(edits):
        parts += [text[done:start], instead]
        done = end
    return "".join([*parts, text[done:]])
