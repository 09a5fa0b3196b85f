"""The mails about places: one a delegation and change, one to each delegate it touched.

They are written in the transaction that gives the places, the confirmation of a registration a
little later, by `run_due`. The delegation's goes to those who act
for the institution today and lists every person; a delegate who gave an e-mail reads of his or her
own place only.
"""

from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse
from django.utils.functional import lazystr
from django.utils.text import format_lazy
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from members.models import Affiliation
from sscnet.outbox import post
from sscnet.outbox.post import Attached
from sscnet.outbox.wordings import Wording, register

from .. import calendars, delegate_links
from ..models import Delegation, Offer, PlaceEvent, PlaceState, Reason
from ..models.delegation import SEES_NEEDS
from .status import standings

Kind = PlaceEvent.Kind
LINK = _("Open your registration")
WORDS = {
    "meeting": _("the meeting"),
    "institution": _("the institution"),
    "people": _("each person's places, one a line"),
}


def wording(key, label, subject, body, *, options=None, **more_words):
    return register(
        Wording(
            key=key,
            label=label,
            subject=subject,
            body=format_lazy("{}\n\n{}", body, "{people}"),
            words=WORDS | more_words,
            **{"link_label": LINK} | (options or {}),
        )
    )


wording(
    "place-registered",
    _("Registration received"),
    _("Registration for {meeting}"),
    _("We have received the registration of {institution} for {meeting}. This is how it stands:"),
)
wording(
    "place-moved-up",
    _("A place from the waiting list"),
    _("A place at {meeting}"),
    _("A place became free, and it went to {institution}. This is how it stands now:"),
)
wording(
    "place-offered",
    _("A place is offered"),
    _("A place at {meeting}: please answer by {answer_by}"),
    _(
        "A place became free and is offered to {institution}. Please accept or decline it by"
        " {answer_by} (Beijing time); unanswered, it goes to the next in line."
    ),
    answer_by=_("until when to answer"),
)
wording(
    "place-offer-ends",
    _("Reminder of an offer"),
    _("An offer for {meeting} ends on {answer_by}"),
    _(
        "A place is offered to {institution} and has not been answered. Please accept or decline"
        " it by {answer_by} (Beijing time); unanswered, it goes to the next in line."
    ),
    answer_by=_("until when to answer"),
)
wording(
    "place-names-missing",
    _("Reminder of names"),
    _("Names for {meeting} are missing"),
    _(
        "Some places of {institution} have no name yet. Please name the persons by {name_by};"
        " places without a name are released after that day."
    ),
    name_by=_("the name-by day"),
)
wording(
    "place-accepted",
    _("An offer was accepted"),
    _("The place at {meeting} is confirmed"),
    _("The offered place is now confirmed. This is how it stands for {institution}:"),
)
wording(
    "place-refused",
    _("An offer was declined"),
    _("The offer for {meeting} was declined"),
    _(
        "The offered place was declined for {institution} and goes to the next in line. If this was"
        " a mistake, tell us within 24 hours."
    ),
)
wording(
    "place-lapsed",
    _("An offer was not answered"),
    _("The offer for {meeting} has lapsed"),
    _(
        "The place offered to {institution} was not answered in time and goes to the next in line."
        " If this was a mistake, tell us within 24 hours."
    ),
)
wording(
    "place-released",
    _("A place without a name was released"),
    _("Places at {meeting} were released"),
    _(
        "The name-by day is over. The places of {institution} that still had no name were released."
        " This is how it stands now:"
    ),
)
wording(
    "place-approved",
    _("People were approved"),
    _("Approved: {meeting}"),
    _(
        "The Secretariat has approved people of {institution}. {decision}\n\n"
        "This is how it stands now:"
    ),
    decision=_("the officer's words, may be empty"),
)
wording(
    "place-declined",
    _("People or workshops were declined"),
    _("Not accepted: {meeting}"),
    _(
        "The Secretariat could not accept all that {institution} asked for. Reason: {decision}\n\n"
        "This is how it stands now:"
    ),
    decision=_("the officer's reason"),
)
wording(
    "place-decline-undone",
    _("Correction: a decline was undone"),
    _("Correction: {meeting}"),
    _(
        "Please disregard our last message: what was declined for {institution} is undone, and the"
        " former place in line holds again. This is how it stands now:"
    ),
)
wording(
    "place-withdrawn",
    _("People or workshops were withdrawn"),
    _("Withdrawn: {meeting}"),
    _("As asked, places of {institution} were withdrawn. This is how it stands now:"),
)
wording(
    "place-yours",
    _("To a delegate: your place"),
    _("Your place at {meeting}"),
    _("{institution} registered you for {meeting}. This is how it stands with your places:"),
    options={
        "link_label": _("What is held about you: see, correct or erase it"),
        "address_right": SEES_NEEDS,
        # Who has the link acts for the person.
        "holds_secret": True,
    },
)

wording(
    "change-accepted",
    _("A change asked for was made"),
    _("Your change for {meeting}"),
    _("The Secretariat has made the change that {institution} asked for. {answer}"),
    answer=_("the officer's words, may be empty"),
)
wording(
    "change-refused",
    _("A change asked for was not made"),
    _("Your change for {meeting}"),
    _("The Secretariat could not make the change that {institution} asked for. Reason: {answer}"),
    answer=_("the officer's reason"),
)

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
]
WITH_CALENDAR = {
    "place-registered",
    "place-moved-up",
    "place-accepted",
    "place-approved",
    "place-withdrawn",
    "place-yours",
}
TO_DELEGATE = "place-yours"
NOT_TOLD = {Kind.SKIPPED, Kind.WAITS, Kind.NAMED, Kind.SWAPPED, Kind.RULE}


