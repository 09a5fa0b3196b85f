"""What the host and the guests of an exchange visit say of it, each for itself."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modeltrans.fields import TranslationField

from members.models import Institution
from sscnet.core.changes import MEETINGS
from sscnet.core.fields import by_user
from sscnet.core.models import TranslatedModel
from sscnet.core.triggers import LogsChange, touch

from .meeting import Meeting

TABLE = "meetings_meeting"
WAITS = Q(released_at=None, returned_at=None)


class VisitStatementQuerySet(models.QuerySet):
    def waiting(self):
        """Return those that an officer releases or gives back."""
        return self.filter(WAITS, meeting__is_sample=False)

    def released(self):
        return self.filter(released_at__isnull=False)

    def standing(self):
        """Return all but those that were given back."""
        return self.filter(returned_at=None)


class VisitStatement(TranslatedModel):
    """What one side says of a visit, which confirms it; the newest released one is public."""

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="visit_statements", verbose_name=_("meeting")
    )
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        related_name="visit_statements",
        verbose_name=_("institution"),
    )
    text = models.TextField(_("text"), blank=True)
    sent_by = by_user(_("sent by"))
    sent_at = models.DateTimeField(_("sent"), db_default=Now(), editable=False)
    released_at = models.DateTimeField(
        pgettext_lazy("moment", "released"), null=True, editable=False
    )
    returned_at = models.DateTimeField(_("given back"), null=True, editable=False)
    i18n = TranslationField(fields=["text"])

    objects = VisitStatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement on an exchange visit")
        verbose_name_plural = _("statements on exchange visits")
        ordering = ["-sent_at", "-id"]
        default_permissions = ["view", "change"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "institution"],
                condition=WAITS,
                name="visit_statement_waits_once",
            )
        ]
        triggers = [touch("meeting", TABLE), LogsChange(MEETINGS)]

    def __str__(self):
        return Truncator(self.text_i18n).chars(80)
