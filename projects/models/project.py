"""The project, as the Fund and the Network describe it."""

from decimal import Decimal

import pghistory
from django.conf import settings
from django.db import connection, models
from django.db.models import F, Func, Q
from django.db.models.expressions import DatabaseDefault
from django.db.models.functions import Coalesce, Left, Length
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from sscnet.codelists.models import Country, PGTFArea, Sector
from sscnet.core.database.stamps import PROJECTS
from sscnet.core.database.triggers import LogsChange, keep_old_slug, read_only, stamp_updated_at
from sscnet.core.i18n.addresses import address_of
from sscnet.core.i18n.texts import comma_separated
from sscnet.core.models import PublicRecord, PublicRecordQuerySet
from sscnet.core.models.fields import Bound, PartialDateField, by_user, partial_date_check

from .numbers import code, fund_number

# The Fund's guidelines ask for three participating countries, the lead's included (G77, 2014).
FEWEST_COUNTRIES = 3
PARTIAL_DATES = (
    *("planned_start_on", "planned_end_on", "actual_start_on", "actual_end_on"),
    "final_report_on",
)
LEAD_FIRST = (models.Case(models.When(role="lead", then=0), default=1), "pk")

TRANSLATED = [
    "title",
    "subtitle",
    "summary",
    "challenge",
    "approach",
    "outcome",
    "approval_meeting",
    "duration_as_stated",
    "gender_evidence",
    "beneficiaries",
]


def amount(label, **kwargs):
    """Make the field of an amount in US dollars; empty means not stated, never nothing."""
    return models.DecimalField(
        label, max_digits=14, decimal_places=2, null=True, blank=True, **kwargs
    )


def not_negative(*names):
    return [
        models.CheckConstraint(
            condition=Q(**{f"{name}__gte": 0}),
            name=f"project_{name}_not_negative",
            violation_error_message=_("An amount cannot be negative."),
        )
        for name in names
    ]


def end_after_start(kind: str, message: str) -> models.CheckConstraint:
    """Refuse an end before its start, as far as both are stated: 2018-04 to 2018 is in order."""
    start, end = f"{kind}_start_on", f"{kind}_end_on"
    return models.CheckConstraint(
        condition=Q(**{end: ""}) | Q(**{f"{end}__gte": Left(start, Length(end))}),
        name=f"project_{kind}_end_after_start",
        violation_error_message=message,
    )


def next_code() -> str:
    """Take the next project code from the database's sequence."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT next_project_code()")
        return cursor.fetchone()[0]


def go_on_after_last_code() -> None:
    """Let the sequence give no code again that a record brought with it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval('project_code', max(substring(code from '[0-9]+$')::bigint))"
            " FROM projects_project HAVING count(*) > 0"
        )


class ProjectQuerySet(PublicRecordQuerySet):
    def featured(self):
        """Keep those with a story: what was done, and what came of it."""
        return self.exclude(title="").exclude(summary="").exclude(outcome="")

    def newest(self):
        return self.order_by(F("year_approved").desc(nulls_last=True), "-pk")

    def numbered(self, text):
        """Keep the one whose code or number of the Fund a text is, in any spelling."""
        if name := code(text):
            return self.filter(code=name)
        if name := fund_number(text):
            return self.filter(fund_numbers__number=name)
        return self.none()

    def with_links(self, *more: str):
        """Load the links as rows of their own, for files, sheets and the admin."""
        return self.select_related("area").prefetch_related(
            "fund_numbers",
            "sectors",
            "sources",
            self.links("project_countries", "country"),
            self.links("project_institutions", "institution"),
            self.links("project_sdgs", "sdg"),
            *more,
        )

    def links(self, name, target):
        """Load the rows of a link together with what they lead to, in one query."""
        model = self.model._meta.get_field(name).related_model
        return models.Prefetch(name, model.objects.select_related(target))


