"""Papers that speakers sent, to be released or thrown away."""

from django.contrib import admin
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from sscnet.admin import link
from sscnet.core.i18n.texts import comma_separated
from sscnet.core.pages.views import ask_first

from ..models import SpeakerPaper
from ..persons import speaker_links
from .chosen import SentAdmin


@admin.register(SpeakerPaper)
class SpeakerPaperAdmin(SentAdmin):
    list_display = ["shown_file", "shown_item", "shown_meeting", "kind", "uploaded_at"]
    list_display_links = None
    list_select_related = ["link__agenda_item__meeting"]
    fields = ["shown_file", "shown_item", "shown_meeting", "kind", "uploaded_at"]
    actions = ["release", "remove"]

    @admin.display(description=_("file"))
    def shown_file(self, paper):
        return link(paper.file.url, f"{paper} ({paper.format})")

    @admin.display(description=_("item of the agenda"))
    def shown_item(self, paper):
        return paper.link.agenda_item

    @admin.display(description=_("meeting"))
    def shown_meeting(self, paper):
        return paper.link.agenda_item.meeting

    @admin.action(description=_("Release: with its item, for everybody"), permissions=["release"])
    def release(self, request, queryset):
        n = sum(speaker_links.release(row) for row in queryset)
        self.say(request, ngettext("%(n)d paper is public.", "%(n)d papers are public.", n), n)

    @admin.action(description=_("Discard"), permissions=["release"])
    def remove(self, request, queryset):
        question, gone = gettext("Discard these papers?"), gettext("The files are deleted.")
        answer, back = gettext("Discard"), request.get_full_path()
        papers = comma_separated(queryset)
        if asked := ask_first(request, question, gone, answer, back, about=papers):
            return asked
        n = sum(speaker_links.remove(row) for row in queryset)
        self.say(
            request, ngettext("%(n)d paper was discarded.", "%(n)d papers were discarded.", n), n
        )
        return None
