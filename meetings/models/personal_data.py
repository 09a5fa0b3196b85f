"""A delegate's own link to what is held of the person, and the protocols of erasing."""

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from sscnet.core.models.fields import by_user
from sscnet.core.personal_data.personal_links import PersonalLink

from .delegation import Delegate
from .meeting import Meeting


class DelegateLink(PersonalLink):
    delegate = models.ForeignKey(Delegate, models.CASCADE, related_name="links")

    page = "own_data"
    related = ("delegate__delegation__meeting", "delegate__delegation__institution")
    closed_template = "meetings/own/closed.html"

    class Meta(PersonalLink.Meta):
        verbose_name = _("link of a delegate")
        verbose_name_plural = _("links of delegates")
        constraints = [
            models.UniqueConstraint(
                fields=["delegate"], condition=Q(revoked_at=None), name="delegate_link_once"
            )
        ]

    def __str__(self):
        return str(self.delegate)

    @classmethod
    def find(cls, text):
        link = super().find(text)
        return link if link and link.delegate.erased_at is None else None

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
