"""The next meeting made from this one: the same settings, moved by days, without its people."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminDateWidget
from django.db import transaction
from django.db.models import Model
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sscnet.core.i18n.labels import each_language
from sscnet.core.records.copying import copy_to, next_numbers

from ..models import Meeting, MeetingInstitution
from .coming import DAYS
from .pages import desk_page, show_desk

# The settings; what tells of one meeting alone stays behind: who came, and what came of it.
COPIED = [
    *("kind", "is_sample", "time_zone", "country", "mode", "languages"),
    *("capacity", "quota", "giving", "answer_hours", "approval", "asks"),
    *("registration_contact", "travel_asks", "passport_months", "gives_letters"),
]
TEXTS = [
    *("description", "city", "venue", "organiser_as_stated", "signature"),
    *("sponsor", "open_to", "costs"),
]


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
    texts = [name for text in TEXTS for name in each_language(text)]
    new = Meeting(**{name: getattr(meeting, name) for name in [*COPIED, *texts, *DAYS]})
    move(new, DAYS, shift)
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


@desk_page("next/", "next", "meetings.add_meeting")
def next_meeting(request, meeting):
    """Make the next meeting from this one, after saying what comes along."""
    form = NextMeetingForm(request.POST or None, meeting)
    if form.is_valid():
        new = make_next(meeting, **form.cleaned_data)
        text = gettext("“%(meeting)s” is a draft. Check its title, dates and place first.")
        messages.success(request, text % {"meeting": new})
        return redirect("admin:meetings_meeting_change", new.pk)
    context = {
        "form": form,
        "copied": gettext(
            "Copied: settings, workshops with their places, the agenda, organisers in the "
            "directory, what is asked of delegates."
        ),
        "left_behind": gettext(
            "Not copied: delegations and all people, including speakers, places taken, "
            "exceptions from the quota, host, report, papers, pictures."
        ),
    }
    title = gettext("Make the next meeting from this one")
    return show_desk(request, meeting, "next", title, context)
