"""Erasing the personal data of a meeting's people once its retention day is past.

Names, addresses, needs, gender and what was decided of a person go from the delegates, from changes
asked for, from mails and their attachments, from the admin's log, and from the files of nomination
letters. Institutions, places, roles, the log of places and all counts stay, so figures do not
change. What went stands in a protocol (`Erasure`), in numbers.

It is an act of the operator or an officer, never of the clock. Backups made before hold the names
until they are thrown away: docs/erasing.md.
"""

from dataclasses import dataclass
from functools import partial

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import CharField, Count, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from sscnet.outbox.models import Attachment, Message

from .models import (
    Attendance,
    ChangeRequest,
    Delegate,
    Delegation,
    Erasure,
    Meeting,
    Offer,
    WorkshopPlace,
)

NOTHING_OF_A_PERSON = {
    **dict.fromkeys(("chinese_name", "family_name", "given_names", "email"), ""),
    **dict.fromkeys(("gender", "diet", "access_needs", "decision"), ""),
    "may_be_listed": False,
}
NOTHING_OF_A_MAIL = dict.fromkeys(("to", "subject", "text", "html", "last_error"), "")
NOTHING_ASKED = {"before": {}, "after": {}, "words": "", "answer": ""}


def meetings_due() -> QuerySet[Meeting]:
    """Return the meetings past their retention day that still name persons."""
    past = Meeting.objects.filter(retain_until__lt=timezone.localdate())
    named = Delegate.objects.filter(erased_at=None).values("delegation__meeting")
    walked_in = Attendance.objects.walk_ins().filter(erased_at=None).values("meeting")
    return (past.filter(pk__in=named) | past.filter(pk__in=walked_in)).order_by("retain_until")


@dataclass
class Remains:
    """What there is of persons at a meeting."""

    meeting: Meeting

    def __post_init__(self):
        delegations = Delegation.objects.filter(meeting=self.meeting)
        self.people = Delegate.objects.filter(delegation__in=delegations, erased_at=None)
        self.walk_ins = Attendance.objects.walk_ins().filter(meeting=self.meeting, erased_at=None)
        self.letters = delegations.exclude(nomination_letter="")
        self.change_requests = ChangeRequest.objects.filter(delegation__in=delegations)
        mails = about(delegations)
        self.mails = mails.sent().exclude(to="")
        self.mails_deleted = mails.filter(sent_at=None)
        everybody = Delegate.objects.filter(delegation__in=delegations)
        self.log_entries = (
            logged(delegations)
            | logged(everybody)
            | logged(self.change_requests)
            | logged(Offer.objects.filter(delegate__in=everybody))
            | logged(WorkshopPlace.objects.filter(delegate__in=everybody))
            | logged(Attendance.objects.filter(meeting=self.meeting))
        ).exclude(object_repr="")

    def count(self) -> dict[str, int]:
        """Count what would go, by the names of the protocol's fields."""
        asked = self.change_requests.exclude(**NOTHING_ASKED)
        return {
            "people": self.people.count(),
            "walk_ins": self.walk_ins.count(),
            "letters": self.letters.count(),
            "change_requests": asked.count(),
            "mails": self.mails.count(),
            "mails_deleted": self.mails_deleted.count(),
            "log_entries": self.log_entries.count(),
        }

    def genders(self) -> list[list]:
        """Count the people by gender, place and attendance; the rows know it no more."""
        kinds = self.people.order_by().values_list("gender", "place", "attendance__state")
        return [list(row) for row in kinds.annotate(Count("pk")).order_by("gender", "place")]


def about(delegations: QuerySet[Delegation]) -> QuerySet[Message]:
    return Message.objects.filter(**keys_of(delegations))


def logged(rows: QuerySet) -> QuerySet[LogEntry]:
    return LogEntry.objects.filter(**keys_of(rows))


def keys_of(rows: QuerySet) -> dict:
    """Return the generic keys of these rows."""
    keys = rows.order_by().values_list(Cast("pk", CharField()))
    return {"content_type": ContentType.objects.get_for_model(rows.model), "object_id__in": keys}


@transaction.atomic
def erase(meeting: Meeting, by=None) -> Erasure | None:
    """Erase what the meeting still holds of persons; None where it must not be, or nothing is.

    The retention day is looked at again under the lock: an officer may just have moved it.
    """
    Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    if not meetings_due().filter(pk=meeting.pk).exists():
        return None
    remains = Remains(meeting)
    protocol = Erasure(meeting=meeting, by=by, genders=remains.genders(), **remains.count())
    now = timezone.now()
    empty_mails(remains)
    remains.log_entries.update(object_repr="", change_message="")
    remains.change_requests.update(**NOTHING_ASKED)
    throw_away_letters(remains.letters)
    remains.walk_ins.update(name="", institution_as_stated="", erased_at=now)
    remains.people.update(**NOTHING_OF_A_PERSON, erased_at=now)
    protocol.save()
    return protocol


def empty_mails(remains: Remains) -> None:
    """Keep of a sent mail that it was sent; what was never sent goes, or it might be sent yet.

    The key of a mail names its receiver.
    """
    Attachment.objects.filter(message__in=remains.mails).delete()
    remains.mails_deleted.delete()
    no_address = Concat(Value("erased:"), Cast("pk", CharField()))
    remains.mails.update(**NOTHING_OF_A_MAIL, key=no_address)


def throw_away_letters(delegations: QuerySet[Delegation]) -> None:
    """Empty the rows now, delete the files once that is certain."""
    for name in list(delegations.values_list("nomination_letter", flat=True)):
        transaction.on_commit(partial(default_storage.delete, name))
    delegations.update(nomination_letter="")
