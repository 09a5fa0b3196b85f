"""The way of a request: opened to institutions, answered, returned, reminded, closed.

Each step locks the row it moves, so that the second of two at once is refused or changes nothing,
and is written together with its mails.
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

from members.accounts.invitations import invite
from members.mails import write_to_institution
from members.models import Affiliation, Institution, Membership, User
from members.profiles.proposals import confirm
from sscnet.core.i18n.languages import Language
from sscnet.core.i18n.texts import guessed
from sscnet.outbox import due, post
from sscnet.outbox.wordings import register

from . import votes
from .models import Request, RequestQuestion, Response

OF_REQUEST = ("request", "institution", "due", "words")
for kind in ("opened", "extended", "returned", "reminder", "received"):
    register(f"request-{kind}", *OF_REQUEST, is_weekly=kind == "reminder")
register("member-welcome", "institution")

State, About = Response.State, RequestQuestion.About


def lock(response: Response) -> Response:
    """Return the response as it is stored, locked until the end of the transaction."""
    rows = Response.objects.select_for_update(of=("self",))
    return rows.select_related("request", "institution", "saved_by").get(pk=response.pk)


def lock_request(request: Request) -> Request:
    return Request.objects.select_for_update().get(pk=request.pk)


# ------------------------------------------------------------------ the Secretariat


@transaction.atomic
def open_to(request: Request, institutions: Iterable[Institution]) -> list[Response]:
    """Open a request to institutions, or to more of them later; each is told once.

    Raise ValidationError that says what the request lacks.
    """
    request = lock_request(request)
    if request.state not in (Request.State.DRAFT, Request.State.OPEN):
        raise ValidationError(_("It is closed."))
    if request.state == Request.State.DRAFT:
        begin(request)
    known = set(request.responses.values_list("institution", flat=True))
    new = [one for one in institutions if one.pk not in known]
    if not known and not new:
        raise ValidationError(_("Choose at least one institution."))
    responses = [Response(request=request, institution=one) for one in new]
    for response in Response.objects.bulk_create(responses):
        tell(response, "request-opened")
    return responses


def begin(request: Request) -> None:
    if not request.closes_at or request.closes_at <= timezone.now():
        raise ValidationError(_("Say until when answers are taken: a moment to come."))
    asked = list(request.questions.asked())
    if not asked:
        raise ValidationError(_("Ask at least one question."))
    is_ballot = len(asked[0].options) == 3 and not asked[0].takes_several
    if request.is_vote and (len(asked) > 1 or not is_ballot):
        raise ValidationError(
            _("A vote has one question: a choice of yes, no and abstain, in this order.")
        )
    request.state, request.opened_at = Request.State.OPEN, timezone.now()
    request.save(update_fields=["state", "opened_at"])


@transaction.atomic
def close(request: Request, by: User | None = None) -> Request:
    """Close a request; of a vote, result, list and rule become a paper with a number."""
    request = lock_request(request)
    if request.state == Request.State.OPEN:
        request.state, request.closed_at = Request.State.CLOSED, timezone.now()
        if request.is_vote:
            request.result, request.paper = votes.frozen(request), votes.paper(request, by)
        request.save(update_fields=["state", "closed_at", "result", "paper"])
    return request


@transaction.atomic
def extend(request: Request, closes_at: datetime, only: Iterable[Response] = ()) -> None:
    """Move the end for all, or for some alone, and tell who still has to answer.

    An earlier end than the one told is refused.
    """
    request, only = lock_request(request), list(only)
    if request.state != Request.State.OPEN or closes_at <= max(timezone.now(), request.closes_at):
        raise ValidationError(_("Choose a later moment; an open request never ends sooner."))
    if only:
        moved = request.responses.filter(pk__in=[one.pk for one in only])
        moved.update(closes_at=closes_at)
    else:
        moved, request.closes_at = request.responses.all(), closes_at
        request.save(update_fields=["closes_at"])
    moved.update(extended_at=timezone.now())
    for response in moved.waiting().for_list():
        tell(response, "request-extended", key=f"{closes_at:%Y%m%d%H%M}")


@transaction.atomic
def give_back(response: Response, remark: str) -> Response:
    """Return an answer that was sent, with what is to be put right."""
    response = lock(response)
    if response.state != State.SENT or not response.is_open or response.request.is_vote:
        raise ValidationError(_("Only an answer that was sent can be returned, until the end."))
    response.remark = remark
    move(response, State.RETURNED, "remark")
    tell(response, "request-returned", key=f"{response.since:%Y%m%d%H%M%S}")
    return response


@transaction.atomic
def remind_all(request: Request) -> None:
    """Remind who has neither sent nor declined."""
    for response in request.responses.waiting().to_answer().for_list():
        remind(response)


def remind(response: Response) -> None:
    """Remind an institution that has not answered; once a day at most."""
    tell(response, "request-reminder", key=f"{timezone.localdate()}")


@transaction.atomic
def admit(request: Request, by: User) -> Membership:
    """Make the candidate of a vote that was carried a member, admitted by that vote.

    It is welcomed; who asked for the admission is invited as its focal point.
    """
    request = lock_request(request)
    if not (request.candidate and request.result and request.result["passes"]):
        raise ValidationError(_("Only the candidate of a closed vote that passed is admitted."))
    if request.candidate.memberships.current().exists():
        raise ValidationError(_("It has a membership already."))
    day = timezone.localdate(request.closed_at)
    how = {
        "admitted_how": f"Vote of the members, {day:%Y-%m-%d}",
        "admitted_how_zh_hans": f"{day:%Y-%m-%d}成员表决",
    }
    since = timezone.localdate()
    candidate = request.candidate
    membership = Membership.objects.create(institution=candidate, since=since, **how)
    mail = {"link": reverse("secretariat:about"), "words": {"institution": candidate}}
    write_to_institution("member-welcome", candidate, str(membership.pk), **mail)
    if request.enquiry and (email := request.enquiry.email):
        post.write("member-welcome", to=email, key=f"member-welcome:{membership.pk}", **mail)
        invite(candidate, email=email, role=Affiliation.Role.FOCAL_POINT, by=by)
    return membership


@due.register
def remind_and_close() -> None:
    """Remind on the days chosen, and close what is over."""
    now, today = timezone.now(), timezone.localdate()
    for request in Request.objects.filter(state=Request.State.OPEN):
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
    waiting = Response.objects.filter(pk=response.pk, state=State.ASKED)
    waiting.update(state=State.OPENED, since=timezone.now())


def saved(response: Response) -> None:
    """Note that an answer was begun, of a locked response."""
    if response.state in (State.ASKED, State.OPENED):
        move(response, State.BEGUN)


@transaction.atomic
def send(response: Response, by: User, *, on_paper: bool = False) -> Response:
    """Send the answers as they are stored; sent again before the end, they count anew.

    The first choice of a question about the profile confirms it.
    Raise ValidationError after the end. Whether all is answered is the form's to say.
    """
    response = lock_in_time(response)
    response.sent_by, response.sent_at, response.on_paper = by, timezone.now(), on_paper
    move(response, State.SENT, "sent_by", "sent_at", "on_paper")
    if response.answers.filter(question__about=About.PROFILE, chosen=[1]).exists():
        confirm(response.institution, by)
    tell(response, "request-received", key=f"{response.sent_at:%Y%m%d%H%M%S}")
    return response


@transaction.atomic
def decline(response: Response, reason: str, by: User) -> Response:
    response = lock_in_time(response)
    response.reason, response.sent_by = reason, by
    move(response, State.DECLINED, "reason", "sent_by")
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


def tell(response: Response, kind: str, key: str = "") -> None:
    institution, request = response.institution, response.request
    write_to_institution(
        kind,
        institution,
        f"{request.pk}:{key}",
        link=response.address,
        words={
            "request": request,
            "institution": institution,
            "due": timezone.localtime(response.until).date(),
            "words": guessed(response.remark),
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
