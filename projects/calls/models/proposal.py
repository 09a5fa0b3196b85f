"""A proposal of an institution to a call, in the order of the Fund's form.

Texts and parts can be changed while the proposal is a draft or was returned with remarks; what was
sent is kept as a `ProposalVersion`. The database refuses on its own a second proposal of an
institution that was sent, and the sending of one that breaks a binding rule of countries, ceiling,
other inputs or papers (`guards`). There is no history of the whole row: it names a contact person.
"""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, Now
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from members.models import Institution
from sscnet.codelists.models import PGTFArea
from sscnet.core.database.stamps import CALLS
from sscnet.core.database.triggers import LogsChange
from sscnet.core.forms.persons import validate_latin, validate_phone
from sscnet.core.i18n.languages import Language
from sscnet.core.i18n.texts import comma_separated
from sscnet.core.models import TranslatedModel
from sscnet.core.models.fields import by_user
from sscnet.papers.models import Paper

from ...models import Project
from ..form import KEPT, TEXTS
from .call import Call
from .triggers import kept_after_sending, refuse_broken_rules

MONTH = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"


class ProposalState(models.TextChoices):
    """Where a proposal stands, in the applicant's words."""

    DRAFT = "draft", _("draft")
    RECEIVED = "received", _("received")
    RETURNED = "returned", _("returned with remarks")
    CLEARED = "cleared", _("cleared")
    AT_FUND = "at_fund", _("sent to the Fund")
    RECOMMENDED = "recommended", _("recommended")
    NOT_RECOMMENDED = "not_recommended", _("not recommended")
    APPROVED = "approved", _("approved")
    UNDER_WAY = "under_way", _("under way")
    EXTENDED = "extended", _("extended")
    COMPLETED = "completed", _("completed")
    CLOSED = "closed", _("closed")
    WITHDRAWN = "withdrawn", _("withdrawn")


# An institution may write in these; of all others nothing changes but where the proposal stands.
OPEN_STATES = (ProposalState.DRAFT, ProposalState.RETURNED)
NEVER_SENT = (ProposalState.DRAFT, ProposalState.WITHDRAWN)
AWARDED = (
    ProposalState.APPROVED,
    ProposalState.UNDER_WAY,
    ProposalState.EXTENDED,
    ProposalState.COMPLETED,
    ProposalState.CLOSED,
)


class ProposalQuerySet(models.QuerySet):
    def of_institution(self, institution):
        return self.filter(institution=institution).select_related("call")

    def sent(self):
        """Keep those that were sent and not withdrawn."""
        return self.exclude(state__in=NEVER_SENT)

    def concerning(self, user):
        """Keep those of an institution that the user acts or acted for, or that it takes part in.

        What an affiliation concerned, it concerns for twelve months after its end.
        """
        own = user.affiliations.recent().values("institution")
        partner = self.model._meta.get_field("partners").related_model
        parts = partner.objects.filter(institution__in=own).values("proposal")
        return self.filter(Q(institution__in=own) | Q(pk__in=parts))

    def handled_by(self, user):
        """Keep what an officer may see: sent at least once, and no conflict of interest.

        Whom it concerns by an affiliation, and who declared a conflict as its reader, sees nothing.
        """
        declared = user.readings.filter(has_conflict=True).values("proposal")
        sent = self.exclude(reference="")
        return sent.exclude(pk__in=self.model.objects.concerning(user)).exclude(pk__in=declared)

    def for_form(self):
        """Load what the form, its rules and its documents need, in one query a table."""
        return self.select_related("call", "institution__country", "area").prefetch_related(
            *("call__areas", "call__required_papers"),
            *("proposal_countries__country", "partners__institution", "partners__country"),
            *(
                "outputs",
                "budget_lines__output",
                "endorsements__country",
                "endorsements__confirmed_by",
            ),
        )

    def with_readings(self):
        """Load the readings with their readers and scores."""
        return self.prefetch_related("readings__reader", "readings__scores")

    def with_amounts(self):
        """Add what is asked, brought in cash and in kind, received and spent, in US dollars."""
        lines, payments, reports = (
            self.model._meta.get_field(name).related_model.objects.filter(proposal=OuterRef("pk"))
            for name in ("budget_lines", "payments", "reports_due")
        )
        spent = reports.with_spending().values("spent_usd")[:1]
        return self.annotate(
            sum_asked_usd=sum_of(lines, "fund_usd"),
            sum_cash_usd=sum_of(lines, "cash_usd"),
            sum_kind_usd=sum_of(lines, "kind_usd"),
            sum_other_usd=F("sum_cash_usd") + F("sum_kind_usd"),
            sum_received_usd=sum_of(payments, "amount_usd"),
            sum_spent_usd=Coalesce(Subquery(spent), 0),
        )


