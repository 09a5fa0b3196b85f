"""Import and export of projects in the admin, shown with the sheet of 47 rows."""

import csv
import os
import re
import time
from datetime import date
from html import unescape
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override
from pghistory.models import Events

from projects.models import FundNumber, Project
from projects.resources import ProjectResource
from sscnet.core.i18n.texts import comma_separated
from sscnet.core.models import ImportBatch
from sscnet.exchange.admin import uploads
from tests import make
from tests.admin_forms import filled
from tests.projects import sheet_of_47

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_web_role", "media")]

IMPORT = reverse("admin:projects_project_import")
CONFIRM = reverse("admin:projects_project_process_import")
EXPORT = reverse("admin:projects_project_export")
LIST = reverse("admin:projects_project_changelist")


@pytest.fixture
def officer(client):
    permissions = [f"projects.{verb}_project" for verb in ("add", "change", "view", "publish")]
    user = make.Officer(permissions=permissions)
    client.force_login(user)
    return user


def send(client, content, name="sheet.csv", address=IMPORT):
    return client.post(address, {"file": SimpleUploadedFile(name, content)})


def send_47(client, address=IMPORT):
    return send(client, sheet_of_47.PATH.read_bytes(), "import_47.xlsx", address)


def confirm(client, response, source_name="Report of 2026", **kwargs):
    data = {"preview": response.context["token"], "source_name": source_name}
    return client.post(CONFIRM, data | kwargs.pop("data", {}), **kwargs)


def said(response) -> list[str]:
    return [unescape(str(message)) for message in response.context["messages"]]


def errors(response) -> list[str]:
    return response.context["form"].errors["file"]


def samples() -> int:
    return Project.objects.filter(title="Sample").count()


def keys_of(numbers) -> list[int]:
    return list(FundNumber.objects.filter(number__in=numbers).values_list("project", flat=True))


def everything(key):
    """Give all that an import can write of a project."""
    links = ["project_countries", "project_sectors", "project_sdgs", "sources", "fund_numbers"]
    project = Project.objects.get(pk=key)
    own = Project.objects.filter(pk=key).values().get()
    del own["updated_at"]
    return own, [list(getattr(project, name).order_by("pk").values_list()) for name in links]


# ------------------------------------------------------------------ the sheet of 47 rows


def test_the_sheet_is_what_its_script_makes():
    made = [[cell.value for cell in row] for row in sheet_of_47.make().active]
    kept = [[cell.value for cell in row] for row in openpyxl.load_workbook(sheet_of_47.PATH).active]

    assert kept == [
        [timezone.datetime(*v.timetuple()[:6]) if isinstance(v, date) else v for v in row]
        for row in made
    ]
    assert len(sheet_of_47.rows()) == 47


def test_the_preview_counts_and_tells_every_row(network, client, officer):
    response = send_47(client)

    assert response.context["preview"].counts() == {
        "new": 31,
        "changed": 5,
        "waits": 0,
        "same": 2,
        "refused": 9,
    }
    rows = [
        (outcome.number, refusal.column, refusal.value)
        for outcome in response.context["preview"].refused
        for refusal in outcome.refusals
    ]
    assert rows == [
        (41, "participating_countries", "LA; Atlantis; VN"),
        (42, "fund_numbers", "INT/31/K50"),
        (43, "fund_numbers", "INT/31/K50"),
        (44, "fund_numbers", "INT/20/K03; INT/10/K04"),
        (45, "approved_on", "12.05.2019"),
        (46, "planned_start_on", "next spring"),
        (47, "granted_usd", "-5000"),
        (48, "other_cash_usd", "50000"),
        (49, "status", "finished"),
    ]


MESSAGES = {
    41: "“%(value)s” is not a country in the list. Write its two-letter code, such as VN.",
    42: "These rows are about the same record: %(rows)s. Keep one of them.",
    44: "These numbers belong to several projects: %(codes)s. Give the code.",
    45: "Write the date as 2019-05-12.",
    46: "Write the date as 2019-05-12.",
    47: "Write an amount without a sign and with a point, such as 29000 or 29000.50.",
    48: "Cash and kind together are more than the other inputs.",
    49: "“%(value)s” is not in the list. Write one of: %(codes)s.",
}
STATUSES = ["pipeline", "ongoing", "completed", "cancelled"]


