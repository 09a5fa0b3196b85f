"""What the mails about places say: each kind once. Who gets them: `mails`."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from sscnet.outbox.wordings import Wording, register

from ..models.delegation import SEES_NEEDS

LINK = _("Open your registration")
WORDS = {
    "meeting": _("the meeting"),
    "institution": _("the institution"),
    "people": _("each person's places, one a line"),
    "facts": _("when, where, the meeting's page and whom to ask, one a line"),
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
# Who has the link acts for the person.
OWN = {
    "link_label": _("What is held about you: see, correct or erase it"),
    "address_right": SEES_NEEDS,
    "holds_secret": True,
}
wording(
    "place-yours",
    _("To a delegate: your place"),
    _("Your place at {meeting}"),
    _("{institution} registered you for {meeting}. This is how it stands with your places:"),
    options=OWN,
)
wording(
    "place-ended-yours",
    _("To a delegate: no place any more"),
    _("You have no place any more at {meeting}"),
    _(
        "You have no place any more at {meeting}, for which {institution} had registered you."
        " A calendar file attached takes it out of your calendar. This is how it stands:"
    ),
    options=OWN,
)
# The link is the meeting's page: what is held here is another person's by now.
wording(
    "place-passed-on",
    _("To a delegate: another person comes instead"),
    _("Another person comes to {meeting} in your place"),
    _(
        "{institution} has given your place at {meeting} to another person. What the portal held"
        " about you there is gone. The calendar file attached takes the meeting out of your"
        " calendar."
    ),
    after="{facts}",
    options={"link_label": _("Open the page of the meeting"), "address_right": SEES_NEEDS},
)
wording(
    "place-swapped",
    _("A person was swapped"),
    _("Another person comes: {meeting}"),
    _("{institution} sends another person in a place it has. This is how it stands now:"),
)
wording(
    "place-named",
    _("A place got its name"),
    _("Named: {meeting}"),
    _("{institution} has named who comes in a place kept. This is how it stands now:"),
)

CHANGES_AND_PEOPLE = "{changes}\n\n{people}\n\n{facts}"
wording(
    "change-accepted",
    _("A change asked for was made"),
    _("Your change for {meeting}"),
    _("The Secretariat has made the change that {institution} asked for. {answer}"),
    after=CHANGES_AND_PEOPLE,
    answer=_("the officer's words, may be empty"),
    changes=_("the changes asked for, one a line"),
)
wording(
    "change-refused",
    _("A change asked for was not made"),
    _("Your change for {meeting}"),
    _("The Secretariat could not make the change that {institution} asked for. Reason: {answer}"),
    after=CHANGES_AND_PEOPLE,
    answer=_("the officer's reason"),
    changes=_("the changes asked for, one a line"),
)
wording(
    "change-received",
    _("A change asked for has arrived"),
    _("Your request for {meeting} has arrived"),
    _(
        "We have received what {institution} asks to be changed. Nothing is changed yet; the answer"
        " comes by mail."
    ),
    after="{changes}\n\n{facts}",
    changes=_("the changes asked for, one a line"),
)
wording(
    "change-asked",
    _("To the Secretariat: a change is asked for"),
    _("{institution} asks for a change: {meeting}"),
    _("{institution} asks for changes of its registration for {meeting}."),
    after="{changes}",
    options={"link_label": _("Open the changes asked for")},
    changes=_("the changes asked for, one a line"),
)
