"""Changing numbers of places: the form, and its changes in words."""

from dataclasses import dataclass

from django import forms
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.models import Institution
from sscnet.core.forms.fields import RecordChoiceField

from .. import places
from ..models import Meeting, Workshop

WORKSHOP = "workshop_{}"
# A larger number is a slip of the keyboard.
MOST = 100_000


@dataclass(frozen=True)
class NumberChange:
    """A new number: of places at a meeting or workshop, or of an institution's or all quotas."""

    what: Meeting | Workshop | Institution | None
    before: int | None
    after: int | None

    def make(self, meeting: Meeting, actor) -> None:
        if isinstance(self.what, Meeting | Workshop):
            places.set_capacity(self.what, self.after, actor=actor)
        else:
            places.set_quota(meeting, self.after, institution=self.what, actor=actor)


class PlacesForm(forms.Form):
    """The places of a meeting and its workshops, the quota, and one exception from it."""

    capacity = forms.IntegerField(min_value=0, max_value=MOST, label=_("Places at the meeting"))
    quota = forms.IntegerField(
        min_value=0,
        max_value=MOST,
        required=False,
        label=_("Places per institution"),
        help_text=_("Empty: no limit."),
    )
    institution = RecordChoiceField(
        Institution.objects.listed(),
        required=False,
        label=_("Another quota for one institution"),
    )
    exception = forms.IntegerField(
        min_value=0,
        max_value=MOST,
        required=False,
        label=_("Places of this institution"),
        help_text=_("Empty: the general quota applies to it again."),
    )

    def __init__(self, *args, meeting, **kwargs):
        self.meeting = meeting
        self.workshops = {WORKSHOP.format(w.pk): w for w in meeting.workshops.all()}
        self.exceptions = {q.institution_id: q.quota for q in meeting.quotas.all()}
        numbers = {name: workshop.capacity for name, workshop in self.workshops.items()}
        numbers |= {"capacity": meeting.capacity, "quota": meeting.quota}
        super().__init__(*args, initial=numbers, **kwargs)
        for name, workshop in self.workshops.items():
            label = gettext("Places at the workshop “%(workshop)s”") % {"workshop": workshop}
            self.fields[name] = forms.IntegerField(min_value=0, max_value=MOST, label=label)
        self.order_fields(["capacity", *self.workshops, "quota", "institution", "exception"])

    @property
    def changes(self) -> list[NumberChange]:
        """Return what the form changes: quotas first, so that new places are given by them."""
        data, found = self.cleaned_data, []
        if institution := data["institution"]:
            before = self.exceptions.get(institution.pk)
            found.append(NumberChange(institution, before, data["exception"]))
        found.append(NumberChange(None, self.meeting.quota, data["quota"]))
        found.append(NumberChange(self.meeting, self.meeting.capacity, data["capacity"]))
        found += [NumberChange(w, w.capacity, data[name]) for name, w in self.workshops.items()]
        return [change for change in found if change.before != change.after]

    def refuse(self, change: NumberChange, reason) -> None:
        """Add the reason why a change cannot be made to the errors of its field."""
        fields = {w: name for name, w in self.workshops.items()}
        fields |= {None: "quota", self.meeting: "capacity"}
        self.add_error(fields.get(change.what, "exception"), str(reason))


def make_changes(form: PlacesForm, actor) -> None:
    """Make the changes of a form together, or none. Raise PlacesError; its field says why."""
    with transaction.atomic():
        for change in form.changes:
            try:
                change.make(form.meeting, actor)
            except places.PlacesError as error:
                form.refuse(change, error)
                raise


def change_in_words(change: NumberChange) -> str:
    """Return a change in words: “Small hydropower”: 30 → 34 places."""
    texts = {
        Institution: gettext("Quota of %(what)s: %(before)s → %(after)s"),
        type(None): gettext("Quota of all institutions: %(before)s → %(after)s"),
    }
    text = texts.get(type(change.what), gettext("Places at “%(what)s”: %(before)s → %(after)s"))
    unlimited = gettext("the general quota") if change.what else gettext("no limit")
    numbers = {
        name: unlimited if number is None else number
        for name, number in (("before", change.before), ("after", change.after))
    }
    return text % ({"what": change.what} | numbers)
