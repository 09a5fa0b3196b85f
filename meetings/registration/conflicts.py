"""Two saved at once: what each has, side by side, so that the second loses nothing."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from meetings.models import Delegate, Delegation
from sscnet.core.i18n.texts import in_a_row

from .entry import DelegationEntry


@dataclass(frozen=True)
class PersonDifference:
    """What one field of one person holds, as saved meanwhile and on this page."""

    who: str
    label: str
    saved: str
    typed: str


@dataclass
class DelegationConflict:
    delegation: Delegation
    differences: list[PersonDifference] = field(default_factory=list)


def shown(value) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else str(value)


def of_people(
    entry: DelegationEntry, delegation: Delegation, formset
) -> tuple[DelegationConflict, list[dict]]:
    """Give the conflict, and the people to show: those typed, then those a colleague added."""
    entry.delegation = delegation
    entry.__dict__.pop("unsent", None)
    saved = {delegate.pk: delegate for delegate in entry.unsent}
    conflict, people = DelegationConflict(delegation), []
    for form in formset.forms:
        typed = form.draft()
        before = saved.pop(typed["delegate"], None)
        if before:
            conflict.differences += differences_of(before, typed, form)
        else:
            typed["delegate"] = None
        people.append(typed)
    for delegate in saved.values():
        name = str(delegate)
        text = _("added meanwhile; kept at the end of this page")
        conflict.differences.append(PersonDifference(name, "", text, ""))
        people.append(values_of(delegate, formset.empty_form.fields))
    return conflict, people


def differences_of(saved: Delegate, typed: dict, form) -> list[PersonDifference]:
    return [
        PersonDifference(
            str(saved), str(field.label), shown(getattr(saved, name)), shown(typed[name])
        )
        for name, field in form.fields.items()
        if name != "delegate" and shown(getattr(saved, name)) != shown(typed[name])
    ]


def values_of(delegate: Delegate, fields) -> dict:
    values = {name: getattr(delegate, name) for name in fields if name != "delegate"}
    return values | {"delegate": delegate.pk}


def of_workshops(entry: DelegationEntry, delegation: Delegation, forms) -> DelegationConflict:
    titles = {workshop.pk: str(workshop) for workshop in entry.workshops}
    conflict = DelegationConflict(delegation)
    for form in forms:
        saved = {place.workshop_id for place in form.delegate.workshop_places.all()}
        typed = set(form.cleaned_data.get("workshops", []))
        if saved != typed:
            before, now = (
                in_a_row(titles[pk] for pk in sorted(keys) if pk in titles)
                for keys in (saved, typed)
            )
            conflict.differences.append(
                PersonDifference(str(form.delegate), _("Workshops"), before, now)
            )
    return conflict


def of_rule(delegation: Delegation, form) -> DelegationConflict:
    conflict = DelegationConflict(delegation)
    typed = form.cleaned_data.get("rule")
    if typed and typed != delegation.rule:
        label = str(Delegation.Rule(typed).label)
        conflict.differences.append(
            PersonDifference(
                "", _("Rule for the waiting list"), delegation.get_rule_display(), label
            )
        )
    return conflict
