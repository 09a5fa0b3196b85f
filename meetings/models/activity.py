"""What a meeting has as an activity: who paid, who came from where, how to take part, when."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Coalesce, Left, Length, NullIf
from django.db.models.lookups import GreaterThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sscnet.core.i18n.languages import Language
from sscnet.core.models.fields import PartialDateField, partial_date_check

EMPTY = {"blank": True, "default": "", "db_default": ""}
AS_KNOWN = _("A year, a month or a day: 2019, 2019-05 or 2019-05-21.")
TRANSLATED_OF_ACTIVITY = ["sponsor", "open_to", "costs"]


def languages_field(label):
    return ArrayField(
        models.CharField(max_length=10, choices=Language),
        verbose_name=label,
        default=list,
        db_default=Value([], ArrayField(models.CharField(max_length=10))),
        blank=True,
    )


class ActivityFields(models.Model):
    """The fields that tell of a course, seminar or visit, and how to take part in it."""

    class Mode(models.TextChoices):
        PLACE = "place", _("in one place")
        ONLINE = "online", _("online")
        BOTH = "both", _("in one place and online")
        NOT_STATED = "", _("not stated")

    sponsor = models.CharField(_("paid for by"), max_length=300, blank=True)
    mode = models.CharField(_("place or online"), max_length=10, choices=Mode, **EMPTY)
    country = models.ForeignKey(
        "codelists.Country",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings",
        verbose_name=_("country of the place"),
    )
    languages = languages_field(_("working languages"))
    start_as_known = PartialDateField(_("start, as far as known"), help_text=AS_KNOWN, **EMPTY)
    end_as_known = PartialDateField(_("end, as far as known"), **EMPTY)
    countries_number = models.PositiveSmallIntegerField(
        _("number of countries in the source"), null=True, blank=True
    )
    countries_are_complete = models.BooleanField(
        _("all countries are named"), default=False, db_default=False
    )
    women_number = models.PositiveIntegerField(_("women among them"), null=True, blank=True)
    open_to = models.CharField(_("open to"), max_length=500, blank=True)
    apply_until = models.DateField(_("last day to apply"), null=True, blank=True)
    costs = models.CharField(_("who pays"), max_length=500, blank=True)
    apply_at = models.URLField(_("where to apply"), max_length=500, **EMPTY)

    class Meta:
        abstract = True

    def settle_days(self) -> None:
        """Derive days and year from what is known of start and end; both days or neither."""
        first, last = self.start_as_known, self.end_as_known
        if first or last:
            self.year = int((first or last)[:4])
            days = [date.fromisoformat(one) for one in (first, last) if len(one) == 10]
            self.starts_on, self.ends_on = days if len(days) == 2 else (None, None)

    @property
    def last_known(self) -> str:
        """The end as far as it is known, else the start, else the year."""
        last = self.ends_on.isoformat() if self.ends_on else self.end_as_known
        return last or self.start_as_known or str(self.year or "")

    @property
    def days(self) -> int | None:
        """How many days it lasts, the first and the last counted."""
        return (self.ends_on - self.starts_on).days + 1 if self.starts_on else None

    @property
    def is_open_to_apply(self) -> bool:
        """Whether one may apply for it today: it says how, and neither it nor the time is past."""
        says_how = self.open_to or self.open_to_zh_hans or self.apply_at or self.apply_until
        in_time = self.apply_until is None or self.apply_until >= timezone.localdate()
        return bool(says_how) and in_time and not (self.is_over or self.is_cancelled)


def not_over(today: date) -> Q:
    """Return the condition that the end, as far as it is known, is not past."""
    known = Coalesce(
        NullIf("end_as_known", Value("")),
        NullIf("start_as_known", Value("")),
        Cast("year", models.CharField()),
    )
    begins_so = Left(Value(today.isoformat()), Length(known))
    return Q(ends_on__gte=today) | Q(GreaterThanOrEqual(known, begins_so), ends_on=None)


def activity_checks() -> list[models.CheckConstraint]:
    return [
        partial_date_check("start_as_known", "meeting"),
        partial_date_check("end_as_known", "meeting"),
        models.CheckConstraint(
            condition=Q(end_as_known="")
            | Q(end_as_known__gte=Left("start_as_known", Length("end_as_known"))),
            name="meeting_known_end_after_start",
            violation_error_message=_("The end is before the start."),
        ),
        models.CheckConstraint(
            condition=Q(women_number=None)
            | Q(participants_number=None)
            | Q(women_number__lte=F("participants_number")),
            name="meeting_women_among_participants",
            violation_error_message=_("There cannot be more women than participants."),
        ),
    ]
