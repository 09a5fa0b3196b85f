"""The way of a question: asked, passed on, answered, closed; reminders, and what is erased at last.

Each step is an `EnquiryStep`, or raises a ValidationError. It locks the question first, so that the
second of two answers is refused, and is written together with its mails. A form holds a random key:
sent twice with the same words it makes one question. Steps are the history of a question and hold
no name.
"""

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.mails import people_to_write_to, write_to_institution
from members.models import Institution, User
from sscnet.core.personal_data import fields, retention
from sscnet.outbox import due, post
from sscnet.outbox.models import Message
from sscnet.outbox.wordings import register

from .models import Enquiry, EnquiryStep

# It goes to an address that nobody has checked, so it repeats nothing that was typed: the form must
# be no means to send words of one's own to others.
register("enquiry-received", "subject", "due", is_for_anybody=True)
register("joining-received", "due", is_for_anybody=True)
register("enquiry-arrived", "subject", "question")
register("enquiry-passed-on", "subject", "question", "due", "institution", "note")
register("enquiry-answered", "subject", "question", "answer", "answered_by")
register("enquiry-closed", "subject", "question", "outcome", "answer")
register("enquiry-overdue", "subject", "question", "due", "institution")
register("enquiry-waits", "subject", "question", "due")

# The salt of the links by which who wishes to join confirms the address.
CONFIRMING = "secretariat.enquiries.joining"

State, Outcome = Enquiry.State, Enquiry.Outcome
# Outcomes of which the person who asked hears, even without words from the Secretariat.
ANSWERED_BY_MAIL = {
    Outcome.CORRECTED: _("The record has been corrected. Thank you for telling us."),
    Outcome.NOT_FOR_US: _("The Network cannot help with this."),
}


def lock(enquiry: Enquiry) -> Enquiry:
    return Enquiry.objects.select_for_update().get(pk=enquiry.pk)


# ------------------------------------------------------------------ asking


def ask(enquiry: Enquiry) -> Enquiry:
    """Keep a new question; the same form sent twice, even at once, gives the one that is there."""
    try:
        with transaction.atomic():
            enquiry.save(force_insert=True)
            enquiry.steps.create(state=State.NEW, at=enquiry.asked_at)
            if enquiry.kind == Enquiry.Kind.JOINING:
                ask_to_confirm(enquiry)
            else:
                tell_asker("enquiry-received", enquiry, due=enquiry.due_on)
            tell_secretariat("enquiry-arrived", enquiry)
    except IntegrityError:
        return Enquiry.objects.get(sent_key=enquiry.sent_key)
    return enquiry


def ask_to_confirm(enquiry: Enquiry) -> None:
    """Write to who wishes to join, once a day at most, with the link that confirms the address."""
    link = reverse("secretariat:confirm_joining", args=[token_of(enquiry)])
    mail = mail_about(enquiry, link, due=enquiry.due_on)
    key = f"joining-received-{enquiry.pk}-{timezone.localdate()}"
    language = enquiry.question_text.language
    post.write("joining-received", to=enquiry.email, key=key, language=language, **mail)


def token_of(enquiry: Enquiry) -> str:
    return signing.dumps([enquiry.pk, enquiry.email], salt=CONFIRMING)


def of_token(token: str) -> Enquiry | None:
    """Return the wish to join whose address a link confirms; None where it is no such link."""
    try:
        key, email = signing.loads(token, salt=CONFIRMING)
    except signing.BadSignature:
        return None
    return Enquiry.objects.filter(pk=key, email=email, kind=Enquiry.Kind.JOINING).first()


def confirm_address(enquiry: Enquiry) -> None:
    unconfirmed = Enquiry.objects.filter(pk=enquiry.pk, email_confirmed_at=None)
    unconfirmed.update(email_confirmed_at=timezone.now())


# ------------------------------------------------------------------ steps


@transaction.atomic
def pass_on(enquiry: Enquiry, institution: Institution, by: User, text: str = "") -> EnquiryStep:
    """Pass a question on to an institution; its people who may answer get a mail."""
    enquiry = lock(enquiry)
    if "pass_on" not in enquiry.possible_steps:
        raise ValidationError(
            gettext("It is closed, or the name of the person who asked is no longer kept.")
        )
    if enquiry.state == State.PASSED_ON and enquiry.passed_to == institution:
        raise ValidationError(gettext("This institution already has it."))
    if not institution.affiliations.editing().filter(user__is_active=True).exists():
        raise ValidationError(
            gettext("Nobody acts for this institution yet. Invite a focal point first.")
        )
    step = take(enquiry, State.PASSED_ON, by, institution=institution, text=text)
    tell_institution("enquiry-passed-on", enquiry, f"{step.pk}", note=text, due=enquiry.due_on)
    return step


