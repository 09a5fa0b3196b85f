"""What follows a meeting: action points."""

import pghistory
from django.db import models
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from members.models import Institution
from sscnet.core.database.stamps import MEETINGS
from sscnet.core.database.triggers import LogsChange, touch
from sscnet.core.i18n.dates import BEIJING
from sscnet.core.models import TranslatedModel
from sscnet.core.models.fields import InSomeLanguage
from sscnet.core.records import samples

from .meeting import Meeting

TABLE = "meetings_meeting"


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
