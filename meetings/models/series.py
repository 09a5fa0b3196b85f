"""Series of meetings, such as the annual meetings of the Network."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from sscnet.core.database.stamps import MEETINGS
from sscnet.core.database.triggers import LogsChange
from sscnet.core.models import TranslatedModel
from sscnet.core.models.fields import InSomeLanguage


@pghistory.track()
class MeetingSeries(TranslatedModel):
    """A series that meetings belong to; it is public with its first published meeting."""

    name = models.CharField(_("name"), max_length=200, blank=True)
    i18n = TranslationField(fields=["name"])

    class Meta:
        verbose_name = _("series of meetings")
        verbose_name_plural = _("series of meetings")
        ordering = ["id"]
        triggers = [LogsChange(MEETINGS)]
        constraints = [InSomeLanguage(field="name", name="series_name_in_some_language")]