@transaction.atomic
def answer(
    enquiry: Enquiry, text: str, by: User, institution: Institution | None = None
) -> EnquiryStep:
    """Send an answer to the person who asked: the institution's, or the Secretariat's without one.

    A question is answered once: of two who answer at the same time, the second is told so.
    """
    enquiry = lock(enquiry)
    if "answer" not in enquiry.possible_steps:
        raise ValidationError(
            gettext("It was answered or closed in the meantime; nothing was sent.")
        )
    if institution and enquiry.passed_to != institution:
        raise ValidationError(gettext("It was passed on to another institution in the meantime."))
    step = take(enquiry, State.ANSWERED, by, institution=institution, text=text)
    tell_asker(
        "enquiry-answered",
        enquiry,
        answer=step.words,
        answered_by=institution or _("the Secretariat"),
    )
    return step


@transaction.atomic
def close(enquiry: Enquiry, outcome: str, by: User, text: str = "") -> EnquiryStep:
    """Close a question with an outcome; words for the person who asked go by mail."""
    enquiry = lock(enquiry)
    if "close" not in enquiry.possible_steps:
        raise ValidationError(gettext("It is already closed."))
    was_answered = enquiry.state == State.ANSWERED
    step = take(enquiry, State.CLOSED, by, outcome=outcome, text=text)
    is_mailed = text or (outcome in ANSWERED_BY_MAIL and not was_answered)
    if is_mailed and enquiry.email:
        words = {"outcome": ANSWERED_BY_MAIL.get(outcome, ""), "answer": step.words}
        tell_asker("enquiry-closed", enquiry, **words)
    return step


def take(enquiry: Enquiry, state: str, by: User, **words) -> EnquiryStep:
    """Bring a locked question to a state, and note the step."""
    now = timezone.now()
    enquiry.state = state
    enquiry.outcome = words.get("outcome", "")
    enquiry.settled_at = None if enquiry.is_open else now
    if state == State.PASSED_ON:
        enquiry.passed_to = words["institution"]
    enquiry.save(update_fields=["state", "outcome", "settled_at", "passed_to"])
    return enquiry.steps.create(state=state, by=by, at=now, **words)


# ------------------------------------------------------------------ mails


def tell_asker(kind: str, enquiry: Enquiry, **words) -> None:
    mail = mail_about(enquiry, enquiry.get_absolute_url(), **words)
    key, language = f"{kind}-{enquiry.pk}", enquiry.question_text.language
    post.write(kind, to=enquiry.email, key=key, language=language, **mail)


def tell_secretariat(kind: str, enquiry: Enquiry, **words) -> None:
    mail = mail_about(
        enquiry, reverse("admin:secretariat_enquiry_change", args=[enquiry.pk]), **words
    )
    post.write_to_secretariat(kind, key=f"{kind}-{enquiry.pk}", **mail)


def tell_institution(kind: str, enquiry: Enquiry, occasion: str, **words) -> None:
    """Write to the people of the institution that has the question; once on each occasion."""
    institution = enquiry.passed_to
    link = reverse("secretariat:question", args=[institution.slug, enquiry.reference])
    mail = mail_about(enquiry, link, institution=institution, **words)
    write_to_institution(kind, institution, f"{enquiry.pk}-{occasion}", **mail)


def mail_about(enquiry: Enquiry, link: str, **words) -> dict:
    words |= {"subject": enquiry.about, "question": enquiry.question_text}
    return {"about": enquiry, "reference": enquiry.reference, "link": link, "words": words}


# ------------------------------------------------------------------ what falls due by itself


@due.register
def remind_of_overdue() -> None:
    """Remind of each overdue question once: its institution, or else the Secretariat."""
    waiting = Enquiry.objects.overdue().filter(reminded_at=None)
    for enquiry in waiting:
        with transaction.atomic():
            if not waiting.filter(pk=enquiry.pk).update(reminded_at=timezone.now()):
                continue
            if enquiry.passed_to and people_to_write_to(enquiry.passed_to):
                tell_institution("enquiry-overdue", enquiry, "overdue", due=enquiry.due_on)
            else:
                tell_secretariat("enquiry-waits", enquiry, due=enquiry.due_on)


@retention.rule("questions", _("people who asked a question"))
def erase_personal_data() -> int:
    """Erase who asked once the time is over, here and in the mails that were sent to them."""
    due_now = list(Enquiry.objects.past_retention())
    for enquiry in due_now:
        erase(enquiry)
    return len(due_now)


@transaction.atomic
def erase(enquiry: Enquiry) -> None:
    enquiry = lock(enquiry)
    if enquiry.email:
        mails = Message.objects.about(enquiry).filter(to=enquiry.email)
        mails.exclude(sent_at=None).update(to="", text="", html="")
        mails.filter(to=enquiry.email).delete()
    values = fields.emptied(Enquiry)
    # Each row has one of its own.
    values |= {"sent_key": f"erased:{enquiry.pk}", "personal_data_erased_at": timezone.now()}
    Enquiry.objects.filter(pk=enquiry.pk).update(**values)
