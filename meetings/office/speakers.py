"""The page of a meeting's links of speakers: who got one, made and taken back."""

from django import forms
from django.conf import settings
from django.http import HttpResponseRedirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sscnet.core.forms import kept_posts
from sscnet.core.pages.views import ask_first

from ..models import AgendaItem, SpeakerLink
from ..persons import speaker_links
from .pages import MeetingPages, desk_page


class SpeakerLinkForm(forms.Form):
    item = forms.ModelChoiceField(AgendaItem.objects.none(), label=_("Item of the programme"))
    name = forms.CharField(max_length=200, label=_("Speaker"))
    email = forms.EmailField(
        required=False,
        label=_("Email"),
        help_text=_("The link is sent there. Leave it empty to pass on the link yourself."),
    )

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = meeting.agenda_items.all()


class SpeakerPages(MeetingPages):
    """Links by which speakers upload papers. The papers have a list of their own."""

    def views(self):
        return [("speakers/", self.speakers_view, "desk_speakers")]

    @desk_page("meetings.change_agendaitem")
    def speakers_view(self, request, meeting):
        links = SpeakerLink.objects.filter(agenda_item__meeting=meeting)
        form = SpeakerLinkForm(request.POST or None, meeting=meeting)
        if (key := request.POST.get("revoke", "")).isdecimal():
            question = gettext("Cancel the link?")
            gone, answer = gettext("It stops working at once."), gettext("Cancel the link")
            back = request.get_full_path()
            if asked := ask_first(request, question, gone, answer, back, keep=form.fields):
                return asked
            links.valid().filter(pk=key).revoke()
            self.admin.message_user(request, gettext("The link no longer works."))
            kept_posts.keep_rest(request, form.fields, back)
            return HttpResponseRedirect(request.path)
        if form.is_valid():
            speaker_links.make(*(form.cleaned_data[name] for name in ("item", "name", "email")))
            self.admin.message_user(request, gettext("The link is shown below."))
            return HttpResponseRedirect(request.path)
        rows = [
            (link, settings.PORTAL_ADDRESS + link.path() if link.is_valid else "")
            for link in links.select_related("agenda_item")
        ]
        context = {"form": form, "links": rows}
        title = gettext("Papers of speakers")
        return self.show_desk(request, meeting, "speakers", title, context)
