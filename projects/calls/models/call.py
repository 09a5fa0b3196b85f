"""A call for proposals: what may be asked for, by whom, until when, and with which papers.

Everything that may change from year to year is a field here; nothing of it is code. What the Fund
asks today: its guidelines of 26 September 2014 and its calls of 2017 and 2019 on g77.org.
"""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from members.models import Institution, Membership
from sscnet.codelists.models import PGTFArea
from sscnet.core.database.stamps import CALLS
from sscnet.core.database.triggers import LogsChange, keep_old_slug, stamp_updated_at, touch
from sscnet.core.i18n.languages import Language
from sscnet.core.models import (
    PublicRecord,
    PublicRecordQuerySet,
    TranslatedModel,
    UploadedDocument,
)
from sscnet.core.models.fields import InSomeLanguage
from sscnet.papers.fields import PaperKind
from sscnet.papers.models import PaperTemplate

from ...models import Project

MOST_USD = 10_000_000
TABLE = "calls_call"


def at_most(model, *names):
    """Return the constraints that keep amounts within ten million US dollars."""
    return [
        models.CheckConstraint(
            condition=Q(**{f"{name}__lte": MOST_USD}) | Q(**{name: None}),
            name=f"{model}_{name}_range",
            violation_error_message=_("An amount is at most US$ 10,000,000."),
        )
        for name in names
    ]


class CallQuerySet(PublicRecordQuerySet):
    def open(self, now=None):
        """Keep the published calls that take proposals now, the first to close first."""
        now = now or timezone.now()
        started = Q(opens_at=None) | Q(opens_at__lte=now)
        return self.published().filter(started, closes_at__gt=now).order_by("closes_at", "id")

    def for_page(self):
        """Load what the page of a call shows."""
        parts = ("areas", "required_papers", "criteria", "documents", "sources")
        return self.prefetch_related(*parts)

    def coming(self):
        """Keep the published calls that open later, the first to open first."""
        return self.published().filter(opens_at__gt=timezone.now()).order_by("opens_at", "id")

    def closed(self):
        """Keep the published calls that take no more proposals, the last to close first."""
        return self.published().filter(closes_at__lte=timezone.now()).order_by("-closes_at", "-id")


