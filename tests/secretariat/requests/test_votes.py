"""Votes bind: sealed when they open, cast once seen, counted by the database, kept as they were."""

import threading
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from members.models import Membership
from secretariat.back_office import groups, today
from secretariat.models import PaperVote, Request
from secretariat.requests import counting, handling, votes
from secretariat.requests.counting import ABSTAIN, NO, YES, VoteCount
from sscnet.outbox.models import Message
from tests import make
from tests.meetings.desk import text_of
from tests.moved_ends import move_end
from tests.papers.word_files import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
LETTER = b"%PDF-1.4\nstartxref\n9\n%%EOF\n"


@pytest.mark.parametrize(
    ("rule", "quorum", "yes", "no", "abstained", "passes"),
    [
        ("unanimous", 1, 50, 1, 0, False),
        ("unanimous", 1, 50, 0, 1, True),
        ("unanimous", 1, 0, 0, 51, False),
        ("unanimous", 40, 30, 0, 9, False),
        ("unanimous", 40, 30, 0, 10, True),
        ("two_thirds", 1, 34, 17, 0, True),
        ("two_thirds", 1, 33, 17, 1, False),
        ("two_thirds_of_all", 1, 34, 0, 0, True),
        ("two_thirds_of_all", 1, 33, 0, 18, False),
        ("half", 1, 10, 10, 31, False),
        ("half", 1, 11, 10, 0, True),
        ("half_of_all", 1, 25, 0, 0, False),
        ("half_of_all", 1, 26, 25, 0, True),
    ],
)
def test_each_rule_counts(rule, quorum, yes, no, abstained, passes):
    assert VoteCount(51, yes, no, abstained, quorum, rule).passes is passes
    # Members that the list lacks count for rules of all members.
    assert VoteCount(40, yes, no, abstained, quorum, rule, lacking=11).passes is passes


def test_the_quorum_is_a_share_that_becomes_a_number(ballot, institution, opener):
    assert [counting.quorum_of(percent, 51) for percent in (0, 1, 50, 100)] == [1, 1, 26, 51]
    make.Member()
    vote = ballot(rule="half")
    with pytest.raises(ValidationError, match="The quorum is 26, and the list has 2 members"):
        votes.open_vote(vote, 49, opener)
    votes.open_vote(vote, 1, opener)
    vote.refresh_from_db()
    assert (vote.quorum, vote.members_lacking, vote.opened_by) == (2, 1, opener)


@pytest.fixture
def vote(asked, institution):
    """Open a vote of four members."""
    for _n in range(3):
        make.Member()
    return asked(rule="unanimous")


def test_a_vote_is_frozen_when_it_closes(vote, focal_point):
    first, second, third, fourth = vote.responses.order_by("pk")
    for response, chosen in ((first, NO), (second, YES), (third, ABSTAIN)):
        votes.cast(response, chosen, focal_point)
    # Changed before the end, as a new submission.
    votes.cast(first, YES, focal_point, seen=1)
    move_end(vote, seconds=-1)
    closed = handling.close(vote)
    kept = closed.result
    assert (kept["yes"], kept["no"], kept["abstained"], kept["electorate"]) == (2, 0, 1, 4)
    assert counting.count(closed).passes
    assert {one["institution"]: one["vote"] for one in kept["roll"]} == {
        first.institution_id: YES,
        second.institution_id: YES,
        third.institution_id: ABSTAIN,
        fourth.institution_id: None,
    }
    # Numbered, with the rule and who voted what.
    assert str(closed.paper).endswith("1号")
    text = words(closed.paper.word)
    assert str(third.institution) in text
    assert str(fourth.institution) in text
    with pytest.raises(ValidationError, match="Answers were taken until"):
        votes.cast(fourth, NO, focal_point)


SEALED = [
    "UPDATE secretariat_request SET rule = 'half'",
    "UPDATE secretariat_request SET quorum = 1",
    "UPDATE secretariat_request SET seen_by = 'members'",
    "UPDATE secretariat_request SET state = 'draft'",
    "UPDATE secretariat_request SET closes_at = closes_at - interval '1 day'",
    "UPDATE secretariat_request SET closes_at = closes_at + interval '1 day'",
    "UPDATE secretariat_request SET state = 'closed', closed_at = now()",
    "UPDATE secretariat_request SET title = 'Another'",
    "UPDATE secretariat_requestquestion SET choices = E'No\\nYes\\nAbstain'",
    "UPDATE secretariat_requestquestion SET text = 'Do you refuse?'",
    "UPDATE secretariat_requestquestion SET is_asked = false",
    "DELETE FROM secretariat_requestquestion",
    "UPDATE secretariat_response SET closes_at = now() + interval '90 days'",
    "DELETE FROM secretariat_response",
    "DELETE FROM secretariat_request",
    "UPDATE secretariat_submission SET choices = '{}'",
    "DELETE FROM secretariat_submission",
    "UPDATE secretariat_submittedanswer SET text = 'x'",
    "DELETE FROM secretariat_submittedanswer",
]


