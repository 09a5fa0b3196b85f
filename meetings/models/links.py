"""What ties a meeting to institutions, projects, countries and other meetings."""

import pghistory
import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from members.models import Institution
from projects.models import Project
from sscnet.codelists.models import Country
from sscnet.core.database.stamps import MEETINGS
from sscnet.core.database.triggers import LogsChange, touch
from sscnet.core.records import samples

from .approval import is_open, refuse_without_approval
from .meeting import Meeting

TABLE = "meetings_meeting"


class MeetingInstitutionQuerySet(models.QuerySet):
    def of_published(self):
        """Return the parts in published meetings: see `samples.beside`."""
        in_sight = samples.beside("institution", "meeting")
        published = self.filter(in_sight, meeting__state=Meeting.State.PUBLISHED)
        return published.select_related("meeting")


@pghistory.track()
class MeetingInstitution(models.Model):
    """An institution's part in a meeting: host, organiser, co-organiser, or one that came."""

    class Role(models.TextChoices):
        HOST = "host", _("host")
        ORGANISER = "organiser", _("organiser")
        PARTNER = "partner", _("co-organiser")
        ATTENDED = "attended", _("attended")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="meeting_institutions")
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        related_name="meeting_institutions",
        verbose_name=_("institution"),
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.ATTENDED)

    objects = MeetingInstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "institution", "role"],
                name="meeting_institution_once",
                violation_error_message=_("The institution already has this role."),
            )
        ]
        triggers = [touch("meeting", TABLE), LogsChange(MEETINGS)]

    def __str__(self):
        return str(self.institution)


@pghistory.track()
class MeetingCountry(models.Model):
    """A country that participants of a meeting came from."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="meeting_countries")
    country = models.ForeignKey(
        Country, models.PROTECT, related_name="meeting_countries", verbose_name=_("country")
    )

    class Meta:
        verbose_name = _("country of participants")
        verbose_name_plural = _("countries of participants")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "country"],
                name="meeting_country_once",
                violation_error_message=_("This country has already been added."),
            )
        ]
        triggers = [
            touch("meeting", TABLE),
            LogsChange(MEETINGS),
            refuse_without_approval(
                "NEW.meeting_id",
                "EXISTS (SELECT FROM meetings_meeting meeting WHERE id = NEW.meeting_id AND "
                f"{is_open('meeting')})",
                pgtrigger.Insert | pgtrigger.Update,
            ),
        ]

    def __str__(self):
        return str(self.country)


@pghistory.track()
class MeetingProject(models.Model):
    """A project that a meeting dealt with, as a person found; never guessed."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="meeting_projects")
    project = models.ForeignKey(
        Project, models.PROTECT, related_name="meeting_projects", verbose_name=_("project")
    )

    class Meta:
        verbose_name = _("related project")
        verbose_name_plural = _("related projects")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "project"],
                name="meeting_project_once",
                violation_error_message=_("This project is already listed."),
            )
        ]
        triggers = [touch("meeting", TABLE), LogsChange(MEETINGS)]

    def __str__(self):
        return str(self.project)


@pghistory.track()
class InstitutionQuota(models.Model):
    """The quota of one institution where it differs from the meeting's.

    Written by `places.set_quota` alone, which moves people up when it is raised.
    """

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="quotas")
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="quotas", verbose_name=_("institution")
    )
    quota = models.PositiveIntegerField(_("places"))

    class Meta:
        verbose_name = _("quota of an institution")
        verbose_name_plural = _("quotas of institutions")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "institution"],
                name="institution_quota_once",
                violation_error_message=_("The institution already has a quota."),
            )
        ]

    def __str__(self):
        return f"{self.institution}: {self.quota}"
