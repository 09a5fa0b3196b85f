"""The mails about places: one a delegation and change, one to each delegate it touched.

They are written in the transaction that gives the places, the confirmation of a registration a
little later, by `run_due`. The delegation's goes to those who act
for the institution today and lists every person; a delegate who gave an e-mail reads of his or her
own place only.
"""

from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from members.mails import people_to_write_to
from sscnet.outbox import post
from sscnet.outbox.wordings import register

from ..models import Delegate, DelegateLink, Delegation, Offer, PlaceEvent, PlaceState, Reason
from ..programme import calendars
from ..programme.times import details_of
from .status import statuses

WORDS = ("meeting", "institution", "people", "facts")
register("place-registered", *WORDS)
register("place-moved-up", *WORDS, "changes")
register("place-offered", *WORDS, "answer_by")
register("place-offer-ends", *WORDS, "answer_by")
register("place-names-missing", *WORDS, "name_by")
register("place-accepted", *WORDS)
register("place-refused", *WORDS)
register("place-lapsed", *WORDS)
register("place-released", *WORDS)
register("place-approved", *WORDS, "decision")
register("place-declined", *WORDS, "decision")
register("place-decline-undone", *WORDS)
register("place-withdrawn", *WORDS, "changes")
# Who has the link acts for the person.
register("place-yours", *WORDS, "changes", holds_secret=True)
register("place-ended-yours", *WORDS, holds_secret=True)
# The link is the meeting's page: what is held here is another person's by now.
register("place-passed-on", *WORDS)
register("place-merged", *WORDS)
register("place-swapped", *WORDS, "changes")
register("place-named", *WORDS)
register("change-accepted", *WORDS, "answer", "changes")
register("change-refused", *WORDS, "answer", "changes")
register("change-received", *WORDS, "changes")
register("change-asked", *WORDS, "changes")

Kind = PlaceEvent.Kind
# What a mail is about when several things happened: the first of these.
BY_PRECEDENCE = [
    (Kind.UNDONE, "", "place-decline-undone"),
    (Kind.RELEASED, "", "place-released"),
    (Kind.LAPSED, "", "place-lapsed"),
    (Kind.DECLINED, Reason.REFUSED, "place-refused"),
    (Kind.DECLINED, "", "place-declined"),
    (Kind.WITHDRAWN, "", "place-withdrawn"),
    (Kind.APPROVED, "", "place-approved"),
    (Kind.ACCEPTED, "", "place-accepted"),
    (Kind.OFFERED, "", "place-offered"),
    (Kind.CONFIRMED, "", "place-moved-up"),
    (Kind.MERGED, "", "place-merged"),
    (Kind.SWAPPED, "", "place-swapped"),
    (Kind.NAMED, "", "place-named"),
]
NOT_MAILED = {Kind.SKIPPED, Kind.WAITS}
# Where the link leads to, if not to the delegation.
PAGES = dict.fromkeys(["place-offered", "place-offer-ends"], "register_offers") | dict.fromkeys(
    ["travel-missing", "slip-missing"], "register_ready"
)


def tell(allocation) -> None:
    """Write the mails about what an operation on a meeting's places did.

    All but the confirmation of what was asked for: in a rush of registrations it would take longer
    than giving the places, while others wait for the lock. The page has said it already.
    """
    happened: dict[int, list[PlaceEvent]] = {}
    # Of a meeting that is over nobody needs to hear who is listed where.
    is_merge = any(event.kind == Kind.MERGED for event in allocation.changes.events)
    is_late = is_merge and allocation.meeting.is_over
    not_mailed = NOT_MAILED | {Kind.MERGED} if is_late else NOT_MAILED
    for event in allocation.changes.events:
        if event.delegation_id and event.kind not in not_mailed:
            happened.setdefault(event.delegation_id, []).append(event)
    for delegation_id, events in happened.items():
        delegation = allocation.delegations[delegation_id]
        if delegation_id in allocation.told_later:
            allocation.told_later[delegation_id] |= {event.delegate_id for event in events}
        elif not any(event.kind == Kind.ASKED for event in events):
            tell_delegation(allocation, delegation, events)
        for event in events:
            former = allocation.changes.swapped_out.get(event.delegate_id)
            if former and former.email:
                link = allocation.meeting.get_absolute_url()
                key = f"{event.pk}"
                write_to_person(delegation, former, "place-passed-on", key, [], link, left=True)
    remind(allocation.changes.reminders)


