"""Erasing the personal data of a meeting's people: all once its retention day is past, one by wish.

What goes of a row says its declaration (`privacy.py`); besides it goes from mails and their
attachments, from the admin's log, and from the files of return slips. Institutions, places,
roles, the log of places and all counts stay, so figures do not change. What went stands in a
protocol (`Erasure`), in numbers. Who erases when: `retention.py`, and docs/erasing.md.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import CharField, Count, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from members.models import RosterEntry
from sscnet.core.i18n.names import both_names
from sscnet.core.personal_data import erasure_log, fields
from sscnet.outbox.models import Attachment, Message

from .. import places
from ..models import (
    Attendance,
    ChangeRequest,
    Delegate,
    DelegateAnswer,
    DelegateLink,
    Delegation,
    Erasure,
    IssuedDocument,
    Meeting,
    Offer,
    PaperRequest,
    Passport,
    PassportLook,
    ReturnSlip,
    Traveller,
    WorkshopPlace,
)

Reason = Erasure.Reason


def naming_persons() -> QuerySet[Meeting]:
    """Return the meetings that still name persons."""
    named = Delegate.objects.filter(erased_at=None).values("delegation__meeting")
    walked_in = Attendance.objects.walk_ins().filter(erased_at=None).values("meeting")
    asked = PaperRequest.objects.exclude(asked_by="").values("delegation__meeting")
    return Meeting.objects.filter(Q(pk__in=named) | Q(pk__in=walked_in) | Q(pk__in=asked))


def meetings_due() -> QuerySet[Meeting]:
    """Return the meetings past their retention day, and over, that still name persons."""
    today = timezone.localdate()
    to_come = Q(ends_on__gte=today) | Q(ends_on=None, year__gte=today.year)
    past = naming_persons().filter(retain_until__lt=today).exclude(to_come)
    return past.order_by("retain_until")


# ------------------------------------------------------------------ what there is


@dataclass
class Remains:
    """What there is of persons at a meeting."""

    log_entries: QuerySet[LogEntry]
    people: QuerySet[Delegate] = field(default_factory=Delegate.objects.none)
    walk_ins: QuerySet[Attendance] = field(default_factory=Attendance.objects.none)
    letters: QuerySet[ReturnSlip] = field(default_factory=ReturnSlip.objects.none)
    paper_requests: QuerySet[PaperRequest] = field(default_factory=PaperRequest.objects.none)
    change_requests: QuerySet[ChangeRequest] = field(default_factory=ChangeRequest.objects.none)
    mails: QuerySet[Message] = field(default_factory=Message.objects.none)
    mails_deleted: QuerySet[Message] = field(default_factory=Message.objects.none)

    def count(self) -> dict[str, int]:
        """Count what would go, by the names of the protocol's fields."""
        counted = {name: getattr(self, name).count() for name in Erasure.COUNTED}
        asked = self.change_requests.exclude(**fields.emptied(ChangeRequest))
        return counted | {"change_requests": asked.count()}

    def genders(self) -> list[list]:
        """Count the people by gender, place and attendance; the rows know it no more."""
        kinds = self.people.order_by().values_list("gender", "place", "attendance__state")
        return [list(row) for row in kinds.annotate(Count("pk")).order_by("gender", "place")]


def of_meeting(meeting: Meeting, until: datetime | None = None) -> Remains:
    """Return what there is of persons at a meeting; with `until` only what is from before."""

    def before(rows: QuerySet, field: str) -> QuerySet:
        return rows.filter(**{f"{field}__lte": until}) if until else rows

    delegations = before(Delegation.objects.filter(meeting=meeting), "created_at")
    everybody = before(Delegate.objects.filter(delegation__meeting=meeting), "created_at")
    attendances = before(Attendance.objects.filter(meeting=meeting), "noted_at")
    asked = ChangeRequest.objects.filter(delegation__meeting=meeting)
    change_requests = before(asked, "asked_at")
    mails = before(about(Delegation.objects.filter(meeting=meeting)), "created_at")
    return Remains(
        people=everybody.filter(erased_at=None),
        walk_ins=attendances.walk_ins().filter(erased_at=None),
        letters=ReturnSlip.objects.filter(delegation__in=delegations),
        paper_requests=before(
            PaperRequest.objects.filter(delegation__meeting=meeting), "entered_at"
        ),
        change_requests=change_requests,
        mails=mails.sent().exclude(to=""),
        mails_deleted=mails.filter(sent_at=None),
        log_entries=logged(delegations, change_requests, attendances, *rows_of(everybody)),
    )


def of_person(delegate: Delegate) -> Remains:
    """Return what there is of one delegate. A return slip that names others too stays."""
    person = Delegate.objects.filter(pk=delegate.pk)
    delegation = Delegation.objects.filter(pk=delegate.delegation_id)
    named = Delegate.objects.filter(delegation__in=delegation, erased_at=None)
    others = named.exclude(pk=delegate.pk)
    change_requests = ChangeRequest.objects.filter(delegate=delegate)
    attendances = Attendance.objects.filter(delegate=delegate)
    mails = about(delegation).filter(naming(delegate))
    return Remains(
        people=person.filter(erased_at=None),
        letters=ReturnSlip.objects.filter(delegation__in=delegation.exclude(delegates__in=others)),
        change_requests=change_requests,
        mails=mails.sent().exclude(to=""),
        mails_deleted=mails.filter(sent_at=None),
        log_entries=logged(change_requests, attendances, *rows_of(person)),
    )


