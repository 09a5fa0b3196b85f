"""What an institution organised, as its focal point enters it below /my/.

A record that is not public holds title, kind, start, institution and source; all else that was
typed waits as a version, whose release publishes the record.
"""

import re

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import receiver
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from members import affiliations
from members.models import Institution
from sscnet.changes import publication, versions
from sscnet.changes.parts import parts_in_form
from sscnet.changes.trial import try_out
from sscnet.core.forms.errors import is_done
from sscnet.core.forms.fields import LongText
from sscnet.core.i18n.texts import translated
from sscnet.core.models import ProposedVersion, Source
from sscnet.core.models.fields import validate_partial_date
from sscnet.core.records.basis import How
from sscnet.outbox.version_mails import tell_author

from ..models import Meeting, MeetingInstitution

KINDS = [choice for choice in Meeting.Kind.choices if choice[0] not in Meeting.OWN_KINDS]
ONLINE = {"online", "on line", "线上", "在线", "网上"}
DAY = re.compile(r"(\d{4})(?:[-./年](\d{1,2}))?(?:[-./月](\d{1,2}))?", re.ASCII)
OPEN = (ProposedVersion.State.WAITING, ProposedVersion.State.RETURNED)
PROFILE = ProposedVersion.Origin.PROFILE


def longest(field: str) -> int:
    return Meeting._meta.get_field(field).max_length


class ActivityForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=longest("title"))
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    dates = forms.CharField(
        label=_("Dates"),
        max_length=60,
        help_text=_("First and last day, or as far as known: 2026-03-05 to 2026-03-09, 2026-03."),
    )
    place = forms.CharField(
        label=_("Place, or “online”"), required=False, max_length=longest("city")
    )
    participants = forms.IntegerField(
        label=_("Participants"), required=False, min_value=1, max_value=1_000_000
    )
    about = LongText(
        label=_("What it was about"),
        required=False,
        max_length=10_000,
        rows=5,
        help_text=_("One language suffices. The Secretariat translates."),
    )

    def clean_dates(self):
        found = [[part for part in one if part] for one in DAY.findall(self.cleaned_data["dates"])]
        days = ["-".join([year, *(f"{part:0>2}" for part in rest)]) for year, *rest in found]
        for day in days:
            validate_partial_date(day)
        if not 0 < len(days) < 3:
            text = gettext("Write a day, a month or a year, or the first and the last of them.")
            raise ValidationError(text)
        first, last = days[0], days[-1]
        if last < first[: len(last)]:
            raise ValidationError(gettext("The end is before the start."))
        return first, last

    def values(self) -> dict:
        """Return what was typed as fields of the meeting; texts in the language of the page."""
        typed, place = self.cleaned_data, self.cleaned_data["place"]
        mode = Meeting.Mode.PLACE if place else ""
        if place.casefold() in ONLINE:
            place, mode = "", Meeting.Mode.ONLINE
        texts = {"title": typed["title"], "city": place, "description": typed["about"]}
        first, last = typed["dates"]
        return {in_language(name): text for name, text in texts.items()} | {
            "kind": typed["kind"],
            "start_as_known": first,
            "end_as_known": last,
            "mode": mode,
            "participants_number": typed["participants"],
        }


def in_language(field: str) -> str:
    return f"{field}_zh_hans" if get_language() == "zh-hans" else field


def typed_before(version: ProposedVersion) -> dict:
    """Return what a version holds as the form shows it; texts of whichever language has one."""
    meeting = Meeting.objects.get(pk=version.object_id)
    for change in versions.read_changes(version):
        setattr(meeting, change.field, change.after)
    first, last = meeting.start_as_known, meeting.end_as_known
    is_online = meeting.mode == Meeting.Mode.ONLINE
    return {
        "title": translated(meeting, "title").value,
        "kind": meeting.kind,
        "dates": first if first == last else f"{first} – {last}",
        "place": gettext("online") if is_online else translated(meeting, "city").value,
        "participants": meeting.participants_number,
        "about": translated(meeting, "description").value,
    }


