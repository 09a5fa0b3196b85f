"""Speakers' own links, and what they upload by them for their item until an officer releases it."""

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from sscnet.core.models import UploadedDocument

from .files import MeetingDocument
from .links import new_token
from .personal_data import link_ends_at
from .programme import AgendaItem


class SpeakerLinkQuerySet(models.QuerySet):
    def valid(self):
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())


class SpeakerLink(models.Model):
    """Opens the page of one item for one speaker; sealed as a `DelegateLink` is."""

    agenda_item = models.ForeignKey(
        AgendaItem,
        models.CASCADE,
        related_name="speaker_links",
        verbose_name=_("item of the agenda"),
    )
    name = models.CharField(_("speaker"), max_length=200)
    token = models.CharField(max_length=50, unique=True, default=new_token, editable=False)
    created_at = models.DateTimeField(_("made"), db_default=Now(), editable=False)
    expires_at = models.DateTimeField(_("expires"), default=link_ends_at)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = SpeakerLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link of a speaker")
        verbose_name_plural = _("links of speakers")
        ordering = ["id"]
        default_permissions = []

    def __str__(self):
        return self.name

    @property
    def is_valid(self):
        return self.revoked_at is None and self.expires_at > timezone.now()


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
