"""What of meetings becomes of an institution that is merged into another: see `members.merging`."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max
from django.utils.text import capfirst
from django.utils.translation import gettext

from members.merging import Merged, MergeRefused, MergeRule, on_merge
from members.models import Institution
from sscnet.outbox.models import Message

from . import places
from .models import ChangeRequest, Delegation, PaperRequest, PlaceEvent
from .places.mails import line, state


def move_delegations(winner: Institution, loser: Institution, merged: Merged) -> None:
    name = capfirst(str(Delegation._meta.verbose_name_plural))
    for delegation in loser.delegations.select_related("meeting").order_by("meeting"):
        last = PlaceEvent.objects.aggregate(last=Max("pk"))["last"] or 0
        try:
            kept = places.take_over(delegation, winner, actor=merged.by)
        except places.Busy as error:
            raise MergeRefused(str(error)) from error
        if kept.pk == delegation.pk:
            merged.moved[name] += 1
        else:
            move_papers(delegation, kept)
            merged.left[name] += 1
            merged.left_rows.append(delegation)
        if merged.by is None or merged.by.has_perm("meetings.view_delegate"):
            lines = [*map(line, places.statuses(kept)), *others(kept, last)]
            merged.place_lines.append((heading(delegation, kept), lines))


def move_papers(delegation: Delegation, kept: Delegation) -> None:
    """Move what else hangs on a delegation; a second return slip stays where it is."""
    for model in (ChangeRequest, PaperRequest):
        model.objects.filter(delegation=delegation).update(delegation=kept)
    # Erasing a person looks for mails about the person's delegation.
    kind = ContentType.objects.get_for_model(Delegation)
    mails = Message.objects.filter(content_type=kind, object_id=delegation.pk)
    mails.update(object_id=kept.pk)
    if not kept.return_slips.exists():
        delegation.return_slips.update(delegation=kept)


def heading(delegation: Delegation, kept: Delegation) -> str:
    words = {"meeting": delegation.meeting, "kept": kept, "gone": delegation}
    if kept.pk == delegation.pk:
        return gettext("%(meeting)s: the people of delegation %(kept)s") % words
    text = gettext(
        "%(meeting)s: delegation %(gone)s goes over into %(kept)s, nobody loses a place, and "
        "%(gone)s stays, empty"
    )
    return text % words


def others(delegation: Delegation, last: int) -> list[str]:
    """Return who else of the waiting list moves up by it."""
    events = PlaceEvent.objects.filter(pk__gt=last, meeting=delegation.meeting_id)
    events = events.exclude(place="").exclude(delegation=delegation)
    return [
        gettext("%(person)s (%(institution)s) – %(what)s: %(state)s")
        % {
            "person": event.delegate,
            "institution": event.institution,
            "what": event.workshop or gettext("the meeting"),
            "state": state(places.PlaceStatus(event.delegate, event)),
        }
        for event in events.select_related("delegate", "institution", "workshop").order_by("pk")
    ]


on_merge(
    MergeRule.MOVES, "meetings.ActionPoint.institution", "meetings.InstitutionQuota.institution"
)
on_merge(MergeRule.ONCE, "meetings.MeetingInstitution.institution")
on_merge(MergeRule.STAYS, "meetings.PlaceEvent.institution")
on_merge(move_delegations, "meetings.Delegation.institution")
