"""A meeting's own questions to its delegates, beside what every meeting asks, and the answers."""

from functools import partial

import pghistory
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from sscnet.core.database.stamps import MEETINGS, REGISTRATIONS
from sscnet.core.database.triggers import LogsChange
from sscnet.core.i18n.labels import each_language, own_language_first
from sscnet.core.models import TranslatedModel
from sscnet.core.models.fields import InSomeLanguage
from sscnet.core.personal_data.fields import emptied
from sscnet.core.personal_data.sealed import SealedFileField

from .delegation import Delegate
from .meeting import Meeting


class MeetingQuestionQuerySet(models.QuerySet):
    def asked(self):
        return self.filter(is_asked=True)


@pghistory.track()
class MeetingQuestion(TranslatedModel):
    """A question of one meeting. Choices are known by their number: a line each, from 1 on."""

    class Kind(models.TextChoices):
        TEXT = "text", _("text")
        CHOICE = "choice", _("choice")
        FILE = "file", _("file")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    kind = models.CharField(_("kind of answer"), max_length=10, choices=Kind, default=Kind.TEXT)
    text = models.CharField(
        _("question"),
        max_length=300,
        blank=True,
        help_text=_(
            "Do not ask about health or belief: there are separate fields for diet and access"
            " needs."
        ),
    )
    choices = models.TextField(
        _("choices"),
        max_length=2000,
        blank=True,
        help_text=_("One per line, as many in each language. Once answered, add at the end only."),
    )
    is_required = models.BooleanField(_("answer required"), default=False)
    is_asked = models.BooleanField(
        _("is asked"),
        default=True,
        help_text=_(
            "Untick this to stop asking; answers are kept. An answered question cannot be deleted."
        ),
    )
    i18n = TranslationField(fields=["text", "choices"])

    objects = MeetingQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question to delegates")
        verbose_name_plural = _("questions to delegates")
        ordering = ["position", "id"]
        triggers = [LogsChange(MEETINGS)]
        constraints = [InSomeLanguage(field="text", name="question_in_some_language")]

    def __str__(self):
        return self.text_i18n

    def clean(self):
        super().clean()
        english, chinese = len(lines(self.choices)), len(lines(self.choices_zh_hans))
        number = english or chinese
        if self.kind == self.Kind.CHOICE and number < 2:
            box = own_language_first(each_language("choices"))[0]
            raise ValidationError({box: _("Give at least two choices, one per line.")})
        if english and chinese and chinese != english:
            text = _("Give as many choices in Chinese as in English, in the same order.")
            raise ValidationError({"choices_zh_hans": text})
        self.check_answered(number)

    def check_answered(self, number):
        """Refuse what would change the meaning of answers that are there."""
        stored = MeetingQuestion.objects.filter(pk=self.pk, answers__isnull=False).first()
        if stored and stored.kind != self.kind:
            text = _("There are already answers, so the kind of answer cannot change.")
            raise ValidationError({"kind": text})
        if stored and number < len(lines(stored.choices or stored.choices_zh_hans)):
            text = _("There are already answers: only add choices at the end, and remove none.")
            raise ValidationError({"choices": text})

    @property
    def options(self) -> list[tuple[int, str]]:
        """Return the choices by their numbers, in the page's language."""
        return list(enumerate(lines(self.choices_i18n), 1))


def lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


class DelegateAnswerQuerySet(models.QuerySet):
    def erase(self):
        """Empty texts and files; the choice stays, as it names nobody and figures count it."""
        self.throw_away_files()
        self.update(**emptied(DelegateAnswer))

    def forget(self):
        self.throw_away_files()
        self.delete()

    def throw_away_files(self):
        for name in self.exclude(file="").values_list("file", flat=True):
            transaction.on_commit(partial(default_storage.delete, name))


class DelegateAnswer(models.Model):
    """What a delegate answers to one question: a text, the number of a choice, or a file."""

    delegate = models.ForeignKey(
        Delegate, models.CASCADE, related_name="answers", verbose_name=_("delegate")
    )
    question = models.ForeignKey(
        MeetingQuestion, models.PROTECT, related_name="answers", verbose_name=_("question")
    )
    text = models.TextField(_("answer"), max_length=1000, blank=True)
    chosen = models.PositiveSmallIntegerField(_("choice"), null=True)
    file = SealedFileField(_("file"), blank=True)

    objects = DelegateAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer of a delegate")
        verbose_name_plural = _("answers of delegates")
        ordering = ["question", "id"]
        default_permissions = ["view"]
        triggers = [LogsChange(REGISTRATIONS)]
        constraints = [
            models.UniqueConstraint(fields=["delegate", "question"], name="delegate_answer_once")
        ]

    def __str__(self):
        if self.file:
            return self.file.name.rpartition(".")[2].upper()
        return dict(self.question.options).get(self.chosen, self.text)
