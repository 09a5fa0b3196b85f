"""What the database refuses of proposals by itself, whoever writes."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from members.models import Affiliation
from projects.calls.form import FORM
from projects.calls.models import Endorsement, Proposal
from tests import make
from tests.calls.proposals.complete import scan

pytestmark = pytest.mark.django_db
SIGNED = {
    "institution_name": "Ministry of Energy",
    "person_name": "Minister Example",
    "person_position": "Minister",
    "signed_on": "2026-03-01",
}
SEND = "UPDATE calls_proposal SET state = 'received', reference = 'P-' || id, sent_at = now() "


def send(proposal):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{SEND} WHERE id = %s", [proposal.pk])


def endorse(proposal, paper, country=None):
    Endorsement.objects.create(
        proposal=proposal, paper=paper, country=country, file=scan(), **SIGNED
    )


def proposal_with(**changes):
    """Make a proposal that keeps every rule but for what is changed."""
    values = {"countries": make.Country.create_batch(3), "asked": 30_000, "other": 30_000}
    return make.Proposal(**values | changes)


def test_a_proposal_is_sent_if_it_keeps_the_binding_rules():
    proposal = proposal_with()
    send(proposal)
    not_binding = proposal_with(call=make.Call(binding_rules=[]), countries=[], asked=99_000)
    send(not_binding)
    assert set(Proposal.objects.values_list("state", flat=True)) == {"received"}


def test_each_other_participant_must_endorse_and_organisations_more():
    china, laos, nepal = make.Country.create_batch(3)
    proposal = proposal_with(countries=[china, laos, nepal])
    paper = make.RequiredPaper(call=proposal.call)
    endorse(proposal, paper, laos)
    with pytest.raises(IntegrityError, match="a paper is missing"):
        send(proposal)
    endorse(proposal, paper, nepal)
    proposal.endorsements.filter(country=nepal).update(person_name="")
    with pytest.raises(IntegrityError, match="a paper is missing"):
        send(proposal)
    proposal.endorsements.update(person_name="Minister Example")
    letters = make.RequiredPaper(call=proposal.call, kind="inputs", each_country=False)
    endorse(proposal, letters)
    for shown in (None, 29_999):
        proposal.endorsements.filter(paper=letters).update(amount_usd=shown)
        with pytest.raises(IntegrityError, match="no letter shows the other inputs"):
            send(proposal)
    proposal.endorsements.filter(paper=letters).update(amount_usd=30_000)
    send(proposal)
    # An officer confirms what was sent; nothing else of it changes.
    proposal.endorsements.first().confirm(make.User())
    with pytest.raises(IntegrityError, match="the proposal was sent"), transaction.atomic():
        proposal.endorsements.update(person_name="Another")

    proposal = proposal_with()
    make.RequiredPaper(call=proposal.call, of_whom="organisation", each_country=False)
    send(proposal)
    other = proposal_with(applicant="organisation", call=proposal.call)
    with pytest.raises(IntegrityError, match="a paper is missing"):
        send(other)


def test_a_second_proposal_of_an_institution_cannot_be_sent_until_the_first_is_withdrawn():
    first = proposal_with(state="received")
    second = proposal_with(call=first.call, institution=first.institution)

    with pytest.raises(IntegrityError, match="proposal_sent_once"):
        send(second)

    Proposal.objects.filter(pk=first.pk).update(state="withdrawn")
    send(second)


def test_what_was_sent_cannot_be_changed_until_it_is_returned():
    proposal = proposal_with(state="received")

    for change in (
        lambda: Proposal.objects.update(title="Another"),
        lambda: proposal.budget_lines.update(fund_usd=1),
        lambda: proposal.proposal_countries.all().delete(),
    ):
        with pytest.raises(IntegrityError, match="the proposal was sent"), transaction.atomic():
            change()

    Proposal.objects.update(state="returned")
    Proposal.objects.update(title="Another")
    proposal.budget_lines.update(fund_usd=1)


def test_who_acts_for_an_institution_of_the_proposal_cannot_be_its_reader():
    affiliation = make.Affiliation()
    own = proposal_with(institution=affiliation.institution, state="received")
    partners = proposal_with()
    partners.partners.create(institution=affiliation.institution)

    for days in (None, 0, 360):
        until = days is not None and timezone.localdate() - timedelta(days=days)
        Affiliation.objects.update(until=until or None)
        for proposal in (own, partners):
            with pytest.raises(IntegrityError, match="the reader belongs"), transaction.atomic():
                make.Reading(proposal=proposal, reader=affiliation.user)
        assert not Proposal.objects.handled_by(affiliation.user).exists()

    Affiliation.objects.update(until=timezone.localdate() - timedelta(days=370))
    make.Reading(proposal=own, reader=affiliation.user)
    assert Proposal.objects.handled_by(affiliation.user).exists()


def test_the_form_has_each_field_that_an_institution_writes():
    # A field that it lacks would be on no page, in no document, and not kept after sending.
    of_award = {"approval_meeting", "approved_on", "granted_usd", "conditions"}
    others = {"id", "call", "institution", *of_award}
    fields = [*Proposal._meta.concrete_fields, *Proposal._meta.many_to_many]
    written = {field.name for field in fields if field.editable}

    assert {one.name for one in FORM} == written - others
