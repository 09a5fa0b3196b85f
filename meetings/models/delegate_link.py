"""A delegate's own link: to what is held of the person, to correct and to erase it."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .delegation import Delegate
from .links import new_token


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
