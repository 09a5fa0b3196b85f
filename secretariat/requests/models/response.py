"""What one institution answers to a request."""

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.models import Institution
from sscnet.core.database.triggers import append_only
from sscnet.core.models.fields import by_user, loose
from sscnet.core.personal_data.sealed import SealedFileField
from sscnet.questions.models import AbstractAnswer, AnswerQuerySet, WithFilesQuerySet

from . import seals
from .request import Request, RequestQuestion


class ResponseQuerySet(WithFilesQuerySet):
    def throw_away_files(self, field="slip"):
        """Delete the slips of drafts, but for those that were sent."""
        sent = SubmittedSlip.objects.values("file")
        WithFilesQuerySet.throw_away_files(self.exclude(slip__in=sent), field)

    def with_submissions(self):
        """Load what was sent, with its answers, for `Response.submission`."""
        return self.prefetch_related("submissions__answers__question", "submissions__slips")

    def waiting(self):
        """Keep those that are neither sent nor declined."""
        return self.filter(state__in=Response.WAITING)

    def to_answer(self):
        """Keep those that can be sent now: until the end for all, or a later one of their own."""
        in_time = Q(request__closes_at__gt=timezone.now()) | Q(closes_at__gt=timezone.now())
        return self.filter(in_time, request__state=Request.State.OPEN)

    def for_list(self):
        return self.select_related("request", "institution", "saved_by", "declined_by")


class Response(models.Model):
    """Where one institution stands with a request, and the draft its people write in turns.

    What it sent are its submissions; the last one counts until another is sent. The draft is seen
    by its own people alone.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("not opened")
        OPENED = "opened", pgettext_lazy("response", "opened")
        BEGUN = "begun", pgettext_lazy("response", "begun")
        SENT = "sent", pgettext_lazy("response", "sent")
        RETURNED = "returned", pgettext_lazy("response", "returned")
        DECLINED = "declined", pgettext_lazy("response", "declined")

    WAITING = (State.ASKED, State.OPENED, State.BEGUN, State.RETURNED)

    request = models.ForeignKey(Request, models.CASCADE, related_name="responses")
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        related_name="responses",
        verbose_name=_("institution"),
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED)
    since = models.DateTimeField(_("since"), default=timezone.now)
    closes_at = models.DateTimeField(
        _("until, for this institution"), null=True, blank=True, help_text=_("Empty: as for all.")
    )
    reason = models.TextField(_("reason for declining"), max_length=2000, blank=True)
    declined_by = by_user(_("declined by"), editable=False)
    remark = models.TextField(_("remark of the Secretariat"), max_length=2000, blank=True)
    slip = SealedFileField(_("sealed slip"), blank=True)
    extended_at = models.DateTimeField(_("end moved"), null=True, editable=False)
    lock_version = models.PositiveIntegerField(default=0, editable=False)
    saved_by = by_user(_("saved by"), editable=False)
    saved_at = models.DateTimeField(pgettext_lazy("moment", "saved"), null=True, editable=False)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("response of an institution")
        verbose_name_plural = _("responses of institutions")
        ordering = ["id"]
        default_permissions = ["view", "change"]
        constraints = [
            models.UniqueConstraint(fields=["request", "institution"], name="response_once"),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(reason=""), name="response_declined_why"
            ),
        ]
        triggers = [seals.asked_stays()]

    def __str__(self):
        return f"{self.institution}: {self.request}"

    @property
    def address(self) -> str:
        return reverse("secretariat:my_request", args=[self.institution.slug, self.request_id])

    @property
    def until(self):
        """Return the moment until which it can be sent."""
        return max(filter(None, [self.closes_at, self.request.closes_at]))

    @property
    def is_open(self) -> bool:
        return self.request.is_open and self.until > timezone.now()

    @property
    def submission(self) -> "Submission | None":
        """Return what counts: the last that was sent. `with_submissions` loads it for a list."""
        submissions = list(self.submissions.all())
        return submissions[-1] if submissions else None

    @property
    def is_changed(self) -> bool:
        """Return whether its people changed the draft after sending, and did not send it again."""
        sent = self.submission
        if not (sent and self.saved_at and self.saved_at > sent.sent_at):
            return False
        return values_by_question(self.answers.all()) != values_by_question(sent.answers.all())


class ResponseAnswerQuerySet(AnswerQuerySet):
    def throw_away_files(self, field="file"):
        """Delete the files of drafts, but for those that were sent."""
        sent = SubmittedAnswer.objects.values("file")
        AnswerQuerySet.throw_away_files(self.exclude(file__in=sent), field)


class ResponseAnswer(AbstractAnswer):
    """What an institution's people write as the answer to one question."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="answers")
    question = models.ForeignKey(
        RequestQuestion, models.PROTECT, related_name="answers", verbose_name=_("question")
    )

    objects = ResponseAnswerQuerySet.as_manager()

    class Meta(AbstractAnswer.Meta):
        verbose_name = _("answer of an institution")
        verbose_name_plural = _("answers of institutions")
        default_permissions = ["view"]
        constraints = [
            models.UniqueConstraint(fields=["response", "question"], name="response_answer_once")
        ]


