"""The next meeting made from this one: the same settings, moved by days, without its people."""

from datetime import timedelta

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from sscnet.core.i18n.labels import each_language
from sscnet.core.records.copying import copy_to, next_numbers

from ..models import Meeting, MeetingInstitution
from ..models.meeting import TRANSLATED

DAYS = ["starts_on", "ends_on", "name_by_on", "freeze_on", "retain_until"]
MOMENTS = ["registration_opens_at", "registration_closes_at", "waiting_list_ends_at"]
# What belongs to one meeting alone: when and how it was, who came, what came of it.
LEFT_BEHIND = {
    "id",
    "slug",
    "state",
    "theme",
    "dates_as_stated",
    "host_as_stated",
    "participants_number",
    "participants_bound",
    "women_number",
    "countries_number",
    "countries_are_complete",
    "start_as_known",
    "end_as_known",
    "apply_until",
    "apply_at",
    "members_present_as_stated",
    "report",
    "shows_action_points",
    "shows_numbers",
    "note",
    "cancelled_at",
    "taken",
    "last_in_line",
    "sequence",
    "unannounced_change",
    "tells_opening",
    *("opening_announced_at", "erasure_told_for", "erasure_told_at"),
    "published_at",
    "withdrawn_at",
    "created_at",
    "updated_at",
}


class NextMeetingForm(forms.Form):
    """When it is: the rest is taken along or left behind as a rule."""

    first_day = forms.DateField(
        label=_("First day"),
        required=False,
        widget=AdminDateWidget,
        help_text=_("All other days and times move by as many days; the year follows."),
    )

    def __init__(self, data, meeting: Meeting):
        first = meeting.starts_on
        super().__init__(data, initial={"first_day": first and first + a_year(meeting)})
        if not first:
            del self.fields["first_day"]


@transaction.atomic
def make_next(meeting: Meeting, first_day=None) -> Meeting:
    """Make the draft of the next meeting: on this day, or a year later on the same weekdays.

    Workshops come along with their places, questions to delegates, the agenda without speakers and
    papers, the organisers of the directory. People, places taken, host, papers, pictures and
    reports stay behind.
    """
    shift = first_day - meeting.starts_on if first_day else a_year(meeting)
    new = meeting_for_next(meeting, shift)
    new.full_clean(exclude=["slug"])
    new.save()
    for link in meeting.meeting_institutions.filter(role=MeetingInstitution.Role.ORGANISER):
        copy_to(new, link, "meeting")
    workshops = {}
    for workshop in meeting.workshops.all():
        former = workshop.pk
        move(workshop, ["starts_at", "ends_at"], shift)
        workshop.taken = workshop.sequence = 0
        workshop.cancelled_at = workshop.unannounced_change = None
        workshops[former] = copy_to(new, workshop, "meeting")
    for question in meeting.questions.asked():
        copy_to(new, question, "meeting")
    for item in meeting.agenda_items.all():
        move(item, ["day"], shift)
        item.workshop = workshops.get(item.workshop_id)
        # They are people's.
        for name in (*each_language("speakers"), *each_language("papers")):
            setattr(item, name, "")
        copy_to(new, item, "meeting")
    return new


def a_year(meeting: Meeting) -> timedelta:
    """Return 52 weeks, or 53 where 52 would stay in the same year: the days of the week stay."""
    first = meeting.starts_on
    stays = first and (first + timedelta(weeks=52)).year == first.year
    return timedelta(weeks=53 if stays else 52)


def meeting_for_next(meeting: Meeting, shift: timedelta) -> Meeting:
    new = Meeting.objects.get(pk=meeting.pk)
    new._state.adding = True
    for name in LEFT_BEHIND:
        setattr(new, name, Meeting._meta.get_field(name).get_default())
        for translation in each_language(name)[1:] if name in TRANSLATED else ():
            setattr(new, translation, None)
    move(new, [*DAYS, *MOMENTS], shift)
    first = meeting.starts_on
    new.year = (first + shift).year if first else meeting.year and meeting.year + 1
    new.ordinal = meeting.ordinal and meeting.ordinal + 1
    numbers = {meeting.ordinal: new.ordinal, meeting.year: new.year}
    for name in each_language("title"):
        setattr(new, name, next_numbers(getattr(meeting, name) or "", numbers))
    return new


def move(row: Model, names: list[str], shift: timedelta) -> None:
    for name in names:
        setattr(row, name, (value := getattr(row, name)) and value + shift)
