"""What was sent before submissions came becomes one of each, once."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from secretariat.models import Request, Submission
from secretariat.requests import counting, submissions
from sscnet.core.database.triggers import DROP_TRIGGERS
from tests import make

BEFORE = [("secretariat", "0009_what_nobody_read")]
AFTER = [("secretariat", "0012_responses_are_drafts")]
TABLES = "secretariat_request", "secretariat_requestquestion", "secretariat_response"


def drop_triggers():
    """Drop those of today's models, which name columns that the version before has not."""
    tables = ",".join([*TABLES, "secretariat_submission", "secretariat_submittedanswer"])
    with connection.cursor() as cursor:
        cursor.execute(DROP_TRIGGERS.format(tables=tables))


def migrate(target):
    executor = MigrationExecutor(connection)
    executor.migrate(target)
    return MigrationExecutor(connection).loader.project_state(target).apps


@pytest.fixture
def version_before():
    """Go back to the tables of the version before; afterwards all is as it was."""
    drop_triggers()
    yield migrate(BEFORE)
    call_command("migrate", verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_submissions_are_made_of_what_is_sent_of_open_votes_too(version_before):
    members = [make.Member(name=f"Institute {n}") for n in range(3)]
    person = make.User(name="Li Na")
    old = version_before.get_model("secretariat", "Request")
    now = timezone.now()
    times = {"opened_at": now, "closes_at": now + timedelta(days=5)}
    vote = old.objects.create(title="Vote", state="open", rule="half", **times)
    closed = old.objects.create(
        title="Closed",
        state="closed",
        rule="unanimous",
        closed_at=now,
        result={
            "electorate": 3,
            "yes": 2,
            "no": 0,
            "abstained": 0,
            "quorum": 0,
            "rule": "unanimous",
            "passes": True,
            "votes": {"Institute 0": 1, "Institute 1": 1},
        },
        **times,
    )
    asked = old.objects.create(title="Asked", state="open", **times)
    for request in (vote, closed):
        question = request.questions.create(kind="choice", text="?", choices="Yes\nNo\nAbstain")
        for n, member in enumerate(members):
            sent = {"state": "sent", "sent_at": now, "sent_by_id": person.pk} if n < 2 else {}
            response = request.responses.create(institution_id=member.pk, **sent)
            response.answers.create(question=question, chosen=[1])
    question = asked.questions.create(kind="text", text="What?")
    for state, sent_at in (("returned", now), ("begun", None)):
        member = members.pop()
        response = asked.responses.create(institution_id=member.pk, state=state, sent_at=sent_at)
        response.answers.create(question=question, text="Digesters")

    migrate(AFTER)

    assert Submission.objects.count() == 5
    returned = Submission.objects.get(response__request=asked.pk)
    assert returned.answers.get().text == "Digesters"
    for submission in Submission.objects.all():
        assert submissions.is_intact(submission)
    now_open, now_closed = Request.objects.get(pk=vote.pk), Request.objects.get(pk=closed.pk)
    assert (now_open.quorum, now_closed.quorum) == (1, 1)
    assert counting.count(now_open).yes == 2
    counted = counting.count(now_closed)
    assert (counted.yes, counted.electorate, counted.passes) == (2, 3, True)
    assert [one.vote for one in counted.roll] == [1, 1, None]
    assert Submission.objects.filter(sent_by_name="Li Na").count() == 4
