"""Mails kept until they are sent, and the officers' own wordings of them."""

from datetime import timedelta

import pghistory
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from sscnet.core.i18n.labels import each_language
from sscnet.core.models import TranslatedModel

from . import wordings

# How long to wait after the first failure, the second ...: a day in all, then it is given up.
WAITS = [timedelta(minutes=n) for n in (1, 2, 5, 15, 30, 60, 120, 240, 480, 480)]


class MessageQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(sent_at=None, failed_at=None)

    def sent(self):
        return self.exclude(sent_at=None)

    def failed(self):
        """Return the mails given up after a day."""
        return self.exclude(failed_at=None)

    def due(self):
        """A first try waits for its own moment alone: the clock may have been ahead before."""
        now = timezone.now()
        first = models.Q(attempts=0) & (models.Q(due_at=None) | models.Q(due_at__lte=now))
        return self.waiting().filter(models.Q(next_try_at__lte=now) | first)

    def about(self, record):
        kind = ContentType.objects.get_for_model(record)
        return self.filter(content_type=kind, object_id=str(record.pk))

    def shown_to(self, user):
        """Keep those that a person may see in the admin."""
        return self.exclude(wordings.hidden_mails(user))

    def for_list(self):
        """Defer the texts."""
        return self.defer("text", "html")

    def send_again(self):
        """Queue the mails given up again; return how many. Where the text is gone, none is sent."""
        kept = self.failed().filter(holds_secret=False).exclude(text="")
        return kept.update(failed_at=None, attempts=0, next_try_at=timezone.now())

    def hold(self, reason):
        """Give up what is due, so that officers decide whether it is sent; return how many."""
        self.due().filter(holds_secret=True).update(text="", html="")
        return self.due().update(failed_at=timezone.now(), last_error=reason)


class Message(models.Model):
    """A mail as it was written, in both languages; sent once, by `sending`."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("mail", "waiting")
        SENT = "sent", pgettext_lazy("mail", "sent")
        FAILED = "failed", pgettext_lazy("mail", "failed")

    key = models.CharField(
        pgettext_lazy("mail", "key"),
        max_length=200,
        unique=True,
        help_text=_("No two emails have the same one."),
    )
    kind = models.CharField(_("kind of email"), max_length=60)
    to = models.EmailField(pgettext_lazy("mail", "to"))
    reply_to = models.EmailField(_("replies to"), blank=True)
    subject = models.CharField(pgettext_lazy("mail", "subject"), max_length=400)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(_("text as HTML"), blank=True)
    # The language its reader uses; the other follows.
    first_language = models.CharField(max_length=10, blank=True, editable=False)
    holds_secret = models.BooleanField(_("text is not shown"), default=False)
    reference = models.CharField(_("reference"), max_length=100, blank=True)
    content_type = models.ForeignKey(ContentType, models.SET_NULL, null=True, blank=True)
    object_id = models.CharField(max_length=20, blank=True)
    about = GenericForeignKey()
    due_at = models.DateTimeField(_("not before"), null=True, blank=True)
    # Waits for the mail of the week, which says it together with what else is due (`weekly`).
    is_weekly = models.BooleanField(default=False, db_default=False, editable=False)
    said_in = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, editable=False)
    created_at = models.DateTimeField(
        pgettext_lazy("mail", "written"), db_default=Now(), editable=False
    )
    attempts = models.PositiveSmallIntegerField(_("failed attempts"), default=0)
    next_try_at = models.DateTimeField(_("next attempt"))
    sent_at = models.DateTimeField(pgettext_lazy("mail", "sent"), null=True, blank=True)
    failed_at = models.DateTimeField(_("given up"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("message", "email")
        verbose_name_plural = _("emails")
        ordering = ["-created_at", "-id"]
        permissions = [("send_again_message", _("Can send failed mails again"))]
        indexes = [
            models.Index(fields=["content_type", "object_id"]),
            models.Index(
                fields=["next_try_at", "id"],
                name="outbox_waiting",
                condition=models.Q(sent_at=None, failed_at=None),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="mail_sent_or_failed",
                condition=models.Q(sent_at=None) | models.Q(failed_at=None),
            )
        ]

    def __str__(self):
        return self.subject

    @property
    def state(self):
        if self.sent_at:
            return self.State.SENT
        return self.State.FAILED if self.failed_at else self.State.WAITING

    @property
    def subject_now(self):
        """Return the subject in the language of now."""
        return wordings.subject_in(self.subject, get_language(), self.first_language)

    @property
    def kind_label(self):
        return wordings.label_of(self.kind)

    def mark_sent(self):
        self.sent_at = timezone.now()
        self.forget_secret()

    def forget_secret(self):
        if self.holds_secret:
            self.text = self.html = ""

    def record_failure(self, error):
        """Record a failed attempt: wait longer than before, and give up after a day."""
        self.last_error = str(error) or type(error).__name__
        self.attempts += 1
        if self.attempts > len(WAITS):
            self.failed_at = timezone.now()
            self.forget_secret()
        else:
            self.next_try_at = timezone.now() + WAITS[self.attempts - 1]


class Attachment(models.Model):
    message = models.ForeignKey(Message, models.CASCADE, related_name="attachments")
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(_("content type"), max_length=100)
    content = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["id"]

    def __str__(self):
        return self.name


@pghistory.track()
class WordingOverride(TranslatedModel):
    """The officers' own text of a kind of mail. An empty field means our text."""

    key = models.CharField(_("kind of email"), max_length=60, unique=True)
    subject = models.CharField(pgettext_lazy("mail", "subject"), max_length=180, blank=True)
    body = models.TextField(
        _("text"), blank=True, help_text=_("A blank line begins a new paragraph.")
    )
    i18n = TranslationField(fields=["subject", "body"])

    class Meta:
        verbose_name = _("wording of an email")
        verbose_name_plural = _("wordings of emails")
        ordering = ["key"]

    def __str__(self):
        return wordings.label_of(self.key)

    def clean(self):
        super().clean()
        names = (*each_language("subject"), *each_language("body"))
        found = {name: self.problem(name) for name in names}
        if errors := {name: problem for name, problem in found.items() if problem}:
            raise ValidationError(errors)

    def problem(self, name: str) -> str:
        """Say what is wrong with one of the texts; empty where nothing is."""
        wording, text = wordings.WORDINGS.get(self.key), getattr(self, name) or ""
        known = set(wording.placeholders) if wording else set()
        used = wordings.placeholders(text)
        if unknown := used - known:
            text = gettext("%(unknown)s is not available here. You can use: %(known)s.")
            return text % {"unknown": in_braces(unknown), "known": in_braces(known)}
        if name.startswith("subject") and wording and (leaked := used & wording.secrets):
            text = gettext("%(secrets)s can be used in the text only: others may see the subject.")
            return text % {"secrets": in_braces(leaked)}
        if wording and wording.holds_secret and (found := wordings.foreign_addresses(text)):
            text = gettext(
                "This email carries a code or a link, so its wording may not lead elsewhere: leave"
                " out %(addresses)s. The portal adds its own link."
            )
            return text % {"addresses": ", ".join(sorted({one or "//" for one in found}))}
        return ""


def in_braces(names):
    return ", ".join(f"{{{name}}}" for name in sorted(names)) or "–"
