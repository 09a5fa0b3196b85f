"""Sending a proposal: in time, once, by the binding rules; withdrawing; answering remarks."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from projects.calls.models import Proposal, ProposalState, Remark
from projects.calls.proposals import sending
from projects.calls.proposals.sending import send, withdraw
from projects.calls.steps import take_step
from sscnet.core.i18n.dates import BEIJING
from sscnet.outbox.models import Message
from tests import make
from tests.calls.proposals.complete import call_with_papers, complete_proposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return make.User(name="Wang Li")


@pytest.fixture
def at(monkeypatch):
    """Set the clock; `at(moment)`."""
    return lambda moment: monkeypatch.setattr(timezone, "now", lambda: moment)


def refusals(proposal, person):
    with pytest.raises(ValidationError) as refused:
        send(proposal, by=person)
    return refused.value.messages


def test_sent_with_reference_step_receipt_and_a_version_of_every_field(person, at):
    proposal = complete_proposal(call_with_papers(closes_at=datetime(2027, 4, 1, tzinfo=UTC)))
    focal_point = make.Affiliation(institution=proposal.institution).user
    at(datetime(2027, 3, 1, 16, 30, tzinfo=UTC))

    version = send(proposal, by=person)

    stored = Proposal.objects.get()
    assert (stored.state, stored.reference) == ("received", "PGTF-2027-001")
    step = stored.steps.get()
    assert (step.before, step.after, step.by, step.on) == (
        "draft",
        "received",
        person,
        date(2027, 3, 2),
    )
    assert (version.number, version.sent_by) == (1, person)
    mail = Message.objects.get(kind="proposal-received")
    assert mail.to == focal_point.email
    assert "2 March 2027, 00:30 Beijing time (1 March 2027, 16:30 UTC)" in mail.text
    assert "PGTF-2027-001" in mail.subject

    english, chinese = version.content["en"], version.content["zh-hans"]
    people = version.people["en"]
    assert (english["title"], chinese["title"]) == ("Biogas for mountain villages", "山村沼气")
    assert (english["scope"], chinese["scope"]) == ("interregional", "跨区域")
    assert [row["country"] for row in english["countries"]] == ["China", "Laos", "Nepal"]
    assert "Minister Example" in people["papers"][0]["signed_by"]
    total = english["budget"][-1]
    assert (total["fund_usd"], total["kind_usd"], total["sum_usd"]) == (
        "30,000",
        "30,000",
        "60,000",
    )
    # What the form's table adds up stands in the budget alone.
    assert [row["activities"] for row in english["outputs"]] == ["Building"]
    assert people["contact_email"] == "wang@example.org"


def test_references_follow_one_another_over_the_calls_of_a_year(person):
    first, second = call_with_papers(), call_with_papers()

    numbers = [
        send(complete_proposal(call), by=person).proposal.reference
        for call in (first, second, first)
    ]

    assert numbers == ["PGTF-2027-001", "PGTF-2027-002", "PGTF-2027-003"]


def test_binding_rules_stop_sending_and_the_database_does_too(person, monkeypatch):
    proposal = complete_proposal(asked=36_000, other=20_000, endorsed=False)
    proposal.proposal_countries.filter(country="NP").delete()
    found = refusals(proposal, person)
    assert len(found) == 4
    by_sql = "UPDATE calls_proposal SET state = 'received', reference = 'P', sent_at = now()"
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(by_sql)
    monkeypatch.setattr(sending, "blocking", lambda proposal: [])
    assert refusals(proposal, person) == [
        "The proposal breaks a rule of the call: check the rules again."
    ]
    assert not Proposal.objects.sent().exists()


def test_the_last_second_in_beijing_counts(person, at):
    closes = datetime(2027, 3, 31, 23, 59, 59, tzinfo=BEIJING)
    proposal = complete_proposal(call_with_papers(closes_at=closes))

    for moment in (closes, datetime(2027, 4, 1, 0, 0, 0, tzinfo=BEIJING)):
        at(moment)
        message = "The call is closed: nothing can be sent any more."
        assert refusals(proposal, person) == [message]
    at(closes - timedelta(seconds=1))
    assert send(proposal, by=person)


def test_a_second_one_is_refused_until_the_first_is_withdrawn(person):
    first = complete_proposal()
    second = complete_proposal(first.call, institution=first.institution)
    Proposal.objects.filter(pk=first.pk).update(owner=person)
    send(first, by=person)
    (message,) = refusals(second, make.User())
    assert "PGTF-2027-001, started by Wang Li" in message
    withdraw(first, by=person)
    assert send(second, by=person).proposal.reference == "PGTF-2027-002"

    Proposal.objects.filter(pk=second.pk).update(state="at_fund")
    second.refresh_from_db()
    with pytest.raises(ValidationError, match="Ask the Secretariat"):
        withdraw(second, by=person)


def test_what_is_sent_twice_is_sent_once_and_a_colleagues_change_is_looked_at_first(person, client):
    proposal = complete_proposal()
    Proposal.objects.update(lock_version=1)
    with pytest.raises(ValidationError, match="A colleague changed the proposal"):
        send(proposal, by=person, version=0)

    client.force_login(make.Affiliation(institution=proposal.institution).user)
    address = reverse("calls:proposal_send", args=[proposal.institution.slug, proposal.pk])
    for _n in range(2):
        page = client.post(address, {"version": "1"}, follow=True).content.decode()
        assert "The reference is PGTF-2027-001." in page
    assert proposal.versions.count() == 1


# ------------------------------------------------------------------ returned


@pytest.fixture
def returned(person):
    proposal = complete_proposal()
    send(proposal, by=person)
    proposal.refresh_from_db()
    step = take_step(
        proposal,
        ProposalState.RETURNED,
        by=make.User(),
        answer_by_on=timezone.localdate() + timedelta(days=14),
    )
    Remark.objects.create(step=step, section="budget", text="Who pays the bricks?")
    return proposal


def test_remarks_are_answered_in_their_section_and_it_is_sent_again(client, returned, person):
    user = make.Affiliation(institution=returned.institution).user
    client.force_login(user)
    slug = returned.institution.slug
    assert refusals(returned, person) == ["Answer every remark of the Secretariat first."]

    budget = reverse("calls:proposal_section", args=[slug, returned.pk, "budget"])
    form = client.get(budget).context
    data = {"version": form["version"], "remark-answer": "The county."}
    client.post(budget, data | {"rows-TOTAL_FORMS": "0", "rows-INITIAL_FORMS": "0"})
    client.post(reverse("calls:proposal_send", args=[slug, returned.pk]), {"version": "3"})

    returned.refresh_from_db()
    remark = Remark.objects.get()
    assert (remark.answer, remark.answered_by) == ("The county.", user)
    assert (returned.state, returned.reference) == ("received", "PGTF-2027-001")
    assert returned.answer_by_on is None
    assert [version.number for version in returned.versions.all()] == [1, 2]


def test_remarks_are_answered_until_the_end_of_their_day(returned, person, at):
    Remark.objects.update(answer="The county.")
    over = datetime.combine(returned.answer_by_on, datetime.min.time(), BEIJING) + timedelta(days=1)

    at(over)
    message = "The deadline for answers has passed. Ask the Secretariat."
    assert refusals(returned, person) == [message]
    at(over - timedelta(seconds=1))
    assert send(returned, by=person)


# ------------------------------------------------------------------ two at the same moment


def send_both(proposals, people):
    """Send each in a thread and a transaction of its own, at the same moment."""
    barrier, outcomes = threading.Barrier(2), []

    def run(proposal, by):
        try:
            barrier.wait()
            send(proposal, by=by)
            outcomes.append("sent")
        except ValidationError as error:
            outcomes.append(error.messages[0])
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=pair) for pair in zip(proposals, people, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes, reverse=True)


@pytest.fixture
def two_drafts():
    call, institution = call_with_papers(), make.Member()
    people = [make.Affiliation(institution=institution).user for _n in range(2)]
    drafts = [complete_proposal(call, institution=institution, owner=person) for person in people]
    return drafts, people


@pytest.mark.django_db(transaction=True)
def test_of_two_sent_at_the_same_moment_one_is_sent_and_the_other_told(two_drafts):
    drafts, people = two_drafts

    sent, told = send_both(drafts, people)

    assert sent == "sent"
    assert told.startswith(
        "Your institution has already sent a proposal for this call: PGTF-2027-001"
    )
    assert Proposal.objects.sent().count() == 1
    assert Message.objects.filter(kind="proposal-received").count() == 2


@pytest.mark.django_db(transaction=True)
def test_without_the_constraint_both_would_be_sent(two_drafts):
    constraint = next(one for one in Proposal._meta.constraints if one.name == "proposal_sent_once")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Proposal, constraint)
    try:
        assert send_both(*two_drafts) == ["sent", "sent"]
    finally:
        Proposal.objects.update(state="withdrawn")
        with connection.schema_editor() as editor:
            editor.add_constraint(Proposal, constraint)
