"""Whatever is changed, and however, the history says who, when and what."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pghistory
import pytest
from django.core.files.base import ContentFile
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from PIL import Image

from meetings.models import (
    ActionPoint,
    AgendaItem,
    InstitutionQuota,
    Meeting,
    MeetingDocument,
    MeetingInstitution,
    MeetingPicture,
    MeetingProject,
    MeetingQuestion,
    MeetingSeries,
    Workshop,
)
from members.models import (
    Affiliation,
    Institution,
    InstitutionName,
    InstitutionSector,
    Invitation,
    Logo,
    Membership,
    ProfileProposal,
    Service,
    ServiceSector,
    User,
)
from projects.calls.models import Call, CallAnswer, CallDocument, Criterion, RequiredPaper
from projects.models import (
    Document,
    FundNumber,
    Picture,
    Project,
    ProjectCountry,
    ProjectInstitution,
    ProjectPurpose,
    ProjectSDG,
    ProjectSector,
)
from secretariat.models import DatedFigure, Page, ReportSection, YearlyReport
from sscnet.changes.authors import last_changed_by
from sscnet.changes.history import history_page
from sscnet.codelists.models import SDG, Country, DACSector, PGTFArea, Sector
from sscnet.core.database.triggers import tracked_models
from sscnet.core.models import Source
from sscnet.outbox.models import WordingOverride
from sscnet.search.models import Synonym
from tests import make
from tests.admin_forms import errors, filled

pytestmark = pytest.mark.django_db

FROM_DATABASE = "not known: changed in the database"


def document():
    table = ContentFile(b"country,year\nVN,2019\n", name="any.csv")
    return Document.objects.create(project=make.Project(), file=table, title="Old words")


def image():
    content = io.BytesIO()
    Image.new("RGB", (40, 30)).save(content, "PNG")
    return ContentFile(content.getvalue(), name="any.png")


def picture():
    return Picture.objects.create(project=make.Project(), image=image(), alt="Old words")


def logo():
    institution = make.Institution()
    return Logo.objects.create(institution=institution, image=image(), alt="Old words")


def meeting_document():
    table = ContentFile(b"country,year\nVN,2019\n", name="any.csv")
    return MeetingDocument.objects.create(meeting=make.Meeting(), file=table, title="Old words")


def call_document():
    table = ContentFile(b"country,year\nVN,2019\n", name="any.csv")
    return CallDocument.objects.create(call=make.Call(), file=table, title="Old words")


def meeting_picture():
    with picture().image.open() as file:
        content = ContentFile(file.read(), name="any.webp")
    return MeetingPicture.objects.create(meeting=make.Meeting(), image=content, alt="Old words")


@dataclass(frozen=True)
class Case:
    """A row, the record whose form shows it and where, and a change of one of its fields."""

    create: Callable[[], models.Model]
    field: str
    label: str
    old: str
    new: Any = "New words"
    shown: str = "New words"
    owner: str = ""
    inline: str = ""
    # Where it is no, the form shows the row and its fields cannot be sent.
    is_in_form: bool = True


def target(factory, **values):
    """Point to another row when the case is run; its key is sent, its name shown."""
    return lambda: factory(**values).pk


SOURCES = "core-source-content_type-object_id"
CASES = {
    Synonym: Case(
        lambda: make.Synonym(words="Old words, rice"),
        "words",
        "Words",
        "Old words, rice",
        "New words, rice",
        "New words, rice",
    ),
    Country: Case(lambda: make.Country(name="Old words"), "name", "Name (English)", "Old words"),
    DACSector: Case(lambda: make.DACSector(name="Old words"), "name", "Name", "Old words"),
    Sector: Case(lambda: make.Sector(name="Old words"), "name", "Name (English)", "Old words"),
    SDG: Case(lambda: make.SDG(name="Old words"), "name", "Short name (English)", "Old words"),
    PGTFArea: Case(lambda: make.PGTFArea(name="Old words"), "name", "Name (English)", "Old words"),
    Source: Case(
        lambda: make.Source(record=make.Project(), name="Old words"),
        "name",
        "name (English)",
        "Old words",
        owner="record",
        inline=SOURCES,
    ),
    Institution: Case(
        lambda: make.Institution(name="Old words"), "name", "Official name (English)", "Old words"
    ),
    InstitutionName: Case(
        lambda: make.InstitutionName(name="Old words"),
        "name",
        "name",
        "Old words",
        owner="institution",
        inline="names",
    ),
    InstitutionSector: Case(
        lambda: make.InstitutionSector(sector__name="Old words"),
        "sector",
        "sector",
        "Old words",
        target(make.Sector, name="New words"),
        owner="institution",
        inline="institution_sectors",
    ),
    Membership: Case(
        lambda: make.Membership(admitted_how="Old words"),
        "admitted_how",
        "how admitted (English)",
        "Old words",
        owner="institution",
        inline="memberships",
    ),
    Service: Case(lambda: make.Service(title="Old words"), "title", "Title (English)", "Old words"),
    ServiceSector: Case(
        lambda: ServiceSector.objects.create(
            service=make.Service(), sector=make.Sector(name="Old words")
        ),
        "sector",
        "sector",
        "Old words",
        target(make.Sector, name="New words"),
        owner="service",
        inline="service_sectors",
    ),
    User: Case(lambda: make.User(name="Old words"), "name", "Name", "Old words"),
    Affiliation: Case(
        make.Affiliation,
        "role",
        "role",
        "focal point",
        "viewer",
        "viewer",
        owner="institution",
        inline="affiliations",
    ),
    Invitation: Case(
        lambda: make.Invitation(role="viewer"), "role", "Role", "viewer", "deputy", "deputy"
    ),
    Project: Case(lambda: make.Project(title="Old words"), "title", "Title (English)", "Old words"),
    Document: Case(
        document, "title", "title (English)", "Old words", owner="project", inline="documents"
    ),
    Picture: Case(
        picture,
        "alt",
        "alternative text (English)",
        "Old words",
        owner="project",
        inline="pictures",
    ),
    Logo: Case(
        logo,
        "alt",
        "alternative text (English)",
        "Old words",
        owner="institution",
        inline="logos",
    ),
    ProfileProposal: Case(
        lambda: make.Institution().proposals.create(remark="Old words"),
        "remark",
        "remark of the institution",
        "Old words",
        owner="institution",
        inline="proposals",
        is_in_form=False,
    ),
    FundNumber: Case(
        lambda: make.FundNumber(number="INT/01/K01"),
        "number",
        "number of the Fund",
        "INT/01/K01",
        "INT/02/K02",
        "INT/02/K02",
        owner="project",
        inline="fund_numbers",
    ),
    ProjectCountry: Case(
        make.ProjectCountry,
        "role",
        "role",
        "participating",
        "beneficiary",
        "beneficiary",
        owner="project",
        inline="project_countries",
    ),
    ProjectInstitution: Case(
        make.ProjectInstitution,
        "role",
        "role",
        "co-implementer",
        "supporter",
        "supporter",
        owner="project",
        inline="project_institutions",
    ),
    ProjectSector: Case(
        lambda: make.ProjectSector(sector__name="Old words"),
        "sector",
        "sector",
        "Old words",
        target(make.Sector, name="New words"),
        owner="project",
        inline="project_sectors",
    ),
    ProjectPurpose: Case(
        lambda: make.ProjectPurpose(purpose__code="23210", purpose__name="Old words"),
        "purpose",
        "DAC purpose",
        "23210 Old words",
        target(make.DACSector, code="23220", name="New words", level="purpose"),
        "23220 New words",
        owner="project",
        inline="project_purposes",
    ),
    ProjectSDG: Case(
        lambda: make.ProjectSDG(reason="Old words"),
        "reason",
        "why (English)",
        "Old words",
        owner="project",
        inline="project_sdgs",
    ),
    Page: Case(lambda: make.Page(title="Old words"), "title", "Title (English)", "Old words"),
    DatedFigure: Case(
        lambda: make.DatedFigure(label="Old words"), "label", "Label (English)", "Old words"
    ),
    YearlyReport: Case(
        lambda: YearlyReport.objects.create(year=2024, introduction="Old words"),
        "introduction",
        "Introduction (English)",
        "Old words",
    ),
    ReportSection: Case(
        lambda: YearlyReport.objects.create(year=2024).sections.create(
            section="money", words="Old words"
        ),
        "words",
        "words (English)",
        "Old words",
        owner="report",
        inline="sections",
    ),
    Meeting: Case(lambda: make.Meeting(title="Old words"), "title", "Title (English)", "Old words"),
    MeetingSeries: Case(
        lambda: MeetingSeries.objects.create(name="Old words"),
        "name",
        "Name (English)",
        "Old words",
    ),
    MeetingQuestion: Case(
        lambda: MeetingQuestion.objects.create(meeting=make.Meeting(), text="Old words"),
        "text",
        "question (English)",
        "Old words",
        owner="meeting",
        inline="questions",
    ),
    Workshop: Case(
        lambda: make.Workshop(title="Old words"),
        "title",
        "title (English)",
        "Old words",
        owner="meeting",
        inline="workshops",
    ),
    AgendaItem: Case(
        lambda: AgendaItem.objects.create(
            meeting=make.Meeting(), day=date(2030, 5, 1), title="Old words"
        ),
        "title",
        "title (English)",
        "Old words",
        owner="meeting",
        inline="agenda_items",
    ),
    MeetingDocument: Case(
        meeting_document,
        "title",
        "title (English)",
        "Old words",
        owner="meeting",
        inline="documents",
    ),
    MeetingPicture: Case(
        meeting_picture,
        "alt",
        "alternative text (English)",
        "Old words",
        owner="meeting",
        inline="pictures",
    ),
    ActionPoint: Case(
        lambda: ActionPoint.objects.create(
            meeting=make.Meeting(),
            institution=make.Institution(),
            due_on=date(2030, 5, 1),
            text="Old words",
        ),
        "text",
        "what is to be done (English)",
        "Old words",
        owner="meeting",
        inline="action_points",
    ),
    MeetingInstitution: Case(
        lambda: MeetingInstitution.objects.create(
            meeting=make.Meeting(), institution=make.Institution()
        ),
        "role",
        "role",
        "attended",
        "host",
        "host",
        owner="meeting",
        inline="meeting_institutions",
    ),
    MeetingProject: Case(
        lambda: MeetingProject.objects.create(
            meeting=make.Meeting(), project=make.Project(title="Old words")
        ),
        "project",
        "project",
        "Old words",
        target(make.Project, title="New words"),
        owner="meeting",
        inline="meeting_projects",
    ),
    InstitutionQuota: Case(
        lambda: InstitutionQuota.objects.create(
            meeting=make.Meeting(), institution=make.Institution(), quota=3
        ),
        "quota",
        "places",
        "3",
        7,
        "7",
        owner="meeting",
        inline="quotas",
        is_in_form=False,
    ),
    Call: Case(lambda: make.Call(title="Old words"), "title", "Title (English)", "Old words"),
    CallAnswer: Case(
        lambda: CallAnswer.objects.create(call=make.Call(), question="Old words"),
        "question",
        "question (English)",
        "Old words",
        owner="call",
        inline="answers",
    ),
    CallDocument: Case(
        call_document,
        "title",
        "title (English)",
        "Old words",
        owner="call",
        inline="documents",
    ),
    Criterion: Case(
        lambda: make.Criterion(name="Old words"),
        "name",
        "name (English)",
        "Old words",
        owner="call",
        inline="criteria",
    ),
    RequiredPaper: Case(
        lambda: make.RequiredPaper(name="Old words"),
        "name",
        "name (English)",
        "Old words",
        owner="call",
        inline="required_papers",
    ),
    WordingOverride: Case(
        lambda: WordingOverride.objects.create(key="any_mail", subject="Old words"),
        "subject",
        "Subject (English)",
        "Old words",
    ),
}


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def officer():
    return make.User(email="wang@example.org", is_staff=True, is_superuser=True, name="Wang Li")


IN_EVERY_WAY = {Project, ProjectCountry}


def some(tried):
    """Give each tracked model; those that are not tried are left to PROOF=1."""
    for model in tracked_models():
        marks = [] if model in IN_EVERY_WAY or tried(CASES[model]) else [pytest.mark.proof]
        yield pytest.param(model, marks=marks, id=model._meta.label)


@pytest.fixture(params=tracked_models(), ids=lambda model: model._meta.label)
def changed(request):
    """A row of each tracked model, its case and its record; a model without a case fails here."""
    case = CASES[request.param]
    row = case.create()
    return case, row, getattr(row, case.owner) if case.owner else row


def value_of(case):
    return case.new() if callable(case.new) else case.new


def told(record, who):
    """Give what the history tells of a person or command, as plain sentences."""
    acts = history_page(record).object_list
    return [str(text) for act in acts if act.who == who for text in act.sentences]


def tells(case, sentences):
    change = f"{case.label} changed from {case.old} to {case.shown}"
    return any(sentence.endswith(change) for sentence in sentences)


@pytest.mark.parametrize("changed", [*some(lambda case: not case.owner)], indirect=True)
def test_a_change_by_form_is_told(client, officer, changed):
    case, row, record = changed
    client.force_login(officer)
    page = reverse(
        f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk]
    )
    response = client.get(page)
    data = filled(response)
    name = case.field
    if not case.is_in_form:
        assert not [key for key in data if key.startswith(f"{case.inline}-0-{case.field}")]
        return
    if case.inline:
        form = next(key for key, value in data.items() if is_row(key, value, case.inline, row))
        name = form.removesuffix("-id") + f"-{case.field}"

    response = client.post(page, data | {name: value_of(case)})

    assert response.status_code == 302, errors(response)
    sentences = told(record, "Wang Li")
    assert tells(case, sentences), sentences
    # Only what was changed: a form that is saved leaves the other fields as they were.
    assert len(sentences) == 1, sentences


def is_row(key, value, inline, row):
    return key.startswith(f"{inline}-") and key.endswith("-id") and value == str(row.pk)


@pytest.mark.parametrize("changed", [*some(lambda case: False)], indirect=True)
def test_a_change_of_many_rows_at_once_is_told(officer, changed):
    case, row, record = changed

    with pghistory.context(user=officer.pk):
        type(row).objects.filter(pk=row.pk).update(**{case.field: value_of(case)})

    assert tells(case, told(record, "Wang Li"))


def test_a_change_by_sql_is_told(changed):
    case, row, record = changed
    column, key = row._meta.get_field(case.field).column, row._meta.pk.column

    with connection.cursor() as cursor:
        table = row._meta.db_table
        cursor.execute(
            f"UPDATE {table} SET {column} = %s WHERE {key} = %s", [value_of(case), row.pk]
        )

    assert tells(case, told(record, FROM_DATABASE))


def test_a_new_row_and_a_removed_one_are_told(officer, changed):
    case, row, record = changed
    if not case.owner:
        assert "Entered" in told(record, FROM_DATABASE)
        return
    name = str(row)

    with pghistory.context(user=officer.pk):
        row.delete()

    part = type(row)._meta.verbose_name
    added = told(record, FROM_DATABASE)
    removed = told(record, "Wang Li")
    assert any(s.lower().startswith(f"{part} added: {name}".lower()) for s in added), added
    assert any(s.lower().startswith(f"{part} removed: {name}".lower()) for s in removed), removed


# ------------------------------------------------------------------ how it reads


def test_links_are_told_with_what_they_say():
    project = make.Project(countries=[make.Country(name="China")])
    make.ProjectCountry(project=project, country__name="Viet Nam")
    make.ProjectSDG(project=project, sdg__name="Clean Water", sdg__number=6, target="6.1")

    sentences = told(project, FROM_DATABASE)

    assert "Country added: China (lead)" in sentences
    assert "Country added: Viet Nam (participating)" in sentences
    assert "Goal (SDG) added: 6 Clean Water (primary, target: 6.1)" in sentences


def test_translations_choices_amounts_and_dates_are_told_as_one_reads_them(officer):
    project = make.Project()
    with pghistory.context(user=officer.pk):
        project.outcome_zh_hans = "沼气"
        project.status = Project.Status.COMPLETED
        project.granted_usd = 29000
        project.approved_on = date(2019, 5, 21)
        project.classification_confirmed_by = officer
        project.save()

    assert told(project, "Wang Li") == [
        "Outcome (Chinese) set to 沼气",
        "Declared status set to Completed",
        "Approved on set to 21 May 2019",
        "Granted by the PGTF, US$ set to 29,000.00",
        "Classification confirmed by set to Wang Li",
    ]


def test_emptying_a_field_says_what_was_there(officer):
    project = make.Project(summary="Bamboo")
    with pghistory.context(user=officer.pk):
        Project.objects.update(summary="")

    assert told(project, "Wang Li") == ["Summary (English) cleared, it was Bamboo"]


def test_an_empty_translation_is_no_change(officer):
    project = make.Project()
    with pghistory.context(user=officer.pk):
        Project.objects.update(i18n={"title_zh_hans": ""})

    assert told(project, "Wang Li") == []


def test_values_are_shown_and_never_run(client, officer):
    project = make.Project(title="<script>alert(1)</script>")
    client.force_login(officer)

    page = client.get(reverse("admin:projects_project_history", args=[project.pk]))

    assert "<ins>&lt;script&gt;alert(1)&lt;/script&gt;</ins>" in page.content.decode()
    assert "<script>alert" not in page.content.decode()


def test_names_are_in_the_officers_language():
    project = make.Project()
    make.ProjectCountry(project=project, country=make.Country(name="Kenya", name_zh_hans="肯尼亚"))

    with translation.override("zh-hans"):
        sentences = told(project, history_page(project)[0].who)

    assert any("肯尼亚" in sentence for sentence in sentences)


def test_a_row_whose_target_is_gone_keeps_its_name(officer):
    link = make.ProjectCountry(country__name="Atlantis")
    project, country = link.project, link.country
    link.delete()
    country.delete()

    assert "Country removed: Atlantis (participating)" in told(project, FROM_DATABASE)


def test_a_row_that_moves_to_another_record_leaves_one_and_joins_the_other(officer):
    link = make.ProjectCountry(country__name="Kenya")
    before, after = link.project, make.Project()

    with pghistory.context(user=officer.pk):
        ProjectCountry.objects.update(project=after)

    assert told(before, "Wang Li") == ["Country removed: Kenya (participating)"]
    assert told(after, "Wang Li") == ["Country added: Kenya (participating)"]


# ------------------------------------------------------------------ who


@pytest.mark.parametrize(
    ("noted", "who"),
    [
        ({"command": "load_network"}, "the command load_network"),
        (
            {"command": "load_network", "file": "projects.csv"},
            "the command load_network, from projects.csv",
        ),
        ({"other": "words"}, FROM_DATABASE),
    ],
)
def test_what_no_person_did_says_what_did_it(noted, who):
    with pghistory.context(**noted):
        project = make.Project()

    assert "Entered" in told(project, who)


def test_an_import_names_person_and_file(officer):
    with pghistory.context(user=officer.pk, import_file="sheet.xlsx"):
        project = make.Project()

    assert "Entered" in told(project, "Wang Li, by importing sheet.xlsx")


def test_a_person_whose_account_is_gone_keeps_the_name(officer):
    with pghistory.context(user=officer.pk):
        project = make.Project()
    officer.delete()

    assert "Entered" in told(project, "Wang Li")


def test_the_last_person_is_found_past_commands_and_steps(officer):
    with pghistory.context(user=officer.pk):
        project = make.Project()
    with pghistory.context(user=make.User().pk):
        Project.objects.update(state=Project.State.WITHDRAWN)
    with pghistory.context(command="load_network"):
        Project.objects.update(summary="Loaded")

    assert last_changed_by(project) == officer


def test_what_no_person_changed_was_changed_by_nobody():
    assert last_changed_by(make.Project()) is None


# ------------------------------------------------------------------ the page


@pytest.mark.django_db(transaction=True)
def test_acts_come_newest_first_in_pages(officer):
    project = make.Project()
    for n in range(4):
        with pghistory.context(user=officer.pk):
            Project.objects.update(summary=f"Text {n}")

    page = history_page(project, 1, per_page=3)

    newest = [str(act.sentences[0]) for act in page]
    assert newest[0].endswith("changed from Text 2 to Text 3")
    assert newest[2].endswith("changed from Text 0 to Text 1")
    assert page.paginator.num_pages == 2
    assert len(history_page(project, "nonsense", per_page=3)) == 3
    assert len(history_page(project, 10**30, per_page=3)) == 2


def queries_of_history(project):
    with CaptureQueriesContext(connection) as queries:
        list(history_page(project))
    return len(queries)


def test_queries_do_not_grow_with_the_events(officer):
    project = make.Project(countries=[make.Country()], sdgs=[make.SDG()])
    few = queries_of_history(project)
    for n in range(10):
        with pghistory.context(user=officer.pk):
            make.ProjectCountry(project=project)
            Project.objects.update(summary=f"Text {n}")
    many = queries_of_history(project)

    # The users and the rows before a change are read besides, once each.
    assert many <= few + 3
    assert many <= 30


def test_the_admin_shows_the_history(client, officer):
    client.force_login(officer)
    project = make.Project(countries=[make.Country(name="Kenya")])

    page = client.get(reverse("admin:projects_project_history", args=[project.pk]))

    assert "Country added: <b>Kenya</b> (lead)" in page.content.decode()


def test_who_may_not_see_the_record_does_not_see_its_history(client):
    client.force_login(make.User(is_staff=True))

    page = client.get(reverse("admin:projects_project_history", args=[make.Project().pk]))

    assert page.status_code == 403
