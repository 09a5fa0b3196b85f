"""Projects to and from files, without the admin around it."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import override
from openpyxl import Workbook

from projects.fields import FIELDS
from projects.models import Project, ProjectCountry, ProjectSDG
from projects.resources import ProjectResource
from sscnet.core.parsing.sheet_rows import MOST_BYTES, MOST_ROWS, column_name
from sscnet.exchange.admin.preview import ImportPreview
from sscnet.exchange.sheets import read_sheet
from sscnet.exchange.writing.formats import stream_csv
from sscnet.exchange.writing.workbook import WorkbookSheet, write_xlsx
from tests import make

pytestmark = pytest.mark.django_db

COLUMNS = FIELDS.columns()


@pytest.fixture
def lists():
    """Countries, goals, sectors, an area and an institution, as files name them."""
    for iso2, name, name_zh, g77 in (
        ("CN", "China", "中国", True),
        ("VN", "Viet Nam", "越南", True),
        ("LA", "Lao People's Democratic Republic", "老挝人民民主共和国", True),
        ("NA", "Namibia", "纳米比亚", True),
        ("CI", "Côte d’Ivoire", "科特迪瓦", True),
        ("TR", "Türkiye", "土耳其", False),
    ):
        make.Country(iso2=iso2, name=name, name_zh_hans=name_zh, g77=g77)
    for number in (7, 9, 13, 17):
        make.SDG(number=number)
    make.Sector(slug="trade", name="Trade", name_zh_hans="贸易")
    make.Sector(slug="renewable-energy", name="Renewable energy", name_zh_hans="可再生能源")
    make.PGTFArea(slug="energy", name="Energy", name_zh_hans="能源")
    institution = make.Institution(name="Biogas Institute", slug="biogas-institute")
    make.InstitutionName(institution=institution, name="BIOMA")


def csv_file(*rows, headers=None) -> bytes:
    headers = headers or list(dict.fromkeys(name for row in rows for name in row))
    return b"".join(
        stream_csv(headers, [[row.get(name) for name in headers] for row in rows], safe=str)
    )


def look_at(*rows, **kwargs) -> ImportPreview:
    return look_at_file(csv_file(*rows, **kwargs))


def look_at_file(content: bytes) -> ImportPreview:
    sheet = read_sheet(content, COLUMNS)
    return ImportPreview(sheet, ProjectResource().import_data(sheet, dry_run=True))


def store(*rows) -> ImportPreview:
    sheet = read_sheet(csv_file(*rows), COLUMNS)
    return ImportPreview(sheet, ProjectResource().import_data(sheet, file_name="sheet.csv"))


def store_one(**row) -> Project:
    return store_one_of({"title_en": "Sample", **row})


def store_one_of(row) -> Project:
    assert store(row).refused == []
    return Project.objects.latest("pk")


def why_refused(**row) -> list[tuple[str, str, str]]:
    preview = look_at({"title_en": "Sample", **row})
    return [(r.column, r.value, r.message) for o in preview.refused for r in o.refusals]


def workbook(*rows) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return saved(book)


def saved(book) -> bytes:
    content = BytesIO()
    book.save(content)
    return content.getvalue()


# ------------------------------------------------------------------ finding the project


def test_a_row_finds_its_project_by_code():
    project = make.Project(title="Before")

    preview = store({"code": project.code.lower(), "title_en": "After"})

    project.refresh_from_db()
    assert preview.counts() == {"new": 0, "changed": 1, "waits": 0, "same": 0, "refused": 0}
    assert project.title == "After"


def test_a_row_without_code_finds_its_project_by_number_in_any_spelling():
    project = make.Project(numbers=["INT/18/K08"])

    store({"fund_numbers": "int18k08", "title_en": "After"})

    project.refresh_from_db()
    assert project.title == "After"


def test_a_row_of_no_known_project_becomes_a_draft_with_a_code_of_its_own():
    project = store_one(fund_numbers="INT/31/K01; INT/32/K01")

    assert project.state == Project.State.DRAFT
    assert project.code.startswith("SSC-")
    assert [number.number for number in project.fund_numbers.all()] == ["INT/31/K01", "INT/32/K01"]


def test_an_unknown_code_is_refused():
    [(column, value, message)] = why_refused(code="SSC-9999")

    assert (column, value) == ("code", "SSC-9999")
    assert "Leave the cell empty for a new project" in message


def test_a_number_of_another_project_is_refused_with_its_code():
    owner = make.Project(numbers=["INT/18/K08"])
    other = make.Project()

    [(column, _value, message)] = why_refused(code=other.code, fund_numbers="INT/18/K08")

    assert column == "fund_numbers"
    assert message == f"INT/18/K08 is the number of {owner.code}. Remove it from the cell."


def test_two_rows_about_one_project_are_both_refused():
    project = make.Project(numbers=["INT/18/K08"])

    preview = look_at(
        {"code": project.code, "title_en": "One"},
        {"fund_numbers": "INT/18/K08", "title_en": "Two"},
        {"title_en": "Three", "fund_numbers": "INT/31/K01"},
    )

    assert [(o.number, o.refusals[0].message) for o in preview.refused] == [
        (2, "These rows are about the same record: 2, 3. Keep one of them."),
        (3, "These rows are about the same record: 2, 3. Keep one of them."),
    ]
    assert [outcome.number for outcome in preview.new] == [4]


def test_a_row_that_names_no_project_is_refused():
    [outcome] = look_at({"title_en": "", "status": "ongoing"}).refused

    assert outcome.refusals[0].column == "title_en"


# ------------------------------------------------------------------ cells


def test_empty_cells_and_missing_columns_leave_the_fields_as_they_are():
    project = make.Project(title="Kept", subtitle="Kept too", numbers=["INT/18/K08"])

    preview = look_at({"code": project.code, "title_en": "", "outcome_en": " "})

    assert preview.counts()["same"] == 1


def test_a_dash_empties_fields_and_lists(lists):
    project = store_one(
        subtitle_en="Gone", granted_usd="5", status="ongoing", sectors="trade", area="energy"
    )

    store(
        {
            "code": project.code,
            "subtitle_en": "-",
            "granted_usd": "－",
            "status": "-",
            "sectors": "-",
            "area": "-",
        }
    )

    project = Project.objects.get()
    assert (project.subtitle, project.granted_usd, project.status) == ("", None, "")
    assert (project.area, list(project.sectors.all())) == (None, [])


def test_an_emptied_translation_is_left_out_of_i18n():
    project = store_one(title_zh_hans="标题")
    store({"code": project.code, "title_zh": "-"})

    assert not Project.objects.get().i18n


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("29,000", Decimal(29000)),
        ("US$ 29,000.50", Decimal("29000.50")),
        ("２９０００", Decimal(29000)),
        ("29 000", Decimal(29000)),
        ("0", Decimal(0)),
    ],
)
def test_amounts_are_read_as_people_write_them(text, amount):
    assert store_one(granted_usd=text).granted_usd == amount


@pytest.mark.parametrize(
    "text", ["1e400", "NaN", "inf", "-5", "29.000", "29,00", "many", "0x10", "9" * 400, "1.005"]
)
def test_amounts_that_are_none_are_refused(text):
    [(column, value, message)] = why_refused(granted_usd=text)

    assert (column, value) == ("granted_usd", text)
    assert message == (
        "Write an amount without a sign and with a point, such as 29000 or 29000.50."
    )


def test_an_amount_with_too_many_digits_is_refused_by_the_model():
    assert why_refused(granted_usd="1" * 15)[0][0] == "granted_usd"


@pytest.mark.parametrize("text", ["2019-05-12", "2019/5/12", "2019年5月12日", "２０１９-05-12"])
def test_days_are_read_when_the_year_comes_first(text):
    assert store_one(approved_on=text).approved_on == date(2019, 5, 12)


@pytest.mark.parametrize("text", ["12.05.2019", "next spring", "05/12/2019", "2019-02-30", "43597"])
def test_a_day_as_other_text_is_refused_with_the_cure(text):
    assert why_refused(approved_on=text) == [("approved_on", text, "Write the date as 2019-05-12.")]


@pytest.mark.parametrize(
    ("text", "kept"), [("2019", "2019"), ("2019-5", "2019-05"), ("2019年5月", "2019-05")]
)
def test_the_final_report_may_have_a_year_or_a_month_only(text, kept):
    assert store_one(final_report_on=text).final_report_on == kept


def test_dates_of_a_workbook_are_read_as_the_sheet_shows_them():
    book = Workbook()
    book.active.append(["title_en", "approved_on", "final_report_on", "status_declared_on"])
    book.active.append(["Sample", date(2019, 5, 12), date(2019, 5, 1), date(2019, 5, 1)])
    book.active["C2"].number_format = book.active["D2"].number_format = "mmm-yy"

    preview = look_at_file(saved(book))

    [outcome] = preview.refused
    assert [(r.column, r.value) for r in outcome.refusals] == [("status_declared_on", "2019-05")]
    changes = {change.column: change.new for change in outcome.changes}
    assert changes == {
        "title_en": "Sample",
        "approved_on": "2019-05-12",
        "final_report_on": "2019-05",
    }


def test_namibia_is_not_an_empty_cell(lists):
    project = store_one(lead_country="NA")

    assert project.project_countries.get().country_id == "NA"


def test_labels_in_either_language_are_understood(lists):
    project = store_one(
        lead_country="中国",
        participating_countries="Vietnam；老挝; Cote d'Ivoire",
        status="Completed",
        sectors="可再生能源",
        area="Energy",
        primary_sdg="SDG 7",
    )

    roles = set(project.project_countries.values_list("country_id", "role"))
    others = {(code, ProjectCountry.Role.PARTICIPATING) for code in ("VN", "LA", "CI")}
    assert roles == {("CN", ProjectCountry.Role.LEAD), *others}
    assert (project.status, project.area.slug) == ("completed", "energy")
    assert project.sectors.get().slug == "renewable-energy"
    assert project.project_sdgs.get().sdg_id == 7


def test_an_unknown_country_is_refused_alone_and_a_near_one_suggested(lists):
    [(column, value, message)] = why_refused(participating_countries="VN; Vietnem; LA")

    assert (column, value) == ("participating_countries", "VN; Vietnem; LA")
    assert message == (
        "“Vietnem” is not a country in the list. Write its two-letter code, such as VN."
        " Did you mean VN (Viet Nam)?"
    )


def test_a_name_that_two_institutions_share_is_refused():
    make.Institution(name="Centre", slug="one")
    make.Institution(name="Centre", slug="two")

    [(_column, _value, message)] = why_refused(submitter="centre")

    assert message == "“centre” can mean several: one, two. Write the code."


def test_institutions_are_found_by_any_of_their_names(lists):
    project = store_one(submitter="bioma", supporters="biogas-institute")

    roles = set(project.project_institutions.values_list("institution__slug", "role"))
    assert roles == {("biogas-institute", "submitter"), ("biogas-institute", "supporter")}


def test_the_lead_named_among_the_participants_is_kept_once_as_lead(lists):
    project = store_one(lead_country="CN", participating_countries="CN VN")

    roles = dict(project.project_countries.values_list("country_id", "role"))
    assert roles == {"CN": "lead", "VN": "participating"}


def test_lead_and_participant_change_places(lists):
    project = store_one(lead_country="CN", participating_countries="VN")

    preview = store(
        {"code": project.code, "lead_country": "VN", "participating_countries": "CN; LA"}
    )

    assert preview.counts()["changed"] == 1
    roles = dict(project.project_countries.values_list("country_id", "role"))
    assert roles == {"VN": "lead", "CN": "participating", "LA": "participating"}


def test_a_country_in_two_columns_is_refused(lists):
    [(column, _value, message)] = why_refused(
        participating_countries="VN", beneficiary_countries="VN"
    )

    assert column == "beneficiary_countries"
    assert message == "These countries are in two columns: VN. Keep each in one."


def test_goals_keep_their_reasons_when_they_change_places(lists):
    project = store_one(
        primary_sdg="7",
        secondary_sdgs="9 13",
        sdg_reasons_en="7: clean energy\n9: works | 13: methane",
        sdg_reasons_zh_hans="7：清洁能源",
        sdg_targets="7.1; 13.b",
    )

    store({"code": project.code, "primary_sdg": "13", "secondary_sdgs": "7; 17"})

    goals = project.project_sdgs.values_list("place", "sdg_id", "reason", "target")
    assert list(goals) == [
        (0, 13, "methane", "13.b"),
        (1, 7, "clean energy", "7.1"),
        (2, 17, "", ""),
    ]
    assert ProjectSDG.objects.get(sdg=7).reason_zh_hans == "清洁能源"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ({"primary_sdg": "7", "sdg_reasons_en": "9: why"}, "sdg_reasons_en"),
        ({"primary_sdg": "7", "sdg_reasons_en": "because"}, "sdg_reasons_en"),
        ({"primary_sdg": "7; 9"}, "primary_sdg"),
        ({"primary_sdg": "18"}, "primary_sdg"),
        ({"primary_sdg": "7", "sdg_targets": "7.x"}, "sdg_targets"),
        ({"primary_sdg": "7", "sdg_reasons_en": f"7: {'x' * 501}"}, "sdg_reasons_en"),
    ],
)
def test_goals_that_do_not_fit_are_refused(lists, row, column):
    assert [refusal[0] for refusal in why_refused(**row)] == [column]


def test_a_source_that_stays_keeps_what_the_file_does_not_know():
    project = make.Project()
    make.Source(record=project, name="Report", address="https://example.org/1", confidence="high")

    store(
        {
            "code": project.code,
            "sources": "Report | https://example.org/1\nNews\n | | title_en | | | from_title",
        }
    )

    sources = project.sources.values_list("name", "address", "confidence")
    assert list(sources) == [
        ("Report", "https://example.org/1", "high"),
        ("News", "", ""),
        ("", "", ""),
    ]


def test_a_source_says_what_it_was_read_for_in_both_languages_and_on_which_day():
    line = "Report | https://example.org/1 | title_en, zh | high | 2026-11-26 | from_title | 报告"
    project = store_one(title_en="Biogas", sources=line)

    source = project.sources.get()
    assert (source.fields, source.how) == (["title_en", "zh"], "from_title")
    assert (source.name, source.name_zh_hans) == ("Report", "报告")
    assert source.read_on == date(2026, 11, 26)
    [row] = ProjectResource().export(Project.objects.all())
    assert dict(zip(COLUMNS, row, strict=True))["sources"] == line
    in_words = line.replace("title_en, zh", "标题（英文）; all texts in Chinese")
    store(
        {"code": project.code, "sources": in_words.replace("from_title", "derived from the title")}
    )
    assert project.sources.get() == source


@pytest.mark.parametrize(
    "cell",
    [
        "News | nowhere",
        "News | | | high | 26.11.2026",
        "News | | | | 2026-02-30",
        "News | | the germplasm bank",
        "News | | code",
        "| | | high",
        "| | title_en | high",
        "| | | | | translated",
        "News | | | | | proposed",
        "News | https://example.org/3 | title_en | high | 2026-11-26 | translated | 新闻 | more",
        "example.org",
        "https://example.org/3",
    ],
)
def test_a_source_that_cannot_be_read_is_refused(cell):
    assert why_refused(sources=cell)[0][0] == "sources"


# ------------------------------------------------------------------ the model's own rules


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        (
            {"other_inputs_usd": "10", "other_cash_usd": "8", "other_kind_usd": "8"},
            "other_cash_usd",
            "Cash and kind together are more than the other inputs.",
        ),
        (
            {"planned_start_on": "2020-02-01", "planned_end_on": "2020-01-01"},
            "planned_end_on",
            "The planned end is before the planned start.",
        ),
        (
            {"year_approved": "1950"},
            "year_approved",
            "The Fund was set up in 1983: enter a year from then on.",
        ),
        (
            {"title_en": "x" * 401},
            "title_en",
            "Ensure this value has at most 400 characters (it has 401).",
        ),
        (
            {"title_zh": "长" * 401},
            "title_zh",
            "Ensure this value has at most 400 characters (it has 401).",
        ),
    ],
)
def test_the_models_rules_are_told_by_column_before_and_while_writing(row, column, message):
    for act in (look_at, store):
        [outcome] = act({"title_en": "Sample"} | row).refused
        assert [(r.column, r.message) for r in outcome.refusals] == [(column, message)]

    assert Project.objects.count() == 0


def test_every_fault_of_a_row_is_notified_at_once():
    columns = [column for column, *_rest in why_refused(granted_usd="x", approved_on="y", area="z")]

    assert columns == ["area", "approved_on", "granted_usd"]


def test_what_only_warns_is_imported(lists):
    preview = look_at(
        {
            "title_en": "Sample",
            "lead_country": "CN",
            "participating_countries": "TR",
            "granted_usd": "30000",
            "other_inputs_usd": "20000",
        }
    )

    assert preview.new[0].warnings == [
        "Fewer than three countries take part.",
        "Not known to be members of the Group of 77: Türkiye.",
        "The other inputs are lower than the grant.",
        "It has no number from the Fund.",
    ]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_headings_are_understood_in_both_languages_whoever_sends_them(lists, language):
    with override(language):
        project = store_one_of(
            {"标题（中文）": "沼气", "Title (English)": "Biogas", "牵头国": "越南", "Status": "-"}
            | {"Participating countries": "Laos; 土耳其", "granted by the PGTF, US$": "29,000"}
        )

    assert (project.title, project.title_zh_hans, project.granted_usd) == ("Biogas", "沼气", 29000)
    roles = dict(project.project_countries.values_list("country_id", "role"))
    assert roles == {"VN": "lead", "LA": "participating", "TR": "participating"}


def test_every_heading_stands_for_one_column():
    headings = {}
    for name, column in COLUMNS.items():
        for heading in column.headings():
            headings.setdefault(column_name(heading), set()).add(name)
    assert [names for names in headings.values() if len(names) > 1] == []


def test_the_state_is_not_imported_and_the_officer_is_told():
    preview = store({"title_en": "Sample", "state": "published"})

    assert Project.objects.get().state == Project.State.DRAFT
    assert "The column State is not imported: its new value is ignored." in (
        preview.new[0].warnings
    )


def test_without_the_right_to_add_or_change_rows_are_refused():
    project = make.Project()
    sheet = read_sheet(
        csv_file({"code": project.code, "title_en": "A"}, {"title_en": "B"}), COLUMNS
    )

    resource = ProjectResource(may_add=False, may_change=lambda project: False)
    preview = ImportPreview(sheet, resource.import_data(sheet, dry_run=True))

    assert [outcome.refusals[0].message for outcome in preview.refused] == [
        "You may not change this record.",
        "This would be a new record, and you may not add records.",
    ]


def test_a_preview_writes_nothing_and_takes_no_code(django_assert_max_num_queries):
    def state():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT last_value FROM project_code), (SELECT count(*) FROM"
                " projects_project), (SELECT count(*) FROM projects_projectevent)"
            )
            return cursor.fetchone()

    make.Project(numbers=["INT/18/K08"])
    before = state()

    look_at({"title_en": "New"}, {"title_en": "Changed", "fund_numbers": "INT/18/K08"})

    assert state() == before


def test_queries_of_a_preview_grow_by_a_few_a_row(django_assert_max_num_queries):
    rows = [{"title_en": f"Sample {n}", "granted_usd": n, "status": "ongoing"} for n in range(30)]
    sheet = read_sheet(csv_file(*rows), COLUMNS)

    with django_assert_max_num_queries(20 + 5 * len(rows)):
        ProjectResource().import_data(sheet, dry_run=True)


def test_queries_of_an_export_do_not_grow_with_its_rows(lists, django_assert_num_queries):
    def count():
        with connection.execute_wrapper(lambda execute, *args: seen.append(1) or execute(*args)):
            seen = []
            ProjectResource().export(Project.objects.all())
            return len(seen)

    one = {"title_en": "One", "fund_numbers": "INT/31/K01"}
    store({**one, "sectors": "trade", "lead_country": "CN"})
    count()  # Now the content types are known.
    few = count()
    store(*({"title_en": f"No. {n}", "sectors": "trade", "lead_country": "VN"} for n in range(19)))

    assert count() == few


# ------------------------------------------------------------------ round trip

FULL_ROW = {
    "fund_numbers": "INT/31/K01; INT/32/K02",
    "title_en": "=cmd|' /C calc'!A0",
    "title_zh": "+山村沼气",
    "subtitle_en": "'=already quoted",
    "subtitle_zh": "@副标题",
    "summary_en": "Two\nlines, with a comma; and more",
    "summary_zh": "摘要",
    "challenge_en": "'- not a dash",
    "challenge_zh": "挑战",
    "approach_en": "-",
    "approach_zh": "方法",
    "outcome_en": 'Outcome “quoted” "twice"',
    "outcome_zh": "成果",
    "programme": "pgtf",
    "area": "energy",
    "status": "completed",
    "status_declared_on": "2031-01-01",
    "approval_meeting_en": "49th meeting",
    "approval_meeting_zh": "第四十九届",
    "approved_on": "2025-09-26",
    "year_approved": "2025",
    "planned_start_on": "2026-01-01",
    "planned_end_on": "2027-12-31",
    "actual_start_on": "2026-02-01",
    "actual_end_on": "2027-11-30",
    "duration_as_stated_en": "24 months",
    "duration_as_stated_zh": "24个月",
    "final_report_on": "2028-05",
    "participants_as_stated": "4",
    "modality": "triangular",
    "gender_marker": "0",
    "gender_evidence_en": "Evidence",
    "gender_evidence_zh": "证据",
    "beneficiaries_en": "Families",
    "beneficiaries_zh": "农户",
    "beneficiaries_number": "200",
    "beneficiaries_bound": "at_least",
    "women_beneficiaries_number": "0",
    "granted_usd": "29000",
    "other_inputs_usd": "56000.50",
    "other_cash_usd": "20000",
    "other_kind_usd": "0",
    "lead_country": "NA",
    "participating_countries": "VN; LA",
    "beneficiary_countries": "CI",
    "sectors": "trade; renewable-energy",
    "primary_sdg": "7",
    "secondary_sdgs": "17; 9",
    "sdg_reasons_en": "7: Energy\n9: Works",
    "sdg_reasons_zh": "7: 能源",
    "sdg_targets": "7.b; 17.6",
    "submitter": "biogas-institute",
    "co_implementers": "biogas-institute",
    "subcontractors": "biogas-institute",
    "supporters": "biogas-institute",
    "sources": "Report ; annex | https://example.org/1 | area\nNews\n | | zh | | | assessed",
    "note": "A note",
}


def full_project() -> Project:
    project = store_one(**{**FULL_ROW, "approach_en": "'-"})
    # What a form of a browser may have stored.
    Project.objects.filter(pk=project.pk).update(
        summary="Two\r\nlines ", challenge="\t- not a dash"
    )
    return project


def test_every_column_that_can_be_imported_has_a_value_in_the_round_trip():
    written = {name for name, column in COLUMNS.items() if not column.readonly}
    assert set(FULL_ROW) == written - {"code", "slug"}


def test_what_is_exported_and_imported_again_changes_nothing(lists):
    full_project()
    make.Project(title="")
    rows = ProjectResource().export(Project.objects.all())

    for content in (
        b"".join(stream_csv(list(COLUMNS), rows)),
        write_xlsx(WorkbookSheet("x", list(COLUMNS), rows)),
    ):
        preview = look_at_file(content)

        assert preview.counts() == {"new": 0, "changed": 0, "waits": 0, "same": 2, "refused": 0}
        assert preview.sheet.notices == []


def test_text_that_a_spreadsheet_would_run_is_stored_as_it_is_and_exported_harmless(lists):
    project = full_project()

    rows = ProjectResource().export(Project.objects.filter(pk=project.pk))
    text = b"".join(stream_csv(list(COLUMNS), rows)).decode("utf-8-sig")

    assert (project.title, project.subtitle) == ("=cmd|' /C calc'!A0", "=already quoted")
    assert "'=cmd|' /C calc'!A0" in text
    assert ",'-," in text


def test_a_workbook_has_dates_as_dates_numbers_as_numbers_and_a_header_in_view(lists):
    full_project()
    rows = ProjectResource().export(Project.objects.all())

    sheet = openpyxl.load_workbook(
        BytesIO(write_xlsx(WorkbookSheet("x", list(COLUMNS), rows)))
    ).active

    cells = dict(zip(COLUMNS, sheet[2], strict=True))
    assert cells["approved_on"].is_date
    assert (cells["granted_usd"].value, cells["other_inputs_usd"].value) == (29000, 56000.5)
    assert (cells["title_en"].value, cells["title_en"].data_type) == ("'=cmd|' /C calc'!A0", "s")
    assert cells["final_report_on"].value == "2028-05"
    assert sheet.freeze_panes == "B2"
    assert all(10 <= column.width <= 60 for column in sheet.column_dimensions.values())


# ------------------------------------------------------------------ files of every kind


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_in_every_usual_encoding_and_with_every_delimiter(encoding, delimiter):
    lines = [["title_en", "Title ZH-Hans", "note"], ["Sample", "山村沼气", "“a, b; c”"]]
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)

    [outcome] = look_at_file(text.encode(encoding)).new

    changes = {change.column: change.new for change in outcome.changes}
    assert changes == {"title_en": "Sample", "title_zh": "山村沼气", "note": "“a, b; c”"}


def test_gb18030_is_told_so_that_the_officer_looks_twice():
    content = "title_en,title_zh_hans\nSample,山村沼气".encode("gb18030")

    assert read_sheet(content, COLUMNS).notices == [
        "The file was read as GB18030. Check that its Chinese is right."
    ]


def test_an_unknown_column_is_passed_over_and_named():
    preview = look_at({"title_en": "Sample", "colour": "red", "refused_because": "x"})

    assert preview.sheet.notices == ["Columns we do not know are ignored: colour."]
    assert preview.counts()["new"] == 1


def test_rows_keep_the_numbers_that_the_sheet_shows():
    content = workbook(["title_en"], [None], ["Sample"], [None], ["Sample two"])

    assert [outcome.number for outcome in look_at_file(content).new] == [3, 5]


def test_cells_beyond_the_last_column_are_told():
    sheet = read_sheet(b"title_en\nSample,lost", COLUMNS)

    assert sheet.notices == ["Row 2 has cells to the right of the last column; they are ignored."]


def password_protected() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")


def merged() -> bytes:
    book = Workbook()
    book.active.append(["title_en", "note"])
    book.active.append(["Sample", "x"])
    book.active.merge_cells("A2:A3")
    return saved(book)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (lambda: b"title_en,status\n", "The file has column names but no rows below them."),
        (lambda: b"", "The first row contains no column name we know."),
        (lambda: b"a,b\n1,2", "The first row contains no column name we know."),
        (lambda: b"title_en, TITLE EN\n1,2", "A column appears twice in the file: title_en."),
        (lambda: b"title_en\nnul \0 byte", "This is neither an Excel file (.xlsx) nor CSV text."),
        (lambda: b"\x89PNG\r\n\x1a\n\0\0", "This is neither an Excel file (.xlsx) nor CSV text."),
        (lambda: b"PK\x03\x04 no zip", "The file cannot be read as an Excel sheet."),
        (lambda: workbook(["title_en"], ["x"])[:900], "The file cannot be read as an Excel sheet."),
        (lambda: b'title_en\n"never closed', "The CSV text cannot be divided into cells"),
        (lambda: b"\xd0\xcf\x11\xe0 old", "This is a file of an old Excel (.xls)."),
        (password_protected, "The file is protected by a password."),
        (merged, "The sheet has merged cells: A2:A3."),
        (lambda: b"x" * (MOST_BYTES + 1), "The file is larger than 10 MB."),
        (
            lambda: b"title_en\n" + b"Sample\n" * (MOST_ROWS + 1),
            "The file has more than 5000 rows.",
        ),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(content, message):
    with pytest.raises(ValidationError) as raised:
        read_sheet(content(), COLUMNS)

    assert raised.value.messages[0].startswith(message)


def test_a_formula_gives_its_result_and_without_one_a_refusal():
    book = Workbook()
    book.active.append(["title_en", "granted_usd"])
    book.active.append(["Sample", "=28000+1000"])

    [outcome] = look_at_file(saved(book)).refused

    assert [(r.column, r.value) for r in outcome.refusals] == [("granted_usd", "=28000+1000")]
    assert outcome.refusals[0].message.startswith("The formula was saved without its result.")


def test_an_error_of_the_spreadsheet_is_refused():
    book = Workbook()
    book.active.append(["title_en", "granted_usd"])
    book.active.append(["Sample", "#REF!"])
    book.active["B2"].data_type = "e"

    [outcome] = look_at_file(saved(book)).refused

    assert outcome.refusals[0].message == "The cell shows a spreadsheet error. Correct it."


# ------------------------------------------------------------------ language of the officer


def test_refusals_and_warnings_speak_the_officers_language(lists):
    with override("zh-hans"):
        preview = look_at(
            {"title_en": "Sample", "lead_country": "CN", "participating_countries": "TR"}
        )

    assert any("土耳其" in warning for warning in preview.new[0].warnings)
