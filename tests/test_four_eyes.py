"""Every step that needs a second person, as the first: refused by function, on its page, by SQL."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils import timezone

from members.accounts import invitations
from members.accounts.four_eyes import STEPS
from members.models import Affiliation, Invitation, Membership
from secretariat.back_office import groups
from secretariat.models import PaperVote, Request, Submission
from secretariat.requests import handling, votes
from sscnet.outbox.models import Message
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

SLIP = b"%PDF-1.4\nstartxref\n9\n%%EOF\n"


@dataclass
class Step:
    """A step that `first` began: how anybody takes it, and how one sees that it was taken."""

    record: Model
    take: Callable
    page: str
    data: dict
    taken: QuerySet
    # Changes of rows by which one person alone would take it in the database.
    forged: list[Callable]


def vote_of(first, **values):
    make.Member()
    closes_at = timezone.now() + timedelta(days=1)
    vote = Request.objects.create(title="Vote", rule="half", closes_at=closes_at, **values)
    vote.questions.create(kind="choice", text="Agreed?", choices="Yes\nNo\nAbstain")
    votes.open_vote(vote, 0, first)
    return vote


def admission(first) -> Step:
    vote = vote_of(first, candidate=make.Institution())
    for response in vote.responses.all():
        votes.cast(response, 1, make.User())
    handling.close(vote)
    vote.refresh_from_db()
    return Step(
        vote,
        partial(votes.admit, vote),
        reverse("admin:secretariat_request_admit", args=[vote.pk]),
        {"_confirmed": "1"},
        Membership.objects.filter(institution=vote.candidate),
        [partial(Request.objects.filter(pk=vote.pk).update, opened_by=make.User())],
    )


def paper_vote(first) -> Step:
    response = vote_of(first).responses.get()
    slip = SimpleUploadedFile("slip.pdf", SLIP)
    paper = votes.enter_paper_vote(response, 1, slip, first)
    rows = PaperVote.objects.filter(pk=paper.pk)
    alone = {"state": "confirmed", "decided_at": timezone.now(), "decided_by": first}
    envelope = {"response": response, "institution": response.institution, "number": 1}
    by = {"way": "paper", "sent_by": first, "confirmed_by": first}
    return Step(
        paper,
        partial(votes.confirm_paper_vote, paper),
        reverse("admin:secretariat_request_confirm_paper_vote", args=[paper.pk]),
        {"_confirmed": "1"},
        Submission.objects.filter(response=response),
        [
            partial(rows.update, **alone),
            partial(Submission.objects.create, **envelope, **by),
        ],
    )


def affiliation(first) -> Step:
    institution = make.Institution()
    invitation = Invitation(
        institution=institution,
        email="zhao@example.org",
        role=Affiliation.Role.DEPUTY,
        invited_by=first,
    )
    invitations.begin(invitation)
    rows = Invitation.objects.filter(pk=invitation.pk)
    given = {"institution": institution, "user": make.User(), "role": "deputy"}
    given |= {"since": timezone.localdate(), "given_by": first}
    return Step(
        invitation,
        partial(invitations.confirm, invitation),
        reverse("admin:members_invitation_changelist"),
        {"action": "confirm", "_selected_action": [invitation.pk]},
        Message.objects.filter(kind="invitation"),
        [
            partial(rows.update, confirmed_by=first, confirmed_at=timezone.now()),
            partial(rows.update, needs_confirmation=False),
            partial(rows.update, accepted_at=timezone.now()),
            partial(Affiliation.objects.create, **given),
            partial(Affiliation.objects.create, **given, confirmed_by=first),
        ],
    )


BEGUN = {"admission": admission, "paper_vote": paper_vote, "affiliation": affiliation}


def test_every_step_is_walked():
    assert BEGUN.keys() == STEPS.keys()


@pytest.fixture(params=[*BEGUN])
def name(request):
    return request.param


@pytest.mark.parametrize("is_administrator", [False, True])
def test_one_account_alone_does_not_take_both_steps(client, name, is_administrator):
    first = make.Administrator() if is_administrator else make.Officer(group=groups.OFFICER)
    step = BEGUN[name](first)
    with pytest.raises(ValidationError, match="no other account has the rights yet"):
        step.take(first)
    second = make.Officer(group=groups.OFFICER, name="Who may")
    with pytest.raises(ValidationError, match="A second person does this: Who may"):
        step.take(first)

    client.force_login(first)
    page = client.post(step.page, step.data, follow=True).content.decode()

    assert "A second person does this: Who may" in page
    assert not step.taken.exists()
    client.force_login(second)
    client.post(step.page, step.data)
    assert step.taken.count() == 1


def test_the_right_is_needed_too(client, name):
    step = BEGUN[name](make.Officer(group=groups.OFFICER))
    client.force_login(make.Officer(group=groups.HELPER))

    client.post(step.page, step.data)

    assert not step.taken.exists()


def test_the_database_refuses_it_as_well(name):
    step = BEGUN[name](make.Officer(group=groups.OFFICER))

    for forge in step.forged:
        with pytest.raises(DatabaseError), transaction.atomic():
            forge()
