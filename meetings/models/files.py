"""Papers and pictures of a meeting."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from sscnet.core.database.stamps import MEETINGS
from sscnet.core.database.triggers import LogsChange, touch
from sscnet.core.models import UploadedDocument, UploadedPicture

from .meeting import Meeting

TABLE = "meetings_meeting"


@pghistory.track()
class MeetingDocument(UploadedDocument):
    class Kind(models.TextChoices):
        INVITATION = "invitation", _("invitation")
        PROGRAMME = "programme", _("programme of the meeting")
        REPORT = "report", _("report")
        MINUTES = "minutes", _("minutes")
        PRESENTATION = "presentation", _("presentation")
        OTHER = "other", _("other document")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="documents")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.OTHER)
    i18n = TranslationField(fields=["title"])

    belongs_to = "meeting"

    class Meta(UploadedDocument.Meta):
        triggers = [touch("meeting", TABLE), LogsChange(MEETINGS)]


@pghistory.track()
class MeetingPicture(UploadedPicture):
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="pictures")
    i18n = TranslationField(fields=["alt", "caption"])

    belongs_to = "meeting"

    class Meta(UploadedPicture.Meta):
        triggers = [touch("meeting", TABLE), LogsChange(MEETINGS)]
