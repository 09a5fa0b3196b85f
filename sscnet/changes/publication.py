"""The publication workflow: draft, ready, published, withdrawn, and who may take a step.

All records with a page of their own (`PublicRecord`) go this way, and only through here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from sscnet.core.models import PublicRecord, State, Withdrawal

from .authors import last_changed_by


@dataclass(frozen=True)
class Transition:
    """A step from one state to another; `verb` is the permission it asks for."""

    name: str
    label: Any
    effect: Any
    starts: frozenset[State]
    end: State
    verb: str

    @property
    def is_public(self) -> bool:
        """Return whether the public notices the step."""
        return self.verb == "publish"


TRANSITIONS = {
    step.name: step
    for step in (
        Transition(
            "mark_ready",
            _("Mark ready"),
            _("What is ready is waiting for somebody who may publish."),
            frozenset({State.DRAFT, State.WITHDRAWN}),
            State.READY,
            "change",
        ),
        Transition(
            "return_to_draft",
            _("Return to draft"),
            _("A draft is still being worked on."),
            frozenset({State.READY}),
            State.DRAFT,
            "change",
        ),
        Transition(
            "publish",
            _("Publish"),
            _("What is published can be seen by everybody at once."),
            frozenset({State.READY}),
            State.PUBLISHED,
            "publish",
        ),
        Transition(
            "withdraw",
            pgettext_lazy("record", "Withdraw"),
            _("The address of a withdrawn record keeps working, and says so."),
            frozenset({State.PUBLISHED}),
            State.WITHDRAWN,
            "publish",
        ),
    )
}


@dataclass(frozen=True)
class Verdict:
    """Whether a step is possible for one record; `reasons` say why not."""

    record: PublicRecord
    reasons: list[str] = field(default_factory=list)

    @property
    def is_possible(self) -> bool:
        return not self.reasons


def may(user, step: Transition, model: type[PublicRecord]) -> bool:
    """Return whether this person has the permission that the step asks for."""
    return user.has_perm(f"{model._meta.app_label}.{step.verb}_{model._meta.model_name}")


def steps_for(record: PublicRecord, user) -> list[Transition]:
    """Return the steps that start from the record's state and that this person may take.

    Gaps do not count here: the step is offered, and then says what is missing.
    """
    return [
        step
        for step in TRANSITIONS.values()
        if record.state in step.starts and may(user, step, type(record))
    ]


def judge(record: PublicRecord, step: Transition, user) -> Verdict:
    """Return whether the step is possible for the record as it is now, and if not, why."""
    if not may(user, step, type(record)):
        return Verdict(record, [gettext("You have no permission to do this.")])
    if record.state not in step.starts:
        text = gettext("This step is not possible in the state “%(state)s”.")
        return Verdict(record, [text % {"state": record.get_state_display()}])
    if step.end == State.PUBLISHED:
        return Verdict(record, reasons_not_to_publish(record, user))
    return Verdict(record)


def reasons_not_to_publish(record: PublicRecord, user) -> list[str]:
    """Return what must be mended before it is published: gaps, and the second person's look."""
    reasons = [str(gap.message) for gap in record.gaps() if gap.blocks]
    if settings.PUBLISHING_NEEDS_SECOND_PERSON and last_changed_by(record) == user:
        reasons.append(
            gettext("You changed it last, so somebody else must look at it and publish it.")
        )
    return reasons


def take(
    step: Transition, records: Iterable[PublicRecord], user, withdrawal: dict | None = None
) -> list[Verdict]:
    """Take the step with every record that can; return a verdict on each, ordered by id.

    The rows are locked before they are judged, so that two officers cannot take a step twice.
    `withdrawal` holds what the page of a withdrawn record says.
    """
    keys = [record.pk for record in records]
    if not keys:
        return []
    model = type(next(iter(records)))
    with transaction.atomic():
        rows = model._default_manager.for_gaps().filter(pk__in=keys).order_by("pk")
        locked = rows.select_for_update(of=("self",))
        verdicts = [judge(record, step, user) for record in locked]
        moved = [verdict.record for verdict in verdicts if verdict.is_possible]
        for record in moved:
            move(record, step)
        keep_withdrawals(moved, step, withdrawal)
    return verdicts


def move(record: PublicRecord, step: Transition) -> None:
    """Write the new state and its moments. Not `save`, which would write all other fields too."""
    moment = timezone.now()
    values = {
        "state": step.end,
        "published_at": record.published_at,
        "withdrawn_at": record.withdrawn_at,
    }
    if step.end == State.PUBLISHED:
        values |= {"published_at": record.published_at or moment, "withdrawn_at": None}
    elif step.end == State.WITHDRAWN:
        values["withdrawn_at"] = moment
    type(record)._base_manager.filter(pk=record.pk).update(**values)
    for name, value in values.items():
        setattr(record, name, value)


def keep_withdrawals(records: list[PublicRecord], step: Transition, said: dict | None) -> None:
    if not records or not step.is_public:
        return
    label, keys = records[0]._meta.label_lower, [record.pk for record in records]
    Withdrawal.objects.filter(model=label, object_id__in=keys).delete()
    if step.end == State.WITHDRAWN and said:
        rows = [Withdrawal(model=label, object_id=key, **said) for key in keys]
        Withdrawal.objects.bulk_create(rows)


def confirm_classification(record: PublicRecord, user) -> None:
    """Record that the Secretariat confirmed sectors and goals."""
    values = {
        "classification_confirmed_on": timezone.localdate(),
        "classification_confirmed_by": user,
    }
    type(record)._base_manager.filter(pk=record.pk).update(**values)
    for name, value in values.items():
        setattr(record, name, value)
