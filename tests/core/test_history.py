"""Whatever is changed, and however, the history says who, when and what."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pghistory
import pytest
from django.core.files.base import ContentFile
from django.db import connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from PIL import Image

from meetings import models as meetings
from members import models as members
from projects import models as projects
from projects.calls.models import Call, CallDocument, Criterion, RequiredPaper
from projects.models import Project, ProjectCountry
from secretariat.models import (
    DatedFigure,
    Introduction,
    Need,
    Page,
    PagePicture,
    Publication,
    PublicationInstitution,
    Redirect,
    ReportSection,
    Request,
    RequestDocument,
    RequestQuestion,
    YearlyReport,
)
from sscnet.changes.authors import last_changed_by
from sscnet.changes.history import history_page
from sscnet.codelists.models import SDG, Country, DACSector, PGTFArea, Sector, Topic
from sscnet.core.database.triggers import tracked_models
from sscnet.core.models import Source
from sscnet.outbox.models import WordingOverride
from sscnet.papers.models import PaperSettings
from sscnet.search.models import Synonym
from tests import make
from tests.admin_forms import errors, filled
from tests.pages import plain
from tests.pages import whole as change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

FROM_DATABASE = "not known: changed in the database"


def document(model, **owner):
    paper = ContentFile(b"%PDF-1.4\nstartxref\n0\n%%EOF\n", name="any.pdf")
    return model.objects.create(file=paper, title="Old words", **owner)


def picture(model, kind="PNG", **owner):
    content = io.BytesIO()
    Image.new("RGB", (40, 30)).save(content, kind)
    image = ContentFile(content.getvalue(), name=f"any.{kind.lower()}")
    return model.objects.create(image=image, alt="Old words", **owner)


@dataclass(frozen=True)
class Case:
    """A row, the record whose form shows it and where, and a change of one of its fields."""

    create: Callable[[], models.Model]
    field: str
    label: str
    owner: str = ""
    inline: str = ""
    old: str = "Old words"
    new: Any = "New words"
    shown: str = "New words"
    # Where it is no, the form shows the row and its fields cannot be sent.
    is_in_form: bool = True


def target(factory, **values):
    """Point to another row when the case is run; its key is sent, its name shown."""
    return lambda: factory(**values).pk


SOURCES = "core-source-content_type-object_id"
CASES = {
    Synonym: Case(
        lambda: make.Synonym(words="Old words, rice"),
        *("words", "Words"),
        old="Old words, rice",
        new="New words, rice",
        shown="New words, rice",
    ),
    Country: Case(lambda: make.Country(name="Old words"), "name", "Name (English)"),
    DACSector: Case(lambda: make.DACSector(name="Old words"), "name", "Name"),
    Sector: Case(lambda: make.Sector(name="Old words"), "name", "Name (English)"),
    Topic: Case(lambda: make.Topic(name="Old words"), "name", "Name (English)"),
    SDG: Case(lambda: make.SDG(name="Old words"), "name", "Short name (English)"),
    PGTFArea: Case(lambda: make.PGTFArea(name="Old words"), "name", "Name (English)"),
    Source: Case(
        lambda: make.Source(record=make.Project(), name="Old words"),
        *("name", "name (English)", "record", SOURCES),
    ),
    members.Institution: Case(
        lambda: make.Institution(name="Old words"), "name", "Official name (English)"
    ),
    members.InstitutionName: Case(
        lambda: make.InstitutionName(name="Old words"), *("name", "name", "institution", "names")
    ),
    members.InstitutionSector: Case(
        lambda: make.InstitutionSector(sector__name="Old words"),
        *("sector", "sector", "institution", "institution_sectors"),
        new=target(make.Sector, name="New words"),
    ),
    members.Membership: Case(
        lambda: make.Membership(admitted_how="Old words"),
        *("admitted_how", "how admitted (English)", "institution", "memberships"),
    ),
    members.Service: Case(
        lambda: make.Service(title="Old words"),
        *("title", "title (English)", "institution", "services"),
    ),
    members.User: Case(lambda: make.User(name="Old words"), "name", "Name"),
    members.Affiliation: Case(
        make.Affiliation,
        *("role", "role", "institution", "affiliations"),
        old="focal point",
        new="viewer",
        shown="viewer",
    ),
    members.Invitation: Case(
        lambda: make.Invitation(expires_at=datetime(2026, 11, 1, tzinfo=UTC)),
        *("expires_at", "Expires"),
        old="1 November 2026, 08:00",
        new=datetime(2026, 11, 2, tzinfo=UTC),
        shown="2 November 2026, 08:00",
        is_in_form=False,
    ),
    Project: Case(lambda: make.Project(title="Old words"), "title", "Title (English)"),
    projects.Document: Case(
        lambda: document(projects.Document, project=make.Project()),
        *("title", "title (English)", "project", "documents"),
    ),
    projects.Picture: Case(
        lambda: picture(projects.Picture, project=make.Project()),
        *("alt", "alternative text (English)", "project", "pictures"),
    ),
    members.Logo: Case(
        lambda: picture(members.Logo, institution=make.Institution()),
        *("alt", "alternative text (English)", "institution", "logos"),
    ),
    members.ProfileProposal: Case(
        lambda: make.Institution().proposals.create(remark="Old words"),
        *("remark", "remark of the institution", "institution", "proposals"),
        is_in_form=False,
    ),
    projects.FundNumber: Case(
        lambda: make.FundNumber(number="INT/01/K01"),
        *("number", "number of the Fund", "project", "fund_numbers"),
        old="INT/01/K01",
        new="INT/02/K02",
        shown="INT/02/K02",
    ),
    ProjectCountry: Case(
        make.ProjectCountry,
        *("role", "role", "project", "project_countries"),
        old="participating",
        new="beneficiary",
        shown="beneficiary",
    ),
    projects.ProjectInstitution: Case(
        make.ProjectInstitution,
        *("role", "role", "project", "project_institutions"),
        old="co-implementer",
        new="supporter",
        shown="supporter",
    ),
    projects.ProjectSector: Case(
        lambda: make.ProjectSector(sector__name="Old words"),
        *("sector", "sector", "project", "project_sectors"),
        new=target(make.Sector, name="New words"),
    ),
    projects.ProjectSDG: Case(
        lambda: make.ProjectSDG(reason="Old words"),
        *("reason", "why (English)", "project", "project_sdgs"),
    ),
    Page: Case(lambda: make.Page(title="Old words"), "title", "Title (English)"),
    Redirect: Case(
        lambda: Redirect.objects.create(old_path="/old.html", new_address="/about/"),
        *("new_address", "New address"),
        old="/about/",
        new="/calls/",
        shown="/calls/",
    ),
    Publication: Case(
        lambda: Publication.objects.create(title="Old words"), "title", "Title (English)"
    ),
    PublicationInstitution: Case(
        lambda: Publication.objects.create(title="A book").publication_institutions.create(
            institution=make.Institution(name="Old words")
        ),
        *("institution", "institution", "publication", "publication_institutions"),
        new=target(make.Institution, name="New words"),
    ),
    Request: Case(lambda: Request.objects.create(title="Old words"), "title", "Title (English)"),
    RequestQuestion: Case(
        lambda: Request.objects.create(title="Any").questions.create(text="Old words"),
        *("text", "question (English)", "request", "questions"),
    ),
    RequestDocument: Case(
        lambda: document(RequestDocument, request=Request.objects.create(title="Any")),
        *("title", "title (English)", "request", "documents"),
    ),
    Need: Case(lambda: make.Need(title="Old words"), "title", "Title (English)"),
    Introduction: Case(lambda: make.Introduction(reason="Old words"), "reason", "Reason"),
    DatedFigure: Case(lambda: make.DatedFigure(label="Old words"), "label", "Label (English)"),
    YearlyReport: Case(
        lambda: YearlyReport.objects.create(year=2024, introduction="Old words"),
        "introduction",
        "Introduction (English)",
    ),
    ReportSection: Case(
        lambda: YearlyReport.objects.create(year=2024).sections.create(
            section="money", words="Old words"
        ),
        *("words", "words (English)", "report", "sections"),
    ),
    meetings.Meeting: Case(lambda: make.Meeting(title="Old words"), "title", "Title (English)"),
    meetings.MeetingQuestion: Case(
        lambda: meetings.MeetingQuestion.objects.create(meeting=make.Meeting(), text="Old words"),
        *("text", "question (English)", "meeting", "questions"),
    ),
    meetings.Workshop: Case(
        lambda: make.Workshop(title="Old words"),
        *("title", "title (English)", "meeting", "workshops"),
    ),
    meetings.AgendaItem: Case(
        lambda: meetings.AgendaItem.objects.create(
            meeting=make.Meeting(), day=date(2030, 5, 1), title="Old words"
        ),
        *("title", "title (English)", "meeting", "agenda_items"),
    ),
    meetings.MeetingDocument: Case(
        lambda: document(meetings.MeetingDocument, meeting=make.Meeting()),
        *("title", "title (English)", "meeting", "documents"),
    ),
    meetings.MeetingPicture: Case(
        lambda: picture(meetings.MeetingPicture, "WEBP", meeting=make.Meeting()),
        *("alt", "alternative text (English)", "meeting", "pictures"),
    ),
    PagePicture: Case(
        lambda: picture(PagePicture, "WEBP", page=make.Page()),
        *("alt", "alternative text (English)", "page", "pictures"),
    ),
    meetings.ActionPoint: Case(
        lambda: meetings.ActionPoint.objects.create(
            meeting=make.Meeting(),
            institution=make.Institution(),
            due_on=date(2030, 5, 1),
            text="Old words",
        ),
        *("text", "what is to be done (English)", "meeting", "action_points"),
    ),
    meetings.MeetingInstitution: Case(
        lambda: meetings.MeetingInstitution.objects.create(
            meeting=make.Meeting(), institution=make.Institution()
        ),
        *("role", "role", "meeting", "meeting_institutions"),
        old="attended",
        new="host",
        shown="host",
    ),
    meetings.MeetingCountry: Case(
        lambda: meetings.MeetingCountry.objects.create(
            meeting=make.Meeting(), country=make.Country(name="Old words")
        ),
        *("country", "country", "meeting", "meeting_countries"),
        new=target(make.Country, name="New words"),
    ),
    meetings.MeetingProject: Case(
        lambda: meetings.MeetingProject.objects.create(
            meeting=make.Meeting(), project=make.Project(title="Old words")
        ),
        *("project", "project", "meeting", "meeting_projects"),
        new=target(make.Project, title="New words"),
    ),
    meetings.InstitutionQuota: Case(
        lambda: meetings.InstitutionQuota.objects.create(
            meeting=make.Meeting(), institution=make.Institution(), quota=3
        ),
        *("quota", "places", "meeting", "quotas"),
        old="3",
        new=7,
        shown="7",
        is_in_form=False,
    ),
    meetings.MeetingApproval: Case(
        lambda: meetings.MeetingApproval.objects.create(
            meeting=make.Meeting(), authority="Old words"
        ),
        *("authority", "authority", "meeting", "permit"),
        is_in_form=False,
    ),
    Call: Case(lambda: make.Call(title="Old words"), "title", "Title (English)"),
    CallDocument: Case(
        lambda: document(CallDocument, call=make.Call()),
        *("title", "title (English)", "call", "documents"),
    ),
    Criterion: Case(
        lambda: make.Criterion(name="Old words"), *("name", "name (English)", "call", "criteria")
    ),
    RequiredPaper: Case(
        lambda: make.RequiredPaper(name="Old words"),
        *("name", "name (English)", "call", "required_papers"),
    ),
    PaperSettings: Case(
        lambda: PaperSettings.objects.create(pk=1, contact="Old words"),
        "contact",
        "Contact (English)",
    ),
    WordingOverride: Case(
        lambda: WordingOverride.objects.create(key="any_mail", subject="Old words"),
        "subject",
        "Subject (English)",
    ),
}


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
    return [plain(text) for act in acts if act.who == who for text in act.sentences]


def tells(case, sentences):
    change = f"{case.label} changed from {case.old} to {case.shown}"
    return any(sentence.endswith(change) for sentence in sentences)


@pytest.mark.parametrize("changed", [*some(lambda case: not case.owner)], indirect=True)
def test_a_change_by_form_is_told(client, officer, changed):
    case, row, record = changed
    page = change(record)
    response = client.get(page)
    data = filled(response)
    name = case.field
    if not case.is_in_form:
        beginning = f"{case.inline}-0-{name}" if case.inline else name
        assert not [key for key in data if key.startswith(beginning)]
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


def test_emptying_a_field_says_what_was_there_and_an_empty_translation_is_no_change(officer):
    project = make.Project(summary="Bamboo")
    with pghistory.context(user=officer.pk):
        Project.objects.update(i18n={"title_zh_hans": ""})
        Project.objects.update(summary="")

    assert told(project, "Wang Li") == ["Summary (English) cleared, it was Bamboo"]


def test_values_are_shown_and_never_run(client, officer):
    project = make.Project(
        title="<script>alert(1)</script>", countries=[make.Country(name="Kenya")]
    )

    page = client.get(reverse("admin:projects_project_history", args=[project.pk]))

    assert "<ins>&lt;script&gt;alert(1)&lt;/script&gt;</ins>" in page.content.decode()
    assert "<script>alert" not in page.content.decode()
    assert "Country added: <b>Kenya (lead)</b>" in page.content.decode()


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


def test_it_says_who_or_what_did_it_though_the_account_is_gone(officer):
    file = {"command": "load_network", "import_file": "projects.csv"}
    sheet = {"user": officer.pk, "import_file": "sheet.xlsx", "import_number": 3}
    noted = {
        "the command load_network": {"command": "load_network"},
        "the command load_network, from projects.csv": file,
        FROM_DATABASE: {"other": "words"},
        "Wang Li": {"user": officer.pk},
        "Wang Li, by importing sheet.xlsx (import no. 3)": sheet,
    }
    made = {}
    for who, context in noted.items():
        with pghistory.context(**context):
            made[who] = make.Project()
    officer.delete()

    for who, project in made.items():
        assert "Entered" in told(project, who)


def test_the_last_person_is_found_past_commands_and_steps(officer):
    with pghistory.context(user=officer.pk):
        project = make.Project()
    with pghistory.context(user=make.User().pk):
        Project.objects.update(state=Project.State.WITHDRAWN)
    with pghistory.context(command="load_network"):
        Project.objects.update(summary="Loaded")

    assert last_changed_by(project) == officer
    assert last_changed_by(make.Project()) is None


# ------------------------------------------------------------------ the page


@pytest.mark.django_db(transaction=True)
def test_acts_come_newest_first_in_pages(officer):
    project = make.Project()
    for n in range(4):
        with pghistory.context(user=officer.pk):
            Project.objects.update(summary=f"Text {n}")

    page = history_page(project, 1, per_page=3)

    newest = [plain(act.sentences[0]) for act in page]
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


def test_who_may_not_see_the_record_does_not_see_its_history(client):
    client.force_login(make.User(is_staff=True))

    page = client.get(reverse("admin:projects_project_history", args=[make.Project().pk]))

    assert page.status_code == 403
