"""Questions from the public, each step on the way to an answer, and needs that come from them.

No table of history follows them: the steps are the history, and they hold neither the name nor the
e-mail address of the person who asked, which are erased when their time is over.
"""

from datetime import timedelta

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modeltrans.fields import TranslationField

from meetings.models import Meeting
from members.models import Institution, Service
from projects.calls.models import Call
from projects.models import Project
from sscnet.codelists.models import Country, Topic
from sscnet.core.database.stamps import NEEDS
from sscnet.core.database.triggers import LogsChange, read_only
from sscnet.core.i18n.texts import guessed
from sscnet.core.models import TranslatedModel
from sscnet.core.models.fields import InSomeLanguage, by_user

# Nothing that is taken for another: no 0 and O, no 1, I and L, no U and V.
LETTERS = "23456789ABCDEFGHJKMNPQRSTWXYZ"
LONGEST_TEXT = 10_000
VALID_DAYS = 183


def new_reference():
    """Make a reference that can be read out on the telephone, and that nobody guesses."""
    groups = (get_random_string(4, LETTERS) for _group in range(3))
    return "-".join(["Q", *groups])


def working_days_after(day, number):
    """Count working days on from a day; Saturdays and Sundays are none, holidays are not known."""
    while number > 0:
        day += timedelta(days=1)
        number -= day.isoweekday() < 6
    return day


def due_day():
    """Return the last day on which a question of today is answered in time."""
    return working_days_after(timezone.localdate(), settings.ENQUIRY_DAYS)


def valid_until():
    return timezone.localdate() + timedelta(days=VALID_DAYS)


def points_to(model, label, related_name="+"):
    """Make a key that is emptied when its row goes: a question stays."""
    return models.ForeignKey(
        model,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name=related_name,
        verbose_name=label,
    )


def urgent_first():
    """Put the open ones first, the longest due at the top; below, what was settled last."""
    is_settled = models.Case(models.When(state__in=Enquiry.OPEN, then=0), default=1)
    return [is_settled, F("settled_at").desc(nulls_last=True), "due_on", "id"]


class EnquiryQuerySet(models.QuerySet):
    def open(self):
        """Keep those not answered and not closed."""
        return self.filter(state__in=Enquiry.OPEN)

    def overdue(self):
        return self.open().filter(due_on__lt=timezone.localdate())

    def in_time(self):
        """Keep those that are open and not overdue."""
        return self.open().filter(due_on__gte=timezone.localdate())

    def past_retention(self):
        """Keep those of which name and e-mail address are to be erased, settled or not."""
        now = timezone.now()
        settled = Q(settled_at__lte=now - timedelta(days=settings.ENQUIRY_RETENTION_DAYS))
        last_asked = now - timedelta(days=settings.ENQUIRY_UNSETTLED_DAYS)
        never_settled = Q(settled_at=None, asked_at__lte=last_asked)
        return self.filter(settled | never_settled, personal_data_erased_at=None)

    def for_list(self):
        return self.select_related("project", "institution", "call", "passed_to")

    def for_page(self):
        steps = EnquiryStep.objects.select_related("by", "institution")
        return self.for_list().prefetch_related(models.Prefetch("steps", steps))


