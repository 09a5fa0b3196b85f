"""A request to institutions, and its questions."""

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modeltrans.fields import TranslationField

from members.models import Institution
from sscnet.core.models import TranslatedModel, UploadedDocument
from sscnet.core.models.fields import InSomeLanguage
from sscnet.papers.models import Paper
from sscnet.questions.models import AbstractQuestion

from ...enquiries.models import Enquiry, points_to

REMIND_DAYS = (1, 2, 3, 5, 7, 14, 21)


@pghistory.track()
class Request(TranslatedModel):
    """What institutions are asked for by a day. With a rule it is a vote."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        OPEN = "open", pgettext_lazy("request", "open")
        CLOSED = "closed", pgettext_lazy("request", "closed")
        ARCHIVED = "archived", _("archived")

    class SeenBy(models.TextChoices):
        SECRETARIAT = "secretariat", _("the Secretariat alone")
        ANSWERED = "answered", _("all that have answered")
        MEMBERS = "members", _("all members")

    class Rule(models.TextChoices):
        NONE = "", _("no vote")
        UNANIMOUS = "unanimous", _("unanimous: nobody says no")
        TWO_THIRDS = "two_thirds", _("two thirds of those voting yes or no")
        HALF = "half", _("more than half of those voting yes or no")
        TWO_THIRDS_OF_ALL = "two_thirds_of_all", _("two thirds of all that may vote")
        HALF_OF_ALL = "half_of_all", _("more than half of all that may vote")

    title = models.CharField(_("title"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True, help_text=_("Markdown; headings start with ##."))
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.DRAFT, editable=False
    )
    closes_at = models.DateTimeField(
        _("answers until"), null=True, blank=True, help_text=_("In the time of Beijing.")
    )
    seen_by = models.CharField(
        _("who may see the answers"), max_length=12, choices=SeenBy, default=SeenBy.SECRETARIAT
    )
    wants_slip = models.BooleanField(
        _("asks for a sealed slip"),
        default=False,
        help_text=_("Answers are printed on one page, signed, sealed and sent back as a picture."),
    )
    remind_days = ArrayField(
        models.PositiveSmallIntegerField(choices=[(days, str(days)) for days in REMIND_DAYS]),
        verbose_name=_("reminders"),
        default=list,
        blank=True,
        help_text=_("So many days before the end. Who has sent or declined gets none."),
    )
    rule = models.CharField(
        _("rule of the vote"),
        max_length=20,
        choices=Rule,
        blank=True,
        default=Rule.NONE,
        help_text=_(
            "Votes are open; no secret ballot is promised. Who has not voted is not a yes, who"
            " abstains counts for the quorum only."
        ),
    )
    quorum = models.PositiveSmallIntegerField(
        _("quorum"),
        default=0,
        help_text=_("How many institutions have to vote for the vote to count."),
    )
    candidate = models.ForeignKey(
        Institution,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("candidate"),
        help_text=_("The institution whose admission is voted on."),
    )
    enquiry = points_to(Enquiry, _("question it came from"), "requests")
    opened_at = models.DateTimeField(_("opened"), null=True, editable=False)
    closed_at = models.DateTimeField(pgettext_lazy("moment", "closed"), null=True, editable=False)
    # Of a vote that is closed: the numbers, who voted what, and the rule, as they were then.
    result = models.JSONField(_("result"), null=True, editable=False)
    paper = models.ForeignKey(
        Paper,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("paper of the result"),
    )
    i18n = TranslationField(fields=["title", "text"])

    class Meta:
        verbose_name = _("request to institutions")
        verbose_name_plural = _("requests to institutions")
        ordering = [F("closes_at").desc(nulls_first=True), "-id"]
        constraints = [
            InSomeLanguage(field="title", name="request_in_some_language"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(closes_at__isnull=False, opened_at__isnull=False),
                name="request_open_until_a_day",
                violation_error_message=_("Say until when answers are taken."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="result_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__closed_at__isnull=False)
                & (
                    pgtrigger.Q(old__result__df=pgtrigger.F("new__result"))
                    | pgtrigger.Q(old__rule__df=pgtrigger.F("new__rule"))
                ),
            )
        ]

    def __str__(self):
        return self.title_i18n

    def clean(self):
        super().clean()
        if self.quorum and not self.rule:
            raise ValidationError({"rule": _("A quorum needs the rule of a vote.")})

    @property
    def is_vote(self) -> bool:
        return bool(self.rule)


@pghistory.track()
class RequestDocument(UploadedDocument):
    """A file that goes with a request."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="documents")
    belongs_to = "request"
    i18n = TranslationField(fields=["title"])

    class Meta(UploadedDocument.Meta):
        ordering = ["id"]

    def __str__(self):
        return self.title_i18n or self.format

    @property
    def is_public(self):
        return False


@pghistory.track()
class RequestQuestion(AbstractQuestion):
    """A question of a request. What the portal knows `about` it is shown beside it."""

    class About(models.TextChoices):
        NOTHING = "", _("nothing the portal keeps")
        PROJECTS = "projects", _("projects")
        ACTIVITIES = "activities", _("activities")
        SERVICES = "services", _("services")
        CONTACTS = "contacts", _("contacts")
        PROFILE = "profile", _("the profile")

    request = models.ForeignKey(Request, models.CASCADE, related_name="questions")
    about = models.CharField(
        _("is about"),
        max_length=12,
        choices=About,
        blank=True,
        default=About.NOTHING,
        help_text=_(
            "The institution sees beside it what is known. Rows of a table of projects or"
            " activities can become records: its columns are named as in their sheets. Columns of"
            " services: kind, title, title in Chinese, for whom, the same in Chinese. A contact"
            " has an email address."
        ),
    )

    class Meta(AbstractQuestion.Meta):
        verbose_name = _("question to institutions")
        verbose_name_plural = _("questions to institutions")