@pytest.mark.parametrize(
    ("address", "language"), [(IMPORT, "en"), (f"/zh-hans{IMPORT}", "zh-hans")]
)
def test_the_preview_gives_each_cure_in_the_officers_language(
    network, client, officer, address, language
):
    response = send_47(client, address)

    page = unescape(response.content.decode())
    numbers = FundNumber.objects.filter(number__in=["INT/20/K03", "INT/10/K04"])
    codes = ", ".join(sorted(numbers.values_list("project__code", flat=True)))
    values = {
        41: {"value": "Atlantis"},
        42: {"rows": "42, 43"},
        44: {"codes": codes},
    }
    for row, message in MESSAGES.items():
        with override(language):
            told = gettext(message)
            statuses = comma_separated(Project.Status(one).label for one in STATUSES)
            values[49] = {"value": "finished", "codes": statuses}
        assert told % values.get(row, {}) in page
        assert (told == message) == (language == "en")


def test_what_only_warns_is_told_and_not_refused(network, client, officer):
    preview = send_47(client).context["preview"]

    warned = {outcome.number: outcome.warnings for outcome in preview.new if outcome.warnings}
    no_number = {number: ["It has no number from the Fund."] for number in range(21, 26)}
    assert warned == no_number | {
        26: ["Not known to be members of the Group of 77: Türkiye."],
        27: ["Not known to be members of the Group of 77: Kazakhstan."],
        28: ["Not known to be members of the Group of 77: Mexico."],
        29: ["Fewer than three countries take part."],
        30: ["Fewer than three countries take part."],
        31: ["The other inputs are lower than the grant."],
        32: ["The other inputs are lower than the grant."],
    }


def test_changed_rows_show_old_and_new_by_column(network, client, officer):
    preview = send_47(client).context["preview"]
    summary = Project.objects.get(fund_numbers__number="INT/18/K08").summary

    changes = {
        outcome.number: [(c.column, c.old, c.new) for c in outcome.changes]
        for outcome in preview.changed
    }
    assert changes == {
        34: [("summary_en", summary, "Sample summary, made up for a test.")],
        35: [("status_declared_on", "", "2032-01-31")],
        36: [("granted_usd", "26000", "26500")],
        37: [("status", "", "completed")],
        38: [
            ("area", "tcdc", ""),
            (
                "sectors",
                "information-technology; training-and-research",
                "information-technology; trade",
            ),
        ],
    }


def test_confirming_imports_the_good_rows_and_says_what_was_left_out(network, client, officer):
    before = Project.objects.count()

    response = confirm(client, send_47(client), follow=True)

    assert response.redirect_chain == [(LIST, 302)]
    assert Project.objects.count() == before + 31
    assert said(response)[0] == (
        "“import_47.xlsx” has been imported. New: 31, changed: 5, unchanged: 2, refused "
        "and left out: 9."
    )
    assert "The refused rows, with the reasons" in said(response)[1]
    project = Project.objects.get(fund_numbers__number="INT/31/K01")
    assert (project.state, project.granted_usd, project.note) == (
        "draft",
        29000,
        "Sample, made up for a test.",
    )
    assert project.project_sdgs.get().reason == "Sample."
    assert project.project_institutions.get().institution.name == "National Bamboo Research Center"


def test_the_history_names_file_person_and_batch(network, client, officer):
    confirm(client, send_47(client))

    project = Project.objects.get(fund_numbers__number="INT/31/K01")
    events = [
        *Events.objects.tracks(project),
        *Events.objects.references(project),
        *Events.objects.tracks(FundNumber.objects.get(number="INT/31/K01")),
    ]
    contexts = [event.pgh_context for event in events]
    assert len(contexts) > 5
    assert {context["import_file"] for context in contexts} == {"import_47.xlsx"}
    assert {context["user"] for context in contexts} == {officer.pk}
    assert len({context["import_batch"] for context in contexts}) == 1
    assert re.fullmatch(r"[0-9a-f-]{36}", contexts[0]["import_batch"])


