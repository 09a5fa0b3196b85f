"""A delegate's own link: to what is held of the person, to correct and to erase it.
Erasing personal data: the notice before it, and the protocol of what went, when, by whom.
"""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sscnet.core.models.fields import by_user

from .delegation import Delegate
from .links import new_token
from .meeting import Meeting


class DelegateLinkQuerySet(models.QuerySet):
    def valid(self):
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())


def link_ends_at():
    return timezone.now() + timedelta(days=settings.DELEGATE_LINK_DAYS)


class DelegateLink(models.Model):
    """The token is a part of the address; the other, its seal, is not stored."""

    delegate = models.ForeignKey(Delegate, models.CASCADE, related_name="links")
    token = models.CharField(max_length=50, unique=True, default=new_token, editable=False)
    created_at = models.DateTimeField(_("made"), db_default=Now(), editable=False)
    expires_at = models.DateTimeField(_("expires"), default=link_ends_at)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = DelegateLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link of a delegate")
        verbose_name_plural = _("links of delegates")
        default_permissions = []
        constraints = [
            models.UniqueConstraint(
                fields=["delegate"], condition=Q(revoked_at=None), name="delegate_link_once"
            )
        ]

    def __str__(self):
        return str(self.delegate)


class ErasureNotice(models.Model):
    """That officers were told of a meeting's retention day; another day is another notice."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="erasure_notices")
    retain_until = models.DateField(_("retention day"))
    told_at = models.DateTimeField(_("told"), default=timezone.now)

    class Meta:
        verbose_name = _("notice of erasing")
        verbose_name_plural = _("notices of erasing")
        default_permissions = []
        constraints = [
            models.UniqueConstraint(fields=["meeting", "retain_until"], name="erasure_notice_once")
        ]

    def __str__(self):
        return f"{self.meeting}: {self.retain_until}"


class Erasure(models.Model):
    """What one erasing took from a meeting: counts, no names; and the figures it had to keep."""

    class Reason(models.TextChoices):
        RETENTION = "retention", _("the retention day is past")
        REQUEST = "request", _("at the person’s own request")
        RESTORED = "restored", _("again, after a restore")

    COUNTED = (
        *("people", "walk_ins", "letters", "change_requests"),
        *("mails", "mails_deleted", "log_entries"),
    )

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="erasures", verbose_name=_("meeting")
    )
    at = models.DateTimeField(_("when"), db_default=Now())
    by = by_user(_("who"), help_text=_("Empty: the portal itself, the operator, or the person."))
    reason = models.CharField(
        pgettext_lazy("erasing", "why"), max_length=10, choices=Reason, default=Reason.RETENTION
    )
    people = models.PositiveIntegerField(_("people"))
    walk_ins = models.PositiveIntegerField(_("walk-ins"))
    letters = models.PositiveIntegerField(_("nomination letters"))
    change_requests = models.PositiveIntegerField(_("changes requested"))
    mails = models.PositiveIntegerField(_("emails emptied"))
    mails_deleted = models.PositiveIntegerField(_("unsent emails deleted"))
    log_entries = models.PositiveIntegerField(_("entries of the admin’s log"))
    # How many of each gender had which place: the rows know it no more.
    genders = models.JSONField(_("people by gender and place"), default=list)

    class Meta:
        verbose_name = _("erasing of personal data")
        verbose_name_plural = _("erasing of personal data")
        ordering = ["-at", "-id"]
        default_permissions = ["add", "view"]

    def __str__(self):
        return str(self.meeting)

    @property
    def counts(self):
        return {name: getattr(self, name) for name in self.COUNTED}
