"""Field types of several models."""

import re
from datetime import date
from functools import reduce
from operator import or_

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.utils.translation import gettext_lazy as _

from sscnet.core.i18n.labels import each_language, own_language_first

PARTIAL_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
# The same pattern for the database's own check.
PARTIAL_DATE_SQL = r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"


def validate_partial_date(value):
    """Raise ValidationError unless the text is a year, a month or a day that exists."""
    match = PARTIAL_DATE.fullmatch(value)
    try:
        if not match:
            raise ValueError(value)
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        raise ValidationError(
            _("Write a year, a month or a day: 2019, 2019-05 or 2019-05-21."), code="partial_date"
        ) from None


class PartialDateField(models.CharField):
    """A date as its source states it: a year, a month or a day, in ISO form.

    Text sorts as the dates do. The database checks the form with `partial_date_check`.
    """

    default_validators = [validate_partial_date]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 10)
        super().__init__(*args, **kwargs)


def partial_date_check(field: str, model: str) -> models.CheckConstraint:
    """Return the constraint that keeps a PartialDateField well formed, or empty."""
    return models.CheckConstraint(
        condition=models.Q((field, "")) | models.Q((f"{field}__regex", PARTIAL_DATE_SQL)),
        name=f"{model}_{field}_partial_date",
        violation_error_message=_("Write a year, a month or a day: 2019, 2019-05 or 2019-05-21."),
    )


class InSomeLanguage(models.CheckConstraint):
    """A text that is there in one of the languages at least, whichever it is.

    The field itself may be empty. A form asks about both of its boxes, and says it at the first.
    """

    def __init__(self, *, field: str, name: str):
        self.field = field
        others = (
            models.Q(i18n__isnull=False, i18n__has_key=other)
            for other in each_language(field)
            if other != field
        )
        condition = reduce(or_, others, ~models.Q((field, "")))
        super().__init__(condition=condition, name=name)

    def deconstruct(self):
        path, _args, _kwargs = super().deconstruct()
        return path, (), {"field": self.field, "name": self.name}

    def validate(self, model, instance, exclude=None, using=DEFAULT_DB_ALIAS):
        boxes = own_language_first(each_language(self.field))
        if not any(getattr(instance, name) for name in boxes):
            shown = [name for name in boxes if name not in (exclude or ())]
            raise ValidationError({(shown or boxes)[0]: _("Write this in one of the languages.")})


class Bound(models.TextChoices):
    """How exact a number is that a source states."""

    EXACT = "", _("exactly")
    AT_LEAST = "at_least", _("at least")
    ABOUT = "about", _("about")


def by_user(label=None, **options):
    """Return a field for the user who did something; the row outlives the account."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=label,
        **options,
    )


def loose(model, label, **options):
    """Make a key without a constraint: the log outlives its records, and locks nothing."""
    return models.ForeignKey(
        model,
        models.DO_NOTHING,
        db_constraint=False,
        null=True,
        related_name="+",
        verbose_name=label,
        **options,
    )
