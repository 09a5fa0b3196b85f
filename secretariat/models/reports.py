"""The yearly report: its sections with their words, and its figures once it is frozen."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from sscnet.core.database.stamps import PAGES
from sscnet.core.database.triggers import LogsChange
from sscnet.core.models import TranslatedModel
from sscnet.core.models.fields import by_user

FIRST_YEAR, LAST_YEAR = 1983, 2100
IS_FROZEN = "RAISE EXCEPTION 'the report is frozen' USING ERRCODE = 'check_violation';"
OF_FROZEN = f"""
    IF EXISTS (
        SELECT 1 FROM secretariat_yearlyreport
        WHERE frozen_at IS NOT NULL AND id IN (
            CASE WHEN TG_OP <> 'INSERT' THEN OLD.report_id END,
            CASE WHEN TG_OP <> 'DELETE' THEN NEW.report_id END
        )
    ) THEN {IS_FROZEN} END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""  # noqa: S608


class SectionName(models.TextChoices):
    """The sections in the order of the page; a report chooses among them."""

    PROJECTS = "projects", _("Projects")
    MONEY = "money", _("Money")
    PEOPLE = "people", _("People")
    MEETINGS = "meetings", _("Meetings")
    ACTIVITIES = "activities", _("Activities")
    YEAR = "year", _("By year of approval")
    REGION = "region", _("By region")
    COUNTRY = "country", _("By country")
    AREA = "area", _("By PGTF area")
    SECTOR = "sector", _("By sector")
    GOAL = "sdg", _("By goal (SDG)")
    INSTITUTION = "institution", _("By institution")
    STATEMENTS = "statements", _("As stated by others")
    # These in a report alone; the last also for officers.
    EACH = "each", _("The projects")
    SEEN = "seen", _("What visitors asked for")
    NEEDS = "needs", _("Needs and introductions")


class YearlyReportQuerySet(models.QuerySet):
    def public(self):
        return self.filter(frozen_at__isnull=False)

    def newest(self):
        """Keep of each year the version published last, the newest year first."""
        last = self.public().order_by("-year", "-version").distinct("year")
        return self.filter(pk__in=last.values("pk")).order_by("-year")

    def visible_to(self, user):
        return self if user.has_perm("secretariat.view_yearlyreport") else self.public()


@pghistory.track(exclude=["contents"])
class YearlyReport(TranslatedModel):
    """A report on a year. Its figures are those of now until it is published, then never change.

    `contents` is what `reports.freezing.contents_of` returns.
    """

    year = models.PositiveSmallIntegerField(_("year"))
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    introduction = models.TextField(
        _("introduction"), blank=True, help_text=_("An empty line begins a new paragraph.")
    )
    frozen_at = models.DateTimeField(
        pgettext_lazy("moment", "published"), null=True, editable=False
    )
    frozen_by = by_user(_("published by"), editable=False)
    contents = models.JSONField(null=True, editable=False)
    i18n = TranslationField(fields=["introduction"])

    objects = YearlyReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("yearly report")
        verbose_name_plural = _("yearly reports")
        ordering = ["-year", "-version"]
        permissions = [("release_yearlyreport", _("Can publish yearly reports"))]
        triggers = [
            LogsChange(PAGES),
            pgtrigger.Trigger(
                name="frozen_for_ever",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "year", "version", "introduction", "i18n", "frozen_at", "contents"
                ),
                func=f"IF OLD.frozen_at IS NOT NULL THEN {IS_FROZEN} END IF; RETURN NEW;",
            ),
            pgtrigger.Protect(
                name="frozen_is_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__frozen_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "version"],
                name="yearly_report_version_once",
                violation_error_message=_("There is a report on this year: make a new version."),
            ),
            models.CheckConstraint(
                condition=Q(year__range=(FIRST_YEAR, LAST_YEAR)),
                name="yearly_report_year_range",
                violation_error_message=_("Write a year from 1983 on."),
            ),
            models.CheckConstraint(
                condition=Q(contents__isnull=True, frozen_at=None)
                | Q(frozen_at__isnull=False, contents__isnull=False),
                name="yearly_report_frozen_with_contents",
            ),
        ]

    def __str__(self):
        text = gettext("The Network in %(year)d") % {"year": self.year}
        if self.version == 1:
            return text
        return gettext("%(report)s, version %(n)d") % {"report": text, "n": self.version}

    def get_absolute_url(self):
        return reverse("secretariat:report", args=[self.year, self.version])

    @property
    def is_frozen(self):
        return self.frozen_at is not None

    @property
    def updated_at(self):
        """Return when the public saw a change last, for the sitemap."""
        return self.frozen_at

    @property
    def query(self):
        """Return what its figures ask of the lists."""
        return f"year_from={self.year}&year_to={self.year}"

    @property
    def chosen(self):
        """Return its sections in the order of the page of figures."""
        order = SectionName.values
        return sorted(self.sections.all(), key=lambda section: order.index(section.section))

    @property
    def kept_sections(self):
        """Return the figures it keeps, in the page's language if the portal had that then."""
        kept = self.contents["sections"]
        return kept.get(get_language()) or kept[settings.LANGUAGE_CODE]


@pghistory.track()
class ReportSection(TranslatedModel):
    """A section of figures that a report has, and the words before them."""

    report = models.ForeignKey(YearlyReport, models.CASCADE, related_name="sections")
    section = models.CharField(_("section"), max_length=20, choices=SectionName)
    words = models.TextField(
        _("words"), blank=True, help_text=_("An empty line begins a new paragraph.")
    )
    i18n = TranslationField(fields=["words"])

    class Meta:
        verbose_name = _("section of the report")
        verbose_name_plural = _("sections of the report")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "section"],
                name="report_section_once",
                violation_error_message=_("The report has this section already."),
            )
        ]
        triggers = [
            LogsChange(PAGES),
            pgtrigger.Trigger(
                name="of_frozen_report",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=OF_FROZEN,
            ),
        ]

    def __str__(self):
        return self.get_section_display()