def tell_delegation(allocation, delegation, events: list[PlaceEvent]) -> None:
    touched = {event.delegate_id for event in events}
    decisions = [d.decision for d in allocation.delegates_of(delegation) if d.pk in touched]
    kind = kind_of(events)
    no_reason = "" if kind == "place-approved" else _("not given")
    words = {
        "answer_by": min((e.answer_by for e in events if e.answer_by), default=""),
        "decision": next(filter(None, decisions), no_reason),
    }
    changed = partial(changes_in_words, events, allocation.changes.swapped_out)
    write_to_all(delegation, kind, f"{delegation.pk}:{events[0].pk}", touched, words, changed)


def remind(reminders: Iterable[Delegation | Offer]) -> None:
    """Write to delegations whose names are missing, and of the first offer that ends to others."""
    first: dict[Delegation, Offer] = {}
    for row in reminders:
        if isinstance(row, Offer):
            delegation = row.delegate.delegation
            other = first.setdefault(delegation, row)
            first[delegation] = min(row, other, key=lambda offer: offer.answer_by)
        else:
            words = {"name_by": row.meeting.name_by_on}
            write(row, "place-names-missing", f"{row.pk}", statuses(row), **words)
    for delegation, offer in first.items():
        key = f"{delegation.pk}:{offer.answer_by.isoformat()}"
        words = {"answer_by": offer.answer_by}
        write(delegation, "place-offer-ends", key, statuses(delegation), **words)


def kind_of(events: Iterable[PlaceEvent]) -> str:
    happened = {(event.kind, event.reason) for event in events}
    kinds = {kind for kind, _reason in happened}
    return next(
        key
        for kind, reason, key in BY_PRECEDENCE
        if kind in kinds and (not reason or (kind, reason) in happened)
    )


def confirm_registrations() -> None:
    """Write the confirmations that are due, each exactly once, a delegation a transaction."""
    while confirm_next():
        pass


def confirm_next() -> bool:
    with transaction.atomic():
        waiting = Delegation.objects.filter(confirmation_due_at__isnull=False)
        # A second process takes another one.
        waiting = waiting.select_for_update(skip_locked=True, of=("self",), no_key=True)
        delegation = waiting.select_related("meeting", "institution").order_by("pk").first()
        if delegation is None:
            return False
        # What was asked for since it became due.
        since, delegation.confirmation_due_at = delegation.confirmation_due_at, None
        delegation.save(update_fields=["confirmation_due_at"])
        asked = PlaceEvent.objects.filter(delegation=delegation, kind=Kind.ASKED, at__gte=since)
        touched = set(asked.values_list("delegate_id", flat=True))
        key = f"{delegation.pk}:{since.isoformat()}"
        write_to_all(delegation, "place-registered", key, touched, {})
        return True


def write_to_all(
    delegation, kind: str, key: str, touched: set[int], words: dict, changed=lambda found: ""
) -> None:
    """Write to those who act for the institution, and to the delegates whose place it is about."""
    found = statuses(delegation)
    # A request that was answered says its changes itself.
    officers = write(delegation, kind, key, found, **{"changes": changed(found)} | words)
    for delegate in {status.delegate for status in found}:
        if delegate.pk in touched and delegate.email and delegate.email not in officers:
            own = [status for status in found if status.delegate == delegate]
            yours = "place-yours" if delegate.is_active else "place-ended-yours"
            link = DelegateLink.path_for_mail(delegate)
            write_to_person(delegation, delegate, yours, key, own, link, changes=changed(own))


