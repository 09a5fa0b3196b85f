"""What a browser sends of the forms on a page: what stands in their boxes, and nothing else."""

import re
from datetime import date
from urllib.parse import urljoin, urlsplit

import lxml.html

# What a browser shows in a box of this type; anything else it leaves out.
SHOWN = {
    "date": re.compile(r"\d{4,}-\d\d-\d\d"),
    "time": re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?"),
    "datetime-local": re.compile(r"\d{4,}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?"),
    "month": re.compile(r"\d{4,}-(0[1-9]|1[0-2])"),
    "number": re.compile(r"-?\d*\.?\d+([eE][-+]?\d+)?"),
    "color": re.compile(r"#[0-9a-fA-F]{6}"),
}
BUTTONS = {"submit", "button", "image", "reset"}


def forms_of(response) -> list[lxml.html.FormElement]:
    """Return the forms of a page that change something."""
    page = lxml.html.fromstring(response.content)
    return [form for form in page.forms if form.method == "POST"]


def form_of(response, *, has: str) -> lxml.html.FormElement:
    """Return the form of a page that has an input of this name."""
    return next(form for form in forms_of(response) if has in dict(form.fields))


def address_of(form, page: str) -> str:
    """Return where a form is sent to."""
    found = urlsplit(urljoin(page, form.get("action") or page))
    return f"{found.path}?{found.query}" if found.query else found.path


def boxes_of(form) -> list:
    """Return the inputs of a form, those outside it that name it too; none of a closed fieldset."""
    page = form.getroottree().getroot()
    boxes = list(form.iter("input", "select", "textarea"))
    if form.get("id"):
        boxes += page.xpath("//*[@form=$name]", name=form.get("id"))
    return [box for box in boxes if box.tag in {"input", "select", "textarea"} and is_sent(box)]


def is_sent(box) -> bool:
    closed = box.xpath("ancestor-or-self::*[@disabled]")
    return bool(box.get("name")) and not closed


def sent_of(form) -> dict[str, list[str]]:
    """Return what is sent where nothing was touched and Enter was pressed."""
    data: dict[str, list[str]] = {}
    for box in boxes_of(form):
        for value in values_of(box):
            data.setdefault(box.get("name"), []).append(value)
    return data


def values_of(box) -> list[str]:
    if box.tag == "select":
        return values_of_select(box)
    if box.tag == "textarea":
        # The first end of a line belongs to the tag.
        text = re.sub(r"\r\n?", "\n", box.text_content()).removeprefix("\n")
        return [text.replace("\n", "\r\n")]
    kind = (box.get("type") or "text").lower()
    if kind in BUTTONS or kind == "file":
        return []
    if kind in {"checkbox", "radio"}:
        return [box.get("value", "on")] if box.get("checked") is not None else []
    value = box.get("value", "")
    if kind != "hidden":
        value = value.replace("\n", "").replace("\r", "")
    return [value if is_shown(kind, value) else ""]


def is_shown(kind: str, value: str) -> bool:
    if kind in SHOWN and not SHOWN[kind].fullmatch(value):
        return False
    if kind != "date":
        return True
    try:
        return bool(date.fromisoformat(value))
    except ValueError:
        return False


def values_of_select(box) -> list[str]:
    options = [one for one in box.iter("option") if one.get("disabled") is None]
    chosen = [one for one in options if one.get("selected") is not None]
    if box.get("multiple") is None:
        chosen = chosen[-1:] or options[:1]
    return [one.get("value", one.text_content().strip()) for one in chosen]


def buttons_of(form) -> list[tuple[str, str]]:
    """Return name and value of the buttons that send a form."""
    page = form.getroottree().getroot()
    found = list(form.iter("button", "input"))
    if form.get("id"):
        found += page.xpath("//button[@form=$name]", name=form.get("id"))
    kinds = {"button": "submit", "input": "text"}
    return [
        (one.get("name", ""), one.get("value", ""))
        for one in found
        if (one.get("type") or kinds[one.tag]) in {"submit", "image"}
        and one.get("disabled") is None
    ]
