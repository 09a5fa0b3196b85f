"""What an institution proposes to change in its profile, and its logo."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from sscnet.core.database.stamps import INSTITUTIONS
from sscnet.core.database.triggers import LogsChange, touch
from sscnet.core.models import ProposedVersion, UploadedPicture
from sscnet.core.models.fields import by_user

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
            *UploadedPicture.Meta.constraints,
            models.UniqueConstraint(
                fields=["institution"],
                condition=Q(is_current=True),
                name="logo_current_once",
                violation_error_message=_("An institution can have only one logo in use."),
            ),
        ]
        triggers = [touch("institution", TABLE), LogsChange(INSTITUTIONS)]

    @property
    def is_public(self):
        return self.is_current and self.institution.is_published

    def is_shown_to(self, user):
        """Let those who act for the institution see what they propose."""
        institutions = Institution.objects.readable_by
        return user.is_authenticated and institutions(user).filter(pk=self.institution_id).exists()


@pghistory.track()
class ProfileProposal(models.Model):
    """Changes to its profile that an institution writes; once sent, they wait as a version.

    `values` holds the proposed value of each part that differs, as the profile's form gives it: a
    draft may hold what the record would refuse. It is gone once its version is released.
    """

    institution = models.ForeignKey(
        Institution, models.CASCADE, related_name="proposals", verbose_name=_("institution")
    )
    values = models.JSONField(_("proposed values"), default=dict)
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
    version = models.ForeignKey(
        ProposedVersion,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("version"),
    )

    class Meta:
        verbose_name = _("profile change")
        verbose_name_plural = _("profile changes")
        constraints = [
            models.UniqueConstraint(
                fields=["institution"],
                name="proposal_open_once",
                violation_error_message=_("The institution already has an open proposal."),
            )
        ]

    def __str__(self):
        return str(self.institution)

    @property
    def is_sent(self):
        return bool(self.version and self.version.is_waiting)

    @property
    def is_returned(self):
        return bool(self.version and self.version.state == ProposedVersion.State.RETURNED)
