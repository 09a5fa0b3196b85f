"""What the privacy page says from the declarations: what is held of whom, why, how long."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext

from sscnet.core.i18n.texts import comma_separated
from sscnet.core.personal_data.fields import PersonalField, declared

from ..back_office.groups import GROUPS


@dataclass
class HeldGroup:
    """Fields of which the same is said; `said` is one of them."""

    said: PersonalField
    labels: list[str] = field(default_factory=list)

    @property
    def what(self) -> str:
        return comma_separated(self.labels)

    @property
    def readers(self) -> list[str]:
        """Return the groups of officers who see it, and others who do."""
        found = [gettext(group) for group in GROUPS if self.said.may_be_seen_by(Member(group))]
        if isinstance(self.said.permission, str) and not found:
            found = [gettext("officers named by an administrator")]
        return [*found, *filter(None, [str(self.said.seen_by)])]


class Member:
    """Somebody who is in one group of officers, with its permissions and no others."""

    def __init__(self, group: str):
        self.permissions = GROUPS[group]

    def has_perm(self, name: str) -> bool:
        return name in self.permissions


def held_of_people() -> dict[str, list[HeldGroup]]:
    """Return what is held, by whose it is; fields of which the same is said stand together."""
    found: dict[str, dict[Any, HeldGroup]] = {}
    for one in declared():
        groups = found.setdefault(capfirst(str(one.whose)), {})
        group = groups.setdefault(what_is_said(one), HeldGroup(one))
        if one.label not in group.labels:
            group.labels.append(one.label)
    return {whose: list(groups.values()) for whose, groups in found.items()}


def what_is_said(one: PersonalField) -> tuple:
    words = (one.why, one.ground, one.kept, one.seen_by, one.goes_to, one.stays)
    return (*map(str, words), one.permission, one.is_sensitive)
