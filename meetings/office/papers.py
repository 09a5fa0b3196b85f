"""Papers of a meeting that go to institutions: the notice, covering letters; issued and listed."""

from functools import partial

from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from sscnet.papers import issuing
from sscnet.papers.fields import PaperKind
from sscnet.papers.models import Paper

from ..models import MeetingPaper
from ..models.approval import reason_not_to_invite
from ..programme.times import on_papers
from .pages import desk_page, show_desk

KINDS = [PaperKind.NOTICE, PaperKind.COVER]
MAY = "meetings.issue_issueddocument"


class MeetingPaperForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=[(one.value, one.label) for one in KINDS])
    language = forms.ChoiceField(label=_("Language"), choices=Paper.language.field.choices)
    subject = forms.CharField(label=_("Subject"), max_length=200)
    to = forms.CharField(label=pgettext_lazy("paper", "To"), max_length=200)
    signer = forms.CharField(label=_("Signer"), max_length=200, required=False)
    text = forms.CharField(label=_("Text"), widget=forms.Textarea, max_length=5000, required=False)
    attachments = forms.CharField(
        label=_("Attachments"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
        help_text=_("One per line."),
    )

    def __init__(self, *arguments, meeting, **options):
        super().__init__(*arguments, **options)
        self.meeting = meeting

    def clean_kind(self):
        kind = self.cleaned_data["kind"]
        if kind == PaperKind.NOTICE and (reason := reason_not_to_invite(self.meeting)):
            raise forms.ValidationError(reason)
        return kind


@desk_page("papers/", "desk_papers", MAY)
def papers(request, meeting):
    """List the papers of the meeting, and issue one."""
    first = {
        "language": get_language(),
        "subject": gettext("Notice of “%(meeting)s”") % {"meeting": meeting},
        "to": gettext("Members of the Network"),
    }
    form = MeetingPaperForm(request.POST or None, initial=first, meeting=meeting)
    if form.is_valid():
        typed = form.cleaned_data
        values = partial(values_of, meeting, typed)
        paper = issuing.issue(typed["kind"], typed["language"], values, request.user)
        MeetingPaper.objects.create(meeting=meeting, paper=paper)
        text = gettext("%(paper)s is issued. Print it, have it sealed, and add the scan.")
        messages.info(request, text % {"paper": paper})
        return redirect(request.path)
    issued = Paper.objects.defer(*Paper.FILES).filter(meeting_paper__meeting=meeting)
    context = {"form": form, "papers": issued}
    return show_desk(request, meeting, "papers", gettext("Papers of the meeting"), context)


def values_of(meeting, typed: dict) -> dict:
    """Return what the paper says in the active language; what was typed is the same in each."""
    lines = typed["attachments"].splitlines()
    said = {name: typed[name] for name in ("subject", "to", "signer", "text")}
    attachments = [{"name": one.strip()} for one in lines if one.strip()]
    return on_papers(meeting) | said | {"attachments": attachments}
