"""Answers to questions about a call that everybody can read."""

import pghistory
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from sscnet.core.database.stamps import CALLS
from sscnet.core.database.triggers import LogsChange, touch
from sscnet.core.models import TranslatedModel

from .call import TABLE, Call


@pghistory.track()
class CallAnswer(TranslatedModel):
    """A question that was asked about a call, in words for everybody, and its answer.

    Who asked is nowhere here: the question itself stays with the Secretariat.
    """

    call = models.ForeignKey(Call, models.CASCADE, related_name="answers")
    question = models.TextField(_("question"), blank=True, help_text=_("Without any names."))
    answer = models.TextField(_("answer"), blank=True)
    answered_on = models.DateField(_("answered on"), default=timezone.localdate)
    i18n = TranslationField(fields=["question", "answer"])

    class Meta:
        verbose_name = _("published answer")
        verbose_name_plural = _("published answers")
        ordering = ["answered_on", "id"]
        triggers = [touch("call", TABLE), LogsChange(CALLS)]

    def __str__(self):
        return self.question_i18n or ""
