"""The page of a meeting's approval: where it stands, its scan, the dossier for the authority."""

from django import forms
from django.http import HttpResponseRedirect
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from meetings.models import MeetingApproval
from meetings.models.approval import reason_not_to_invite
from sscnet.core.forms.formsets import RecordForm
from sscnet.core.pages.views import private_file
from sscnet.papers.files import word_download

from ..pages import MeetingPages, desk_page
from .dossier import dossier

MAY = "meetings.publish_meeting"


class ApprovalForm(RecordForm):
    class Meta:
        model = MeetingApproval
        exclude = ["meeting"]
        day = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        widgets = {"scan": forms.FileInput, "decided_on": day, "valid_until": day}

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["override_reason"].disabled = not by.is_superuser


class ApprovalPages(MeetingPages):
    def views(self):
        return [
            ("approval/", self.approval_view, "desk_approval"),
            ("approval/scan/", require_safe(self.scan_view), "desk_approval_scan"),
            ("approval/dossier/", require_safe(self.dossier_view), "desk_approval_dossier"),
        ]

    @desk_page(MAY)
    def approval_view(self, request, meeting):
        approval = MeetingApproval.of(meeting)
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        form = ApprovalForm(*sent, instance=approval, by=request.user)
        if form.is_valid():
            form.save()
            self.admin.message_user(request, gettext("The approval is saved."))
            if meeting.is_open_for_registration and meeting.reason_not_to_open():
                text = gettext("Registration is open: institutions abroad can send nobody now.")
                self.admin.message_user(request, text, "WARNING")
            return HttpResponseRedirect(request.path)
        context = {"form": form, "reason": reason_not_to_invite(meeting)}
        title = gettext("Approval of an international meeting")
        return self.show_desk(request, meeting, "approval", title, context)

    @desk_page(MAY)
    def scan_view(self, request, meeting):
        return private_file(MeetingApproval.of(meeting).scan, f"approval-{meeting.slug}")

    @desk_page(MAY, "meetings.view_delegate")
    def dossier_view(self, request, meeting):
        return word_download(dossier(meeting), f"request-{meeting.slug}.docx")
