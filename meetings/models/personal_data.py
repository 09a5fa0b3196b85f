"""A delegate's own link to what is held of the person, and the protocols of erasing."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from sscnet.core.models.fields import by_user

from .delegation import Delegate
from .meeting import Meeting


def with_seal(name: str, purpose: str) -> str:
    """Return the name with a seal that nobody makes without a key, for an address."""
    return f"{name}-{seal(name, purpose, settings.ENCRYPTION_KEYS[0])}"


def without_seal(text: str, purpose: str) -> str | None:
    """Return the name that was sealed; None where no key of ours made the seal."""
    name, _dash, given = text.rpartition("-")
    seals = [seal(name, purpose, key) for key in settings.ENCRYPTION_KEYS]
    return name if any(constant_time_compare(given, one) for one in seals) else None


def seal(name: str, purpose: str, key: str) -> str:
    return salted_hmac(purpose, name, secret=key, algorithm="sha256").hexdigest()[:32]


def new_token():
    return secrets.token_urlsafe(24)


def link_ends_at():
    return timezone.now() + timedelta(days=settings.PERSONAL_LINK_DAYS)


class DelegateLinkQuerySet(models.QuerySet):
    def valid(self):
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())

    def revoke(self):
        return self.filter(revoked_at=None).update(revoked_at=timezone.now())


class DelegateLink(models.Model):
    """Opens the pages of one delegate, who needs no account.

    An address holds the token with its seal, which is not stored: the database alone opens nothing.
    Where such addresses begin stands in `SECRET_ADDRESSES` of the settings, for no log to hold one.
    """

    token = models.CharField(max_length=50, unique=True, default=new_token, editable=False)
    created_at = models.DateTimeField(_("made"), db_default=Now(), editable=False)
    expires_at = models.DateTimeField(_("expires"), default=link_ends_at)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    delegate = models.ForeignKey(Delegate, models.CASCADE, related_name="links")

    objects = DelegateLinkQuerySet.as_manager()

    class Meta:
        default_permissions = []
        verbose_name = _("link of a delegate")
        verbose_name_plural = _("links of delegates")
        constraints = [
            models.UniqueConstraint(
                fields=["delegate"], condition=Q(revoked_at=None), name="delegate_link_once"
            )
        ]

    def __str__(self):
        return str(self.delegate)

    def path(self, page: str = "own_data", *more) -> str:
        """Return the path of the page it opens, or of another one."""
        sealed = with_seal(self.token, self._meta.label)
        return reverse(f"meetings:{page}", args=[sealed, *more])

    @classmethod
    def has_seal(cls, text: str) -> bool:
        return without_seal(text, cls._meta.label) is not None

    @classmethod
    def find(cls, text: str) -> "DelegateLink | None":
        """Return the link whose address has this text, unless it has ended or was revoked."""
        links = cls.objects.valid().filter(delegate__erased_at=None)
        links = links.select_related("delegate__delegation__meeting")
        links = links.select_related("delegate__delegation__institution")
        return links.filter(token=without_seal(text, cls._meta.label)).first()

    @classmethod
    def renew(cls, delegate: Delegate) -> "DelegateLink":
        """Make a new link; the former one ends. Of two at once both get the first one's.

        The person's row is not locked: who gives places holds it, and waits for what we hold.
        """
        try:
            with transaction.atomic():
                delegate.links.revoke()
                return delegate.links.create()
        except IntegrityError:
            return delegate.links.valid().get()

    @classmethod
    def path_for_mail(cls, delegate: Delegate) -> str:
        """Return the path of the person's link in English, made if there is none that opens."""
        link = delegate.links.valid().first() or cls.renew(delegate)
        with override("en"):
            return link.path()


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
    letters = models.PositiveIntegerField(_("return slips"))
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
