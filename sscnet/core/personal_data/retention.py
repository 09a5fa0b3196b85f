"""What goes when its time is over: each rule at its time, once, with a protocol in numbers.

An app registers its rules in a module that its AppConfig imports in `ready`. `manage.py run_due`
runs them; of two clocks at once the second leaves a rule to the first. How long each kind is kept
stand in the settings: docs/erasing.md.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ..database.sql import fetch
from ..models import RetentionRun
from . import erasure_log

LOCK = "SELECT pg_try_advisory_xact_lock(hashtext(%s))"


@dataclass(frozen=True)
class RetentionRule:
    """`erase` erases what is due, and returns how many that was."""

    kind: str
    label: Any
    erase: Callable[[], int]


_rules: dict[str, RetentionRule] = {}


def rule(kind: str, label: Any):
    """Return a decorator that makes a rule of a function."""

    def register(erase: Callable[[], int]) -> Callable[[], int]:
        _rules[kind] = RetentionRule(kind, label, erase)
        return erase

    return register


def label_of(kind: str) -> str:
    return str(_rules[kind].label) if kind in _rules else kind


def run_all() -> None:
    """Run all rules, even where one fails; raise what failed at the end."""
    errors = []
    for one in _rules.values():
        try:
            run(one)
        except Exception as error:
            errors.append(error)
    if errors:
        raise ExceptionGroup("what is due could not all be erased", errors)


@transaction.atomic
def run(one: RetentionRule) -> None:
    # Held until the transaction ends: another clock leaves this kind alone meanwhile.
    [(is_ours,)] = fetch(LOCK, [f"retention {one.kind}"])
    if is_ours and (count := one.erase()):
        RetentionRun.objects.create(kind=one.kind, count=count)


rule("restored", _("erased again after a restore"))(erasure_log.erase_again)