@pghistory.track(exclude=["updated_at"])
class Call(PublicRecord):
    """A call for proposals of one programme and year."""

    class Rule(models.TextChoices):
        """A rule of the call; `calls.checks.precheck` judges a proposal by it."""

        COMPLETE = "complete", _("every part of the form is filled in")
        START = "start", _("the project starts after the call has closed")
        TEXTS = "texts", _("each text says enough, and none stands twice")
        LENGTH = "length", _("situation analysis and strategy fit on one page each")
        COUNTRIES = "countries", _("enough countries take part")
        CEILING = "ceiling", _("the amount requested is within the ceiling")
        OTHER_INPUTS = "other_inputs", _("the other inputs are high enough")
        INPUTS_SHOWN = "inputs_shown", _("letters show the other inputs")
        ENDORSEMENTS = "endorsements", _("all required documents are there")
        AREA = "area", _("the area is one of the call’s")
        LANGUAGE = "language", _("the language is one of the call’s")
        GROUP_OF_77 = "group_of_77", _("every participating country is a member of the Group of 77")

    class Proposers(models.TextChoices):
        """Which institutions may propose."""

        MEMBERS = "members", _("members of the Network")
        ALL = "all", _("every institution in the directory")

    Programme = Project.Programme

    programme = models.CharField(
        _("programme"),
        max_length=20,
        choices=[choice for choice in Project.Programme.choices if choice[0]],
        default=Project.Programme.PGTF,
    )
    year = models.PositiveSmallIntegerField(_("year"))
    title = models.CharField(_("title"), max_length=300, blank=True)
    summary = models.CharField(
        _("summary"), max_length=500, blank=True, help_text=_("One or two sentences for lists.")
    )
    description = models.TextField(_("text of the call"), blank=True, help_text=_("Markdown."))

    opens_at = models.DateTimeField(
        _("opens"), null=True, blank=True, help_text=_("Empty: as soon as it is published.")
    )
    closes_at = models.DateTimeField(
        _("closes for the Network"),
        help_text=_("Beijing time. Nothing can be sent after this."),
    )
    fund_closes_at = models.DateTimeField(
        _("closes at the Fund"), null=True, blank=True, help_text=_("Beijing time.")
    )

    ceiling_usd = models.PositiveIntegerField(_("ceiling, US$"), null=True, blank=True)
    least_other_inputs_percent = models.PositiveSmallIntegerField(
        _("minimum of other inputs, per cent of the amount requested"),
        null=True,
        blank=True,
        help_text=_("100: as much as is requested from the Fund."),
    )
    least_countries = models.PositiveSmallIntegerField(
        _("minimum number of participating countries"),
        null=True,
        blank=True,
        help_text=_("The lead country counts."),
    )
    proposers = models.CharField(
        _("who can propose"), max_length=10, choices=Proposers, default=Proposers.MEMBERS
    )
    areas = models.ManyToManyField(
        PGTFArea,
        blank=True,
        related_name="calls",
        verbose_name=_("areas"),
        help_text=_("None: any."),
    )
    languages = ArrayField(
        models.CharField(max_length=10, choices=Language),
        verbose_name=_("languages of the proposal"),
        default=list,
        blank=True,
        help_text=_("None: any."),
    )
    binding_rules = ArrayField(
        models.CharField(max_length=20, choices=Rule),
        verbose_name=_("binding rules"),
        default=list,
        blank=True,
        help_text=_(
            "A proposal that breaks one of them cannot be sent. The others are only warnings."
        ),
    )
    one_page_characters = models.PositiveIntegerField(
        _("characters of one page"),
        default=3000,
        help_text=_("How long the situation analysis and the strategy may each be."),
    )
    least_characters = models.PositiveSmallIntegerField(
        _("minimum of characters of these texts"),
        default=0,
        help_text=_("How long the situation analysis and the strategy must each be."),
    )
    answer_days = models.PositiveSmallIntegerField(
        _("days to answer remarks"), default=14, help_text=_("When a proposal is returned.")
    )
    paper_templates = models.ManyToManyField(
        PaperTemplate,
        blank=True,
        related_name="+",
        limit_choices_to={"kind__in": [PaperKind.FUND_FORM, PaperKind.CHECK]},
        verbose_name=_("templates of its papers"),
        help_text=_("None: those in use. Upload one under “Templates of papers” first."),
    )
    progress_report_months = models.PositiveSmallIntegerField(
        _("progress report, months after the start"), null=True, blank=True
    )
    final_report_months = models.PositiveSmallIntegerField(
        _("final report, months after the end"), null=True, blank=True
    )
    i18n = TranslationField(fields=["title", "summary", "description"])

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = ["-year", "-closes_at", "-id"]
        permissions = [("publish_call", _("Can publish and withdraw calls"))]
        triggers = [stamp_updated_at(), keep_old_slug(), LogsChange(CALLS)]
        constraints = [
            *at_most("call", "ceiling_usd"),
            models.CheckConstraint(
                condition=Q(year__range=(1983, 2100)),
                name="call_year_range",
                violation_error_message=_(
                    "The Fund was set up in 1983: enter a year from then on."
                ),
            ),
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at__gt=F("opens_at")),
                name="call_closes_after_opening",
                violation_error_message=_("The call closes before it opens."),
            ),
            models.CheckConstraint(
                condition=Q(fund_closes_at=None) | Q(fund_closes_at__gte=F("closes_at")),
                name="call_fund_closes_later",
                violation_error_message=_("The Fund’s deadline is before the Network’s."),
            ),
        ]

    def __str__(self):
        return self.title_i18n or f"{self.get_programme_display()} {self.year}"

    def get_absolute_url(self):
        return reverse("calls:detail", args=[self.slug])

    def name_for_slug(self):
        return self.title or self.title_zh_hans or f"{self.programme} {self.year}"

    @property
    def stage(self):
        """Return whether it is coming, open or closed, whatever its state of publication."""
        now = timezone.now()
        if self.closes_at <= now:
            return "closed"
        return "coming" if self.opens_at and self.opens_at > now else "open"

    @property
    def languages_in_words(self):
        return [Language(code).label for code in self.languages]

    @property
    def binding_in_words(self):
        return [self.Rule(rule).label for rule in self.binding_rules]

    def is_open(self, now=None) -> bool:
        """Return whether proposals may be sent now."""
        now = now or timezone.now()
        has_begun = not self.opens_at or self.opens_at <= now
        return self.is_published and has_begun and now < self.closes_at

    def may_propose(self, institution: Institution) -> bool:
        """Return whether the institution is one of those that may propose."""
        if self.proposers == self.Proposers.ALL:
            return True
        return institution.memberships.current().filter(state=Membership.State.MEMBER).exists()