# ------------------------------------------------------------------ keeping it


@transaction.atomic
def send(institution: Institution, values: dict, by, version: ProposedVersion | None = None):
    """Keep what was typed as a version, of the record that `version` is of or of a new one."""
    Institution.objects.select_for_update(no_key=True).get(pk=institution.pk)
    named = {name: values[name] for name in ("kind", "start_as_known", in_language("title"))}
    meeting = version.record if version else begun(institution, named)

    def store():
        for name, value in values.items():
            setattr(meeting, name, value)
        meeting.full_clean()
        meeting.save()

    [changes] = try_out([meeting], parts_in_form(Meeting, set()), store).values()
    return versions.propose(meeting, changes, by, origin=PROFILE, replaces=version)


def begun(institution: Institution, named: dict) -> Meeting:
    """Return the record begun with these words, as a form may be sent twice, or begin it."""
    for one in theirs(institution).filter(state=Meeting.State.READY):
        if all(getattr(one, name) == value for name, value in named.items()):
            return one
    meeting = Meeting.objects.create(state=Meeting.State.READY, **named)
    role = MeetingInstitution.Role.ORGANISER
    meeting.meeting_institutions.create(institution=institution, role=role)
    Source.objects.create(
        record=meeting,
        name=institution.name or institution.name_zh_hans,
        name_zh_hans=institution.name_zh_hans,
        how=How.GIVEN,
        read_on=timezone.localdate(),
    )
    return meeting


def theirs(institution: Institution):
    return Meeting.objects.filter(
        meeting_institutions__institution=institution,
        meeting_institutions__role=MeetingInstitution.Role.ORGANISER,
        kind__in=dict(KINDS),
    )


def versions_of(institution: Institution):
    """Return the versions that wait or came back, the newest first."""
    ids = [str(pk) for pk in theirs(institution).values_list("pk", flat=True)]
    sent = ProposedVersion.objects.of_kind(Meeting).filter(object_id__in=ids, state__in=OPEN)
    return sent.filter(origin=PROFILE)


@receiver(versions.version_decided, dispatch_uid="publish_activity_of_institution")
def after_decision(version: ProposedVersion, **kwargs) -> None:
    """Publish the record whose version was released, or refuse the release; tell who sent it."""
    meeting = version.record
    if not isinstance(meeting, Meeting) or version.origin != PROFILE:
        return
    if version.released and not meeting.was_public:
        publish = publication.TRANSITIONS["publish"]
        [verdict] = publication.take(publish, [meeting], version.decided_by)
        if verdict.reasons:
            raise ValidationError(verdict.reasons)
    organiser = meeting.meeting_institutions.filter(role=MeetingInstitution.Role.ORGANISER).first()
    if organiser:
        link = reverse("meetings:my_activities", args=[organiser.institution.slug])
        tell_author(version, organiser.institution, link)


# ------------------------------------------------------------------ the page


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def activities(request, slug, pk=None):
    """Show the institution's activities and the form of a new one, or of one to be corrected."""
    institution = affiliations.institution_of_page(request, slug)
    sent = versions_of(institution)
    version = get_object_or_404(sent, pk=pk) if pk else None
    form = ActivityForm(
        request.POST if request.method == "POST" else None,
        initial=typed_before(version) if version else None,
    )
    if is_done(form, lambda: send(institution, form.values(), request.user, version)):
        text = gettext("Sent to the Secretariat. The activity is public once it is released.")
        messages.success(request, text)
        return redirect("meetings:my_activities", slug)
    context = {
        "institution": institution,
        "form": form,
        "version": version,
        "sent": sent,
        "published": theirs(institution).published().order_by("-year", "-starts_on", "-pk"),
        "may_edit": affiliations.may_edit(request.user, institution),
    }
    return render(request, "meetings/my/activities.html", context)
