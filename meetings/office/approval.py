"""The approval of an international meeting: its page on the desk, and the dossier as Word."""

from collections import Counter

from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from sscnet.codelists.models import Country
from sscnet.core.forms.fields import IsoDateInput
from sscnet.core.forms.formsets import RecordForm
from sscnet.core.pages.views import private_file
from sscnet.papers.fields import PaperKind
from sscnet.papers.files import word_download
from sscnet.papers.filling import fill_now
from sscnet.papers.models import PaperSettings

from ..models import Delegation, Meeting, MeetingApproval
from ..models.approval import reason_not_to_invite
from ..programme.times import on_papers
from .lists.columns import everybody, people_of_paper
from .pages import desk_page, show_desk

MAY = "meetings.publish_meeting"


class ApprovalForm(RecordForm):
    class Meta:
        model = MeetingApproval
        exclude = ["meeting"]
        widgets = {"scan": forms.FileInput, "decided_on": IsoDateInput, "valid_until": IsoDateInput}

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["override_reason"].disabled = not by.is_superuser


@desk_page("approval/", "desk_approval", MAY)
def approval(request, meeting):
    """Show where the approval stands, and take what is known of it."""
    found = MeetingApproval.of(meeting)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ApprovalForm(*sent, instance=found, by=request.user)
    if form.is_valid():
        form.save()
        messages.info(request, gettext("The approval is saved."))
        if meeting.is_open_for_registration and meeting.reason_not_to_open():
            text = gettext("Registration is open: institutions abroad can send nobody now.")
            messages.warning(request, text)
        return redirect(request.path)
    context = {"form": form, "reason": reason_not_to_invite(meeting)}
    title = gettext("Approval of an international meeting")
    return show_desk(request, meeting, "approval", title, context)


@desk_page("approval/scan/", "desk_approval_scan", MAY)
@require_safe
def scan(request, meeting):
    return private_file(MeetingApproval.of(meeting).scan, f"approval-{meeting.slug}")


@desk_page("approval/dossier/", "desk_approval_dossier", MAY, "meetings.view_delegate")
@require_safe
def dossier(request, meeting):
    """Give the request with its dossier as a Word file, in the language of the page."""
    content = fill_now(PaperKind.REQUEST, lambda: values_of(meeting))
    return word_download(content, f"request-{meeting.slug}.docx")


def values_of(meeting: Meeting) -> dict:
    approval = MeetingApproval.of(meeting)
    house = PaperSettings.load()
    people = everybody(meeting).active().filter(to_be_named=False, erased_at=None)
    people = list(people.filter(delegation__state=Delegation.State.SUBMITTED))
    counted = Counter(one.delegation.institution.country_id for one in people)
    named = {*meeting.meeting_countries.values_list("country", flat=True), *counted} - {None}
    home = (meeting.country_id or "CN", None)
    subject = gettext("Request for approval of the international meeting “%(meeting)s”")
    return on_papers(meeting) | {
        "subject": subject % {"meeting": meeting},
        "issuer": house.issuer_i18n,
        "contact": house.contact_i18n or meeting.registration_contact,
        "date": date_format(timezone.localdate(), "DATE_FORMAT"),
        "to": approval.authority,
        "authority": approval.authority,
        "purpose": meeting.description_i18n or meeting.theme_i18n or "",
        "total": meeting.capacity or len(people),
        "foreign": sum(n for country, n in counted.items() if country not in home),
        "countries": [
            {"name": country, "count": counted[country.pk] or ""}
            for country in Country.objects.filter(pk__in=named)
        ],
        "budget": [budget_row(line) for line in approval.budget.splitlines() if line.strip()],
        "programme": [programme_row(item) for item in meeting.agenda_items.all()],
        "people": people_of_paper(people),
    }


def budget_row(line: str) -> dict:
    """Return what stands before and after the last colon of a line: what for, and how much."""
    item, _colon, amount = line.replace("：", ":").rpartition(":")
    return {"item": (item or amount).strip(), "amount": amount.strip() if item else ""}


def programme_row(item) -> dict:
    return {
        "day": date_format(item.day, "DATE_FORMAT"),
        "time": time_format(item.begins, "H:i") if item.begins else "",
        "title": item.title_i18n,
        "speakers": item.speakers_i18n or "",
    }
