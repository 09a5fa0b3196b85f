"""Two saved one delegation at once: what is stored, beside what is on the page."""

from django.utils.translation import gettext as _

from meetings.models import Delegate
from sscnet.changes.history import Act
from sscnet.changes.stale import Conflict, Difference, differences

from .entry import DelegationEntry
from .forms import RuleForm, WorkshopsForm
from .questions.answers import values_of
from .questions.forms import AnswersForm


def conflict_of(entry: DelegationEntry, found: list[Difference], files=()) -> Conflict:
    delegation = entry.delegation
    return Conflict([Act(delegation.saved_at, str(delegation.saved_by))], found, list(files))


def of_people(entry: DelegationEntry, formset, ticked=()) -> tuple[Conflict, list[dict]]:
    """Return the conflict, and the people to show: those typed, then those a colleague added."""
    saved = {delegate.pk: delegate for delegate in entry.unsent}
    people = [form.draft() for form in formset.forms]
    known = [saved.pop(person["delegate"], None) for person in people]
    found = []
    for form, person, delegate in zip(formset.forms, people, known, strict=True):
        # Sent twice, a new person is there already.
        there = delegate or next((d for d in saved.values() if not compare(entry, form, d)), None)
        if there:
            saved.pop(there.pk, None)
            found += compare(entry, form, there)
        else:
            text = _("removed in the meantime") if person["delegate"] else ""
            name = str(Delegate(**{k: v for k, v in person.items() if k != "delegate"}))
            found.append(Difference(name, _("Person"), text, name))
        person["delegate"] = there and there.pk
    for delegate in saved.values():
        if delegate.roster_entry not in ticked:
            text = _("added in the meantime; kept at the end of this page")
            found.append(Difference(str(delegate), _("Person"), text, ""))
        people.append(values_of(delegate, formset.empty_form.fields))
    return conflict_of(entry, found), people


def compare(entry: DelegationEntry, form, delegate: Delegate) -> list[Difference]:
    saved = type(form)(instance=delegate, meeting=entry.meeting)
    return differences(form, saved, str(delegate))


def of_workshops(entry: DelegationEntry, forms: list[WorkshopsForm]) -> Conflict:
    saved = [WorkshopsForm(delegate=f.delegate, workshops=entry.workshops) for f in forms]
    pairs = zip(forms, saved, strict=True)
    found = [one for form, now in pairs for one in differences(form, now, str(form.delegate))]
    return conflict_of(entry, found)


def of_answers(entry: DelegationEntry, forms: list[AnswersForm]) -> Conflict:
    saved = [AnswersForm(delegate=f.delegate, questions=entry.questions) for f in forms]
    pairs = zip(forms, saved, strict=True)
    found = [one for form, now in pairs for one in differences(form, now, str(form.delegate))]
    files = [file.name for form in forms for file in form.files.values()]
    return conflict_of(entry, found, files)


def of_rule(entry: DelegationEntry, form: RuleForm, saved: RuleForm) -> Conflict:
    files = [file.name for file in form.files.values()]
    return conflict_of(entry, differences(form, saved), files)
