"""Papers that come with a proposal: endorsements and decisions, as signed and scanned."""

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sscnet.codelists.models import Country
from sscnet.core.models.fields import by_user
from sscnet.core.personal_data.sealed import SealedFileField

from .call import RequiredPaper, at_most
from .proposal import Proposal
from .triggers import kept_after_sending


class Endorsement(models.Model):
    """A paper that the call asks for: of a participating country, or of the governing body.

    The Fund asks that each shows the institution and the name, position and signature of who
    endorses (guidelines of 2014, calls of 2017 and 2019).
    """

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="endorsements")
    paper = models.ForeignKey(
        RequiredPaper, models.PROTECT, related_name="endorsements", verbose_name=_("document")
    )
    country = models.ForeignKey(
        Country, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("country")
    )
    # Empty while only what stands in the paper is known.
    file = SealedFileField(_("file"), blank=True)
    institution_name = models.CharField(_("institution that endorses"), max_length=300, blank=True)
    person_name = models.CharField(_("signed by"), max_length=150, blank=True)
    person_position = models.CharField(
        pgettext_lazy("of a person", "position"), max_length=150, blank=True
    )
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    amount_usd = models.PositiveIntegerField(_("inputs that it shows, US$"), null=True, blank=True)
    uploaded_at = models.DateTimeField(_("uploaded"), db_default=Now(), editable=False)
    uploaded_by = by_user(_("uploaded by"), editable=False)
    # A scan is handed in; that it shows what it must, an officer says.
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    confirmed_by = by_user(_("confirmed by"), editable=False)

    class Meta:
        verbose_name = _("endorsement")
        verbose_name_plural = _("endorsements")
        ordering = ["paper__position", "paper", "country", "id"]
        triggers = [kept_after_sending(but=("confirmed_at", "confirmed_by_id"))]
        constraints = [
            *at_most("endorsement", "amount_usd"),
            models.UniqueConstraint(
                fields=["proposal", "paper", "country"],
                nulls_distinct=False,
                name="endorsement_once",
                violation_error_message=_("This document has already been added."),
            ),
        ]

    def __str__(self):
        return f"{self.paper}: {self.country}" if self.country else str(self.paper)

    def confirm(self, by) -> None:
        """Note who found that the paper shows what the call asks for; the first stays."""
        unconfirmed = type(self).objects.filter(pk=self.pk, confirmed_at=None)
        unconfirmed.update(confirmed_at=timezone.now(), confirmed_by=by)

    @property
    def extension(self):
        return self.file.name.rpartition(".")[2]
