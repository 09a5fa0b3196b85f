"""Speakers' own links, and what they upload by them for their item until an officer releases it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from sscnet.core.models import UploadedDocument
from sscnet.core.personal_data.personal_links import PersonalLink

from .files import MeetingDocument
from .programme import AgendaItem


class SpeakerLink(PersonalLink):
    """Opens the page of one item for one speaker."""

    agenda_item = models.ForeignKey(
        AgendaItem,
        models.CASCADE,
        related_name="speaker_links",
        verbose_name=_("item of the agenda"),
    )
    name = models.CharField(_("speaker"), max_length=200)

    page = "speaker_papers"
    related = ("agenda_item__meeting",)
    closed_template = "meetings/own/closed.html"

    class Meta(PersonalLink.Meta):
        verbose_name = _("link of a speaker")
        verbose_name_plural = _("links of speakers")
        ordering = ["id"]

    def __str__(self):
        return self.name


class SpeakerPaper(UploadedDocument):
    """A paper as a speaker sent it; released, it becomes a `MeetingDocument` of the item."""

    # The kinds a speaker chooses from.
    KINDS = (MeetingDocument.Kind.PRESENTATION, MeetingDocument.Kind.OTHER)

    link = models.ForeignKey(
        SpeakerLink, models.CASCADE, related_name="papers", verbose_name=_("speaker")
    )
    kind = models.CharField(
        _("kind"), max_length=20, choices=MeetingDocument.Kind, default=KINDS[0]
    )
    i18n = TranslationField(fields=["title"])
    is_public = False

    class Meta:
        verbose_name = _("paper of a speaker")
        verbose_name_plural = _("papers of speakers")
        ordering = ["uploaded_at", "id"]
        default_permissions = ["view"]