def test_the_refused_rows_come_back_corrected(network, client, officer):
    response = send_47(client)
    confirm(client, response)

    address = reverse("admin:projects_project_import_refused")
    refused = client.get(address, {"preview": response.context["token"]})
    book = openpyxl.load_workbook(BytesIO(refused.content))
    sheet = book.active
    headers = [cell.value for cell in sheet[1]]
    reasons = [row[-1].value for row in sheet.iter_rows(min_row=2)]
    assert refused["Content-Disposition"] == 'attachment; filename="import_47-refused.xlsx"'
    assert headers == [*sheet_of_47.HEADERS, "refused_because"]
    assert len(reasons) == 9
    assert reasons[4] == "Approved on: Write the date as 2019-05-12."

    cures = [
        ("participating_countries", "LA; VN"),
        ("fund_numbers", "INT/31/K51"),
        ("fund_numbers", "INT/31/K52"),
        ("fund_numbers", "INT/31/K53"),
        ("approved_on", date(2019, 5, 12)),
        ("planned_start_on", "2019-05-12"),
        ("granted_usd", 5000),
        ("other_cash_usd", 5000),
        ("status", "completed"),
    ]
    for row, (column, value) in enumerate(cures, 2):
        sheet.cell(row, sheet_of_47.NAMES.index(column) + 1).value = value
    corrected = BytesIO()
    book.save(corrected)
    response = send(client, corrected.getvalue(), "corrected.xlsx")

    assert response.context["preview"].counts() == {
        "new": 9,
        "changed": 0,
        "waits": 0,
        "same": 0,
        "refused": 0,
    }
    assert response.context["preview"].sheet.notices == []


def test_sent_again_after_confirmation_the_rows_of_known_numbers_are_the_same(
    network, client, officer
):
    confirm(client, send_47(client))

    counts = send_47(client).context["preview"].counts()

    # Five new rows had no number to be found by, and are new again.
    assert counts == {"new": 5, "changed": 0, "waits": 0, "same": 33, "refused": 9}


def test_undone_all_but_the_record_edited_by_hand_is_as_before_and_that_one_is_named(
    network, client, officer
):
    known = ["INT/18/K08", "INT/18/K07", "INT/18/K06", "INT/17/K03", "INT/10/K05"]
    before = {key: everything(key) for key in keys_of(known)}
    count = Project.objects.count()
    confirm(client, send_47(client))
    batch = ImportBatch.objects.get()
    assert (batch.new, batch.changed, Project.objects.count()) == (31, 5, count + 31)
    [edited] = keys_of(["INT/31/K01"])
    change = reverse("admin:projects_project_change", args=[edited])
    client.post(change, filled(client.get(change)) | {"title": "Edited by hand"}, follow=True)

    address = reverse("admin:projects_project_undo_import", args=[batch.pk])
    asked = client.get(address)
    assert (len(asked.context["new"]), len(asked.context["changed"])) == (30, 5)
    assert Project.objects.count() == count + 31
    answer = client.post(address, follow=True)

    assert said(answer) == [
        f"Import no. {batch.pk} has been undone. Removed: 30, restored: 5, unchanged: 1."
    ]
    assert Project.objects.count() == count + 1
    assert Project.objects.get(pk=edited).title == "Edited by hand"
    assert {key: everything(key) for key in before} == before
    for page in (asked, answer):
        assert [trace.title for trace in page.context["touched"]] == ["Edited by hand"]
        assert f"Edited by hand</a>: changed since by {officer}" in page.content.decode()
    assert len(answer.context["undone"]) == 35


# ------------------------------------------------------------------ confirming


def test_confirming_twice_imports_once(client, officer):
    response = send(client, b"title_en\nSample")
    confirm(client, response)

    again = confirm(client, response, follow=True)

    assert samples() == 1
    assert said(again)[-1] == ("It has already been done. See the history, or begin again.")


