"""The programme of a meeting: its workshops and what happens when."""

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from sscnet.core.database.stamps import MEETINGS, REGISTRATIONS
from sscnet.core.database.triggers import LogsChange, touch
from sscnet.core.i18n.languages import Language
from sscnet.core.models import TranslatedModel
from sscnet.core.models.fields import InSomeLanguage

from .activity import languages_field
from .meeting import Meeting, never_over_capacity, raise_sequence
from .triggers import ANNOUNCED_OF_WORKSHOP, keep_unannounced

TABLE = "meetings_meeting"


def touch_but_for_places():
    """Make a change of a workshop one of its meeting, but not each place that is given there."""
    trigger = touch("meeting", TABLE)
    trigger.func = f"""
        IF TG_OP = 'UPDATE' THEN
            IF NEW.taken <> OLD.taken THEN RETURN NULL; END IF;
            IF NEW.unannounced_change IS NULL AND OLD.unannounced_change IS NOT NULL
                THEN RETURN NULL; END IF;
        END IF;
        {trigger.func}
    """
    return trigger


class SpokenIn(models.Model):
    """In which languages one speaks in a session, and how the others follow."""

    class Interpretation(models.TextChoices):
        NONE = "", _("none stated")
        SIMULTANEOUS = "simultaneous", _("simultaneous interpretation")
        CONSECUTIVE = "consecutive", _("consecutive interpretation")

    languages = languages_field(_("languages"))
    interpretation = models.CharField(
        _("interpretation"),
        max_length=15,
        choices=Interpretation,
        blank=True,
        default="",
        db_default="",
    )

    class Meta:
        abstract = True

    @property
    def spoken_in(self) -> list[str]:
        """Say the languages, then the interpretation, where they are stated."""
        languages = [str(Language(code).label) for code in self.languages]
        return [*languages, *([self.get_interpretation_display()] if self.interpretation else [])]


@pghistory.track(exclude=["taken", "sequence", "unannounced_change"])
class Workshop(SpokenIn, TranslatedModel):
    """A workshop inside a meeting, with places of its own."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="workshops")
    title = models.CharField(_("title"), max_length=300, blank=True)
    description = models.TextField(_("description"), blank=True)
    starts_at = models.DateTimeField(_("begins"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    room = models.CharField(_("room"), max_length=200, blank=True)
    capacity = models.PositiveIntegerField(_("places"))
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    taken = models.PositiveIntegerField(_("places taken"), default=0, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    unannounced_change = models.JSONField(null=True, editable=False)
    i18n = TranslationField(fields=["title", "description", "room"])

    class Meta:
        verbose_name = _("workshop")
        verbose_name_plural = _("workshops")
        ordering = [F("starts_at").asc(nulls_last=True), "id"]
        triggers = [
            LogsChange(MEETINGS, without=["taken", "unannounced_change"]),
            # Which places are free.
            LogsChange(REGISTRATIONS, only=["taken"]),
            touch_but_for_places(),
            raise_sequence("title", "i18n", "starts_at", "ends_at", "room", "cancelled_at"),
            keep_unannounced(*ANNOUNCED_OF_WORKSHOP, translated=["room"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                name="workshop_ends_after_start",
                violation_error_message=_("The end is before the beginning."),
            ),
            never_over_capacity("workshop"),
            InSomeLanguage(field="title", name="workshop_in_some_language"),
        ]

    def __str__(self):
        return self.title_i18n

    @property
    def is_cancelled(self):
        return self.cancelled_at is not None

    @property
    def places_left(self):
        return self.capacity - self.taken


@pghistory.track()
class AgendaItem(SpokenIn, TranslatedModel):
    """What happens on a day of the meeting, from when to when."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda_items")
    workshop = models.ForeignKey(
        Workshop,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="agenda_items",
        verbose_name=_("workshop"),
    )
    day = models.DateField(_("day"))
    begins = models.TimeField(_("begins"), null=True, blank=True)
    ends = models.TimeField(_("ends"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=300, blank=True)
    speakers = models.TextField(_("speakers"), blank=True)
    papers = models.TextField(_("papers"), blank=True)
    i18n = TranslationField(fields=["title", "speakers", "papers"])

    class Meta:
        verbose_name = _("item of the agenda")
        verbose_name_plural = _("agenda")
        ordering = ["day", F("begins").asc(nulls_first=True), "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(begins=None) | Q(ends=None) | Q(ends__gt=F("begins")),
                name="agenda_item_ends_after_start",
                violation_error_message=_("The end is before the beginning."),
            ),
            InSomeLanguage(field="title", name="agenda_item_in_some_language"),
        ]
        triggers = [touch("meeting", TABLE), LogsChange(MEETINGS)]

    def __str__(self):
        return self.title_i18n