@pghistory.track(exclude=["updated_at"])
class Project(PublicRecord):
    """A project of the Fund or a demonstration project. What is empty is not stated."""

    class Programme(models.TextChoices):
        PGTF = "pgtf", _("PGTF project")
        DEMONSTRATION = "demonstration", _("Small demonstration project")
        NOT_STATED = "", _("not stated")

    class Status(models.TextChoices):
        PIPELINE = "pipeline", _("Pipeline")
        ONGOING = "ongoing", _("Ongoing")
        COMPLETED = "completed", _("Completed")
        CANCELLED = "cancelled", _("Cancelled")
        NOT_STATED = "", _("not stated")

    class Modality(models.TextChoices):
        SOUTH_SOUTH = "south-south", _("South-South cooperation")
        TRIANGULAR = "triangular", _("Triangular cooperation")
        NOT_STATED = "", _("not stated")

    class GenderMarker(models.IntegerChoices):
        """The OECD-DAC gender equality policy marker."""

        NOT_TARGETED = 0, _("Not targeted")
        SIGNIFICANT = 1, _("Significant objective")
        PRINCIPAL = 2, _("Principal objective")

    code = models.CharField(
        _("code"),
        max_length=20,
        unique=True,
        editable=False,
        # A sequence of the database: given once, never used again, whoever makes the row.
        db_default=Func(function="next_project_code", output_field=models.CharField()),
    )
    title = models.CharField(_("title"), max_length=400, blank=True)
    subtitle = models.CharField(_("subtitle"), max_length=400, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    challenge = models.TextField(_("challenge"), blank=True)
    approach = models.TextField(_("approach"), blank=True)
    outcome = models.TextField(_("outcome"), blank=True)

    programme = models.CharField(
        _("programme"), max_length=20, choices=Programme, blank=True, default=Programme.NOT_STATED
    )
    area = models.ForeignKey(
        PGTFArea,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("PGTF area"),
    )
    status = models.CharField(
        _("declared status"), max_length=20, choices=Status, blank=True, default=Status.NOT_STATED
    )
    status_declared_on = models.DateField(_("status declared on"), null=True, blank=True)

    approval_meeting = models.CharField(_("approved by"), max_length=200, blank=True)
    approved_on = models.DateField(_("approved on"), null=True, blank=True)
    year_approved = models.PositiveSmallIntegerField(_("year of approval"), null=True, blank=True)

    planned_start_on = PartialDateField(_("planned start"), blank=True)
    planned_end_on = PartialDateField(_("planned end"), blank=True)
    actual_start_on = PartialDateField(_("actual start"), blank=True)
    actual_end_on = PartialDateField(_("actual end"), blank=True)
    duration_as_stated = models.CharField(_("duration in the source"), max_length=200, blank=True)
    final_report_on = PartialDateField(
        _("final report"), blank=True, help_text=_("A day or a month: 2019-08-06 or 2019-08.")
    )
    participants_as_stated = models.PositiveSmallIntegerField(
        _("number of participating countries in the source"), null=True, blank=True
    )

    modality = models.CharField(
        _("modality"), max_length=20, choices=Modality, blank=True, default=Modality.NOT_STATED
    )
    gender_marker = models.PositiveSmallIntegerField(
        _("gender marker"), choices=GenderMarker, null=True, blank=True
    )
    gender_evidence = models.TextField(_("evidence for the gender marker"), blank=True)
    beneficiaries = models.TextField(_("beneficiaries"), blank=True)
    beneficiaries_number = models.PositiveIntegerField(
        _("number of beneficiaries"), null=True, blank=True
    )
    beneficiaries_bound = models.CharField(
        _("how exact the number is"), max_length=10, choices=Bound, blank=True, default=Bound.EXACT
    )
    women_beneficiaries_number = models.PositiveIntegerField(
        _("women among them"), null=True, blank=True
    )

    granted_usd = amount(_("granted by the PGTF, US$"))
    other_inputs_usd = amount(_("other inputs, US$"))
    other_cash_usd = amount(_("of these in cash, US$"), help_text=_("Part of the other inputs."))
    other_kind_usd = amount(_("of these in kind, US$"), help_text=_("Part of the other inputs."))

    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("contact"),
        help_text=_("Seen by staff only."),
    )
    countries = models.ManyToManyField(
        Country, through="ProjectCountry", related_name="projects", verbose_name=_("countries")
    )
    sectors = models.ManyToManyField(
        Sector, through="ProjectSector", related_name="projects", verbose_name=_("sectors")
    )
    institutions = models.ManyToManyField(
        "members.Institution",
        through="ProjectInstitution",
        related_name="projects",
        verbose_name=_("institutions"),
    )
    classification_confirmed_on = models.DateField(
        _("classification confirmed on"), null=True, blank=True, editable=False
    )
    classification_confirmed_by = by_user(
        _("classification confirmed by"), blank=True, editable=False
    )
    i18n = TranslationField(fields=TRANSLATED)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = [F("year_approved").desc(nulls_last=True), "-id"]
        permissions = [("publish_project", _("Can publish and withdraw projects"))]
        triggers = [stamp_updated_at(), keep_old_slug(), read_only("code"), LogsChange(PROJECTS)]
        constraints = [
            *not_negative("granted_usd", "other_inputs_usd", "other_cash_usd", "other_kind_usd"),
            models.CheckConstraint(
                condition=Q(other_cash_usd=None, other_kind_usd=None)
                | Q(
                    # A check that comes out as NULL passes: without inputs there are no parts.
                    other_inputs_usd__isnull=False,
                    other_inputs_usd__gte=Coalesce(F("other_cash_usd"), Decimal(0))
                    + Coalesce(F("other_kind_usd"), Decimal(0)),
                ),
                name="project_parts_within_other_inputs",
                violation_error_message=_("Cash and kind together are more than the other inputs."),
            ),
            end_after_start("planned", _("The planned end is before the planned start.")),
            end_after_start("actual", _("The actual end is before the actual start.")),
            models.CheckConstraint(
                condition=Q(women_beneficiaries_number=None)
                | Q(beneficiaries_number=None)
                | Q(women_beneficiaries_number__lte=F("beneficiaries_number")),
                name="project_women_within_beneficiaries",
                violation_error_message=_("There cannot be more women than beneficiaries."),
            ),
            models.CheckConstraint(
                condition=Q(year_approved=None) | Q(year_approved__range=(1983, 2100)),
                name="project_year_approved_range",
                violation_error_message=_(
                    "The Fund was set up in 1983: enter a year from then on."
                ),
            ),
            *(partial_date_check(name, "project") for name in PARTIAL_DATES),
        ]

    def __str__(self):
        return self.title_i18n or str(_("%(code)s, title not known")) % {"code": self.code}

    def get_absolute_url(self):
        return address_of("projects:detail", self.slug)

    def save(self, **kwargs):
        if isinstance(self.code, DatabaseDefault):
            self.code = next_code()
        # Without a title it is known by its code, until it has one.
        if self.title and self.slug == self.code.lower():
            self.slug = ""
        super().save(**kwargs)

    def validate_unique(self, exclude=None):
        # Asking whether the code is free would take the next one from the sequence.
        super().validate_unique(exclude={"code"} | set(exclude or ()))

    def name_for_slug(self):
        return self.title or self.title_zh_hans or self.code

    @property
    def total_usd(self):
        """Return the grant and the other inputs together; None when either is not stated."""
        if self.granted_usd is None or self.other_inputs_usd is None:
            return None
        return self.granted_usd + self.other_inputs_usd

    @property
    def granted_share(self):
        """Return the grant's part of the total in per cent, for a bar; None without a total."""
        return round(100 * self.granted_usd / self.total_usd) if self.total_usd else None

    @property
    def country_links(self):
        """List the countries with their roles, the lead first, the others in the source's order."""
        links = self.rows("project_countries")
        return sorted(links, key=lambda link: link.role != link.Role.LEAD)

    @property
    def submitter(self):
        links = self.rows("project_institutions")
        return next((link.institution for link in links if link.role == link.Role.SUBMITTER), None)

    def warnings(self, countries=None) -> list[str]:
        """Return the rules of the Fund of today that the record breaks; none blocks an old project.

        `countries` stands in for the stored ones while a file is only looked at.

        The rules: the Fund's guidelines of 2014 (three participants, members of the Group of 77)
        and its calls (other inputs at least as high as the grant).
        """
        if countries is None:
            countries = [link.country for link in self.project_countries.select_related("country")]
        warnings = []
        if 0 < len(countries) < FEWEST_COUNTRIES:
            warnings.append(_("Fewer than three countries take part."))
        if outside := [str(country) for country in countries if country.g77 is not True]:
            text = _("Not known to be members of the Group of 77: %(countries)s.")
            warnings.append(text % {"countries": comma_separated(outside)})
        if (
            None not in (self.granted_usd, self.other_inputs_usd)
            and self.other_inputs_usd < self.granted_usd
        ):
            warnings.append(_("The other inputs are lower than the grant."))
        return warnings
