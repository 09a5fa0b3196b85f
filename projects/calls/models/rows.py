"""The rows of a proposal: countries, partners, outputs, budget, and signed papers."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modeltrans.fields import TranslationField

from members.models import Institution
from sscnet.codelists.models import Country
from sscnet.core.models import TranslatedModel
from sscnet.core.models.fields import by_user
from sscnet.core.personal_data.sealed import SealedFileField

from ...models import ProjectCountry
from .call import MOST_USD, RequiredPaper, at_most
from .proposal import Proposal
from .triggers import kept_after_sending, revised_while_due

MOST_YEARS = 5


class ProposalCountry(models.Model):
    """A country that leads, takes part or benefits; the lead's own counts as a participant."""

    Role = ProjectCountry.Role

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="proposal_countries")
    country = models.ForeignKey(
        Country, models.PROTECT, related_name="+", verbose_name=_("country")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.PARTICIPATING)

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["id"]
        triggers = [kept_after_sending()]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "country"],
                name="proposal_country_once",
                violation_error_message=_("This country has already been added."),
            ),
            models.UniqueConstraint(
                fields=["proposal"],
                condition=Q(role="lead"),
                name="proposal_lead_country_once",
                violation_error_message=_("Only one country can lead."),
            ),
        ]

    def __str__(self):
        return str(self.country)

    @property
    def takes_part(self):
        return self.role != self.Role.BENEFICIARY


class ProposalPartner(models.Model):
    """An institution that works with the applicant: one of the directory, or one in words."""

    class Role(models.TextChoices):
        CO_IMPLEMENTER = "co_implementer", _("co-implementer")
        SUBCONTRACTOR = "subcontractor", _("subcontractor")
        SUPPORTER = "supporter", _("supporter")

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="partners")
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("institution in the directory"),
    )
    name = models.CharField(_("name of another institution"), max_length=300, blank=True)
    country = models.ForeignKey(
        Country, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("country")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.CO_IMPLEMENTER)

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["id"]
        triggers = [kept_after_sending()]
        constraints = [
            models.CheckConstraint(
                condition=Q(institution=None) ^ Q(name=""),
                name="proposal_partner_one_way",
                violation_error_message=_(
                    "Choose an institution from the directory, or write the name of another one."
                ),
            )
        ]

    def __str__(self):
        return str(self.institution) if self.institution else self.name


class Output(TranslatedModel):
    """A row of the results framework: what comes out, by which activities, with which inputs."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="outputs")
    name = models.CharField(_("intended output"), max_length=500, blank=True)
    activities = models.TextField(_("activities"), blank=True)
    inputs = models.TextField(_("inputs"), blank=True)
    i18n = TranslationField(fields=["name", "activities", "inputs"])

    class Meta:
        verbose_name = _("output")
        verbose_name_plural = _("outputs")
        ordering = ["id"]
        triggers = [kept_after_sending()]

    def __str__(self):
        return self.name_i18n or str(_("Output without a name"))


class BudgetLine(TranslatedModel):
    """What an output needs in a year, in whole US dollars: of the Fund and of others."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="budget_lines")
    output = models.ForeignKey(
        Output,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="budget_lines",
        verbose_name=_("output"),
        help_text=_("Empty: for the project as a whole."),
    )
    year = models.PositiveSmallIntegerField(
        _("year of the project"), default=1, help_text=_("1 is the first year.")
    )
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    fund_usd = models.PositiveIntegerField(_("requested from the Fund, US$"), default=0)
    cash_usd = models.PositiveIntegerField(_("other inputs in cash, US$"), default=0)
    kind_usd = models.PositiveIntegerField(_("other inputs in kind, US$"), default=0)
    # Of the budget that is revised where the Fund grants another sum than was requested.
    revised_usd = models.PositiveIntegerField(
        _("from the Fund, revised, US$"), null=True, editable=False
    )
    i18n = TranslationField(fields=["purpose"])

    class Meta:
        verbose_name = _("budget line")
        verbose_name_plural = _("budget")
        ordering = ["year", "id"]
        triggers = [kept_after_sending(but=("revised_usd",)), revised_while_due()]
        constraints = [
            *at_most("budget_line", "revised_usd"),
            models.CheckConstraint(
                condition=Q(fund_usd__lte=MOST_USD, cash_usd__lte=MOST_USD, kind_usd__lte=MOST_USD),
                name="budget_line_range",
                violation_error_message=_("An amount is at most US$ 10,000,000."),
            ),
            models.CheckConstraint(
                condition=Q(year__range=(1, MOST_YEARS)),
                name="budget_line_year_range",
                violation_error_message=_("A project lasts one to five years."),
            ),
        ]

    def __str__(self):
        return self.purpose_i18n


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
