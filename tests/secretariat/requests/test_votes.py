"""Votes are counted by their rule, once for each institution, and kept as they were at the end."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, connection

from secretariat.models import ResponseAnswer
from secretariat.requests import handling, votes
from secretariat.requests.votes import ABSTAIN, NO, YES, Count
from tests import make
from tests.papers.word_files import words

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("rule", "quorum", "yes", "no", "abstained", "passes"),
    [
        ("unanimous", 0, 50, 1, 0, False),
        ("unanimous", 0, 50, 0, 1, True),
        ("unanimous", 0, 0, 0, 51, False),
        ("unanimous", 40, 30, 0, 9, False),
        ("unanimous", 40, 30, 0, 10, True),
        ("two_thirds", 0, 34, 17, 0, True),
        ("two_thirds", 0, 33, 17, 1, False),
        ("two_thirds_of_all", 0, 34, 0, 0, True),
        ("two_thirds_of_all", 0, 33, 0, 18, False),
        ("half", 0, 10, 10, 31, False),
        ("half", 0, 11, 10, 0, True),
        ("half_of_all", 0, 25, 0, 0, False),
        ("half_of_all", 0, 26, 25, 0, True),
    ],
)
def test_each_rule_counts(rule, quorum, yes, no, abstained, passes):
    counted = Count(51, yes, no, abstained, quorum, rule)
    assert counted.passes is passes


@pytest.fixture
def vote(asked):
    """Open a vote of four members."""
    return asked(*(make.Member() for _n in range(3)), rule="unanimous", quorum=3)


def cast(response, chosen):
    question = response.request.questions.get()
    ResponseAnswer.objects.update_or_create(
        response=response, question=question, defaults={"chosen": [chosen]}
    )


def test_a_vote_is_frozen_when_it_closes(vote, focal_point):
    first, second, third, fourth = vote.responses.all()
    for response, chosen in ((first, NO), (second, YES), (third, ABSTAIN)):
        cast(response, chosen)
        handling.send(response, focal_point)
    # Changed before the end, and begun but not sent.
    cast(first, YES)
    handling.send(first, focal_point)
    cast(fourth, NO)
    closed = handling.close(vote)
    kept = closed.result
    assert (kept["yes"], kept["no"], kept["abstained"], kept["electorate"]) == (2, 0, 1, 4)
    assert kept["passes"] is True
    assert kept["votes"] == {
        str(one.institution): n for one, n in ((first, YES), (second, YES), (third, ABSTAIN))
    }
    # Numbered, with the rule and who voted what.
    assert str(closed.paper).endswith("1号")
    text = words(closed.paper.word)
    assert "通过：一致同意" in text.replace(": ", "：")
    assert f"弃权 (1): {third.institution}" in text
    assert f"未投票 (1): {fourth.institution}" in text
    with pytest.raises(ValidationError, match="Answers were taken until"):
        handling.send(fourth, focal_point)
    closed.rule = "half"
    with pytest.raises(ProgrammingError, match="Cannot update"):
        closed.save()


def test_a_vote_has_one_question_of_yes_no_and_abstain(drafted, institution):
    own = drafted(rule="half")
    own.questions.create(kind="text", text="Why?")
    with pytest.raises(ValidationError, match="one question"):
        handling.open_to(own, [institution])
    assert own.questions.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_votes_of_one_institution_at_once_one_counts(vote, focal_point):
    response = vote.responses.first()
    cast(response, YES)
    barrier = threading.Barrier(2)

    def send():
        barrier.wait()
        handling.send(response, focal_point)
        connection.close()

    threads = [threading.Thread(target=send) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert votes.count(vote).voted == 1