def write_to_person(
    delegation, person, kind: str, key: str, found, link: str, *, left=False, **words
) -> None:
    """Write to one of the people, or to who was one (`left`), in the language of the name."""
    language, key = language_of(person), f"{key}:{person.pk}"
    files = calendar_of(delegation.meeting, [person], language, left=left)
    receiver = {"language": language, "name": person}
    send(delegation, kind, person.email, key, found, link, words, files, **receiver)


def write(delegation, kind: str, key: str, found, **words) -> set[str]:
    """Write to those who act for the institution today; return their addresses."""
    addresses = acting_addresses(delegation)
    people = list({status.delegate for status in found})
    files = calendar_of(delegation.meeting, people)
    for address in sorted(addresses):
        send(delegation, kind, address, key, found, link_of(delegation, kind), words, files)
    return addresses


def acting_addresses(delegation) -> set[str]:
    return {user.email for user in people_to_write_to(delegation.institution)}


def send(delegation, kind, address, key, found, link, words, files=(), **receiver) -> None:
    """Write a mail about a delegation, or about one that its institution has not begun yet."""
    post.write(
        kind,
        to=address,
        **receiver,
        key=f"{kind}:{key}:{address}"[:200],
        about=delegation if delegation.pk else delegation.institution,
        reference=delegation.reference if delegation.pk else "",
        link=link,
        attachments=files,
        words={
            "meeting": delegation.meeting,
            "institution": delegation.institution,
            "people": places_in_words(found),
            "facts": details_in_words(delegation.meeting),
            **words,
        },
    )


def link_of(delegation, kind: str) -> str:
    page = PAGES.get(kind, "delegation")
    return reverse(f"meetings:{page}", args=[delegation.meeting.slug, delegation.institution.slug])


def calendar_of(meeting, delegates, language="zh-hans", *, left=False) -> list[tuple]:
    """Attach the meeting and these people's workshops; to an institution in Chinese."""
    with override(language):
        content = calendars.of_delegates(meeting, delegates, left=left)
    return [("meeting.ics", content, "text/calendar")] if content else []


def language_of(delegate) -> str:
    """Return the language to write to a person in: Chinese to who has a Chinese name."""
    return "zh-hans" if delegate.chinese_name else "en"


def by_person(found) -> str:
    """Return each person's places, one a line."""
    return "\n".join(line(status) for status in found)


def by_change(events: list[PlaceEvent], former: dict[int, Delegate], found) -> str:
    """Return what happened to these places, each once, and in whose place somebody comes."""
    places = {(one.delegate.pk, one.workshop and one.workshop.pk): one for one in found}
    lines = []
    for event in events:
        status = places.get((event.delegate_id, event.workshop_id))
        if status and event.kind == Kind.SWAPPED:
            words = {"person": status.delegate, "former": former[event.delegate_id]}
            lines.append(gettext("%(person)s comes instead of %(former)s") % words)
        elif status:
            moved_up = gettext("moved up from the waiting list")
            label = moved_up if event.kind == Kind.CONFIRMED else Kind(event.kind).label
            lines.append(in_a_line(status, label))
    return "\n".join(dict.fromkeys(lines))


# In the language in which the mail is being made.
places_in_words, details_in_words = lazy(by_person, str), lazy(details_of, str)
changes_in_words = lazy(by_change, str)


def line(status) -> str:
    return in_a_line(status, state(status))


def in_a_line(status, words: str) -> str:
    words = {
        "person": str(status.delegate),
        "what": str(status.workshop) if status.workshop else gettext("the meeting"),
        "state": words,
    }
    return gettext("%(person)s – %(what)s: %(state)s") % words


def state(status) -> str:
    words = {
        "place": PlaceState(status.place).label,
        "reason": Reason(status.reason).label,
        "position": status.position,
        "length": status.length,
    }
    if status.position:
        text = gettext("number %(position)s of %(length)s on the waiting list (%(reason)s)")
        return text % words
    return gettext("%(place)s (%(reason)s)") % words if status.reason else str(words["place"])