def of_walk_in(walk_in: Attendance) -> Remains:
    """Return what there is of one walk-in: no mail is about one."""
    row = Attendance.objects.walk_ins().filter(pk=walk_in.pk)
    return Remains(log_entries=logged(row), walk_ins=row.filter(erased_at=None))


def naming(delegate: Delegate) -> Q:
    """Return the condition of the mails to a person, or with a name of theirs in the text."""
    found = Q(pk=None)
    for name in both_names(delegate):
        # Older mails have the family name as it was typed.
        found |= Q(text__icontains=name)
    return found | Q(to__iexact=delegate.email) if delegate.email else found


def rows_of(people: QuerySet[Delegate]) -> list[QuerySet]:
    """Return the people with what hangs on them, as the admin's log knows them."""
    parts = [kind.objects.filter(delegate__in=people) for kind in (Offer, WorkshopPlace)]
    return [people, *parts]


def about(delegations: QuerySet[Delegation]) -> QuerySet[Message]:
    return Message.objects.filter(keys_of(delegations))


def logged(*rows: QuerySet) -> QuerySet[LogEntry]:
    return LogEntry.objects.filter(reduce(or_, map(keys_of, rows))).exclude(object_repr="")


def keys_of(rows: QuerySet) -> Q:
    """Return the condition of the generic keys of these rows."""
    keys = rows.order_by().values_list(Cast("pk", CharField()))
    return Q(content_type=ContentType.objects.get_for_model(rows.model), object_id__in=keys)


# ------------------------------------------------------------------ erasing it


@transaction.atomic
def erase(meeting: Meeting) -> Erasure | None:
    """Erase what the meeting still holds of persons; None where it must not be, or nothing is.

    The retention day is looked at again under the lock: an officer may just have moved it.
    """
    lock(meeting)
    if not meetings_due().filter(pk=meeting.pk).exists():
        return None
    protocol = empty(of_meeting(meeting), Erasure(meeting=meeting))
    erasure_log.note("meeting", meeting.pk)
    return protocol


@transaction.atomic
def erase_person(delegate: Delegate, reason: str = Reason.REQUEST, by=None) -> Erasure | None:
    """Erase all that is held of one delegate; None where it is done already. Raise Busy.

    A place that the person still has goes to the first in line; the mail of it names nobody.
    """
    meeting = delegate.delegation.meeting
    lock(meeting)
    found = Delegate.objects.filter(pk=delegate.pk, erased_at=None).first()
    if found is None:
        return None
    gender = found.gender
    RosterEntry.objects.filter(delegates=found).forget()
    protocol = empty(of_person(found), Erasure(meeting=meeting, reason=reason, by=by))
    if meeting.takes_changes and found.is_active:
        places.withdraw(found)
    # In the figures the person counts as what came of the place.
    found = Delegate.objects.select_related("attendance").get(pk=found.pk)
    attendance = getattr(found, "attendance", None)
    protocol.genders = [[gender, found.place, attendance and attendance.state, 1]]
    protocol.save(update_fields=["genders"])
    erasure_log.note("delegate", delegate.pk)
    return protocol


@transaction.atomic
def erase_walk_in(walk_in: Attendance, reason: str = Reason.REQUEST, by=None) -> Erasure | None:
    """Erase all that is held of one walk-in; None where it is done already."""
    lock(walk_in.meeting)
    remains = of_walk_in(walk_in)
    if not remains.walk_ins.exists():
        return None
    protocol = empty(remains, Erasure(meeting=walk_in.meeting, reason=reason, by=by))
    erasure_log.note("walk_in", walk_in.pk)
    return protocol


def lock(meeting: Meeting) -> None:
    """Lock the meeting first, as everything does that gives or takes places."""
    Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)


def empty(remains: Remains, protocol: Erasure) -> Erasure:
    """Empty all of this, and keep the protocol of it."""
    for name, count in remains.count().items():
        setattr(protocol, name, count)
    protocol.genders = remains.genders()
    now = timezone.now()
    empty_mails(remains)
    remains.log_entries.update(object_repr="", change_message="")
    erase_statements(remains)
    remains.letters.forget()
    for rows in (remains.change_requests, remains.paper_requests):
        fields.erase(rows)
    DelegateLink.objects.filter(delegate__in=remains.people).delete()
    for rows in (remains.walk_ins, remains.people):
        fields.erase(rows, erased_at=now)
    protocol.save()
    return protocol


def erase_statements(remains: Remains) -> None:
    """Delete what people stated besides, and were given; of papers only the codes stay."""
    people = list(remains.people.values_list("pk", flat=True))
    walk_ins = list(remains.walk_ins.values_list("pk", flat=True))
    IssuedDocument.objects.filter(Q(delegate__in=people) | Q(attendance__in=walk_ins)).delete()
    Passport.objects.filter(delegate__in=people).erase()
    PassportLook.objects.filter(delegate__in=people).delete()
    Traveller.objects.filter(delegate__in=people).delete()
    DelegateAnswer.objects.filter(delegate__in=people).erase()


def empty_mails(remains: Remains) -> None:
    """Keep of a sent mail that it was sent; what was never sent goes, or it might be sent yet.

    The key of a mail names its receiver.
    """
    Attachment.objects.filter(message__in=remains.mails).delete()
    remains.mails_deleted.delete()
    no_address = Concat(Value("erased:"), Cast("pk", CharField()))
    remains.mails.update(**fields.emptied(Message) | {"key": no_address, "subject": ""})
