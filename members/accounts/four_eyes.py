"""Steps that need a second person at the Secretariat: one enters or begins, another confirms.

A step is declared as a `SecondPerson` where it is taken, as rights stand above views. It names who
could be the second: any other account with the rights, administrators included. The functions that
take the step refuse the first person; a page asks here before it shows a button. docs/security.md
lists the steps, and a test walks every one (`tests/test_four_eyes.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from sscnet.core.i18n.texts import comma_separated
from sscnet.outbox import post
from sscnet.outbox.wordings import register

register("second-person-needed", "step", "record", "person")

# All that were declared, by their key.
STEPS: dict[str, "SecondPerson"] = {}


@dataclass(frozen=True)
class SecondPerson:
    """A step that another person takes than who took the one before it.

    `first` returns the key of that person's account, None where nobody took it yet. `permissions`
    are the rights that the step needs.
    """

    key: str
    label: Any
    permissions: tuple[str, ...]
    first: Callable[[Any], int | None]

    def __post_init__(self):
        STEPS[self.key] = self

    def is_first(self, record: Model, user) -> bool:
        return self.first(record) == user.pk

    def may_take(self, record: Model, user) -> bool:
        """Return whether the person has the rights and is not the first."""
        return user.has_perms(self.permissions) and not self.is_first(record, user)

    def others(self, record: Model) -> list:
        """Return the accounts that could be the second person, by name."""
        staff = get_user_model().objects.filter(is_staff=True, is_active=True)
        able = [user for user in staff.order_by("name", "email") if self.may_take(record, user)]
        return able

    def sentence(self, record: Model) -> str:
        """Return who could take the step, or that nobody else has the rights yet."""
        if others := self.others(record):
            names = comma_separated(str(user) for user in others)
            return _("A second person does this: %(names)s.") % {"names": names}
        return _(
            "A second person does this, and no other account has the rights yet. An administrator"
            " gives them."
        )

    def check(self, record: Model, user) -> None:
        """Raise ValidationError, with who could, where the same person would take both steps."""
        if self.is_first(record, user):
            raise ValidationError(self.sentence(record))

    def tell_others(self, record: Model, by, link: str, key: str = "") -> None:
        """Write to those who could take the step that it waits, once for the record, or `key`."""
        for user in self.others(record):
            post.write(
                "second-person-needed",
                to=user.email,
                key=f"second-person:{self.key}:{key or record.pk}:{user.pk}",
                words={"step": self.label, "record": record, "person": str(by)},
                link=link,
            )
