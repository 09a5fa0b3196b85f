"""What hangs on a meeting: institutions, countries, projects, papers, pictures, action points."""

import pghistory
import pgtrigger
from django.db import models
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from members.models import Institution
from projects.models import Project
from sscnet.codelists.models import Country
from sscnet.core.database.stamps import MEETINGS
from sscnet.core.database.triggers import LogsChange, touch
from sscnet.core.i18n.dates import BEIJING
from sscnet.core.models import TranslatedModel, UploadedDocument, UploadedPicture
from sscnet.core.models.fields import InSomeLanguage
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


# ------------------------------------------------------------------ papers and pictures


@pghistory.track()
class MeetingDocument(UploadedDocument):
    class Kind(models.TextChoices):
        INVITATION = "invitation", _("invitation")
        PROGRAMME = "programme", _("programme of the meeting")
        REPORT = "report", _("report")
        MINUTES = "minutes", _("minutes")
        PRESENTATION = "presentation", _("presentation")
        OTHER = "other", _("other document")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="documents")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.OTHER)
    i18n = TranslationField(fields=["title"])

    belongs_to = "meeting"

    class Meta(UploadedDocument.Meta):
        triggers = [touch("meeting", TABLE), LogsChange(MEETINGS)]


@pghistory.track()
class MeetingPicture(UploadedPicture):
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="pictures")
    i18n = TranslationField(fields=["alt", "caption"])

    belongs_to = "meeting"

    class Meta(UploadedPicture.Meta):
        triggers = [touch("meeting", TABLE), LogsChange(MEETINGS)]


# ------------------------------------------------------------------ what follows it


class ActionPointQuerySet(models.QuerySet):
    def to_do(self):
        """Return the open ones of published meetings; those of samples ask nothing of anybody."""
        return self.filter(
            state=ActionPoint.State.OPEN,
            meeting__state=Meeting.State.PUBLISHED,
            meeting__is_sample=False,
            institution__is_sample=False,
        )

    def late(self, day=None):
        return self.to_do().filter(due_on__lt=day or timezone.localdate(timezone=BEIJING))

    def for_public(self):
        """Return those whose meetings say that they are published; see `samples.beside`."""
        shown = samples.beside("meeting", "institution")
        return self.filter(shown, meeting__shows_action_points=True)


@pghistory.track()
class ActionPoint(TranslatedModel):
    """What an institution is to do after a meeting, by when, and what became of it."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DONE = "done", _("done")
        DROPPED = "dropped", _("dropped")

    meeting = models.ForeignKey(
        Meeting, models.CASCADE, related_name="action_points", verbose_name=_("meeting")
    )
    text = models.TextField(_("what is to be done"), blank=True)
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        related_name="action_points",
        verbose_name=_("institution"),
    )
    due_on = models.DateField(_("due by"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    outcome = models.TextField(
        _("outcome"), blank=True, help_text=_("Published with the action point.")
    )
    i18n = TranslationField(fields=["text", "outcome"])

    objects = ActionPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("action point")
        verbose_name_plural = _("action points")
        ordering = ["due_on", "id"]
        triggers = [touch("meeting", TABLE), LogsChange(MEETINGS)]
        constraints = [InSomeLanguage(field="text", name="action_point_in_some_language")]

    def __str__(self):
        return Truncator(self.text_i18n).chars(80)
