"""The way of a request: opened to institutions, answered, returned, corrected, reminded, closed.

Each step locks the row it moves, so that the second of two at once is refused or changes nothing,
and is written together with its mails. What it may not do the database refuses, too (`seals`). How
a vote opens, is cast and counted stands in `votes`.
"""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from members.mails import write_to_institution
from members.models import Institution, User
from members.profiles.proposals import confirm
from sscnet.core.i18n.languages import Language
from sscnet.core.i18n.texts import comma_separated, guessed
from sscnet.outbox import due
from sscnet.outbox.wordings import register
from sscnet.questions.models import AbstractAnswer, choices_differ

from . import counting, submissions
from .models import Amendment, Request, RequestQuestion, Response, Submission

OF_REQUEST = ("request", "institution", "due", "words")
for kind in ("opened", "extended", "returned", "corrected", "reminder", "received"):
    register(f"request-{kind}", *OF_REQUEST, is_weekly=kind == "reminder")
for kind in ("opened", "extended", "corrected", "reminder"):
    register(f"vote-{kind}", *OF_REQUEST, is_weekly=kind == "reminder")

State, AnswerState = Request.State, Response.State
About = RequestQuestion.About


def lock(response: Response) -> Response:
    """Return the response as it is stored, locked until the end of the transaction."""
    rows = Response.objects.select_for_update(of=("self",))
    return rows.select_related("request", "institution", "saved_by").get(pk=response.pk)


def lock_request(request: Request) -> Request:
    return Request.objects.select_for_update().get(pk=request.pk)


# ------------------------------------------------------------------ the Secretariat


@transaction.atomic
def open_to(request: Request, institutions: Iterable[Institution], by: User) -> list[Response]:
    """Open a request to institutions, or to more of them later; each is told once.

    Raise ValidationError that says what the request lacks. A vote is opened by `votes.open_vote`.
    """
    request = lock_request(request)
    if request.state not in (Request.State.DRAFT, Request.State.OPEN):
        raise ValidationError(_("It is closed."))
    if request.is_vote:
        raise ValidationError(_("A vote is opened to all members at once, and to nobody later."))
    known = set(request.responses.values_list("institution", flat=True))
    new = [institution for institution in institutions if institution.pk not in known]
    if not known and not new:
        raise ValidationError(_("Choose at least one institution."))
    if request.state == Request.State.DRAFT:
        begin(request, by)
    elif new:
        names = comma_separated(str(institution) for institution in new)
        amend(request, Amendment.Kind.MORE_INSTITUTIONS, by, reason=names)
    return ask(request, new)


def ask(request: Request, institutions: Iterable[Institution]) -> list[Response]:
    """Add institutions to a locked request, and tell each."""
    responses = Response.objects.bulk_create(
        Response(request=request, institution=institution) for institution in institutions
    )
    for response in responses:
        tell(response, "request-opened")
    return responses


def begin(request: Request, by: User) -> None:
    """Open a locked draft: from now on it stays as it is (`seals`)."""
    if not request.closes_at or request.closes_at <= timezone.now():
        raise ValidationError(_("Say until when answers are taken: a moment to come."))
    if not request.questions.asked().exists():
        raise ValidationError(_("Ask at least one question."))
    request.state, request.opened_at, request.opened_by = State.OPEN, timezone.now(), by
    request.save()


def amend(request: Request, kind: str, by: User, **values) -> Amendment:
    return Amendment.objects.create(request=request, kind=kind, made_by=by, **values)


@transaction.atomic
def close(request: Request, by: User | None = None) -> Request:
    """Close a request; a vote is counted by the database in that moment, and becomes a paper.

    Raise ValidationError where a vote would end early though somebody has not voted.
    """
    request = lock_request(request)
    if request.is_open:
        if request.is_vote:
            counting.refuse_early_end(request)
        request.state, request.closed_at = State.CLOSED, timezone.now()
        request.save(update_fields=["state", "closed_at"])
        request.refresh_from_db()
        if request.is_vote:
            counting.put_down(request, by)
    return request