def test_somebody_elses_preview_is_not_confirmed(client, officer):
    response = send(client, b"title_en\nSample")
    permissions = ["projects.add_project", "projects.view_project"]
    client.force_login(make.Officer(permissions=permissions))

    answer = confirm(client, response, follow=True)

    assert samples() == 0
    assert said(answer) == ["Somebody else made this preview. Send the file yourself."]


@pytest.mark.parametrize("token", ["", "../../etc/passwd", "x:y:z", "\u202e"])
def test_a_preview_that_is_none_is_told(client, officer, token):
    answer = client.post(CONFIRM, {"preview": token}, follow=True)

    assert said(answer) == ["This preview is no longer available. Send the file again."]


def test_a_preview_of_another_day_is_gone(client, officer, monkeypatch, settings):
    settings.STAFF_IDLE_SECONDS = 2 * uploads.KEPT.total_seconds()
    response = send(client, b"title_en\nSample")
    tomorrow = time.time() + uploads.KEPT.total_seconds() + 60
    monkeypatch.setattr("django.core.signing.time.time", lambda: tomorrow)

    answer = confirm(client, response)

    assert (answer.status_code, answer["Location"]) == (302, IMPORT)
    assert samples() == 0


def test_when_the_records_changed_since_the_preview_it_is_shown_anew(client, officer):
    project = make.Project(title="Before")
    response = send(client, f"code,title_en\n{project.code},After".encode())
    Project.objects.filter(pk=project.pk).update(title="Meanwhile")

    answer = confirm(client, response)

    assert said(answer) == [
        (
            "The records have changed since the preview: nothing was imported. Look at the "
            "preview again."
        )
    ]
    assert answer.context["preview"].changed[0].changes[0].old == "Meanwhile"
    confirm(client, answer)
    project.refresh_from_db()
    assert project.title == "After"


def test_a_number_taken_since_the_preview_undoes_the_whole_import(client, officer, monkeypatch):
    response = send(client, b"title_en,fund_numbers\nOne,INT/31/K01\nTwo,INT/31/K02")
    # As if another request stored it between our look and our writing.
    taker = make.Project(title="Taker", numbers=["INT/31/K02"])
    monkeypatch.setattr("projects.resources.FundNumber.objects", FundNumber.objects.none())

    answer = confirm(client, response)

    assert answer.status_code == 200
    assert Project.objects.filter(title__in=["One", "Two", taker.title]).count() == 1


def test_a_refusal_at_the_end_of_the_transaction_is_no_server_error(client, officer, monkeypatch):
    response = send(client, b"title_en\nSample")
    whole = ProjectResource.import_data

    def import_data(resource, *args, dry_run=False, **kwargs):
        result = whole(resource, *args, dry_run=dry_run, **kwargs)
        if not dry_run:
            raise IntegrityError
        return result

    monkeypatch.setattr(ProjectResource, "import_data", import_data)
    answer = confirm(client, response)

    assert answer.context["preview"].counts()["new"] == 1
    assert samples() == 0


def test_files_wait_under_names_of_our_own_and_are_swept_after_a_day(client, officer, media):
    send(client, b"title_en\nSample", "../../evil.csv")
    [waiting] = (media / "imports").iterdir()
    assert re.fullmatch(r"[0-9a-f-]{36}\.sent", waiting.name)
    assert client.get(f"/files/imports/{waiting.name}").status_code == 404

    os.utime(waiting, (0, 0))
    send(client, b"title_en\nSample")

    assert not waiting.exists()
    assert len(list((media / "imports").iterdir())) == 1


def test_the_name_of_the_file_is_shown_as_text(client, officer):
    page = send(client, b"title_en\nSample", "<b>bold</b>.csv").content.decode()

    assert "<b>bold" not in page


# ------------------------------------------------------------------ the source of the sheet


