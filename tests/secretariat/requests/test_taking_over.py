"""Rows of answers become records, once; the institution sees what became of them."""

import html
import re
from datetime import timedelta
from uuid import uuid4

import pghistory
import pytest
from django.urls import reverse
from django.utils import timezone

from meetings.models import Meeting
from members.models import Service
from projects.models import Project
from secretariat.back_office import groups
from secretariat.models import Request
from secretariat.requests import copies, handling
from sscnet.changes import versions
from sscnet.core.models import ImportBatch, ProposedVersion
from sscnet.exchange.undo import Undoing
from tests import make
from tests.meetings.desk import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    user = make.Officer(group=groups.OFFICER)
    client.force_login(user)
    return user


@pytest.fixture
def answered(officer):
    """Send rows of institutions to the first question: `answered(request, {institution: rows})`."""

    def answer(request, rows_of):
        Request.objects.filter(pk=request.pk).update(closes_at=timezone.now() + timedelta(days=5))
        question = request.questions.first()
        handling.open_to(request, rows_of, officer)
        for response in request.responses.all():
            rows = [
                [*row, *[""] * (len(question.columns) - len(row))]
                for row in rows_of[response.institution]
            ]
            response.answers.create(question=question, rows=rows)
            handling.send(response, officer)
        return list(request.responses.order_by("pk"))

    return answer


def take(client, response, kind="projects_project", rows=()):
    """Look at what the rows would become, confirm with these rows ticked; return the counts."""
    question = response.request.questions.first()
    address = reverse("admin:secretariat_request_take", args=[response.pk, question.pk])
    page = client.get(address)
    source = page.context["source_form"].initial
    sent = {"preview": page.context["token"], "row": rows} | source
    client.post(reverse(f"admin:{kind}_process_import"), sent)
    return page.context["preview"].counts()


def state_of_everything():
    projects = Project.objects.order_by("pk").values_list("pk", "title", "updated_at")
    return list(projects), ImportBatch.objects.count()


def test_twenty_rows_of_four_institutions_become_seventeen_drafts_once(client, officer, answered):
    make.Country(iso2="VN", name="Viet Nam")
    institutions = [make.Member(name=f"Institute {n}") for n in range(4)]
    mine = make.Project(title="Biogas for villages", title_zh_hans="农村沼气")
    make.ProjectInstitution(project=mine, institution=institutions[0])
    numbered = make.Project(title="Bamboo")
    make.FundNumber(project=numbered, number="INT/18/K08")
    rows = {one: [["", "", f"Project {one} {n}"] for n in range(5)] for one in institutions}
    rows[institutions[0]][0] = ["", "农村沼气"]
    rows[institutions[1]][0] = ["int 18 k08", "", "Bamboo"]
    rows[institutions[2]][0] = ["", "", "Wrong", "", "", "", "Atlantis"]
    responses = answered(copies.from_ready_made(0), rows)
    writer = make.Affiliation(institution=institutions[3]).user

    found = [take(client, one) for one in responses]
    assert [sum(one[kind] for one in found) for kind in ("new", "same", "refused")] == [17, 2, 1]
    drafts = Project.objects.filter(state="draft")
    assert drafts.count() == 17
    for draft in drafts:
        source = draft.sources.get()
        assert source.name == f"Answer of {draft.title[8:-2]} to the Secretariat"
        assert source.read_on == timezone.localdate()

    # Again: nothing changes, nor what an officer has put right; the wrong row is still there.
    with pghistory.context(user=officer.pk):
        drafts.filter(title="Project Institute 3 1").update(title="A better title")
    before = state_of_everything()
    question = responses[3].request.questions.get()
    for response in (responses[0], responses[1], responses[3]):
        address = reverse("admin:secretariat_request_take", args=[response.pk, question.pk])
        page = client.get(address, follow=True)
        assert "All of these rows are records already." in text_of(page)
    again = take(client, responses[2])
    assert (again["new"], again["same"], again["refused"]) == (0, 0, 1)
    assert state_of_everything() == before
    # Sent anew it is looked at anew: what is known stays one record.
    handling.send(responses[3], officer)
    again = take(client, responses[3])
    assert (again["new"], again["same"], again["waits"]) == (0, 4, 1)
    # What an officer has put right stays: no row was ticked.
    assert Project.objects.filter(title="A better title").exists()

    # The institution sees what became of its rows; an import is undone.
    client.force_login(writer)
    page = text_of(client.get(responses[3].address))
    assert page.count('What became of it">draft<') == 5
    assert "not taken over yet" not in page
    for batch in ImportBatch.objects.filter(file_name__contains="Institute 3"):
        Undoing(batch).undo(officer)
    page = text_of(client.get(responses[3].address))
    # What somebody has worked on since stays.
    assert page.count("not taken over yet") == 4
    assert page.count('What became of it">draft<') == 1


