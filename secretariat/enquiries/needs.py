"""A need of a partner, and the introductions that bring it together with institutions."""

from datetime import timedelta

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modeltrans.fields import TranslationField

from meetings.models import Meeting
from members.models import Institution, Service
from projects.models import Project
from sscnet.codelists.models import Country, Topic
from sscnet.core.database.stamps import NEEDS
from sscnet.core.database.triggers import LogsChange
from sscnet.core.models import TranslatedModel
from sscnet.core.models.fields import InSomeLanguage

from .models import LONGEST_TEXT, Enquiry, points_to

VALID_DAYS = 183


def valid_until():
    return timezone.localdate() + timedelta(days=VALID_DAYS)


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
