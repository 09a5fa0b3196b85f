"""What the database refuses of proposals by itself, whoever writes."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from PIL import Image

from members.models import Affiliation
from projects.calls.form import FORM
from projects.calls.models import Endorsement, Proposal
from tests import make

pytestmark = pytest.mark.django_db
SEND = "UPDATE calls_proposal SET state = 'received', reference = 'P-1', sent_at = now() "


def send(proposal):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{SEND} WHERE id = %s", [proposal.pk])


def scan():
    """Make a PDF of one pixel, as a scanned letter is."""
    file = BytesIO()
    Image.new("RGB", (1, 1)).save(file, "PDF")
    return ContentFile(file.getvalue(), "letter.pdf")


def endorse(proposal, paper, country=None):
    Endorsement.objects.create(proposal=proposal, paper=paper, country=country, file=scan())


def proposal_with(**changes):
    """Make a proposal that keeps every rule but for what is changed."""
    values = {"countries": make.Country.create_batch(3), "asked": 30_000, "other": 30_000}
    return make.Proposal(**values | changes)


def test_a_proposal_that_keeps_the_rules_can_be_sent():
    proposal = proposal_with()

    send(proposal)

    assert Proposal.objects.get().state == "received"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"countries": []}, "too few countries"),
        ({"asked": 36_000, "other": 36_000}, "more is asked than the ceiling"),
        ({"other": 29_999}, "the other inputs are too low"),
    ],
)
def test_a_binding_rule_is_kept_by_sql_too(changes, message):
    proposal = proposal_with(**changes)

    with pytest.raises(IntegrityError, match=message):
        send(proposal)


def test_a_beneficiary_is_no_participant():
    china, laos, nepal = make.Country.create_batch(3)
    proposal = proposal_with(countries=[china, laos])
    proposal.proposal_countries.create(country=nepal, role="beneficiary")

    with pytest.raises(IntegrityError, match="too few countries"):
        send(proposal)


def test_each_other_participant_must_endorse():
    china, laos, nepal = make.Country.create_batch(3)
    proposal = proposal_with(countries=[china, laos, nepal])
    paper = make.RequiredPaper(call=proposal.call)
    endorse(proposal, paper, laos)

    with pytest.raises(IntegrityError, match="a paper is missing"):
        send(proposal)

    endorse(proposal, paper, nepal)
    send(proposal)


def test_a_paper_of_organisations_is_not_asked_of_national_institutions():
    proposal = proposal_with()
    make.RequiredPaper(call=proposal.call, of_whom="organisation", each_country=False)

    send(proposal)

    other = proposal_with(applicant="organisation", call=proposal.call)
    with pytest.raises(IntegrityError, match="a paper is missing"):
        send(other)


def test_what_is_not_binding_does_not_stop():
    proposal = proposal_with(call=make.Call(binding_rules=[]), countries=[], asked=99_000)

    send(proposal)

    assert Proposal.objects.get().state == "received"


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
    others = {"id", "call", "institution", "approval_meeting", "approved_on", "granted_usd"}
    fields = [*Proposal._meta.concrete_fields, *Proposal._meta.many_to_many]
    written = {field.name for field in fields if field.editable}

    assert {one.name for one in FORM} == written - others