@pytest.mark.parametrize("statement", SEALED)
def test_the_database_itself_keeps_an_open_vote(vote, focal_point, statement):
    votes.cast(vote.responses.first(), NO, focal_point)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("statement", SEALED)
def test_the_role_of_the_pages_cannot_change_an_open_vote(
    vote, focal_point, as_web_role, statement
):
    votes.cast(vote.responses.first(), NO, focal_point)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_closed_result_stays_by_sql_too(vote):
    move_end(vote, seconds=-1)
    handling.close(vote)
    for values in ("result = '{}'", "closed_at = now()", "state = 'open', closed_at = NULL"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE secretariat_request SET {values}")


def test_the_candidate_and_the_suspended_never_vote(ballot, institution, opener):
    candidate = make.Member(name="Institute of Silk")
    suspended = make.Member(name="Suspended")
    suspended.memberships.update(state=Membership.State.SUSPENDED)
    vote = ballot(rule="unanimous", candidate=candidate)
    votes.open_vote(vote, 0, opener)
    asked = {response.institution for response in vote.responses.all()}
    assert candidate not in asked
    assert institution in asked
    assert suspended not in asked
    # Nor can it be added later.
    with pytest.raises(ValidationError, match="opened to all members at once"):
        handling.open_to(vote, [candidate], opener)
    with pytest.raises(DatabaseError), transaction.atomic():
        vote.responses.create(institution=candidate)


def test_a_ballot_is_looked_at_before_it_is_cast(client, vote, focal_point, institution):
    response = institution.responses.get()
    page = client.get(response.address)
    assert "checked" not in page.text
    assert 'name="save"' not in page.text
    second = client.post(response.address, {"vote": "2", "seen": "0", "look": "1"})
    assert "Your institution votes: No" in text_of(second)
    assert not response.submissions.exists()
    client.post(response.address, {"vote": "2", "seen": "0", "cast": "1"})
    sent = response.submissions.get()
    assert (sent.choices, sent.sent_by) == ({str(vote.questions.get().pk): [NO]}, focal_point)
    mail = Message.objects.get(kind="vote-cast")
    assert mail.to == focal_point.email
    assert "Focal Point" in mail.text
    # Nothing of the old vote is ticked; saving changes nothing.
    assert "checked" not in client.get(response.address).text
    client.post(response.address, {"vote": "1", "seen": "1", "save": "1"})
    assert response.submissions.count() == 1


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
def test_of_two_votes_of_one_institution_at_once_one_counts(vote, focal_point, institution):
    response = institution.responses.get()
    pages = []

    def send(chosen):
        browser = Client()
        browser.force_login(focal_point)
        sent = {"vote": str(chosen), "seen": "0", "cast": "1"}
        pages.append(browser.post(response.address, sent).status_code)

    at_once(partial(send, YES), partial(send, NO))
    # The other is shown what was voted in the meantime.
    assert sorted(pages) == [200, 302]
    assert counting.count(vote).voted == 1


@pytest.mark.django_db(transaction=True)
def test_a_vote_sent_while_it_closes_counts_or_is_refused_with_the_day(vote, focal_point):
    response = vote.responses.first()
    move_end(vote, milliseconds=300)
    refusals = []

    def send():
        try:
            votes.cast(response, YES, focal_point)
        except ValidationError as refusal:
            refusals.extend(refusal.messages)

    def close():
        while timezone.now() < vote.closes_at:
            pass
        handling.close(vote)

    at_once(send, close)
    vote.refresh_from_db()
    assert vote.result["yes"] + len(refusals) == 1
    assert all("Answers were taken until" in text for text in refusals)
    # And later in any case.
    day = date_format(timezone.localtime(vote.closes_at), "DATE_FORMAT")
    with pytest.raises(ValidationError, match=day):
        votes.cast(vote.responses.last(), YES, focal_point)


def test_a_vote_closes_early_only_when_all_have_voted(vote, focal_point):
    *some, last = vote.responses.order_by("pk")
    for response in some:
        votes.cast(response, YES, focal_point)
    with pytest.raises(ValidationError, match="only when all have voted"):
        handling.close(vote)
    votes.cast(last, ABSTAIN, focal_point)
    assert handling.close(vote).result["abstained"] == 1


def at(view, *args):
    return reverse(f"admin:secretariat_request_{view}", args=args)


def what_waits_for(user):
    request = RequestFactory().get("/")
    request.user = user
    found = today.what_waits(request)
    return {str(row.label): row.count for _section, rows in found for row in rows}


def slip():
    return SimpleUploadedFile("slip.pdf", LETTER)


def test_a_vote_on_paper_counts_once_a_second_person_confirmed_it(client, vote, institution):
    first, second = (make.Officer(group=groups.OFFICER, name=name) for name in ("One", "Two"))
    response = institution.responses.get()
    client.force_login(first)
    client.post(at("response", response.pk), {"vote": "1", "slip": slip()})
    paper = PaperVote.objects.get()
    assert counting.count(vote).voted == 0
    # It waits on Today, and those who could confirm it are told.
    assert what_waits_for(first)["Votes on paper to confirm"] == 1
    told = Message.objects.filter(kind="second-person-needed")
    assert second.email in told.values_list("to", flat=True)
    assert first.email not in told.values_list("to", flat=True)
    confirm = at("confirm_paper_vote", paper.pk)
    page = client.post(confirm, {"_confirmed": "1"})
    assert "A second person does this" in text_of(page)
    with pytest.raises(ValidationError, match="Two"):
        votes.confirm_paper_vote(paper, first)
    client.force_login(second)
    assert b"".join(client.get(at("slip_of_paper_vote", paper.pk))) == LETTER
    client.post(confirm, {"_confirmed": "1"})
    sent = response.submissions.get()
    assert (sent.way, sent.sent_by, sent.confirmed_by) == ("paper", first, second)
    assert counting.count(vote).yes == 1


def test_a_vote_online_stands_and_the_paper_is_refused(vote, institution, focal_point):
    first, second = make.Officer(group=groups.OFFICER), make.Officer(group=groups.OFFICER)
    response = institution.responses.get()
    paper = votes.enter_paper_vote(response, YES, slip(), first)
    votes.cast(response, NO, focal_point)
    paper.refresh_from_db()
    assert paper.state == PaperVote.State.REFUSED
    with pytest.raises(ValidationError):
        votes.confirm_paper_vote(paper, second)
    with pytest.raises(ValidationError, match="voted already"):
        votes.enter_paper_vote(response, YES, slip(), first)
    assert counting.count(vote).no == 1


def test_fifty_one_members_vote_and_another_person_admits(client, ballot, institution, opener):
    for _n in range(50):
        make.Member()
    candidate = make.Institution(name="Institute of Silk")
    vote = ballot(rule="unanimous", candidate=candidate)
    client.force_login(opener)
    page = client.get(at("open", vote.pk))
    assert "51 members may vote" in text_of(page)
    complete = {"list_of_members": "complete", "_confirmed": "1"}
    unsaid = client.post(at("open", vote.pk), {"_confirmed": "1"})
    assert "This field is required" in text_of(unsaid)
    client.post(at("open", vote.pk), complete)
    vote.refresh_from_db()
    assert (vote.state, vote.quorum) == (Request.State.OPEN, 26)
    voter = make.User()
    for response in vote.responses.all():
        votes.cast(response, YES, voter)
    client.post(at("close", vote.pk), {"_confirmed": "1"})
    page = text_of(client.get(at("responses", vote.pk)))
    assert "Carried" in page
    assert what_waits_for(opener)["Candidates to admit"] == 1
    # Who opened it does not admit.
    refused = text_of(client.post(at("admit", vote.pk), {"_confirmed": "1"}))
    assert "A second person does this" in refused or "no other account" in refused
    assert not candidate.memberships.exists()
    client.force_login(make.Officer(group=groups.OFFICER, name="Another"))
    for _twice in range(2):
        client.post(at("admit", vote.pk), {"_confirmed": "1"})
    assert Membership.objects.get(institution=candidate).admitted_how.startswith("Vote of the")


def test_a_slip_of_the_pen_is_corrected_and_shown(client, asked, institution, focal_point, opener):
    request = asked()
    response = request.responses.get()
    text, table = request.questions.all()
    response.answers.create(question=text, text="Three")
    handling.send(response, focal_point)
    handling.correct(request, "text", "What is really missing?", opener, text)
    response.refresh_from_db()
    assert response.state == "returned"
    page = text_of(client.get(response.address))
    assert "What is missing?" in page
    assert "What is really missing?" in page
    # An empty translation is filled in without more.
    handling.correct(request, "title_zh_hans", "缺少的项目", opener)
    assert request.amendments.count() == 1
    with pytest.raises(ValidationError, match="none is added, taken out or moved"):
        handling.correct(request, "choices", "Year (number)\nTitle", opener, table)