def test_the_sheet_s_source_is_that_of_new_records_whose_row_names_none(client, officer):
    old = make.Project(title="Old")
    sheet = f"code,title_en,sources\n,One,\n,Two,Its own\n{old.code},New title,\n"
    day = {"source_address": "https://example.org/list", "source_read_on": "2026-11-28"}

    confirm(client, send(client, sheet.encode()), "List of the Secretariat", data=day)

    new = Project.objects.filter(title__in=["One", "Two", "New title"])
    stored = {project.title: [str(one) for one in project.sources.all()] for project in new}
    assert stored == {"One": ["List of the Secretariat"], "Two": ["Its own"], "New title": []}
    [source] = Project.objects.get(title="One").sources.all()
    assert (source.address, source.read_on) == ("https://example.org/list", date(2026, 11, 28))
    batch = ImportBatch.objects.get()
    page = client.get(reverse("admin:projects_project_one_import", args=[batch.pk]))
    assert '<a href="https://example.org/list">List of the Secretariat</a>' in page.text
    assert "28 November 2026" in page.text


def test_it_is_asked_for_only_where_a_new_record_would_have_no_source(client, officer):
    asked = confirm(client, send(client, b"title_en\nSample"), "")
    assert asked.context["source_form"].errors["source_name"] == ["This field is required."]
    bare = confirm(client, asked, "www.example.org", data={"source_address": "https://e.org"})
    assert "in words" in bare.context["source_form"].errors["source_name"][0]
    assert 'value="https://e.org"' in bare.text
    assert samples() == ImportBatch.objects.count() == 0

    assert confirm(client, bare).status_code == 302
    own = "title_en,sources\nTwo,Its own\n"
    assert confirm(client, send(client, own.encode()), "").status_code == 302
    assert ImportBatch.objects.count() == 2


# ------------------------------------------------------------------ rights


def test_who_may_only_look_exports_but_does_not_import(client):
    client.force_login(make.Officer(permissions=["projects.view_project"]))

    assert client.get(EXPORT).status_code == 200
    assert client.get(IMPORT).status_code == 403
    assert client.post(CONFIRM).status_code == 403
    template = reverse("admin:projects_project_import_template")
    assert client.get(template).status_code == 403
    assert "/import/" not in client.get(LIST).content.decode()


def test_who_may_not_look_does_not_export(client):
    client.force_login(make.Officer(permissions=["members.view_institution"]))

    assert client.get(EXPORT).status_code == 403
    assert client.post(EXPORT, {"format": "csv"}).status_code == 403


def test_who_may_change_but_not_add_imports_changes_only(client):
    permissions = ["projects.change_project", "projects.publish_project"]
    user = make.Officer(permissions=permissions)
    client.force_login(user)
    project = make.Project()

    response = send(client, f"code,title_en\n{project.code},After\n,New".encode())

    assert response.context["preview"].counts() == {
        "new": 0,
        "changed": 1,
        "waits": 0,
        "same": 0,
        "refused": 1,
    }


def test_a_right_lost_after_the_preview_counts_when_confirming(client, officer):
    response = send(client, b"title_en\nSample")
    officer.user_permissions.remove(Permission.objects.get(codename="add_project"))

    confirm(client, response)

    assert samples() == 0


# ------------------------------------------------------------------ bad files


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty."),
        (b"title_en\n", "The file has column names but no rows below them."),
        (b"x" * 30_000_000, "The file is larger than 10 MB. Split it into smaller ones."),
        (
            b"\x89PNG\0",
            "This is neither an Excel file (.xlsx) nor CSV text. Save the sheet as one of these.",
        ),
    ],
)
def test_a_bad_file_is_told_beside_the_field(client, officer, content, message):
    response = send(client, content)

    assert response.status_code == 200
    assert errors(response) == [message]


def test_no_file_is_told_beside_the_field(client, officer):
    assert client.post(IMPORT).context["form"].errors["file"]


def test_values_of_a_file_are_shown_as_text(client, officer):
    page = send(client, b"title_en,status\n<script>x</script>,<i>").content.decode()

    assert "<script>x" not in page
    assert "&lt;i&gt;" in page


