"""Two workshops at the same hour for one person: said at once, and kept only when confirmed."""

from collections.abc import Collection, Iterable
from itertools import combinations

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meetings.models import Workshop

BOTH = "both"


def overlapping(workshops: Iterable[Workshop]) -> list[tuple[Workshop, Workshop]]:
    """Return the pairs that are held at the same time, as far as their times are known."""
    return [pair for pair in combinations(workshops, 2) if at_same_time(*pair)]


def at_same_time(one: Workshop, other: Workshop) -> bool:
    if not (one.starts_at and other.starts_at):
        return False
    first, second = sorted((one, other), key=lambda workshop: workshop.starts_at)
    is_same = first.starts_at == second.starts_at
    return is_same or bool(first.ends_at and first.ends_at > second.starts_at)


def ask_about(form: forms.Form, chosen: Iterable[Workshop], before: Collection[int]) -> None:
    """Add an error and a box to confirm with, unless it is ticked or both were chosen before."""
    pairs = [p for p in overlapping(chosen) if not {w.pk for w in p} <= set(before)]
    if not pairs:
        return
    label = _("Keep both workshops, although they are at the same time")
    form.fields[BOTH] = forms.BooleanField(label=label, required=False)
    if not form.data.get(form.add_prefix(BOTH)):
        for pair in pairs:
            form.add_error("workshops", in_words(pair))


def in_words(pair: tuple[Workshop, Workshop]) -> str:
    text = gettext("“%(one)s” and “%(other)s” are at the same time.")
    return text % {"one": pair[0], "other": pair[1]}
