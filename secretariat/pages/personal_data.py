"""What the privacy page says from the declarations: what is held of whom, why, how long."""

from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sscnet.core.i18n.texts import comma_separated
from sscnet.core.personal_data.fields import Ground, PersonalField, days, declared, no_one

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
    for one in (*declared(), *in_logs_and_backups()):
        groups = found.setdefault(capfirst(str(one.whose)), {})
        group = groups.setdefault(what_is_said(one), HeldGroup(one))
        if one.label not in group.labels:
            group.labels.append(one.label)
    return {whose: list(groups.values()) for whose, groups in found.items()}


def in_logs_and_backups() -> list[PersonalField]:
    """Return what is held outside the tables, which only those see who run the server."""
    logs = partial(outside, whose=_("visitors"), why=_("to find faults and attacks"))
    if settings.REQUEST_LOG:
        requests = logs(
            called=_(
                "log of requests: time, internet (IP) address, number of the account, address of "
                "the page, answer"
            ),
            kept=_("190 days"),
            ground=Ground.LAW,
        )
    else:
        requests = logs(
            called=_(
                "log of requests: time, the network of the internet (IP) address, number of the "
                "account, address of the page, answer"
            ),
            kept=_("90 days"),
        )
    security = logs(
        called=_(
            "security log: sign-ins, refusals, changes of rights and downloads, with time, "
            "internet (IP) address and number of the account"
        ),
        kept=_("a year"),
    )
    backups = outside(
        whose=_("everyone"),
        called=_("encrypted backups of all that is named above, without the log of requests"),
        why=_("to bring the portal back after a fault"),
        kept=days(_("{days} weeks, also of what was erased meanwhile"), "BACKUP_WEEKS"),
    )
    return [requests, security, backups]


def outside(*, ground=Ground.SAFETY, **said) -> PersonalField:
    by = _("those who run the server")
    return PersonalField(None, "", permission=no_one, ground=ground, seen_by=by, **said)


def what_is_said(one: PersonalField) -> tuple:
    words = (one.why, one.ground, one.kept, one.seen_by, one.goes_to, one.stays)
    return (*map(str, words), one.permission, one.is_sensitive)
