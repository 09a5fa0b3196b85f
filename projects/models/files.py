"""Papers and pictures of a project."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from sscnet.core.database.stamps import PROJECTS
from sscnet.core.database.triggers import LogsChange, touch
from sscnet.core.models import UploadedDocument, UploadedPicture

from .project import Project

TABLE = "projects_project"


@pghistory.track()
class Document(UploadedDocument):
    class Kind(models.TextChoices):
        FINAL_REPORT = "final_report", _("final report")
        PROPOSAL = "proposal", _("proposal")
        PROGRESS_REPORT = "progress_report", _("progress report")
        PUBLICATION = "publication", _("publication")
        OTHER = "other", _("other document")

    project = models.ForeignKey(Project, models.CASCADE, related_name="documents")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.FINAL_REPORT)
    i18n = TranslationField(fields=["title"])

    belongs_to = "project"

    class Meta(UploadedDocument.Meta):
        triggers = [touch("project", TABLE), LogsChange(PROJECTS)]


@pghistory.track()
class Picture(UploadedPicture):
    """A picture of a project; one may be its cover."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="pictures")
    is_cover = models.BooleanField(_("cover picture"), default=False)
    i18n = TranslationField(fields=["alt", "caption"])

    belongs_to = "project"

    class Meta(UploadedPicture.Meta):
        ordering = ["-is_cover", "id"]
        constraints = [
            *UploadedPicture.Meta.constraints,
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(is_cover=True),
                name="project_cover_once",
                violation_error_message=_("A project can have only one cover picture."),
            ),
        ]
        triggers = [touch("project", TABLE), LogsChange(PROJECTS)]
