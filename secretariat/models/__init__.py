"""What the Secretariat says for itself: its pages and its dated figures."""

import pghistory
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from sscnet.core.database.stamps import NEWS, PAGES
from sscnet.core.database.triggers import LogsChange, keep_old_slug, stamp_updated_at, touch
from sscnet.core.models import (
    PublicRecord,
    PublicRecordQuerySet,
    Source,
    TranslatedModel,
    UploadedPicture,
)
from sscnet.core.models.fields import InSomeLanguage, PartialDateField, partial_date_check

from ..enquiries.models import Enquiry, EnquiryStep, Introduction, Need
from ..requests.models import (
    Amendment,
    PaperVote,
    Request,
    RequestDocument,
    RequestQuestion,
    Response,
    ResponseAnswer,
    Submission,
    SubmittedAnswer,
    SubmittedSlip,
)
from .publications import Publication, PublicationInstitution
from .redirects import Redirect
from .reports import ReportSection, SectionName, YearlyReport
from .seen import DailyCount

# The slug of the page that stands at /about/ itself.
ABOUT = "about"
# Below its words the portal says what it holds of people.
PRIVACY = "privacy"


class PageQuerySet(PublicRecordQuerySet):
    def of_menu(self):
        return self.filter(kind=Page.Kind.PAGE)

    def news_on(self, day):
        """Keep the news that lists show on a day, what is pinned first, then the newest."""
        news = self.filter(kind=Page.Kind.NEWS, since__lte=day)
        news = news.filter(Q(until=None) | Q(until__gte=day))
        return news.order_by("-is_pinned", "-since", "-pk")


@pghistory.track(exclude=["updated_at"])
class Page(PublicRecord):
    """A page about the Network, or a piece of news, in one language or both, in Markdown."""

    class Kind(models.TextChoices):
        PAGE = "page", _("page about the Network")
        NEWS = "news", _("news or notice")

    kind = models.CharField(
        _("kind"), max_length=10, choices=Kind, default=Kind.PAGE, db_default=Kind.PAGE
    )
    title = models.CharField(_("title"), max_length=200, blank=True)
    summary = models.CharField(
        _("summary"), max_length=300, blank=True, help_text=_("One sentence for search engines.")
    )
    body = models.TextField(_("text"), blank=True, help_text=_("Markdown; headings start with ##."))
    position = models.PositiveSmallIntegerField(_("position in the menu"), default=0)
    since = models.DateField(
        _("from"),
        null=True,
        blank=True,
        help_text=_("News: its date. Lists show it from this day on, once it is published."),
    )
    until = models.DateField(
        _("until"),
        null=True,
        blank=True,
        help_text=_("News: the last day on which lists show it. Its page stays."),
    )
    is_pinned = models.BooleanField(_("first in the list"), default=False, db_default=False)
    i18n = TranslationField(fields=["title", "summary", "body"])

    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages and news")
        ordering = ["position", "id"]
        permissions = [("publish_page", _("Can publish and withdraw pages"))]
        triggers = [stamp_updated_at(), keep_old_slug(), LogsChange(PAGES, NEWS)]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="news") | Q(since__isnull=False),
                name="news_has_date",
                violation_error_message=_("Write from which day on the news is shown."),
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="page_until_after_since",
                violation_error_message=_("The last day is not before the first."),
            ),
        ]

    def __str__(self):
        return self.title_i18n

    def get_absolute_url(self):
        if self.is_news:
            return reverse("secretariat:news_item", args=[self.slug])
        if self.slug == ABOUT:
            return reverse("secretariat:about")
        return reverse("secretariat:page", args=[self.slug])

    def name_for_slug(self):
        return self.title or self.title_zh_hans or ""

    @property
    def is_news(self):
        return self.kind == self.Kind.NEWS


@pghistory.track()
class PagePicture(UploadedPicture):
    """A picture of a page or a piece of news."""

    page = models.ForeignKey(Page, models.CASCADE, related_name="pictures")
    i18n = TranslationField(fields=["alt", "caption"])

    class Meta(UploadedPicture.Meta):
        triggers = [touch("page", "secretariat_page"), LogsChange(PAGES)]

    @property
    def is_public(self):
        return self.page.is_published


class DatedFigureQuerySet(models.QuerySet):
    def newest_of_each(self):
        """Keep for each figure the statement with the latest date, in the figures' own order."""
        newest = self.order_by("figure", "-as_of").distinct("figure")
        return self.filter(pk__in=newest.values("pk")).order_by("position")


@pghistory.track()
class DatedFigure(TranslatedModel):
    """A total as somebody stated it on a day; each is right on its date, none is our count."""

    class Figure(models.TextChoices):
        FOUNDED = "founded", _("founded")
        MEMBERS = "members", _("members")
        PGTF_PROJECTS = "pgtf_projects", _("PGTF projects")
        DEMONSTRATION_PROJECTS = "demonstration_projects", _("small demonstration projects")
        COUNTRIES_REACHED = "countries_reached", _("countries reached")

    class Qualifier(models.TextChoices):
        EXACT = "", _("exactly")
        OVER = "over", _("more than")

    figure = models.CharField(_("figure"), max_length=30, choices=Figure)
    label = models.CharField(_("label"), max_length=120, blank=True)
    value = models.PositiveIntegerField(_("value"))
    qualifier = models.CharField(
        _("qualifier"), max_length=10, choices=Qualifier, blank=True, default=Qualifier.EXACT
    )
    as_of = PartialDateField(_("as of"), help_text=_("A year or a month: 2023 or 2023-12."))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    sources = GenericRelation(Source)
    i18n = TranslationField(fields=["label"])

    objects = DatedFigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("dated figure")
        verbose_name_plural = _("dated figures")
        ordering = ["position", "-as_of"]
        triggers = [LogsChange(PAGES)]
        constraints = [
            models.UniqueConstraint(
                fields=["figure", "as_of"],
                name="dated_figure_once",
                violation_error_message=_("This figure already has a statement for this date."),
            ),
            partial_date_check("as_of", "dated_figure"),
            InSomeLanguage(field="label", name="dated_figure_in_some_language"),
        ]

    def __str__(self):
        return f"{self.label_i18n}: {self.value} ({self.as_of})"
