"""What was published about the Network's work; it stands in the list of publications."""

import pghistory
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from members.models import Institution
from projects.models import Project
from sscnet.core.database.stamps import PROJECTS
from sscnet.core.database.triggers import LogsChange, keep_old_slug, stamp_updated_at, touch
from sscnet.core.i18n.languages import Language
from sscnet.core.models import PublicRecord
from sscnet.core.models.fields import PartialDateField, partial_date_check


@pghistory.track(exclude=["updated_at"])
class Publication(PublicRecord):
    """A book, report or article; its sources say where it can be read.

    Pages of projects, institutions and topics show it: their stamps move with it.
    """

    class Kind(models.TextChoices):
        GOOD_PRACTICES = "good_practices", _("good practices")
        REPORT = "report", _("report")
        FINAL_REPORT = "final_report", _("final report")
        BOOK = "book", _("book")
        ARTICLE = "article", _("article")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.REPORT)
    title = models.CharField(_("title"), max_length=300, blank=True)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    dated = PartialDateField(_("date"), blank=True, help_text=_("2019, 2019-05 or 2019-05-21."))
    language = models.CharField(_("language"), max_length=10, choices=Language, blank=True)
    pages = models.PositiveIntegerField(_("number of pages"), null=True, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    project = models.ForeignKey(
        Project,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="publications",
        verbose_name=_("project"),
    )
    institutions = models.ManyToManyField(
        Institution,
        through="PublicationInstitution",
        related_name="publications",
        verbose_name=_("institutions"),
    )
    i18n = TranslationField(fields=["title", "publisher", "summary"])

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["-dated", "id"]
        permissions = [("publish_publication", _("Can publish and withdraw publications"))]
        constraints = [partial_date_check("dated", "publication")]
        triggers = [stamp_updated_at(), keep_old_slug(), LogsChange(PROJECTS)]

    def __str__(self):
        return self.title_i18n

    def get_absolute_url(self):
        return f"{reverse('secretariat:publications')}#{self.slug}"

    def name_for_slug(self):
        return self.title or self.title_zh_hans or ""


@pghistory.track()
class PublicationInstitution(models.Model):
    """An institution that a publication is by or about."""

    publication = models.ForeignKey(
        Publication, models.CASCADE, related_name="publication_institutions"
    )
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="+", verbose_name=_("institution")
    )

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "institution"],
                name="publication_institution_once",
                violation_error_message=_("The institution is already listed."),
            )
        ]
        triggers = [touch("publication", "secretariat_publication"), LogsChange(PROJECTS)]

    def __str__(self):
        return str(self.institution)