@pghistory.track()
class RequiredPaper(TranslatedModel):
    """A paper that a proposal must bring: once, or one for each participating country."""

    class OfWhom(models.TextChoices):
        ALL = "all", _("every proposal")
        NATIONAL = "national", _("proposals of national institutions")
        ORGANISATION = "organisation", _("proposals of NGOs and (sub)regional organisations")

    class Kind(models.TextChoices):
        """What the paper proves; of an endorsement the Fund asks who signed it, and for whom."""

        ENDORSEMENT = "endorsement", _("endorsement or decision, signed")
        INPUTS = "inputs", _("letter that shows other inputs")
        FUND_FORM = "fund_form", _("form of the Fund, filled in")
        OTHER = "other", _("other document")

    call = models.ForeignKey(Call, models.CASCADE, related_name="required_papers")
    kind = models.CharField(_("kind"), max_length=15, choices=Kind, default=Kind.ENDORSEMENT)
    name = models.CharField(_("name"), max_length=200, blank=True)
    note = models.CharField(_("what it must show"), max_length=500, blank=True)
    of_whom = models.CharField(_("required of"), max_length=15, choices=OfWhom, default=OfWhom.ALL)
    each_country = models.BooleanField(_("one for each other participating country"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    i18n = TranslationField(fields=["name", "note"])

    class Meta:
        verbose_name = _("required document")
        verbose_name_plural = _("required documents")
        ordering = ["position", "id"]
        triggers = [touch("call", TABLE), LogsChange(CALLS)]
        constraints = [InSomeLanguage(field="name", name="required_paper_in_some_language")]


@pghistory.track()
class Criterion(TranslatedModel):
    """What readers score, with its weight."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="criteria")
    name = models.CharField(_("name"), max_length=200, blank=True)
    note = models.CharField(_("what is assessed"), max_length=500, blank=True)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    i18n = TranslationField(fields=["name", "note"])

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["position", "id"]
        triggers = [touch("call", TABLE), LogsChange(CALLS)]
        constraints = [
            models.CheckConstraint(
                condition=Q(weight__range=(1, 100)),
                name="criterion_weight_range",
                violation_error_message=_("A weight is a number from 1 to 100."),
            ),
            InSomeLanguage(field="name", name="criterion_in_some_language"),
        ]


@pghistory.track()
class CallDocument(UploadedDocument):
    """A paper of a call: its text, the Fund's form, guidelines."""

    class Kind(models.TextChoices):
        CALL = "call", _("text of the call")
        FORM = "form", _("form of the Fund")
        GUIDELINES = "guidelines", _("guidelines")
        OTHER = "other", _("other document")

    call = models.ForeignKey(Call, models.CASCADE, related_name="documents")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.OTHER)
    i18n = TranslationField(fields=["title"])

    belongs_to = "call"

    class Meta(UploadedDocument.Meta):
        triggers = [touch("call", TABLE), LogsChange(CALLS)]
