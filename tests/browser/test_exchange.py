"""Import and export of the admin in a real browser, under its strict Content-Security-Policy."""

import pytest
from playwright.sync_api import expect

from projects.models import Project
from tests import make
from tests.browser.pages import complaints

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer(page, sign_in, settings, tmp_path):
    """The visitor signed in as an officer; what the browser complains about is collected."""
    settings.MEDIA_ROOT = tmp_path
    sign_in(page.context, make.Administrator())
    page.complaints = complaints(page)
    return page


def test_a_file_is_looked_at_and_confirmed(officer, tmp_path):
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("title_en,title_zh_hans,status\nSample,示例,ongoing\nBad,坏,finished\n")

    officer.goto("/admin/projects/project/")
    officer.get_by_role("link", name="Import", exact=True).click()
    officer.get_by_label("File").set_input_files(sheet)
    officer.get_by_role("button", name="Preview the file").click()
    expect(officer.get_by_text("“finished” is not in the list.")).to_be_visible()
    assert Project.objects.count() == 0
    officer.get_by_text("3 values").click()
    expect(officer.get_by_text("示例")).to_be_visible()
    officer.get_by_label("Source of the whole sheet").fill("Report of 2026")
    officer.get_by_role("button", name="Confirm the import").click()
    expect(officer.get_by_text("“sheet.csv” has been imported.")).to_be_visible()

    assert [project.title for project in Project.objects.all()] == ["Sample"]
    with officer.expect_download() as download:
        officer.get_by_role("link", name="The refused rows").click()
    assert download.value.suggested_filename == "sheet-refused.csv"
    assert officer.complaints == []


def test_a_filtered_list_is_taken_away(officer):
    for title in ("Biogas", "Bamboo"):
        make.Project(title=title)

    officer.goto("/admin/projects/project/?q=bamboo")
    officer.get_by_role("link", name="Export", exact=True).click()
    expect(officer.get_by_text("The file will have 1 row below its header.")).to_be_visible()
    with officer.expect_download() as download:
        officer.get_by_role("button", name="Excel").click()

    assert download.value.suggested_filename.startswith("projects-1-rows-")
    assert officer.complaints == []


def test_a_template_is_taken_from_the_chinese_page(officer):
    make.Country(iso2="CN")
    make.Sector()
    make.PGTFArea()

    officer.goto("/zh-hans/admin/projects/project/import/")
    with officer.expect_download() as download:
        officer.locator("a[href$='template.xlsx']").click()

    assert download.value.suggested_filename == "projects-template.xlsx"
    assert officer.complaints == []
