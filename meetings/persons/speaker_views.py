"""The page of a speaker's own link: what was sent for the item, and sending more. No account."""

from django import forms
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from sscnet.core.forms.kept_posts import keep_rest
from sscnet.core.pages.views import ask_first
from sscnet.core.personal_data.personal_links import opened_by
from sscnet.core.uploads import MAX_DOCUMENT_BYTES, takes_files

from ..models import SpeakerLink, SpeakerPaper
from . import speaker_links

TITLES = ("title", "title_zh_hans")


class SpeakerPaperForm(forms.ModelForm):
    class Meta:
        model = SpeakerPaper
        fields = ["file", "kind", "title", "title_zh_hans", "language"]
        labels = {
            "title": gettext_lazy("Title in English"),
            "title_zh_hans": gettext_lazy("Title in Chinese"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in SpeakerPaper.KINDS]

    def clean(self):
        data = super().clean()
        if not (data.get("title") or data.get("title_zh_hans")):
            self.add_error("title", gettext("Give the title in English, in Chinese or in both."))
        return data


@takes_files(MAX_DOCUMENT_BYTES, link=SpeakerLink)
@opened_by(SpeakerLink)
@require_http_methods(["GET", "HEAD", "POST"])
def speaker_papers(request, link):
    is_sent = request.method == "POST"
    if is_sent and (key := request.POST.get("remove", "")).isdecimal():
        back = link.path()
        for paper in link.papers.filter(pk=key):
            question, gone = gettext("Remove: %(paper)s?"), gettext("The document is deleted.")
            question %= {"paper": paper}
            if asked := ask_first(request, question, gone, gettext("Remove"), back, keep=TITLES):
                return asked
            speaker_links.remove(paper)
            keep_rest(request, TITLES, back)
        return redirect(back)
    form = SpeakerPaperForm(*((request.POST, request.FILES) if is_sent else ()))
    if is_sent and form.is_valid() and keep(link, form):
        return redirect(link.path() + "?done=1")
    context = {
        "link": link,
        "item": link.agenda_item,
        "meeting": link.agenda_item.meeting,
        "waiting": link.papers.all(),
        "released": link.agenda_item.documents.all(),
        "is_done": "done" in request.GET,
        "form": form,
        "forms": [form],
    }
    return render(request, "meetings/speaker/papers.html", context)


def keep(link, form):
    try:
        speaker_links.upload(link, form.instance)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True