@transaction.atomic
def extend(
    request: Request, closes_at: datetime, reason: str, by: User, only: Iterable[Response] = ()
) -> None:
    """Move the end for all, or for some alone, with a reason; tell who still has to answer.

    An earlier end than the one told is refused, and a vote ends for all at once.
    """
    request, only = lock_request(request), list(only)
    if not request.is_open or closes_at <= max(timezone.now(), request.closes_at):
        raise ValidationError(_("Choose a later moment; an open request never ends sooner."))
    if only and request.is_vote:
        raise ValidationError(_("A vote ends for all institutions at the same moment."))
    if only:
        names = comma_separated(str(response.institution) for response in only)
        reason = f"{reason} ({names})"
    amend(request, Amendment.Kind.LATER_END, by, reason=reason, closes_at=closes_at)
    if only:
        moved = request.responses.filter(pk__in=[response.pk for response in only])
        moved.update(closes_at=closes_at)
    else:
        moved, request.closes_at = request.responses.all(), closes_at
        request.save(update_fields=["closes_at"])
    moved.update(extended_at=timezone.now())
    for response in moved.waiting().for_list():
        tell(response, "request-extended", key=f"{closes_at:%Y%m%d%H%M}", words=reason)


@transaction.atomic
def correct(
    request: Request, field: str, text: str, by: User, question: RequestQuestion | None = None
) -> Request:
    """Correct a slip of the pen in a text of an open request: title, text, question or choices.

    `field` is called as in a form, with its language: "title_zh_hans". Both texts are shown to
    all, and who has sent is asked to look again; until then what was sent counts. A text that was
    empty is filled in without more. Raise ValidationError for the choices of a vote, and for
    choices that come, go or change places: answers are kept by their number.
    """
    request = lock_request(request)
    record = request
    if question:
        record = request.questions.select_for_update().get(pk=question.pk)
    before = getattr(record, field) or ""
    if not request.is_open or before == text:
        raise ValidationError(_("Write the corrected text of an open request."))
    is_choices = question is not None and field.startswith("choices")
    if before and is_choices and request.is_vote:
        raise ValidationError(_("The choices of a vote are never changed."))
    setattr(record, field, text)
    if is_choices:
        record.clean()
        if choices_differ(before, text):
            raise ValidationError(
                _("Correct the words of a choice alone: none is added, taken out or moved.")
            )
    if before:
        kind = Amendment.Kind.CORRECTION
        values = {"question": question, "field": field, "before": before, "after": text}
        amend(request, kind, by, **values)
    record.save()
    if before:
        for response in request.responses.filter(submissions__isnull=False).distinct():
            ask_again(response, f"{before}\n→ {text}", "request-corrected")
    return request


@transaction.atomic
def give_back(response: Response, remark: str) -> Response:
    """Return an answer that was sent, with what is to be put right; it counts until sent again."""
    response = lock(response)
    if response.state != AnswerState.SENT or not response.is_open or response.request.is_vote:
        raise ValidationError(_("Only an answer that was sent can be returned, until the end."))
    ask_again(response, remark, "request-returned")
    return response


def ask_again(response: Response, remark: str, kind: str) -> None:
    response.remark = remark
    move(response, AnswerState.RETURNED, "remark")
    tell(response, kind, key=f"{response.since:%Y%m%d%H%M%S}", words=remark)


@transaction.atomic
def remind_all(request: Request) -> None:
    """Remind who has neither sent nor declined."""
    for response in request.responses.waiting().to_answer().for_list():
        remind(response)


def remind(response: Response) -> None:
    """Remind an institution that has not answered; once a day at most."""
    tell(response, "request-reminder", key=f"{timezone.localdate()}")


@due.register
def remind_and_close() -> None:
    """Remind on the days chosen, and close what is over."""
    now, today = timezone.now(), timezone.localdate()
    for request in Request.objects.filter(state=State.OPEN):
        ends = request.responses.exclude(closes_at=None).values_list("closes_at", flat=True)
        if max([request.closes_at, *ends]) <= now:
            close(request)
            continue
        for response in request.responses.waiting().to_answer().for_list():
            days = (timezone.localtime(response.until).date() - today).days
            if days in request.remind_days:
                with transaction.atomic():
                    remind(response)


# ------------------------------------------------------------------ the institutions


