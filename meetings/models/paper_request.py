"""What an institution asked the Secretariat by fax, WeChat or mail to enter for it."""

from datetime import timedelta

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sscnet.core.changes import REGISTRATIONS
from sscnet.core.fields import by_user
from sscnet.core.triggers import LogsChange

from .delegation import Delegation

# So long an officer works by a request that was noted; then a new one is asked for.
VALID_FOR = timedelta(hours=12)


class PaperRequest(models.Model):
    """Who asked, by which way and when; who noted it may then act for the institution."""

    class Way(models.TextChoices):
        FAX = "fax", _("fax")
        WECHAT = "wechat", _("WeChat")
        EMAIL = "email", _("email")
        LETTER = "letter", _("letter")
        PHONE = "phone", _("telephone")

    delegation = models.ForeignKey(
        Delegation,
        models.CASCADE,
        related_name="paper_requests",
        verbose_name=_("delegation"),
    )
    asked_by = models.CharField(
        _("requested by"),
        max_length=150,
        help_text=_("Name and office of the person at the institution."),
    )
    way = models.CharField(_("means of request"), max_length=10, choices=Way)
    asked_on = models.DateField(
        _("date of the request"), help_text=_("The day the request was sent.")
    )
    entered_by = by_user(_("entered by"), editable=False)
    entered_at = models.DateTimeField(_("entered"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("request by fax, WeChat or email")
        verbose_name_plural = _("requests by fax, WeChat or email")
        ordering = ["entered_at", "id"]
        default_permissions = []
        triggers = [LogsChange(REGISTRATIONS)]

    def __str__(self):
        return f"{self.get_way_display()}, {self.asked_on}"

    @property
    def is_valid(self):
        return self.entered_at > timezone.now() - VALID_FOR
