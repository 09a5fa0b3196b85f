"""What ties a project to numbers, countries, institutions, sectors and goals."""

import pghistory
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modeltrans.fields import TranslationField

from members.models import Institution
from sscnet.codelists.models import SDG, Country, Sector
from sscnet.core.database.stamps import PROJECTS
from sscnet.core.database.triggers import LogsChange, reset_confirmation, touch
from sscnet.core.models import TranslatedModel
from sscnet.core.records import samples

from .project import Project

TABLE = "projects_project"
# The Fund's numbers, as G77 project pages print them: INT/18/K08.
FUND_NUMBER = r"^INT/\d{2}/K\d{2}$"
MOST_SECONDARY_SDGS = 4


@pghistory.track()
class FundNumber(models.Model):
    """A number of the Fund. A project has none, one, or several: phases may share a report."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="fund_numbers")
    number = models.CharField(
        _("number of the Fund"),
        max_length=10,
        unique=True,
        validators=[RegexValidator(FUND_NUMBER, _("Write it like INT/18/K08."))],
        error_messages={"unique": _("Another project has this number.")},
    )

    class Meta:
        verbose_name = _("number of the Fund")
        verbose_name_plural = _("numbers of the Fund")
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__regex=FUND_NUMBER),
                name="fund_number_pattern",
                violation_error_message=_("Write it like INT/18/K08."),
            )
        ]
        triggers = [touch("project", TABLE), LogsChange(PROJECTS)]

    def __str__(self):
        return self.number


@pghistory.track()
class ProjectCountry(models.Model):
    """A country that leads a project, takes part in it, or benefits from it."""

    class Role(models.TextChoices):
        LEAD = "lead", _("lead")
        PARTICIPATING = "participating", _("participating")
        BENEFICIARY = "beneficiary", _("beneficiary")

    project = models.ForeignKey(Project, models.CASCADE, related_name="project_countries")
    country = models.ForeignKey(
        Country, models.PROTECT, related_name="project_countries", verbose_name=_("country")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.PARTICIPATING)

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "country"],
                name="project_country_once",
                violation_error_message=_("This country has already been added."),
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(role="lead"),
                name="project_lead_country_once",
                violation_error_message=_("Only one country can lead."),
            ),
        ]
        triggers = [touch("project", TABLE), LogsChange(PROJECTS)]

    def __str__(self):
        return str(self.country)

    @classmethod
    def is_lead_alone(cls, links) -> bool:
        """Return whether of all that took part only the lead is known."""
        return [link.role for link in links] == [cls.Role.LEAD]


class ProjectInstitutionQuerySet(models.QuerySet):
    def of_published(self):
        """Keep the parts in published projects, the newest project first: see `samples.beside`."""
        newest = models.F("project__year_approved").desc(nulls_last=True)
        in_sight = samples.beside("institution", "project")
        published = self.filter(in_sight, project__state=Project.State.PUBLISHED)
        return published.select_related("project").order_by(newest, "-project_id")


@pghistory.track()
class ProjectInstitution(models.Model):
    """An institution's part in a project. The submitter leads it."""

    class Role(models.TextChoices):
        SUBMITTER = "submitter", _("submitted by")
        CO_IMPLEMENTER = "co_implementer", _("co-implementer")
        SUBCONTRACTOR = "subcontractor", _("subcontractor")
        SUPPORTER = "supporter", _("supporter")

    project = models.ForeignKey(Project, models.CASCADE, related_name="project_institutions")
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        related_name="project_institutions",
        verbose_name=_("institution"),
    )
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.CO_IMPLEMENTER)

    objects = ProjectInstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "institution", "role"],
                name="project_institution_role_once",
                violation_error_message=_("This institution already has this role."),
            )
        ]
        triggers = [touch("project", TABLE), LogsChange(PROJECTS)]

    def __str__(self):
        return str(self.institution)

    @property
    def part(self):
        """Name the role as a noun, to stand beside the institution's name."""
        if self.role == self.Role.SUBMITTER:
            return _("lead institution")
        return self.get_role_display()


@pghistory.track()
class ProjectSector(models.Model):
    project = models.ForeignKey(Project, models.CASCADE, related_name="project_sectors")
    sector = models.ForeignKey(
        Sector, models.PROTECT, related_name="project_sectors", verbose_name=_("sector")
    )

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "sector"],
                name="project_sector_once",
                violation_error_message=_("This sector has already been added."),
            )
        ]
        triggers = [
            touch("project", TABLE),
            reset_confirmation("project", TABLE, "sector_id"),
            LogsChange(PROJECTS),
        ]

    def __str__(self):
        return str(self.sector)


@pghistory.track()
class ProjectSDG(TranslatedModel):
    """A goal that a project serves, and why.

    The place holds the rule "one primary goal, at most four secondary": 0 is the primary one,
    1 to 4 are the others, and no place is taken twice. The check is deferred so that goals can
    change places.
    """

    class Place(models.IntegerChoices):
        PRIMARY = 0, _("primary")
        SECONDARY_1 = 1, _("secondary, 1st")
        SECONDARY_2 = 2, _("secondary, 2nd")
        SECONDARY_3 = 3, _("secondary, 3rd")
        SECONDARY_4 = 4, _("secondary, 4th")

    project = models.ForeignKey(Project, models.CASCADE, related_name="project_sdgs")
    sdg = models.ForeignKey(
        SDG, models.PROTECT, related_name="project_sdgs", verbose_name=_("goal")
    )
    place = models.PositiveSmallIntegerField(pgettext_lazy("order", "place"), choices=Place)
    reason = models.CharField(_("why"), max_length=500, blank=True)
    target = models.CharField(
        _("target"),
        max_length=5,
        blank=True,
        validators=[RegexValidator(r"^\d{1,2}\.(\d{1,2}|[a-d])$", _("Write it like 7.1 or 7.b."))],
    )
    i18n = TranslationField(fields=["reason"])

    class Meta:
        verbose_name = _("goal (SDG)")
        verbose_name_plural = _("goals (SDGs)")
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "sdg"],
                name="project_sdg_once",
                violation_error_message=_("This goal has already been added."),
            ),
            models.UniqueConstraint(
                fields=["project", "place"],
                name="project_sdg_place_once",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_(
                    "A project has one primary goal and at most four others."
                ),
            ),
            models.CheckConstraint(
                condition=Q(place__range=(0, MOST_SECONDARY_SDGS)),
                name="project_sdg_place_range",
                violation_error_message=_(
                    "A project has one primary goal and at most four others."
                ),
            ),
        ]
        triggers = [
            LogsChange(PROJECTS),
            touch("project", TABLE),
            reset_confirmation("project", TABLE, "sdg_id", "place", "target"),
        ]

    def __str__(self):
        return str(self.sdg)

    @property
    def is_primary(self):
        return self.place == self.Place.PRIMARY
