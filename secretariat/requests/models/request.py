"""A request to institutions, and its questions."""

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modeltrans.fields import TranslationField

from members.models import Institution
from sscnet.core.database.triggers import append_only
from sscnet.core.i18n.labels import field_label
from sscnet.core.models import TranslatedModel, UploadedDocument
from sscnet.core.models.fields import InSomeLanguage, loose
from sscnet.papers.models import Paper
from sscnet.questions.models import AbstractQuestion

from ...enquiries.models import Enquiry, points_to
from . import seals

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
    quorum_percent = models.PositiveSmallIntegerField(
        _("quorum, in percent"),
        default=50,
        db_default=50,
        validators=[MaxValueValidator(100)],
        help_text=_(
            "Which share of the members has to vote for the vote to count. When the vote opens"
            " it becomes a number."
        ),
    )
    # Of a vote that was opened: how many have to vote, and how many members the list lacked.
    quorum = models.PositiveSmallIntegerField(_("quorum"), null=True, editable=False)
    members_lacking = models.PositiveSmallIntegerField(
        _("members missing in the list"), null=True, editable=False
    )
    candidate = models.ForeignKey(
        Institution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("candidate"),
        help_text=_("The institution whose admission is voted on."),
    )
    enquiry = points_to(Enquiry, _("question it came from"), "requests")
    opened_at = models.DateTimeField(_("opened"), null=True, editable=False)
    opened_by = loose(settings.AUTH_USER_MODEL, _("opened by"), editable=False, db_index=False)
    closed_at = models.DateTimeField(pgettext_lazy("moment", "closed"), null=True, editable=False)
    # Of a vote that is closed: what `seals.VOTE_RESULT` counted at that moment.
    result = models.JSONField(_("result"), null=True, editable=False)
    paper = models.ForeignKey(
        Paper,
        models.PROTECT,
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
            models.CheckConstraint(
                condition=Q(state__in=["draft", "open"], closed_at=None)
                | Q(state__in=["closed", "archived"], closed_at__isnull=False),
                name="request_closed_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(result__isnull=True) | (~Q(rule="") & Q(closed_at__isnull=False)),
                name="request_result_of_a_closed_vote",
            ),
            models.CheckConstraint(
                condition=Q(rule="") | Q(opened_at=None) | Q(quorum__gte=1),
                name="request_opened_vote_has_quorum",
            ),
        ]
        triggers = [
            seals.begins_as_a_draft(),
            seals.opens_now(),
            seals.opened_stays(),
            seals.closed_stays(),
            seals.ends_later(),
            seals.closes_now(),
            seals.texts_corrected("secretariat_request", "title", "text"),
            seals.opened_is_kept(),
        ]

    def __str__(self):
        return self.title_i18n

    def clean(self):
        super().clean()
        if self.candidate and not self.rule:
            raise ValidationError({"rule": _("Say by which rule the vote on a candidate counts.")})

    @property
    def is_vote(self) -> bool:
        return bool(self.rule)

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


@pghistory.track()
class RequestDocument(UploadedDocument):
    """A file that goes with a request."""

    request = models.ForeignKey(Request, models.CASCADE, related_name="documents")
    belongs_to = "request"
    i18n = TranslationField(fields=["title"])

    class Meta(UploadedDocument.Meta):
        ordering = ["id"]
        triggers = [seals.files_of_a_vote_stay()]

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
        triggers = [
            seals.questions_stay(),
            seals.texts_corrected("secretariat_requestquestion", "text", "choices"),
        ]


class Amendment(models.Model):
    """What was changed of a request after it was opened: shown to all, and never changed itself.

    A text that institutions were shown changes only with the amendment that says so, and the end
    moves only with its reason; the database sees to both (`seals`).
    """

    class Kind(models.TextChoices):
        CORRECTION = "correction", _("correction")
        LATER_END = "later_end", _("later end")
        MORE_INSTITUTIONS = "more_institutions", _("more institutions")

    request = models.ForeignKey(Request, models.PROTECT, related_name="amendments")
    kind = models.CharField(_("what"), max_length=20, choices=Kind)
    made_at = models.DateTimeField(_("when"), db_default=Now())
    made_by = loose(settings.AUTH_USER_MODEL, _("by"), db_index=False)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    # Of a correction: the field, as it is called in a form ("title_zh_hans"), and its two texts.
    question = models.ForeignKey(
        RequestQuestion, models.PROTECT, null=True, related_name="amendments"
    )
    field = models.CharField(max_length=30, blank=True)
    before = models.TextField(_("before"), blank=True)
    after = models.TextField(_("after"), blank=True)
    closes_at = models.DateTimeField(_("answers until"), null=True)

    class Meta:
        verbose_name = _("change of an open request")
        verbose_name_plural = _("changes of open requests")
        ordering = ["made_at", "id"]
        default_permissions = []
        triggers = [append_only(), seals.amends_what_is_open()]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.request}"

    @property
    def name_of_field(self) -> str:
        """Return what was corrected, as the form calls it."""
        model = RequestQuestion if self.question_id else Request
        return field_label(model._meta.get_field(self.field))