def values_by_question(answers: Iterable[AbstractAnswer]) -> dict[int, tuple]:
    """Return what was answered, as values that can be compared; of a file its stored name."""
    return {
        answer.question_id: (
            answer.text,
            list(answer.chosen),
            answer.number,
            answer.day,
            answer.rows,
            answer.file.name or "",
        )
        for answer in answers
    }


# ------------------------------------------------------------------ what was sent


class Submission(models.Model):
    """What an institution sent: an envelope that is only added to; its texts stand beside it.

    Its keys are loose: the row outlives a merge of the institution and the account of who sent.
    """

    class Way(models.TextChoices):
        ONLINE = "online", _("online")
        PAPER = "paper", _("on paper")

    response = models.ForeignKey(Response, models.PROTECT, related_name="submissions")
    institution = loose(Institution, _("institution"))
    number = models.PositiveSmallIntegerField(_("version"))
    # Given by the database.
    sent_at = models.DateTimeField(pgettext_lazy("moment", "sent"), db_default=Now())
    way = models.CharField(_("way"), max_length=10, choices=Way, default=Way.ONLINE)
    sent_by = loose(settings.AUTH_USER_MODEL, _("sent by"))
    sent_by_name = models.CharField(_("sent by"), max_length=200, blank=True)
    # Of a vote on paper: the second person at the Secretariat, who looked at the slip.
    confirmed_by = loose(settings.AUTH_USER_MODEL, _("confirmed by"), db_index=False)
    # The numbers of the choices ticked, by the key of the question.
    choices = models.JSONField(_("choices"), default=dict)
    digest = models.CharField(_("check code"), max_length=64)

    class Meta:
        verbose_name = _("what an institution sent")
        verbose_name_plural = _("what institutions sent")
        ordering = ["response", "number"]
        default_permissions = ["view"]
        triggers = [append_only(), seals.sent_in_time()]
        constraints = [
            models.UniqueConstraint(fields=["response", "number"], name="submission_number_once"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("sent_by")),
                name="submission_confirmed_by_another",
            ),
        ]

    def __str__(self):
        return f"{self.response}, {self.number}"

    @property
    def check_code(self) -> str:
        """Return the beginning of the digest, by which an institution can check what is kept."""
        return self.digest[:12]

    @property
    def slip(self):
        """Return the sealed slip that came with it, an empty file where none did."""
        sealed = next(iter(self.slips.all()), None)
        return sealed.file if sealed else None


class SubmittedAnswer(AbstractAnswer):
    """An answer that was sent. The choices stand in the envelope, and stay when this is erased."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="answers")
    question = models.ForeignKey(
        RequestQuestion, models.PROTECT, related_name="submitted", verbose_name=_("question")
    )

    class Meta(AbstractAnswer.Meta):
        verbose_name = _("answer that was sent")
        verbose_name_plural = _("answers that were sent")
        ordering = ["question__position", "question"]
        default_permissions = ["view"]
        triggers = [append_only(), seals.beside_its_envelope()]
        constraints = [
            models.UniqueConstraint(fields=["submission", "question"], name="submitted_answer_once")
        ]

    @property
    def chosen(self) -> list[int]:
        return self.submission.choices.get(str(self.question_id), [])


class SubmittedSlip(models.Model):
    """The sealed slip that came with what was sent."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="slips")
    file = SealedFileField(_("sealed slip"), blank=True)

    objects = WithFilesQuerySet.as_manager()

    class Meta:
        verbose_name = _("sealed slip that was sent")
        verbose_name_plural = _("sealed slips that were sent")
        default_permissions = ["view"]
        triggers = [append_only(), seals.beside_its_envelope()]
        constraints = [models.UniqueConstraint(fields=["submission"], name="submitted_slip_once")]

    def __str__(self):
        return str(self.submission)


class PaperVote(models.Model):
    """A vote that came on paper, entered by one person: it counts once another confirms it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for a second person")
        CONFIRMED = "confirmed", _("confirmed")
        REFUSED = "refused", _("refused")

    response = models.ForeignKey(Response, models.PROTECT, related_name="paper_votes")
    vote = models.PositiveSmallIntegerField(_("vote"))
    slip = SealedFileField(_("sealed slip"))
    entered_at = models.DateTimeField(_("entered"), db_default=Now())
    entered_by = loose(settings.AUTH_USER_MODEL, _("entered by"), db_index=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = loose(settings.AUTH_USER_MODEL, _("decided by"), db_index=False)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)

    objects = WithFilesQuerySet.as_manager()

    class Meta:
        verbose_name = _("vote on paper")
        verbose_name_plural = _("votes on paper")
        ordering = ["entered_at", "id"]
        default_permissions = []
        triggers = [seals.begins_waiting(), seals.entered_stays()]
        constraints = [
            models.UniqueConstraint(
                fields=["response"],
                condition=Q(state="waiting"),
                name="paper_vote_waits_once",
                violation_error_message=_("A vote on paper of this institution is waiting."),
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | ~Q(decided_by=F("entered_by")),
                name="paper_vote_confirmed_by_another",
            ),
        ]

    def __str__(self):
        return str(self.response)

    @property
    def label(self) -> str:
        """Return what was voted, in the page's language."""
        return dict(self.response.request.questions.asked().get().options).get(self.vote, "")
