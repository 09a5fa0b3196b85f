"""A meeting's own questions to its delegates, beside what every meeting asks, and the answers."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from sscnet.core.database.stamps import MEETINGS, REGISTRATIONS
from sscnet.core.database.triggers import LogsChange
from sscnet.questions.models import AbstractAnswer, AbstractQuestion
from sscnet.questions.triggers import answered_stays

from .delegation import Delegate
from .meeting import Meeting


@pghistory.track()
class MeetingQuestion(AbstractQuestion):
    """A question of one meeting."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="questions")

    class Meta(AbstractQuestion.Meta):
        verbose_name = _("question to delegates")
        verbose_name_plural = _("questions to delegates")
        triggers = [LogsChange(MEETINGS), answered_stays("meetings_delegateanswer")]


class DelegateAnswer(AbstractAnswer):
    """What a delegate answers to one question."""

    delegate = models.ForeignKey(
        Delegate, models.CASCADE, related_name="answers", verbose_name=_("delegate")
    )
    question = models.ForeignKey(
        MeetingQuestion, models.PROTECT, related_name="answers", verbose_name=_("question")
    )

    class Meta(AbstractAnswer.Meta):
        verbose_name = _("answer of a delegate")
        verbose_name_plural = _("answers of delegates")
        default_permissions = ["view"]
        triggers = [LogsChange(REGISTRATIONS)]
        constraints = [
            models.UniqueConstraint(fields=["delegate", "question"], name="delegate_answer_once")
        ]