def sum_of(rows, amount) -> Coalesce:
    sums = rows.order_by().values("proposal").annotate(sum=Sum(amount)).values("sum")
    return Coalesce(Subquery(sums), 0)


class Proposal(TranslatedModel):
    """What an institution asks the Fund for. A draft may lack anything."""

    State = ProposalState

    class Applicant(models.TextChoices):
        """As what the institution applies: the Fund asks each for other papers."""

        NATIONAL = "national", _("a national institution")
        ORGANISATION = "organisation", _("an NGO or a regional or subregional organisation")

    class Scope(models.TextChoices):
        SUBREGIONAL = "subregional", _("subregional")
        REGIONAL = "regional", _("regional")
        INTERREGIONAL = "interregional", _("interregional")
        NOT_STATED = "", _("not stated")

    call = models.ForeignKey(Call, models.PROTECT, related_name="proposals", verbose_name=_("call"))
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="call_proposals", verbose_name=_("institution")
    )
    reference = models.CharField(
        _("reference"), max_length=20, blank=True, default="", editable=False
    )
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=ProposalState,
        default=ProposalState.DRAFT,
        editable=False,
    )

    applicant = models.CharField(
        _("applies as"), max_length=15, choices=Applicant, default=Applicant.NATIONAL
    )
    scope = models.CharField(
        _("type of project"),
        max_length=15,
        choices=Scope,
        blank=True,
        default=Scope.NOT_STATED,
    )
    language = models.CharField(
        _("language of the proposal"), max_length=10, choices=Language, default=Language.ENGLISH
    )
    title = models.CharField(_("title"), max_length=400, blank=True)
    area = models.ForeignKey(
        PGTFArea,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="proposals",
        verbose_name=_("PGTF area"),
    )
    starts_in = models.CharField(
        _("starts in"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(MONTH, _("Write a month like 2027-04."))],
        help_text=_("Month and year. The Fund approves in September."),
    )
    ends_in = models.CharField(
        _("ends in"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(MONTH, _("Write a month like 2027-04."))],
    )
    beneficiaries = models.TextField(_("beneficiaries"), blank=True)
    beneficiaries_number = models.PositiveIntegerField(
        _("number of beneficiaries"), null=True, blank=True
    )
    situation = models.TextField(_("situation analysis"), blank=True)
    strategy = models.TextField(_("strategy"), blank=True)
    intended_outcome = models.TextField(_("intended outcome"), blank=True)
    outcome_indicator = models.TextField(_("outcome indicator"), blank=True)

    contact_name = models.CharField(_("contact person"), max_length=150, blank=True)
    contact_latin_name = models.CharField(
        _("contact person in Latin letters"),
        max_length=150,
        blank=True,
        default="",
        db_default="",
        validators=[validate_latin],
    )
    contact_position = models.CharField(
        pgettext_lazy("of a person", "position"), max_length=150, blank=True
    )
    contact_email = models.EmailField(_("email"), blank=True)
    contact_phone = models.CharField(
        _("telephone"), max_length=40, blank=True, validators=[validate_phone]
    )

    project = models.OneToOneField(
        Project,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="proposal",
        verbose_name=_("project"),
    )
    approval_meeting = models.CharField(_("approved by"), max_length=200, blank=True)
    approved_on = models.DateField(_("approved on"), null=True, blank=True)
    granted_usd = models.PositiveIntegerField(_("granted, US$"), null=True, blank=True)
    conditions = models.TextField(
        _("conditions"),
        max_length=10_000,
        blank=True,
        default="",
        db_default="",
        help_text=_("In English, in Chinese, or in both, one below the other."),
    )
    award_letter = models.OneToOneField(
        Paper, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    owner = by_user(_("started by"), editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    saved_by = by_user(_("saved by"), editable=False)
    saved_at = models.DateTimeField(_("saved"), db_default=Now(), editable=False)
    is_reminded = models.BooleanField(default=True, db_default=True, editable=False)
    # By section: who saved it last, by number, and when.
    saved_sections = models.JSONField(default=dict, db_default={}, editable=False)
    # Raised by each saving, so that the second of two who save at once is told.
    lock_version = models.PositiveIntegerField(default=0, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    answer_by_on = models.DateField(_("to be answered by"), null=True, blank=True, editable=False)
    i18n = TranslationField(fields=TEXTS)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["call", "sent_at", "id"]
        permissions = [("decide_proposal", _("Can handle and decide on proposals"))]
        triggers = [
            LogsChange(CALLS),
            refuse_broken_rules(),
            kept_after_sending(*KEPT),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "institution"],
                condition=~Q(state__in=NEVER_SENT),
                name="proposal_sent_once",
                violation_error_message=_("The institution has sent a proposal to this call."),
            ),
            models.UniqueConstraint(
                fields=["reference"], condition=~Q(reference=""), name="proposal_reference_once"
            ),
            models.CheckConstraint(
                condition=Q(state=ProposalState.DRAFT)
                | Q(state=ProposalState.WITHDRAWN)
                | (~Q(reference="") & Q(sent_at__isnull=False)),
                name="proposal_sent_has_reference",
                violation_error_message=_("What was sent has a reference."),
            ),
            models.CheckConstraint(
                condition=Q(starts_in="") | Q(ends_in="") | Q(ends_in__gte=F("starts_in")),
                name="proposal_ends_after_start",
                violation_error_message=_("The end is before the start."),
            ),
        ]

    def __str__(self):
        return self.title_i18n or str(_("Proposal without a title"))

    def get_absolute_url(self):
        return reverse("calls:proposal", args=[self.institution.slug, self.pk])

    @property
    def contact(self):
        """Return the contact person as the page's language writes the name."""
        is_chinese = get_language() == Language.CHINESE
        return self.contact_name if is_chinese else self.contact_latin_name or self.contact_name

    @property
    def is_open(self):
        """Return whether the institution may write in it."""
        return self.state in OPEN_STATES

    @property
    def asked_usd(self):
        return sum(line.fund_usd for line in self.budget_lines.all())

    @property
    def cash_usd(self):
        return sum(line.cash_usd for line in self.budget_lines.all())

    @property
    def kind_usd(self):
        return sum(line.kind_usd for line in self.budget_lines.all())

    @property
    def other_usd(self):
        return self.cash_usd + self.kind_usd

    @property
    def total_usd(self):
        return self.asked_usd + self.other_usd

    @property
    def received_usd(self):
        return sum(payment.amount_usd for payment in self.payments.all())

    @property
    def spending(self):
        """Return the report that says what was spent up to the latest day; None without one."""
        return self.reports_due.with_spending().first()

    @property
    def is_overspent(self):
        """Return whether more was spent, as the reports say, than the Fund has paid."""
        return bool(self.spending and self.spending.spent_usd > self.received_usd)

    @property
    def has_letter(self):
        """Return whether a letter of award was issued and not taken back."""
        return bool(self.award_letter and self.award_letter.is_valid)

    @property
    def fund_numbers(self):
        return comma_separated(self.project.fund_numbers.all() if self.project else [])