class Enquiry(models.Model):
    """A question, or a word that something on a page is wrong, with the record it is about."""

    class Kind(models.TextChoices):
        QUESTION = "question", _("question")
        CORRECTION = "correction", _("correction")
        JOINING = "joining", _("wish to join")

    class State(models.TextChoices):
        NEW = "new", pgettext_lazy("question", "new")
        PASSED_ON = "passed_on", _("passed on")
        ANSWERED = "answered", pgettext_lazy("question", "answered")
        CLOSED = "closed", pgettext_lazy("question", "closed")

    class Outcome(models.TextChoices):
        ANSWERED = "answered", pgettext_lazy("question", "answered")
        CORRECTED = "corrected", _("record corrected")
        NOT_FOR_US = "not_for_us", _("not for the Network")
        NO_REPLY_POSSIBLE = "no_reply_possible", _("no reply possible")
        NO_QUESTION = "no_question", _("advertising or no question")

    OPEN = (State.NEW, State.PASSED_ON)

    reference = models.CharField(
        _("reference"), max_length=20, unique=True, default=new_reference, editable=False
    )
    # Made of the form and what was written in it: the same sent twice is one question.
    sent_key = models.CharField(max_length=64, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.QUESTION)
    project = points_to(Project, _("project"), "enquiries")
    institution = points_to(Institution, _("institution"), "enquiries")
    call = points_to(Call, _("call"), "enquiries")
    subject = models.CharField(
        _("subject"),
        max_length=600,
        blank=True,
        help_text=_("What it was called at the time."),
    )
    question = models.TextField(_("question"), max_length=LONGEST_TEXT)
    name = models.CharField(_("name"), max_length=150, blank=True)
    email = models.EmailField(_("email"), blank=True)
    # When who wishes to join opened the link that was sent to this address.
    email_confirmed_at = models.DateTimeField(null=True, editable=False)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    country = points_to(Country, _("country"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.NEW)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome, blank=True)
    passed_to = points_to(Institution, _("passed on to"), "enquiries_passed_on")
    asked_at = models.DateTimeField(
        pgettext_lazy("question", "asked"), default=timezone.now, editable=False
    )
    due_on = models.DateField(_("due on"), default=due_day)
    settled_at = models.DateTimeField(_("answered or closed"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    personal_data_erased_at = models.DateTimeField(
        _("name and email erased"), null=True, blank=True
    )

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["-asked_at", "-id"]
        default_permissions = ["view", "change"]
        triggers = [read_only("reference", "asked_at")]
        constraints = [
            models.CheckConstraint(
                name="enquiry_about_one_record",
                # Of three, two at least are empty.
                condition=Q(project=None, institution=None)
                | Q(project=None, call=None)
                | Q(institution=None, call=None),
            ),
            models.CheckConstraint(
                name="enquiry_closed_with_outcome",
                condition=(Q(state="closed") & ~Q(outcome=""))
                | (~Q(state="closed") & Q(outcome="")),
            ),
            models.CheckConstraint(
                name="enquiry_settled_when_not_open",
                condition=Q(state__in=["new", "passed_on"], settled_at=None)
                | Q(state__in=["answered", "closed"], settled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="enquiry_erased_is_empty",
                condition=Q(personal_data_erased_at=None) | Q(name="", email="", organisation=""),
            ),
        ]

    def __str__(self):
        return self.reference

    def get_absolute_url(self):
        return reverse("secretariat:asked", args=[self.reference])

    @property
    def record(self):
        """Return the record it is about, or None."""
        return self.project or self.institution or self.call

    @property
    def about(self):
        """Return what it is about in words: the record, or its name of then, or nothing special."""
        return self.record or self.subject or _("the Network in general")

    @property
    def record_address(self):
        return self.record.get_absolute_url() if self.record else ""

    @property
    def suggested_institution(self):
        """Name who would know: the project's submitter, or the institution."""
        return self.project.submitter if self.project else self.institution

    @property
    def is_open(self):
        return self.state in self.OPEN

    @property
    def possible_steps(self):
        """Name the steps that can be taken: functions of `handling`, in the order one thinks."""
        if self.state == self.State.CLOSED:
            return []
        if self.is_erased:
            return ["close"]
        return ["pass_on", "answer", "close"] if self.is_open else ["pass_on", "close"]

    @property
    def is_overdue(self):
        return self.is_open and self.due_on < timezone.localdate()

    @property
    def is_erased(self):
        return self.personal_data_erased_at is not None

    @property
    def question_text(self):
        return guessed(self.question)


class EnquiryStep(models.Model):
    """One step of a question: the state it came to, when, by whom, and the words that went with it.

    Rows are only added; the database refuses the rest.
    """

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="steps")
    state = models.CharField(_("state"), max_length=10, choices=Enquiry.State)
    outcome = models.CharField(
        _("outcome"), max_length=20, choices=Enquiry.Outcome, blank=True, default=""
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = by_user(pgettext_lazy("step", "by"))
    # To whom it was passed on, or who answered; empty where the Secretariat did.
    institution = points_to(Institution, _("institution"), "enquiry_steps")
    text = models.TextField(_("words"), max_length=LONGEST_TEXT, blank=True)

    class Meta:
        verbose_name = _("step of a question")
        verbose_name_plural = _("steps of a question")
        ordering = ["at", "id"]
        default_permissions = []
        triggers = [
            read_only("enquiry", "state", "outcome", "at", "text"),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return self.get_state_display()

    @property
    def words(self):
        return guessed(self.text)


# ------------------------------------------------------------------ needs


class NeedQuerySet(models.QuerySet):
    def open(self):
        return self.filter(valid_until__gte=timezone.localdate()).select_related("country", "topic")

    def public(self):
        return self.open().filter(is_public=True)


@pghistory.track(exclude=["contact"])
class Need(TranslatedModel):
    """What a partner looks for, as an officer wrote it down; open until a day."""

    title = models.CharField(_("title"), max_length=200, blank=True)
    text = models.TextField(_("text"), max_length=LONGEST_TEXT, blank=True)
    country = points_to(Country, _("country"), "needs")
    topic = points_to(Topic, _("topic"), "needs")
    service = models.CharField(
        _("kind of service"), max_length=20, choices=Service.Kind, blank=True
    )
    needed_by = models.DateField(_("by when"), null=True, blank=True)
    has_money = models.BooleanField(
        _("there is money for it"), null=True, blank=True, help_text=_("No: money is sought.")
    )
    asked_by = models.CharField(
        _("who asks"), max_length=300, help_text=_("An organisation, and on whose behalf. Shown.")
    )
    contact = models.CharField(
        _("contact"),
        max_length=300,
        blank=True,
        help_text=_("A person: for officers, and for institutions that accepted."),
    )
    is_public = models.BooleanField(
        _("shown to everybody"), default=False, help_text=_("Otherwise to institutions alone.")
    )
    made_on = models.DateField(_("made on"), default=timezone.localdate, editable=False)
    valid_until = models.DateField(_("open until"), default=valid_until)
    enquiry = points_to(Enquiry, _("question it came from"), "needs")
    i18n = TranslationField(fields=["title", "text"])

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        ordering = ["-made_on", "-id"]
        triggers = [LogsChange(NEEDS)]
        constraints = [InSomeLanguage(field="title", name="need_in_some_language")]

    def __str__(self):
        return self.title_i18n


@pghistory.track()
class Introduction(models.Model):
    """A need and an institution that were brought together; the history has each step."""

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("introduction", "proposed")
        ACCEPTED = "accepted", pgettext_lazy("introduction", "accepted")
        DECLINED = "declined", pgettext_lazy("introduction", "declined")
        BECAME = "became", _("became something")
        NOTHING = "nothing", _("came to nothing")

    GOING_ON = (State.PROPOSED, State.ACCEPTED)

    need = models.ForeignKey(
        Need, models.PROTECT, related_name="introductions", verbose_name=_("need")
    )
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        related_name="introductions",
        verbose_name=_("institution"),
    )
    reason = models.TextField(
        _("reason"), max_length=1000, help_text=_("The institution reads it.")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PROPOSED)
    since = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    answer = models.TextField(_("words of the institution"), max_length=2000, blank=True)
    project = points_to(Project, _("became the project"), "introductions")
    activity = points_to(Meeting, _("became the activity"), "introductions")
    outcome = models.TextField(
        _("outcome"), max_length=2000, blank=True, help_text=_("Such as a proposal or a visit.")
    )

    class Meta:
        verbose_name = _("introduction")
        verbose_name_plural = _("introductions")
        ordering = ["-since", "-id"]
        default_permissions = ["add", "view", "change"]
        constraints = [
            models.UniqueConstraint(
                fields=["need", "institution"],
                name="introduction_once",
                violation_error_message=_("It was introduced to this institution already."),
            ),
            models.CheckConstraint(
                name="introduction_became_what",
                condition=~Q(state="became")
                | Q(project__isnull=False)
                | Q(activity__isnull=False)
                | ~Q(outcome=""),
                violation_error_message=_("Choose what it became, or write it."),
            ),
        ]

    def __str__(self):
        return f"{self.need}: {self.institution}"

    @property
    def address(self) -> str:
        return reverse("secretariat:my_introduction", args=[self.institution.slug, self.pk])
