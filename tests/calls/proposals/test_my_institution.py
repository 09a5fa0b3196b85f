"""What is due for an institution at /my/: calls to write for, drafts to send, remarks to answer."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from projects.calls.models import Call, Proposal
from projects.calls.my_institution import due, reports_due
from sscnet.core.i18n.dates import BEIJING
from tests import make
from tests.calls.made import State, bring, send
from tests.calls.proposals.complete import complete_proposal
from tests.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def institution():
    return make.Member()


def labels(institution):
    return [row["label"] for row in due(institution)]


def test_a_call_is_to_be_written_for_then_sent_then_its_remarks_answered(institution):
    call = make.Call(title="Seed money")
    assert labels(institution) == ["Write a proposal for Seed money"]
    proposal = complete_proposal(call, institution=institution)
    (row,) = due(institution)
    assert row["label"] == "Send the proposal for Seed money, which is a draft"
    assert row["url"] == proposal.get_absolute_url()
    assert row["by"] == call.closes_at.astimezone(BEIJING).date()
    Proposal.objects.update(state="received", reference="P-1", sent_at=timezone.now())
    assert due(institution) == []
    Proposal.objects.update(state="withdrawn")
    assert labels(institution) == ["Write a proposal for Seed money"]

    returned = {"state": "returned", "reference": "PGTF-2027-001"}
    Proposal.objects.update(**returned, answer_by_on=date(2027, 4, 20))
    (row,) = due(institution)
    assert row["label"] == "Answer the Secretariat’s remarks on the proposal PGTF-2027-001"
    assert row["by"] == date(2027, 4, 20)


def test_calls_of_others_and_closed_ones_are_not_due(institution):
    assert due(institution) == []
    call = make.Call()
    assert due(make.Institution()) == []
    for change in (
        {"closes_at": timezone.now()},
        {"state": "draft"},
        {"opens_at": timezone.now() + timedelta(days=1)},
    ):
        before = {name: getattr(call, name) for name in change}
        Call.objects.update(**change)
        assert due(institution) == []
        Call.objects.update(**before)


def test_my_page_and_list_show_them(client, institution, django_assert_max_num_queries):
    call = make.Call(title="Seed money")
    for n in range(20):
        complete_proposal(call, institution=institution, title=f"Proposal {n}")
    client.force_login(make.Affiliation(institution=institution).user)

    home = client.get(reverse("secretariat:my_institution", args=[institution.slug]))
    with django_assert_max_num_queries(15):
        listed = client.get(reverse("calls:proposals", args=[institution.slug]))

    for page in (home, listed):
        assert page.content.decode().count("Proposal 1") == 11
    assert "Send the proposal for Seed money" in home.content.decode()


def test_a_report_is_due_from_its_first_reminder_on(institution):
    proposal = complete_proposal(make.Call(), institution=institution)
    today = timezone.localdate(timezone=BEIJING)
    report = proposal.reports_due.create(kind="final", due_on=today + timedelta(days=61))
    assert reports_due(institution) == []
    report.due_on = today + timedelta(days=60)
    report.save()
    assert [row["by"] for row in reports_due(institution)] == [report.due_on]


def test_own_projects_stand_on_my_page_with_grant_and_reports(client, institution):
    proposal = bring(send(complete_proposal(make.Call(), institution=institution)), State.APPROVED)
    project = make.Project(title="Biogas", submitter=institution, granted_usd=30_000)
    other = make.Project(title="Bamboo", submitter=institution, status="completed")
    type(proposal).objects.filter(pk=proposal.pk).update(project=project)
    client.force_login(make.Affiliation(institution=institution).user)

    page = client.get(reverse("secretariat:my_institution", args=[institution.slug]))
    of_proposal = text_of(client.get(proposal.get_absolute_url()))

    found = text_of(page).partition('id="projects"')[2]
    assert "Lead institution · not stated · US$ 30,000" in found
    assert f"/proposals/{proposal.pk}/reports/" in found
    assert f"/ask/project/{other.slug}/?about=correction" in found
    assert f"<dt>Granted</dt><dd>US$ {proposal.granted_usd:,}</dd>" in of_proposal