def seen(response: Response) -> None:
    """Note that the institution has opened it."""
    waiting = Response.objects.filter(pk=response.pk, state=AnswerState.ASKED)
    waiting.update(state=AnswerState.OPENED, since=timezone.now())


def saved(response: Response) -> None:
    """Note that a draft was begun, of a locked response."""
    if response.state in (AnswerState.ASKED, AnswerState.OPENED):
        move(response, AnswerState.BEGUN)


@transaction.atomic
def send(response: Response, by: User) -> Submission:
    """Send the draft as it is stored; sent again before the end, it counts anew.

    The first choice of a question about the profile confirms it.
    Raise ValidationError after the end. Whether all is answered is the form's to say.
    """
    response = lock_in_time(response)
    if response.request.is_vote:
        raise ValidationError(_("A vote is cast on its own page."))
    answers = response.answers.filter(question__is_asked=True).select_related("question")
    submission = submissions.keep(response, answers, by=by, slip=response.slip or None)
    return note_sent(response, submission, by)


@transaction.atomic
def enter_from_paper(
    response: Response, answers: Iterable[AbstractAnswer], slip, by: User
) -> Submission:
    """Send what an officer typed from paper, with its scan. The institution's draft stays.

    Raise ValidationError after the end, and for a vote: that needs a second person (`votes`).
    """
    response = lock_in_time(response)
    if response.request.is_vote:
        raise ValidationError(_("A vote on paper needs a second person."))
    way = Submission.Way.PAPER
    submission = submissions.keep(response, answers, by=by, way=way, slip=slip)
    return note_sent(response, submission, by)


def note_sent(response: Response, submission: Submission, by: User) -> Submission:
    move(response, AnswerState.SENT)
    confirmed = response.request.questions.filter(about=About.PROFILE).values_list("pk", flat=True)
    if any(submission.choices.get(str(question)) == [1] for question in confirmed):
        confirm(response.institution, by)
    tell(response, "request-received", key=str(submission.number))
    return submission


@transaction.atomic
def decline(response: Response, reason: str, by: User) -> Response:
    """Note that an institution does not answer, which it may while it has sent nothing."""
    response = lock_in_time(response)
    if response.request.is_vote:
        raise ValidationError(_("A vote is not declined: abstain, or do not vote."))
    if response.submission:
        raise ValidationError(
            _("Your institution has sent an answer: change it and send it again.")
        )
    response.reason, response.declined_by = reason, by
    move(response, AnswerState.DECLINED, "reason", "declined_by")
    return response


def lock_in_time(response: Response) -> Response:
    """Lock a response that can still be sent, and its request, which cannot close meanwhile."""
    lock_request(response.request)
    response = lock(response)
    if not response.is_open:
        until = date_format(timezone.localtime(response.until), "DATETIME_FORMAT")
        raise ValidationError(_("Answers were taken until %(until)s.") % {"until": until})
    return response


def move(response: Response, state: str, *fields: str) -> None:
    response.state, response.since = state, timezone.now()
    response.save(update_fields=["state", "since", *fields])


# ------------------------------------------------------------------ mails


def tell(response: Response, kind: str, key: str = "", words: str = "") -> None:
    """Write to the people of an institution, once for the key; `words` are a remark or reason."""
    institution, request = response.institution, response.request
    write_to_institution(
        kind.replace("request-", "vote-") if request.is_vote else kind,
        institution,
        f"{request.pk}:{key}",
        link=response.address,
        words={
            "request": request,
            "institution": institution,
            "due": timezone.localtime(response.until).date(),
            "words": guessed(words),
        },
    )


def for_wechat(request: Request) -> str:
    """Return a text for a group of WeChat, in Chinese and English, with a link."""
    lines = []
    for language in (Language.CHINESE, Language.ENGLISH):
        with override(language):
            text = _("“%(request)s”: please answer by %(until)s, Beijing time: %(address)s")
            until = date_format(timezone.localtime(request.closes_at), "DATETIME_FORMAT")
            address = settings.PORTAL_ADDRESS + reverse("secretariat:my")
            lines.append(text % {"request": request, "until": until, "address": address})
    return "\n".join(lines)
