"""Changing numbers of places: the page says first what that would do, then does it."""

from dataclasses import dataclass
from functools import partial

from django import forms
from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.models import Institution
from sscnet.core.forms.fields import RecordChoiceField

from .. import places
from ..models import Meeting, Workshop
from .dry_run import dry_run, shown
from .pages import desk_page, show_desk

# A larger number is a slip of the keyboard.
MOST = 100_000


@dataclass(frozen=True)
class NumberChange:
    """A new number: of places at a meeting or workshop, or of an institution's or all quotas."""

    field: str
    what: Meeting | Workshop | Institution | None
    before: int | None
    after: int | None

    def make(self, meeting: Meeting, actor) -> None:
        if isinstance(self.what, Meeting | Workshop):
            places.set_capacity(self.what, self.after, actor=actor)
        else:
            places.set_quota(meeting, self.after, institution=self.what, actor=actor)

    def __str__(self):
        if self.what is None:
            text, unlimited = _("Quota of all institutions: %(before)s → %(after)s"), _("no limit")
        elif isinstance(self.what, Institution):
            text = _("Quota of %(what)s: %(before)s → %(after)s")
            unlimited = _("the general quota")
        else:
            text, unlimited = _("Places at “%(what)s”: %(before)s → %(after)s"), ""
        before, after = (
            unlimited if number is None else number for number in (self.before, self.after)
        )
        return str(text) % {"what": self.what, "before": before, "after": after}


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
        self.workshops = {f"workshop_{w.pk}": w for w in meeting.workshops.all()}
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
            found.append(NumberChange("exception", institution, before, data["exception"]))
        numbers = {"quota": None, "capacity": self.meeting} | self.workshops
        found += [NumberChange(n, what, self.initial[n], data[n]) for n, what in numbers.items()]
        return [change for change in found if change.before != change.after]

    def make_changes(self, actor) -> None:
        """Make them together, or none. Raise PlacesError; its field says why."""
        with transaction.atomic():
            for change in self.changes:
                try:
                    change.make(self.meeting, actor)
                except places.PlacesError as error:
                    self.add_error(change.field, str(error))
                    raise


# Places are the public's business at once, so they are for those who publish.
@desk_page("places/", "places", "meetings.publish_meeting")
def change_places(request, meeting):
    form = PlacesForm(request.POST or None, meeting=meeting)
    context = {"form": form}
    if form.is_valid():
        make = partial(form.make_changes, request.user)
        said = list(map(str, form.changes))
        try:
            if "_confirmed" in request.POST:
                make()
                messages.info(request, " ".join(said) or gettext("Nothing was changed."))
                return redirect("admin:meetings_meeting_change", meeting.pk)
            context |= {"changes": said} | shown(request, dry_run([meeting], make))
        except places.PlacesError as error:
            if not form.errors:
                form.add_error(None, str(error))
    return show_desk(request, meeting, "places", gettext("Change places"), context)
