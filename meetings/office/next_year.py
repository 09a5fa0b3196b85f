"""The next meeting made from this one: the same settings, moved by days, without its people."""

from datetime import timedelta

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sscnet.core.i18n.labels import each_language, without_language
from sscnet.core.models import State
from sscnet.core.records.copying import copy_to, next_numbers

from ..models import AgendaItem, Meeting, MeetingInstitution, Workshop

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
    "opening_announced_at",
    "published_at",
    "withdrawn_at",
    "created_at",
    "updated_at",
}
# An item's speakers and papers are people's, and so is a cancelling.
OF_WORKSHOP = ["title", "description", "room", "capacity"]
OF_QUESTION = [
    "position",
    "kind",
    "text",
    "choices",
    "takes_several",
    "length",
    "is_required",
]


class NextMeetingForm(forms.Form):
    """When it is, and what is asked about: the rest is taken along or left behind as a rule."""

    first_day = forms.DateField(
        label=_("First day"),
        required=False,
        widget=AdminDateWidget,
        help_text=_("All other days and times move by as many days; the year follows."),
    )
    theme = forms.BooleanField(label=_("Take the theme along"), required=False)
    sources = forms.BooleanField(label=_("Take the sources along"), required=False)

    def __init__(self, data, meeting: Meeting):
        first = meeting.starts_on
        super().__init__(data, initial={"first_day": first and first + a_year(meeting)})
        if not first:
            del self.fields["first_day"]


@transaction.atomic
def make_next(meeting: Meeting, first_day=None, theme=False, sources=False) -> Meeting:
    """Make the draft of the next meeting: on this day, or a year later on the same weekdays.

    Workshops come along with their places, questions to delegates, the agenda without speakers and
    papers, the organisers of the directory. People, places taken, host, papers, pictures and
    reports stay behind.
    """
    shift = first_day - meeting.starts_on if first_day else a_year(meeting)
    new = Meeting(state=State.DRAFT, **values_for_next(meeting, shift))
    if theme:
        for name in each_language("theme"):
            setattr(new, name, getattr(meeting, name))
    new.full_clean(exclude=["slug"])
    new.save()
    for source in meeting.sources.all() if sources else ():
        copy_to(new, source, "record")
    for link in meeting.meeting_institutions.filter(role=MeetingInstitution.Role.ORGANISER):
        new.meeting_institutions.create(institution_id=link.institution_id, role=link.role)
    workshops = {workshop.pk: copy(workshop, new, shift) for workshop in meeting.workshops.all()}
    for question in meeting.questions.asked():
        values = {name: getattr(question, name) for name in OF_QUESTION}
        new.questions.create(i18n=question.i18n, **values)
    for item in meeting.agenda_items.all():
        AgendaItem.objects.create(
            meeting=new,
            workshop=workshops.get(item.workshop_id),
            day=item.day + shift,
            begins=item.begins,
            ends=item.ends,
            title=item.title,
            i18n=only(item.i18n, ["title"]),
        )
    return new


def a_year(meeting: Meeting) -> timedelta:
    """Return 52 weeks, or 53 where 52 would stay in the same year: the days of the week stay."""
    first = meeting.starts_on
    stays = first and (first + timedelta(weeks=52)).year == first.year
    return timedelta(weeks=53 if stays else 52)


def values_for_next(meeting: Meeting, shift: timedelta) -> dict:
    names = [f.name for f in Meeting._meta.concrete_fields if f.name not in LEFT_BEHIND]
    values = {name: getattr(meeting, name) for name in names}
    values |= {name: values[name] and values[name] + shift for name in [*DAYS, *MOMENTS]}
    first = meeting.starts_on
    values["year"] = (first + shift).year if first else meeting.year and meeting.year + 1
    values["ordinal"] = meeting.ordinal and meeting.ordinal + 1
    numbers = {meeting.ordinal: values["ordinal"], meeting.year: values["year"]}
    values["title"] = next_numbers(meeting.title, numbers)
    kept = {
        name: text
        for name, text in (meeting.i18n or {}).items()
        if without_language(name) not in LEFT_BEHIND
    }
    for name in each_language("title"):
        if name in kept:
            kept[name] = next_numbers(kept[name], numbers)
    return values | {"i18n": kept or None}


def copy(workshop: Workshop, meeting: Meeting, shift: timedelta) -> Workshop:
    values = {name: getattr(workshop, name) for name in OF_WORKSHOP}
    times = {name: getattr(workshop, name) for name in ("starts_at", "ends_at")}
    values |= {name: at and at + shift for name, at in times.items()}
    i18n = only(workshop.i18n, OF_WORKSHOP)
    return Workshop.objects.create(meeting=meeting, i18n=i18n, **values)


def only(i18n: dict | None, fields: list[str]) -> dict | None:
    """Return the translations of these fields."""
    return {k: v for k, v in (i18n or {}).items() if without_language(k) in fields} or None
