"""What an institution proposes to change in its profile, and its logo."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from sscnet.core.changes import INSTITUTIONS
from sscnet.core.fields import by_user
from sscnet.core.models import UploadedPicture
from sscnet.core.triggers import LogsChange, touch

from .institution import TABLE, Institution


@pghistory.track()
class Logo(UploadedPicture):
    """A logo of an institution; those not in use were proposed, or stood there before."""

    institution = models.ForeignKey(
        Institution, models.CASCADE, related_name="logos", verbose_name=_("institution")
    )
    is_current = models.BooleanField(_("in use"), default=False)
    i18n = TranslationField(fields=["alt", "caption"])

    class Meta:
        verbose_name = _("logo")
        verbose_name_plural = _("logos")
        ordering = ["-is_current", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution"],
                condition=Q(is_current=True),
                name="logo_current_once",
                violation_error_message=_("An institution has one logo in use."),
            )
        ]
        triggers = [touch("institution", TABLE), LogsChange(INSTITUTIONS)]

    @property
    def is_public(self):
        return self.is_current and self.institution.is_published

    def is_shown_to(self, user):
        """Let those who act for the institution see what they propose."""
        institutions = Institution.objects.readable_by
        return user.is_authenticated and institutions(user).filter(pk=self.institution_id).exists()


class ProfileProposalQuerySet(models.QuerySet):
    def waiting(self):
        """Keep those that wait for an officer, the oldest first."""
        return self.filter(state=ProfileProposal.State.SENT).order_by("sent_at", "id")

    def open(self):
        return self.filter(state__in=ProfileProposal.OPEN)


@pghistory.track()
class ProfileProposal(models.Model):
    """Changes to a profile that an institution asks for; the public page waits for an officer.

    `values` holds the proposed value of each field that differs, `before` what stood there when the
    institution proposed it, both as the profile's form gives them.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SENT = "sent", _("sent")
        ACCEPTED = "accepted", _("accepted")
        PARTLY_ACCEPTED = "partly_accepted", _("accepted in part")
        RETURNED = "returned", _("returned")
        WITHDRAWN = "withdrawn", _("withdrawn")

    OPEN = (State.DRAFT, State.SENT, State.RETURNED)

    institution = models.ForeignKey(
        Institution, models.CASCADE, related_name="proposals", verbose_name=_("institution")
    )
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT)
    values = models.JSONField(_("proposed values"), default=dict)
    before = models.JSONField(_("values before"), default=dict)
    logo = models.ForeignKey(
        Logo,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("logo"),
    )
    remark = models.TextField(_("remark of the institution"), blank=True)
    proposed_by = by_user(_("proposed by"))
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    accepted_fields = ArrayField(
        models.CharField(max_length=60), verbose_name=_("accepted"), default=list, blank=True
    )
    word = models.TextField(_("word of the Secretariat"), blank=True)
    decided_by = by_user(_("decided by"), blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    objects = ProfileProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("profile change")
        verbose_name_plural = _("profile changes")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution"],
                condition=Q(state__in=["draft", "sent", "returned"]),
                name="proposal_open_once",
                violation_error_message=_("The institution has an open proposal already."),
            )
        ]

    def __str__(self):
        return f"{self.institution}, {self.get_state_display()}"
