"""The way of a vote: opened to the members, cast, entered from paper by two people, and acted upon.

Counting is `counting`, what the database keeps `models.seals`. Two of its steps need a second
person at the Secretariat (docs/security.md): a vote on paper, and the admission of a candidate.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.mails import write_to_institution
from members.models import Institution, Membership, User
from sscnet.outbox import post
from sscnet.outbox.wordings import register

from . import handling, submissions
from .applicant import ask_own_people, invite_applicant
from .counting import CHOICES, VoteLabel, count, quorum_of
from .handling import AnswerState, lock_in_time, lock_request, move
from .models import PaperVote, Request, Response, Submission
from .second_person import ADMISSION, PAPER_VOTE

register("vote-cast", "request", "institution", "vote", "person", "due")
register("member-welcome", "institution")


# ------------------------------------------------------------------ opening


def electorate(request: Request):
    """Return the institutions that may vote today: members, not suspended, never the candidate.

    A vote on a sample institution is one of the sample members.
    """
    is_sample = bool(request.candidate and request.candidate.is_sample)
    members = Institution.objects.voting().filter(is_sample=is_sample)
    return members.exclude(pk=request.candidate_id)


@transaction.atomic
def open_vote(request: Request, lacking: int, by: User) -> list[Response]:
    """Open a vote to its electorate; from now on list, rule and quorum stay (`models.seals`).

    `lacking` is how many members the list lacks, as who opens it says: 0 confirms it as complete.
    Those count for the quorum and for rules of all members, though nobody can ask them. Raise
    ValidationError that says what the vote lacks, or that its quorum cannot be reached.
    """
    request = lock_request(request)
    if request.state != Request.State.DRAFT:
        raise ValidationError(_("The vote was opened before; its list stays."))
    asked = list(request.questions.asked())
    is_ballot = len(asked) == 1 and len(asked[0].options) == CHOICES and not asked[0].takes_several
    if not is_ballot:
        raise ValidationError(
            _("A vote has one question: a choice of yes, no and abstain, in this order.")
        )
    voters = list(electorate(request).order_by("pk"))
    request.quorum = quorum_of(request.quorum_percent, len(voters) + lacking)
    request.members_lacking = lacking
    if request.quorum > len(voters):
        text = ngettext(
            "The quorum is %(quorum)d, and the list has %(n)d member. Enter the missing members"
            " first.",
            "The quorum is %(quorum)d, and the list has %(n)d members. Enter the missing members"
            " first.",
            len(voters),
        )
        raise ValidationError(text % {"quorum": request.quorum, "n": len(voters)})
    # The list is written before the vote is open: afterwards the database takes no more.
    responses = Response.objects.bulk_create(
        Response(request=request, institution=institution) for institution in voters
    )
    handling.begin(request, by)
    for response in responses:
        handling.tell(response, "request-opened")
    ask_own_people(request, by)
    return responses


# ------------------------------------------------------------------ casting


@transaction.atomic
def cast(response: Response, vote: int, by: User, seen: int = 0) -> Submission:
    """Cast the vote of an institution, or another one in its place; its people are told by whom.

    `seen` is how many votes of it the page had shown: where a colleague has voted meanwhile,
    ValidationError says what, and nothing is cast. A vote on paper that waits is refused. Raise
    ValidationError after the end.
    """
    response = lock_in_time(response)
    last = response.submission
    if (last.number if last else 0) != seen:
        text = _("%(person)s has voted meanwhile: %(vote)s. Look again, and vote once more.")
        voted = VoteLabel(response.request, vote_in(last))
        raise ValidationError(text % {"person": last.sent_by_name, "vote": voted})
    submission = submissions.keep(response, [ballot(response, vote)], by=by)
    for paper in response.paper_votes.filter(state=PaperVote.State.WAITING):
        reason = _("The institution has voted online meanwhile.")
        decide(paper, PaperVote.State.REFUSED, None, reason)
    return note_cast(response, submission, vote)


def ballot(response: Response, vote: int):
    """Return the answer that is a vote, unsaved."""
    question = response.request.questions.asked().get()
    if vote not in dict(question.options):
        raise ValidationError(_("Choose yes, no or abstain."))
    return response.answers.model(question=question, chosen=[vote])


def vote_in(submission: Submission | None) -> int | None:
    """Return what was voted."""
    chosen = list(submission.choices.values()) if submission else []
    return chosen[0][0] if chosen else None


def note_cast(response: Response, submission: Submission, vote: int) -> Submission:
    move(response, AnswerState.SENT)
    request, institution = response.request, response.institution
    write_to_institution(
        "vote-cast",
        institution,
        f"{request.pk}:{submission.number}",
        link=response.address,
        words={
            "request": request,
            "institution": institution,
            "vote": VoteLabel(request, vote),
            "person": submission.sent_by_name,
            "due": timezone.localtime(response.until).date(),
        },
    )
    return submission


# ------------------------------------------------------------------ from paper


@transaction.atomic
def enter_paper_vote(response: Response, vote: int, slip, by: User) -> PaperVote:
    """Enter a vote that came on paper, with its slip: it counts once another person confirms it.

    Only where the institution has sent none. Raise ValidationError else, and after the end.
    """
    response = lock_in_time(response)
    refuse_where_voted(response)
    if response.paper_votes.filter(state=PaperVote.State.WAITING).exists():
        raise ValidationError(_("A vote on paper of this institution is waiting already."))
    ballot(response, vote)
    paper = PaperVote.objects.create(response=response, vote=vote, slip=slip, entered_by=by)
    PAPER_VOTE.tell_others(paper, by, address_of(paper))
    return paper


def address_of(paper: PaperVote) -> str:
    """Return where officers see what came on paper, and confirm or refuse it."""
    return reverse("admin:secretariat_request_response", args=[paper.response_id])


@transaction.atomic
def confirm_paper_vote(paper: PaperVote, by: User) -> Submission:
    """Count a vote on paper; `by` has compared it with the slip and is not who entered it.

    Raise ValidationError where it is the same person, where the institution has voted meanwhile
    (that vote stands, the paper is refused), and after the end.
    """
    response = lock_in_time(paper.response)
    paper = PaperVote.objects.select_for_update().get(pk=paper.pk)
    if paper.state != PaperVote.State.WAITING:
        raise ValidationError(_("It was decided already."))
    PAPER_VOTE.check(paper, by)
    refuse_where_voted(response)
    submission = submissions.keep(
        response,
        [ballot(response, paper.vote)],
        by=User.objects.filter(pk=paper.entered_by_id).first(),
        way=Submission.Way.PAPER,
        slip=paper.slip,
        confirmed_by=by,
    )
    decide(paper, PaperVote.State.CONFIRMED, by)
    return note_cast(response, submission, paper.vote)


@transaction.atomic
def refuse_paper_vote(paper: PaperVote, reason: str, by: User) -> None:
    """Refuse a vote on paper with a reason; who entered it may enter it anew."""
    lock_request(paper.response.request)
    paper = PaperVote.objects.select_for_update().get(pk=paper.pk)
    if paper.state != PaperVote.State.WAITING:
        raise ValidationError(_("It was decided already."))
    decide(paper, PaperVote.State.REFUSED, by, reason)


def decide(paper: PaperVote, state: str, by: User | None, reason: str = "") -> None:
    paper.state, paper.decided_by, paper.decided_at = state, by, timezone.now()
    paper.reason = reason
    paper.save(update_fields=["state", "decided_by", "decided_at", "reason"])


def refuse_where_voted(response: Response) -> None:
    if response.submission:
        raise ValidationError(_("The institution has voted already; that vote stands."))


# ------------------------------------------------------------------ admission


def candidate_now(request: Request) -> Institution | None:
    """Return the candidate, or the institution that its record was merged into since."""
    candidate = request.candidate
    return candidate and (candidate.merged_into or candidate)


def waits_for_admission(request: Request) -> bool:
    """Return whether a vote was carried whose candidate is no member yet."""
    candidate = candidate_now(request)
    if not (candidate and request.result and count(request).passes):
        return False
    return not candidate.memberships.current().exists()


def waiting_for_admission() -> list[int]:
    """Return the keys of the votes that were carried and whose candidate is no member yet."""
    members = Membership.objects.current().values("institution")
    candidate_now = Coalesce("candidate__merged_into", "candidate")
    closed = Request.objects.filter(state=Request.State.CLOSED, result__isnull=False)
    closed = closed.filter(candidate__isnull=False)
    closed = closed.annotate(candidate_now=candidate_now).exclude(candidate_now__in=members)
    return [request.pk for request in closed if count(request).passes]


@transaction.atomic
def admit(request: Request, by: User) -> Membership:
    """Make the candidate of a vote that was carried a member, admitted by that vote.

    Who opened the vote does not admit. The new member is welcomed; who asked for the admission is
    invited as its focal point, which this second person's act covers where it has no people. Raise
    ValidationError else.
    """
    request = lock_request(request)
    candidate = candidate_now(request)
    if not (candidate and request.result and count(request).passes):
        raise ValidationError(_("Only the candidate of a closed vote that passed is admitted."))
    ADMISSION.check(request, by)
    if candidate.memberships.current().exists():
        raise ValidationError(_("It has a membership already."))
    day = timezone.localdate(request.closed_at)
    how = {
        "admitted_how": f"Vote of the members, {day:%Y-%m-%d}",
        "admitted_how_zh_hans": f"{day:%Y-%m-%d}成员表决",
    }
    since = timezone.localdate()
    membership = Membership.objects.create(institution=candidate, since=since, **how)
    mail = {"link": reverse("secretariat:about"), "words": {"institution": candidate}}
    write_to_institution("member-welcome", candidate, str(membership.pk), **mail)
    if request.enquiry and (email := request.enquiry.email):
        post.write("member-welcome", to=email, key=f"member-welcome:{membership.pk}", **mail)
        invite_applicant(candidate, email, request.opened_by, by)
    return membership
