"""Filling in the admin's forms as a browser would: what the page held, and what was changed."""

from django.forms import MultiWidget, NullBooleanSelect


def filled(response) -> dict:
    """Give what a browser would send back from a change or add form, unchanged."""
    context = response.context
    data = fields(context["adminform"].form)
    for inline in context["inline_admin_formsets"]:
        data |= fields(inline.formset.management_form)
        for form in inline.formset.forms:
            data |= fields(form)
    return data | {"_version": context["version"]} if context.get("version") else data


def fields(form) -> dict:
    return {
        name: sent
        for bound in form
        if not bound.field.disabled
        for name, sent in inputs(bound)
        if sent is not None
    }


def inputs(bound):
    """Give the inputs of a field by name; a moment has one for the day and one for the time."""
    widget = bound.field.widget
    if not isinstance(widget, MultiWidget):
        return [(bound.html_name, as_sent(bound))]
    values = bound.value()
    if not isinstance(values, list):
        values = widget.decompress(values)
    names = (bound.html_name + name for name in widget.widgets_names)
    return [
        (name, "" if value is None else str(value))
        for name, value in zip(names, values, strict=True)
    ]


def as_sent(bound):
    value = bound.value()
    if isinstance(bound.field.widget, NullBooleanSelect):
        return {True: "true", False: "false"}.get(value, "unknown")
    if value is None and getattr(bound.field.widget, "allow_multiple_selected", False):
        return None
    if isinstance(value, bool):
        return "on" if value else None
    if isinstance(value, list | tuple):
        return [str(getattr(item, "pk", item)) for item in value] or None
    if hasattr(value, "url") or hasattr(value, "storage"):
        return None
    return "" if value is None else str(value)


def add_row(data: dict, prefix: str, **values) -> str:
    """Fill in a new row of an inline; give the prefix of its fields."""
    n = int(data[f"{prefix}-TOTAL_FORMS"])
    data[f"{prefix}-TOTAL_FORMS"] = str(n + 1)
    for name, value in values.items():
        data[f"{prefix}-{n}-{name}"] = value
    return f"{prefix}-{n}"


def errors(response) -> list[str]:
    """Give all messages beside the fields of a form that was sent back."""
    messages = []
    for group in response.context["errors"]:
        messages.extend([group] if isinstance(group, str) else group)
    return [str(message) for message in messages]