def test_activities_and_services_are_taken_over_once(client, officer, answered):
    institution = make.Member(name="Institute of Biogas")
    make.Service(institution=institution, kind="training", title="Courses on biogas")
    [response] = answered(
        copies.from_ready_made(3), {institution: [["", "Seminar on biogas"], ["沼气研修班"]]}
    )
    assert take(client, response, "meetings_meeting")["new"] == 2
    handling.send(response, officer)
    assert take(client, response, "meetings_meeting")["same"] == 2
    assert {one.state for one in Meeting.objects.all()} == {"draft"}

    request = Request.objects.create(title="Services", closes_at=timezone.now())
    columns = "Kind (choice: training; seminar)\nTitle\nTitle in Chinese"
    request.questions.create(kind="table", text="Services", choices=columns, about="services")
    rows = [["2", "Seminars", "研讨会"], ["1", "Courses on biogas", "沼气培训班"]]
    [response] = answered(request, {institution: rows})
    Service.objects.create(institution=institution, kind="training", title="Kept")
    assert take(client, response, "members_institution", rows=[2])["waits"] == 1
    assert institution.services.count() == 2
    versions.release(ProposedVersion.objects.get(), officer)
    titles = sorted(one.title for one in institution.services.all())
    assert titles == ["Courses on biogas", "Kept", "Seminars"]
    assert institution.services.get(title="Courses on biogas").title_zh_hans == "沼气培训班"
    handling.send(response, officer)
    take(client, response, "members_institution")
    assert institution.services.count() == 3


def test_a_contact_becomes_an_invitation_that_an_officer_sends(client, officer, answered):
    institution = make.Member()
    make.Affiliation(institution=institution, user__email="known@example.org")
    request = Request.objects.create(title="Contacts", closes_at=timezone.now())
    request.questions.create(kind="table", text="Contacts", choices="Name\nEmail", about="contacts")
    rows = [["Li Na", "li.na@example.org"], ["Known", "known@example.org"], ["Nobody", ""]]
    [response] = answered(request, {institution: rows})
    page = client.get(reverse("admin:secretariat_request_response", args=[response.pk])).text
    [invite] = re.findall(r'href="([^"]*invitation/add/[^"]*li\.na[^"]*)"', page)
    form = client.get(html.unescape(invite)).context["adminform"].form
    assert form["email"].value() == "li.na@example.org"
    assert str(form["institution"].value()) == str(institution.pk)
    question = request.questions.get()
    take_it = reverse("admin:secretariat_request_take", args=[response.pk, question.pk])
    assert client.get(take_it).status_code == 404


def test_what_is_public_changes_by_a_ticked_row_and_a_release_alone(client, officer, answered):
    institution = make.Member(name="Institute of Bamboo")
    countries = [make.Country(iso2=code) for code in ("KE", "NP", "VN")]
    project = make.Project(title="Bamboo bridges", year_approved=2018, state="published")
    make.ProjectInstitution(project=project, institution=institution)
    for country in countries:
        make.ProjectCountry(project=project, country=country)
    rows = [["", "", "Bamboo bridges", "", "", "2019", "", "Kenya"]]
    [response] = answered(copies.from_ready_made(0), {institution: rows})

    assert take(client, response)["waits"] == 1
    project.refresh_from_db()
    assert (project.year_approved, project.countries.count()) == (2018, 3)
    assert not ProposedVersion.objects.exists()
    # The table's own column, the year, is read; the row is ticked, and waits.
    assert take(client, response, rows=[2])["waits"] == 1
    project.refresh_from_db()
    assert (project.year_approved, project.countries.count()) == (2018, 3)
    version = ProposedVersion.objects.get()
    assert version.origin == ProposedVersion.Origin.IMPORT
    versions.release(version, officer)
    project.refresh_from_db()
    assert project.year_approved == 2019


def test_a_file_of_the_same_name_is_no_import_of_an_answer(client, officer, answered):
    institution = make.Member(name="Institute of Bamboo")
    [response] = answered(copies.from_ready_made(0), {institution: [["", "竹桥", "Bridges"]]})
    make.Project(title="Bridges")
    ImportBatch.objects.create(
        batch=uuid4(),
        model="projects.project",
        file_name=f"answer-{institution.pk} {institution} 2026-12-01.csv",
    )
    assert take(client, response)["new"] == 1
    batch = ImportBatch.objects.exclude(answer=None).get()
    assert batch.answer == response.submission.answers.get().pk
