"""Who may have a letter or a certificate, and what is still missing for it."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ..models import Attendance, Delegate, Delegation, IssuedDocument, Meeting, PlaceState
from ..models.approval import reason_not_to_invite
from . import passports

Kind = IssuedDocument.Kind
# A delegate, or a walk-in.
type Holder = Delegate | Attendance


def travellers(meeting: Meeting) -> QuerySet[Delegate]:
    """Return those who have a place and a name, with what they state."""
    return travellers_of(meeting.delegations.all())


def travellers_of(delegations: Iterable[Delegation]) -> QuerySet[Delegate]:
    people = Delegate.objects.filter(
        delegation__in=delegations,
        place=PlaceState.CONFIRMED,
        to_be_named=False,
        erased_at=None,
    )
    people = people.select_related(
        "delegation__institution", "delegation__meeting", "traveller", "passport"
    )
    return people.order_by("delegation", "position", "pk")


def present(meeting: Meeting) -> list[Holder]:
    """Return those who were there: the delegates, then the walk-ins."""
    noted = meeting.attendances.present().select_related("meeting")
    delegates = Delegate.objects.filter(attendance__in=noted, erased_at=None)
    delegates = delegates.select_related("delegation__institution", "delegation__meeting")
    walk_ins = noted.walk_ins().filter(erased_at=None)
    return [*delegates.order_by("delegation", "position", "pk"), *walk_ins]


def meeting_of(holder: Holder) -> Meeting:
    return holder.meeting if isinstance(holder, Attendance) else holder.delegation.meeting


def documents_of(holders: Iterable[Holder], kind: str) -> QuerySet[IssuedDocument]:
    """Return what these people were given or asked for, the newest first."""
    holders = list(holders)
    walk_ins = [one.pk for one in holders if isinstance(one, Attendance)]
    delegates = [one.pk for one in holders if isinstance(one, Delegate)]
    whose = Q(delegate__in=delegates) | Q(attendance__in=walk_ins)
    rows = IssuedDocument.objects.filter(whose, kind=kind).with_paper()
    return rows.select_related("meeting", "delegate__attendance", "attendance")


def missing(holder: Holder, kind: str, approval: str | None = None) -> list[str]:
    """Return what is still needed before this can be made.

    `approval` is the reason not to invite to the meeting, where it is known already.
    """
    meeting = meeting_of(holder)
    lacks = [
        (not holder.name, _("a name")),
        (not meeting.ends_on, _("the days of the meeting")),
        (not meeting.signature_i18n, _("the signature block of the meeting")),
    ]
    if kind == Kind.LETTER:
        approval = reason_not_to_invite(meeting) if approval is None else approval
        lacks += [
            (not meeting.city_i18n, _("the city of the meeting")),
            (
                holder.is_asked_for_passport and passports.data_of(holder) is None,
                _("the passport"),
            ),
            (meeting.is_cancelled, _("a meeting that is not cancelled")),
            (approval, _("the approval of the meeting")),
        ]
    return [str(label) for is_lacking, label in lacks if is_lacking]
