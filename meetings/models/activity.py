"""When a meeting is over, as far as its days are known, and what an activity must keep to."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Coalesce, Left, Length, NullIf
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _

from sscnet.core.i18n.languages import Language
from sscnet.core.models.fields import partial_date_check


def languages_field(label):
    return ArrayField(
        models.CharField(max_length=10, choices=Language),
        verbose_name=label,
        default=list,
        db_default=Value([], ArrayField(models.CharField(max_length=10))),
        blank=True,
    )


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
