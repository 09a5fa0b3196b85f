"""What a change of places would do: it is made, read, and rolled back to a savepoint.

An allocation says without a write who would get which place. Officers are shown every mail as well,
and mails are written from stored rows, after several operations or together with the answer to a
request. So the change itself is run, and what is shown is what happens.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Max, QuerySet

from sscnet.changes.trial import trial
from sscnet.core.personal_data.secret_addresses import without_secrets
from sscnet.outbox import post
from sscnet.outbox.models import Message
from sscnet.outbox.to_many import page_of

from ..models import Delegation, Meeting, PlaceEvent
from ..places import mails
from ..places.persistence import in_transaction

SKIPPED = PlaceEvent.Kind.SKIPPED


@dataclass(frozen=True)
class DryRun[T]:
    """The result of a change, the events of places in their order, and the mails it wrote."""

    result: T
    events: list[PlaceEvent]
    mails: list[Message]

    @property
    def people(self) -> list[list[PlaceEvent]]:
        """All for whom something would change, in the order in which it does.

        Of each the last event at the meeting and at each workshop.
        """
        found: dict[int, dict] = {}
        for event in self.events:
            if event.delegate_id and event.kind != SKIPPED:
                last = found.setdefault(event.delegate_id, {})
                # An event with a state is not hidden by one without.
                if event.place or event.workshop_id not in last:
                    last[event.workshop_id] = event
        return [list(last.values()) for last in found.values()]

    @property
    def skipped(self) -> list[PlaceEvent]:
        """Who would be passed over, once in each line, with the last reason."""
        skips = [event for event in self.events if event.kind == SKIPPED]
        return list({(event.delegate_id, event.workshop_id): event for event in skips}.values())


@in_transaction
def dry_run[T](meetings: Iterable[Meeting], change: Callable[[], T]) -> DryRun[T]:
    """Return what a change of the places of these meetings would do at this moment.

    Nothing is changed, and no mail leaves. Raise Busy, and what the change raises.
    """
    keys = {meeting.pk for meeting in meetings}
    # Once they are locked, all later events are of this transaction.
    list(Meeting.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True))
    events = PlaceEvent.objects.filter(meeting__in=keys).order_by("id")
    events = events.filter(id__gt=events.aggregate(last=Max("id"))["last"] or 0)
    due = set(unconfirmed(keys).values_list("pk", flat=True))
    with trial(), post.collecting() as written:
        result = change()
        # What the portal itself writes within a minute, of what was asked for just now.
        for delegation in unconfirmed(keys).exclude(pk__in=due):
            mails.confirm(delegation)
        events = list(events.select_related("delegate", "institution", "workshop"))
    return DryRun(result, events, written)


def unconfirmed(meetings: Iterable[int]) -> QuerySet[Delegation]:
    rows = Delegation.objects.filter(meeting__in=meetings, confirmation_due_at__isnull=False)
    return rows.select_related("meeting", "institution").order_by("pk")


# ------------------------------------------------------------------ on pages


def shown(request, seen: DryRun) -> dict:
    """Return the context of the pages: the people of a dry run, and its mails page by page."""
    page = page_of(request, seen.mails)
    for mail in page:
        mail.text = without_secrets(mail.text)
    return {"seen": seen, "mails": page}