def test_refused_rows_of_csv_come_back_as_csv_and_as_they_were(client, officer):
    response = send(client, "title_en,note,granted_usd\n'=1,-,x".encode("gb18030"))
    address = reverse("admin:projects_project_import_refused")

    refused = client.get(address, {"preview": response.context["token"]})

    [headers, row] = csv.reader(StringIO(refused.content.decode("utf-8-sig")))
    assert refused["Content-Disposition"] == 'attachment; filename="sheet-refused.csv"'
    assert headers == ["title_en", "note", "granted_usd", "refused_because"]
    assert row[:3] == ["'=1", "-", "x"]


# ------------------------------------------------------------------ template


@pytest.mark.parametrize("prefix", ["", "/zh-hans"])
def test_the_template_imports_cleanly(network, client, officer, prefix):
    template = client.get(prefix + reverse("admin:projects_project_import_template"))

    response = send(client, template.content, "template.xlsx")

    assert template["Content-Disposition"] == 'attachment; filename="projects-template.xlsx"'
    preview = response.context["preview"]
    assert preview.counts() == {"new": 1, "changed": 0, "waits": 0, "same": 0, "refused": 0}
    assert preview.sheet.notices == []
    assert preview.new[0].warnings == []


def test_an_offices_own_sheet_with_chinese_headings_and_values_imports(network, client, officer):
    heads = "项目名称,国家,牵头国,项目状态,项目类别,货币"
    rows = [
        "沼气,老挝；越南,中国,进行中,基金项目,美元",
        "竹子,老挝,中国,办完了,无此类,美元",
    ]
    response = send(client, "\n".join([heads, *rows]).encode(), address=f"/zh-hans{IMPORT}")

    preview = response.context["preview"]
    assert preview.sheet.notices == ["无法识别的栏已忽略：货币。"]
    [new], [refused] = preview.new, preview.refused
    values = ["沼气", "基金项目", "进行中", "中国", "老挝人民民主共和国; 越南"]
    assert [change.new for change in new.changes] == values
    assert [refusal.message for refusal in refused.refusals] == [
        "“无此类”不在列表中。请填写以下之一：基金项目、小型示范项目。",
        "“办完了”不在列表中。请填写以下之一：筹备中、进行中、已完成、已取消。",
    ]


# ------------------------------------------------------------------ export


def exported(client, query="", format="csv"):
    response = client.post(f"{EXPORT}{query}", {"format": format})
    assert response.status_code == 200, response.content
    return response


def rows_of(response) -> list[dict]:
    return list(csv.DictReader(StringIO(response.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("query", ["", "?q=biogas", "?status__exact=completed&o=5", "?q=沼气"])
def test_an_export_equals_its_list(network, client, officer, query):
    shown = [project.code for project in client.get(f"{LIST}{query}").context["cl"].queryset]

    codes = [row["code"] for row in rows_of(exported(client, query))]

    assert codes == shown
    assert codes


def test_the_page_says_how_many_rows_before(network, client, officer):
    page = client.get(f"{EXPORT}?status__exact=completed").content.decode()

    assert "The file will have 8 rows below its header." in page


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("", "projects-20-rows-{day}.xlsx"),
        ("?status__exact=completed", "projects-8-rows-{day}.xlsx"),
        ("?q=../../etc", "projects-0-rows-{day}.xlsx"),
    ],
)
def test_the_file_is_named_by_content_rows_and_day(network, client, officer, query, name):
    response = exported(client, query, format="xlsx")

    day = timezone.localdate().isoformat()
    assert response["Content-Disposition"] == f'attachment; filename="{name.format(day=day)}"'


def test_csv_opens_in_excel_in_chinese(network, client, officer):
    response = exported(client)

    assert response.content.startswith(b"\xef\xbb\xbf")
    assert response["Content-Type"] == "text/csv; charset=utf-8"


def test_a_filter_that_means_nothing_leads_back_to_the_list(client, officer):
    response = client.get(f"{EXPORT}?nonsense__x=1")

    assert (response.status_code, response["Location"]) == (302, f"{LIST}?e=1")
