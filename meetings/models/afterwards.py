"""What follows a meeting: action points with their reports."""

import pghistory
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from members.models import Institution
from sscnet.core.database.stamps import MEETINGS
from sscnet.core.database.triggers import LogsChange, touch
from sscnet.core.i18n.dates import BEIJING
from sscnet.core.models import TranslatedModel
from sscnet.core.models.fields import InSomeLanguage, by_user
from sscnet.core.records import samples

from .meeting import Meeting

TABLE = "meetings_meeting"


class ActionPointQuerySet(models.QuerySet):
    def reported(self):
        """Return the open ones of which the institution says that they are done."""
        is_real = not_between_samples()
        return self.filter(is_real, Exists(reports_in_force()), state=ActionPoint.State.OPEN)

    def to_do(self):
        """Return those that wait for their institution, of published meetings.

        One between a sample and a real record asks nothing of anybody, nor does one of a sample.
        """
        return self.filter(
            ~Exists(reports_in_force()),
            not_between_samples(),
            state=ActionPoint.State.OPEN,
            meeting__state=Meeting.State.PUBLISHED,
        )

    def late(self, day=None):
        return self.to_do().filter(due_on__lt=day or timezone.localdate(timezone=BEIJING))

    def for_public(self):
        """Return those whose meetings say that they are published; see `samples.beside`."""
        shown = samples.beside("meeting", "institution")
        return self.filter(shown, meeting__shows_action_points=True)


def not_between_samples():
    return Q(meeting__is_sample=False, institution__is_sample=False)


def reports_in_force():
    return ActionReport.objects.filter(action_point=OuterRef("pk"), returned_at=None)


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

    @property
    def report(self):
        """The report that stands, None where there is none or it was given back."""
        return next((one for one in self.reports.all() if one.returned_at is None), None)

    @property
    def waits_for_institution(self):
        return self.state == self.State.OPEN and self.report is None


class ActionReport(models.Model):
    """An institution's report that an action point is done; an officer changes its state."""

    action_point = models.ForeignKey(ActionPoint, models.CASCADE, related_name="reports")
    words = models.TextField(_("what was done"))
    reported_by = by_user(_("reported by"))
    reported_at = models.DateTimeField(_("reported"), db_default=Now(), editable=False)
    returned_at = models.DateTimeField(_("given back"), null=True, editable=False)

    class Meta:
        verbose_name = _("report on an action point")
        verbose_name_plural = _("reports on action points")
        ordering = ["-reported_at", "-id"]
        default_permissions = []
        constraints = [
            models.UniqueConstraint(
                fields=["action_point"],
                condition=Q(returned_at=None),
                name="action_report_stands_once",
                violation_error_message=_("This has already been reported."),
            )
        ]

    def __str__(self):
        return Truncator(self.words).chars(80)
