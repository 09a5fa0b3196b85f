"""What one institution answers to a request."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.models import Institution
from sscnet.core.models.fields import by_user
from sscnet.core.personal_data.sealed import SealedFileField
from sscnet.questions.models import AbstractAnswer, WithFilesQuerySet

from .request import Request, RequestQuestion


class ResponseQuerySet(WithFilesQuerySet):
    def waiting(self):
        """Keep those that are neither sent nor declined."""
        return self.filter(state__in=Response.WAITING)

    def to_answer(self):
        """Keep those that can be sent now: until the end for all, or a later one of their own."""
        in_time = Q(request__closes_at__gt=timezone.now()) | Q(closes_at__gt=timezone.now())
        return self.filter(in_time, request__state=Request.State.OPEN)

    def for_list(self):
        return self.select_related("request", "institution", "sent_by", "saved_by")


class Response(models.Model):
    """What one institution answers: begun by any of its people, sent once, or declined."""

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
    sent_at = models.DateTimeField(pgettext_lazy("moment", "sent"), null=True, editable=False)
    sent_by = by_user(_("sent by"))
    reason = models.TextField(_("reason for declining"), max_length=2000, blank=True)
    remark = models.TextField(_("remark of the Secretariat"), max_length=2000, blank=True)
    on_paper = models.BooleanField(_("entered from paper"), default=False)
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
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent"),
                name="response_sent_at",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(reason=""), name="response_declined_why"
            ),
        ]

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
        return self.request.state == Request.State.OPEN and self.until > timezone.now()


class ResponseAnswer(AbstractAnswer):
    """What an institution answers to one question."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="answers")
    question = models.ForeignKey(
        RequestQuestion, models.PROTECT, related_name="answers", verbose_name=_("question")
    )

    class Meta(AbstractAnswer.Meta):
        verbose_name = _("answer of an institution")
        verbose_name_plural = _("answers of institutions")
        default_permissions = ["view"]
        constraints = [
            models.UniqueConstraint(fields=["response", "question"], name="response_answer_once")
        ]
