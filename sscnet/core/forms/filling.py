"""Fill what was typed before into the form of a page that is made already.

It works on the HTML, so that the pages' own views and forms need not know of it.
"""

import re
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin

from lxml import html
from lxml.html import FormElement, HtmlElement

from ..parsing.xml import writable

BUTTONS = ("submit", "button", "image", "reset")
# They hold nothing, or nothing that a page may give back.
NOT_FILLED = (*BUTTONS, "file", "password")


@dataclass
class Filling:
    """A page with its form filled in, and what of it could not be."""

    form: FormElement
    left: dict[str, list[str]]

    def page(self, notice: str) -> str:
        """Write the page with a notice, of one element, before the form."""
        self.form.addprevious(html.fragment_fromstring(notice.strip()))
        page = self.form.getroottree()
        return html.tostring(page, encoding="unicode", doctype="<!DOCTYPE html>")


def fill(page: str, address: str, typed: dict[str, list[str]]) -> Filling | None:
    """Fill in the form of a page that is sent to an address; without such a form give None."""
    document = html.document_fromstring(page)
    forms = [one for one in document.forms if one.method == "POST" and goes_to(one, address)]
    form = max(forms, key=lambda one: len(names_of(one) & typed.keys()), default=None)
    if form is None or not names_of(form) & typed.keys():
        return None
    buttons = {one.get("name") for one in controls_of(form) if kind_of(one) in BUTTONS}
    left = {
        name: [writable(one.replace("\r\n", "\n")) for one in values]
        for name, values in typed.items()
        if name not in buttons
    }
    for control in controls_of(form):
        fill_control(control, kind_of(control), left)
    left = {name: values for name, values in left.items() if any(values)}
    for name in [name for name in left if is_of_row(name, names_of(form))]:
        for value in left.pop(name):
            form.append(form.makeelement("input", type="hidden", name=name, value=value))
    return Filling(form, left)


def goes_to(form: FormElement, address: str) -> bool:
    return urldefrag(urljoin(address, form.get("action") or "")).url == address


def controls_of(form: FormElement) -> list[HtmlElement]:
    return list(form.iter("input", "textarea", "select", "button"))


def kind_of(control: HtmlElement) -> str:
    return (control.get("type") or "text").lower() if control.tag == "input" else control.tag


def names_of(form: FormElement) -> set[str]:
    return {one.get("name") or "" for one in controls_of(form) if kind_of(one) not in BUTTONS}


def fill_control(control: HtmlElement, kind: str, left: dict[str, list[str]]) -> None:
    """Fill in one control, and take it from what is left."""
    name = control.get("name") or ""
    if kind in NOT_FILLED:
        return
    if kind in ("checkbox", "radio"):
        value = control.get("value") or "on"
        control.checked = value in left.get(name, [])
        if control.checked:
            left[name].remove(value)
    elif kind == "select":
        fill_select(control, left.pop(name, None))
    elif left.get(name):
        value = left[name].pop(0)
        # A browser leaves out the first line break of a long text.
        control.value = f"\n{value}" if kind == "textarea" else value


def fill_select(control: HtmlElement, chosen: list[str] | None) -> None:
    if not (chosen or control.multiple):
        return
    for value in chosen or []:
        if value not in control.value_options:
            # A script had fetched it.
            option = control.makeelement("option", value=value)
            option.text = value
            control.append(option)
    control.value = (chosen or []) if control.multiple else chosen[-1]


def is_of_row(name: str, names: set[str]) -> bool:
    """Return whether a field is of a row that a script had added."""
    found = re.fullmatch(r"(.+)-\d+-[^-]+", name)
    return bool(found and f"{found[1]}-TOTAL_FORMS" in names)
