"""What the mails about places say: each kind once. Who gets them: `mails`."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from sscnet.outbox.wordings import Wording, register

from ..models.delegation import SEES_NEEDS

LINK = _("Open your registration")
WORDS = {
    "meeting": _("the meeting"),
    "institution": _("the institution"),
    "people": _("each person’s places, one per line"),
    "facts": _("when, where, the meeting’s page and contact, one per line"),
}


def wording(key, label, subject, body, *, after="{people}\n\n{facts}", options=None, **more_words):
    return register(
        Wording(
            key=key,
            label=label,
            subject=subject,
            body=format_lazy("{}\n\n{}", body, after),
            words=WORDS | more_words,
            **{"link_label": LINK} | (options or {}),
        )
    )


wording(
    "place-registered",
    _("Registration received"),
    _("Registration for {meeting}"),
    _(
        "We have received the registration of {institution} for {meeting}. This is the current "
        "status:"
    ),
)
wording(
    "place-moved-up",
    _("A place from the waiting list"),
    _("A place at {meeting}"),
    _("A place became free and went to {institution}. This is the current status:"),
)
wording(
    "place-offered",
    _("A place is offered"),
    _("A place at {meeting}: please answer by {answer_by}"),
    _(
        "A place has become free and is offered to {institution}. Please accept or decline it by "
        "{answer_by} (Beijing time); if there is no answer, it goes to the next on the waiting "
        "list."
    ),
    answer_by=_("until when to answer"),
)
wording(
    "place-offer-ends",
    _("Reminder of an offer"),
    _("An offer for {meeting} ends on {answer_by}"),
    _(
        "A place offered to {institution} has not been answered. Please accept or decline it by "
        "{answer_by} (Beijing time); if there is no answer, it goes to the next on the waiting "
        "list."
    ),
    answer_by=_("until when to answer"),
)
wording(
    "place-names-missing",
    _("Reminder to name people"),
    _("Names for {meeting} are missing"),
    _(
        "Some places of {institution} have no name yet. Please name the people by {name_by}; "
        "places without a name are released after that day."
    ),
    name_by=_("the deadline for names"),
)
wording(
    "place-accepted",
    _("An offer was accepted"),
    _("The place at {meeting} is confirmed"),
    _("The offered place is now confirmed. This is the current status for {institution}:"),
)
wording(
    "place-refused",
    _("An offer was declined"),
    _("The offer for {meeting} was declined"),
    _(
        "The offered place was declined for {institution} and goes to the next on the waiting "
        "list. If this was a mistake, tell us within 24 hours."
    ),
)
wording(
    "place-lapsed",
    _("An offer was not answered"),
    _("The offer for {meeting} has lapsed"),
    _(
        "The offer to {institution} was not answered in time, and the place goes to the next on "
        "the waiting list. If this was a mistake, tell us within 24 hours."
    ),
)
wording(
    "place-released",
    _("A place without a name was released"),
    _("Places at {meeting} were released"),
    _(
        "The deadline for names has passed. The places of {institution} that still had no name "
        "were released. This is the current status:"
    ),
)
wording(
    "place-approved",
    _("People were approved"),
    _("Approved: {meeting}"),
    _(
        "The Secretariat has approved people from {institution}. {decision}\n\nThis is the "
        "current status:"
    ),
    decision=_("the officer’s message, may be empty"),
)
wording(
    "place-declined",
    _("People or workshops were declined"),
    _("Not accepted: {meeting}"),
    _(
        "The Secretariat could not accept everything that {institution} asked for. Reason: "
        "{decision}\n\nThis is the current status:"
    ),
    decision=_("the officer’s reason"),
)
wording(
    "place-decline-undone",
    _("Correction: a decline was undone"),
    _("Correction: {meeting}"),
    _(
        "Please disregard our last message: the decision to decline for {institution} has been "
        "undone, and the former position on the waiting list is restored. This is the current "
        "status:"
    ),
)
wording(
    "place-withdrawn",
    _("People or workshops were withdrawn"),
    _("Withdrawn: {meeting}"),
    _("As requested, places of {institution} were withdrawn. This is the current status:"),
)
# Who has the link acts for the person.
OWN = {
    "link_label": _("What we hold about you: see, correct or erase it"),
    "address_right": SEES_NEEDS,
    "holds_secret": True,
}
wording(
    "place-yours",
    _("To a delegate: your place"),
    _("Your place at {meeting}"),
    _("{institution} registered you for {meeting}. This is the current status of your places:"),
    options=OWN,
)
wording(
    "place-ended-yours",
    _("To a delegate: no place any more"),
    _("You no longer have a place at {meeting}"),
    _(
        "You no longer have a place at {meeting}, for which {institution} had registered you. The "
        "calendar file attached, if any, removes it from your calendar. This is the current "
        "status:"
    ),
    options=OWN,
)
# The link is the meeting's page: what is held here is another person's by now.
wording(
    "place-passed-on",
    _("To a delegate: another person attends instead"),
    _("Another person will attend {meeting} in your place"),
    _(
        "{institution} has given your place at {meeting} to another person. What the portal held "
        "about you for this meeting has been erased. The calendar file attached removes the "
        "meeting from your calendar."
    ),
    after="{facts}",
    options={"link_label": _("Open the page of the meeting"), "address_right": SEES_NEEDS},
)
wording(
    "place-merged",
    _("Two delegations became one"),
    _("One delegation to {meeting}"),
    _(
        "Two records of {institution} were merged, and with them their two delegations to "
        "{meeting}. Nobody has lost a place by it. This is the current status:"
    ),
)
wording(
    "place-swapped",
    _("A person was swapped"),
    _("Another person will attend: {meeting}"),
    _("{institution} has replaced a person in one of its places. This is the current status:"),
)
wording(
    "place-named",
    _("A place was named"),
    _("Named: {meeting}"),
    _("{institution} has named the person for a place it had kept. This is the current status:"),
)

CHANGES_AND_PEOPLE = "{changes}\n\n{people}\n\n{facts}"
wording(
    "change-accepted",
    _("A requested change was made"),
    _("Your change for {meeting}"),
    _("The Secretariat has made the change requested by {institution}. {answer}"),
    after=CHANGES_AND_PEOPLE,
    answer=_("the officer’s message, may be empty"),
    changes=_("the changes requested, one per line"),
)
wording(
    "change-refused",
    _("A requested change was not made"),
    _("Your change for {meeting}"),
    _("The Secretariat could not make the change requested by {institution}. Reason: {answer}"),
    after=CHANGES_AND_PEOPLE,
    answer=_("the officer’s reason"),
    changes=_("the changes requested, one per line"),
)
wording(
    "change-received",
    _("A request for a change has arrived"),
    _("Your request for {meeting} has arrived"),
    _(
        "We have received the change request from {institution}. Nothing has been changed yet; "
        "you will be answered by email."
    ),
    after="{changes}\n\n{facts}",
    changes=_("the changes requested, one per line"),
)
wording(
    "change-asked",
    _("To the Secretariat: a change is requested"),
    _("{institution} requests a change: {meeting}"),
    _("{institution} requests changes to its registration for {meeting}."),
    after="{changes}",
    options={"link_label": _("Open the requested changes")},
    changes=_("the changes requested, one per line"),
)
