"""Votes are counted by their rule, once for each institution, and kept as they were at the end."""

import threading
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import ProgrammingError, connection
from django.test import Client
from django.utils.formats import date_format

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


@pytest.mark.parametrize(
    ("rule", "yes", "no", "passes"), [("unanimous", 50, 1, False), ("two_thirds", 34, 17, True)]
)
def test_fifty_one_members_vote(asked, focal_point, rule, yes, no, passes):
    vote = asked(*(make.Member() for _n in range(50)), rule=rule)
    responses = list(vote.responses.all())
    for response, chosen in zip(responses, [YES] * yes + [NO] * no, strict=True):
        cast(response, chosen)
    vote.responses.update(state="sent", sent_at=vote.opened_at)
    closed = handling.close(vote)
    assert (closed.result["yes"], closed.result["no"], closed.result["electorate"]) == (yes, no, 51)
    assert closed.result["passes"] is passes


def test_a_vote_has_one_question_of_yes_no_and_abstain(drafted, institution):
    own = drafted(rule="half")
    own.questions.create(kind="text", text="Why?")
    with pytest.raises(ValidationError, match="one question"):
        handling.open_to(own, [institution])
    assert own.questions.count() == 1


def at_once(*works):
    """Do all of it at the same time, each in a thread and a transaction of its own."""
    barrier = threading.Barrier(len(works))

    def run(work):
        barrier.wait()
        work()
        connection.close()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_of_two_votes_of_one_institution_at_once_one_counts(vote, focal_point):
    response, question = vote.responses.first(), vote.questions.get()
    pages = []

    def send(chosen):
        browser = Client()
        browser.force_login(focal_point)
        sent = {"version": "0", f"question-{question.pk}": str(chosen), "send": "1"}
        pages.append(browser.post(response.address, sent).status_code)

    at_once(partial(send, YES), partial(send, NO))
    # The one is sent; the other is shown what was saved in the meantime.
    assert sorted(pages) == [200, 302]
    counted = votes.count(vote)
    assert (counted.voted, counted.yes + counted.no) == (1, 1)
    assert response.answers.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_vote_sent_while_it_closes_counts_or_is_refused_with_the_day(vote, focal_point):
    response = vote.responses.first()
    cast(response, YES)
    refusals = []

    def send():
        try:
            handling.send(response, focal_point)
        except ValidationError as refusal:
            refusals.extend(refusal.messages)

    at_once(send, partial(handling.close, vote))
    vote.refresh_from_db()
    assert vote.result["yes"] + len(refusals) == 1
    assert all("Answers were taken until" in text for text in refusals)
    # And later in any case.
    with pytest.raises(ValidationError, match=date_format(vote.closes_at, "DATE_FORMAT")):
        handling.send(vote.responses.last(), focal_point)