def tell(allocation) -> None:
    """Write the mails about what an operation on a meeting's places did.

    All but the confirmation of what was asked for: in a rush of registrations it would take longer
    than giving the places, while others wait for the lock. The page has said it already.
    """
    happened: dict[int, list[PlaceEvent]] = {}
    for event in allocation.changes.events:
        if event.delegation_id and event.kind not in NOT_TOLD:
            happened.setdefault(event.delegation_id, []).append(event)
    for delegation_id, events in happened.items():
        if not any(event.kind == Kind.ASKED for event in events):
            tell_delegation(allocation, allocation.delegations[delegation_id], events)
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
    write_to_all(delegation, kind, f"{delegation.pk}:{events[0].pk}", touched, words)


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
            write(row, "place-names-missing", f"{row.pk}", standings(row), **words)
    for delegation, offer in first.items():
        key = f"{delegation.pk}:{offer.answer_by.isoformat()}"
        words = {"answer_by": offer.answer_by}
        write(delegation, "place-offer-ends", key, standings(delegation), **words)


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
        confirm(delegation)
        return True


def confirm(delegation: Delegation) -> None:
    """Write the confirmation of what was asked for since it became due."""
    since, delegation.confirmation_due_at = delegation.confirmation_due_at, None
    delegation.save(update_fields=["confirmation_due_at"])
    asked = PlaceEvent.objects.filter(delegation=delegation, kind=Kind.ASKED, at__gte=since)
    touched = set(asked.values_list("delegate_id", flat=True))
    key = f"{delegation.pk}:{since.isoformat()}"
    write_to_all(delegation, "place-registered", key, touched, {})


def write_to_all(delegation, kind: str, key: str, touched: set[int], words: dict) -> None:
    """Write to those who act for the institution, and to the delegates whose place it is about."""
    found = standings(delegation)
    officers = write(delegation, kind, key, found, **words)
    for delegate in {standing.delegate for standing in found}:
        if delegate.pk in touched and delegate.email and delegate.email not in officers:
            own = [standing for standing in found if standing.delegate == delegate]
            link = delegate_links.link_for_mail(delegate)
            send(delegation, TO_DELEGATE, delegate.email, f"{key}:{delegate.pk}", own, link, {})


def tell_answer(request) -> None:
    """Write to the institution about the answer to a change it asked for after the freeze day."""
    kind = "change-accepted" if request.state == request.State.ACCEPTED else "change-refused"
    found = standings(request.delegation)
    write(request.delegation, kind, f"{request.pk}", found, answer=request.answer)


def write(delegation, kind: str, key: str, found, **words) -> set[str]:
    """Write to those who act for the institution today; return their addresses."""
    acting = Affiliation.objects.current().filter(
        institution=delegation.institution_id,
        role__in=Affiliation.EDITING,
        user__is_active=True,
    )
    addresses = set(acting.values_list("user__email", flat=True))
    for address in sorted(addresses):
        send(delegation, kind, address, key, found, link_of(delegation, kind), words)
    return addresses


def send(delegation, kind, address, key, found, link, words) -> None:
    post.write(
        kind,
        to=address,
        key=f"{kind}:{key}:{address}"[:200],
        about=delegation,
        reference=delegation.reference,
        link=link,
        attachments=calendar_of(delegation, kind),
        words={
            "meeting": delegation.meeting,
            "institution": delegation.institution,
            "people": lazystr(PlacesByPerson(found)),
            **words,
        },
    )


def link_of(delegation, kind: str) -> str:
    page = "register_offers" if kind in ("place-offered", "place-offer-ends") else "delegation"
    # The outbox makes the Chinese address out of the English one.
    with override("en"):
        slugs = [delegation.meeting.slug, delegation.institution.slug]
        return reverse(f"meetings:{page}", args=slugs)


def calendar_of(delegation, kind: str) -> list[Attached]:
    """Attach the meeting with the workshops as a calendar file, in Chinese: members read that."""
    if kind not in WITH_CALENDAR:
        return []
    with override("zh-hans"):
        content = calendars.of_delegation(delegation)
    return [Attached("meeting.ics", "text/calendar", content)] if content else []


class PlacesByPerson:
    """Each person's places, one a line, in the language they are written in at that moment."""

    def __init__(self, found):
        self.found = found

    def __str__(self):
        return "\n".join(line(standing) for standing in self.found)


def line(standing) -> str:
    words = {
        "person": str(standing.delegate),
        "what": str(standing.workshop) if standing.workshop else gettext("the meeting"),
        "state": state(standing),
    }
    return gettext("%(person)s – %(what)s: %(state)s") % words


def state(standing) -> str:
    words = {
        "place": PlaceState(standing.place).label,
        "reason": Reason(standing.reason).label,
        "position": standing.position,
        "length": standing.length,
    }
    if standing.position:
        text = gettext("%(place)s, number %(position)s of %(length)s in line (%(reason)s)")
        return text % words
    return gettext("%(place)s (%(reason)s)") % words if standing.reason else str(words["place"])
