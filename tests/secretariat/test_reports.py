"""The yearly report: live until published, then kept; page, file and paper say the same."""

import csv
import io
import re

import pypdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook
from PIL import Image

from projects.models import Project
from secretariat.back_office import groups
from secretariat.figures import seen
from secretariat.figures.reports import freezing, paper
from secretariat.models import DailyCount, DatedFigure, YearlyReport
from tests import make
from tests.admin_forms import errors, filled
from tests.papers.word_files import words
from tests.secretariat.test_figures_checker import first_numbers

pytestmark = pytest.mark.django_db
SECTIONS = ["money", "projects", "country", "meetings", "statements"]
REFUSED = "the report is frozen|Cannot delete"


@pytest.fixture
def project():
    country = make.Country(iso2="VN", name="Viet Nam", name_zh_hans="越南")
    title = {"title": "Tea of the hills", "title_zh_hans": "山区茶叶"}
    make.DatedFigure(value=66, as_of="2018-12")
    return make.Project(countries=[country], year_approved=2019, granted_usd=36_500, **title)


@pytest.fixture
def report(project):
    report = YearlyReport.objects.create(year=2019, introduction="A good year.")
    for name in SECTIONS:
        report.sections.create(section=name, words=f"Of {name}.", words_zh_hans="一年。")
    return report


@pytest.fixture
def released(report):
    freezing.publish(report, make.Administrator())
    return YearlyReport.objects.get()


def page_of(client, address, **options):
    response = client.get(address, **options)
    assert response.status_code == 200, address
    return response.content.decode().partition("<main")[2]


def test_figures_follow_the_records_until_they_are_frozen(client, report, project, officer):
    address = report.get_absolute_url()
    assert ">36,500</a>" in page_of(client, address)
    Project.objects.update(granted_usd=40_000)
    assert ">40,000</a>" in page_of(client, address)
    freezing.publish(report, officer)

    Project.objects.update(granted_usd=50_000, title="Coffee", state="withdrawn")

    page = page_of(client, address)
    assert ">40,000</a>" in page
    assert "Of money." in page
    page = page_of(client, f"{address}grant/")
    assert "Tea of the hills" in page
    assert project.get_absolute_url() not in page


def test_statements_are_of_its_year_and_their_sources_in_the_pages_language(
    client, report, officer
):
    stated = DatedFigure.objects.get()
    make.Source(record=stated, name="About us", name_zh_hans="关于我们", address="https://e.org/a")
    make.DatedFigure(figure=stated.figure, value=99, as_of="2024-12")
    freezing.publish(report, officer)
    page = page_of(client, report.get_absolute_url())
    assert re.search(r">\s*66<", page)
    assert ">About us</a>" in page
    assert not re.search(r">\s*99<", page)
    assert "which are not all of the Network" in page
    assert ">关于我们</a>" in page_of(client, f"/zh-hans{report.get_absolute_url()}")


@pytest.mark.parametrize("prefix", ["", "/zh-hans"])
def test_each_figure_opens_its_list_as_it_was(client, released, project, prefix):
    address = f"{prefix}{project.get_absolute_url()}"
    page = page_of(client, prefix + released.get_absolute_url())
    links = set(re.findall(rf'href="({prefix}/figures/2019/v1/[^"]+/)"', page))

    assert len(links) > 8
    for link in links:
        page_of(client, link)
    listed = page_of(client, f"{prefix}/figures/2019/v1/country.VN.grant/")
    assert ("山区茶叶" if prefix else "Tea of the hills") in listed
    assert f'href="{address}"' in listed
    assert "越南" in page or not prefix
    assert client.get(f"{prefix}/figures/2019/v1/nothing/").status_code == 404


@pytest.mark.parametrize("prefix", ["", "/zh-hans"])
def test_paper_page_and_file_say_the_same(client, released, prefix):
    address = prefix + released.get_absolute_url()
    shown = [section for _words, section in client.get(address).context["parts"]]
    numbers = [number.value for section in shown for number in first_numbers(section)]
    numbers += [one.value for section in shown for one in section.statements]

    file = b"".join(client.get(f"{address}report.csv")).decode("utf-8-sig")
    sheet = load_workbook(io.BytesIO(b"".join(client.get(f"{address}report.xlsx")))).active
    pdf = client.get(f"{address}report.pdf")

    rows = list(csv.reader(io.StringIO(file)))[1:]
    assert [row[3] for row in rows] == ["" if n is None else str(n) for n in numbers]
    assert [row[3] for row in sheet.iter_rows(min_row=2, values_only=True)] == numbers
    paper = pypdf.PdfReader(io.BytesIO(pdf.content))
    assert "/StructTreeRoot" in paper.trailer["/Root"]
    words = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
    of_paper = re.findall(r"(?<![\w,–])[\d,]+(?![\w,])", words)
    for number in {f"{n:,}" for n in numbers if n is not None}:
        assert number in of_paper
    assert ("越南" if prefix else "Viet Nam") in words


def test_each_project_is_told_with_its_cover_in_the_word_file(client, project, media):
    project.summary, project.summary_zh_hans = "Tea for the hills.\n\nAnd more.", "山上的茶。"
    project.save()
    file = io.BytesIO()
    Image.new("RGB", (900, 600), "green").save(file, "PNG")
    alt = {"alt": "Pickers", "alt_zh_hans": "采茶人"}
    image = SimpleUploadedFile("tea.png", file.getvalue())
    cover = project.pictures.create(image=image, is_cover=True, **alt)
    report = YearlyReport.objects.create(year=2019)
    report.sections.create(section="each")
    report.sections.create(section="country")
    freezing.publish(report, None)
    Project.objects.update(title="Coffee", summary="Coffee.")

    for prefix, said, alt in (
        ("", ["Tea of the hills", "Viet Nam", "Tea for the hills.", "And more."], "Pickers"),
        ("/zh-hans", ["山区茶叶", "越南", "山上的茶。"], "采茶人"),
    ):
        address = prefix + report.get_absolute_url()
        content = client.get(f"{address}report.docx").content
        document = Document(io.BytesIO(content))
        assert [one for one in said if one not in words(content)] == []
        (picture,) = document.inline_shapes
        assert picture.height.mm == 45
        (shown,) = document.element.xpath("//wp:docPr")
        assert shown.get("descr") == alt
        assert said[0] in page_of(client, address)
        pdf = pypdf.PdfReader(io.BytesIO(client.get(f"{address}report.pdf").content))
        assert sum(len(page.images) for page in pdf.pages) == 1
    cover.delete()
    for name in cover.names_by_width.values():
        default_storage.delete(name)
    assert not Document(io.BytesIO(paper.word(report))).inline_shapes


def test_what_is_frozen_cannot_be_changed_by_anybody(client, released, officer):
    section = released.sections.first()
    for change in (
        lambda: YearlyReport.objects.update(introduction="Better."),
        lambda: released.sections.update(words="Better."),
        lambda: section.delete(),
        lambda: released.sections.create(section="year"),
        lambda: YearlyReport.objects.all().delete(),
    ):
        with (
            pytest.raises(DatabaseError, match=REFUSED),
            transaction.atomic(),
        ):
            change()
    form = reverse("admin:secretariat_yearlyreport_change", args=[released.pk])
    assert client.post(form, {"year": 2018}).status_code == 403
    with pytest.raises(ValidationError):
        freezing.publish(released, officer)


def test_what_visitors_asked_for_is_counted_by_day_and_told_by_month(
    client, settings, monkeypatch, report
):
    settings.COUNTS_SEEN = True
    reader = {"headers": {"sec-fetch-dest": "document"}}
    # By a reader, by a program, by who reads too fast; what is no page of the public's.
    for address in ("/", "/projects/feed/", "/search/?q=yaks", "/search/?q=yaks"):
        client.get(address, **reader)
    client.get("/projects/")
    for _n in range(seen.MOST_READ + 2):
        client.get("/meetings/", REMOTE_ADDR="192.0.2.9", **reader)
    for address in ("/nowhere/", "/person/secret/", "/accounts/login/", "/robots.txt", "/healthz"):
        client.get(address, **reader)
    assert not DailyCount.objects.exists()
    monkeypatch.setattr(seen, "SECONDS", 0)
    client.get(reverse("projects:file", args=["csv"]), **reader)

    rows = DailyCount.objects.values_list("kind", "by_robots", "count")
    read = 1 + seen.MOST_READ
    assert set(rows) == {
        *(("page", False, read), ("page", True, 3), ("file", False, 1), ("feed", False, 1)),
        ("unanswered", False, 2),
    }
    client.get("/", **reader)
    assert DailyCount.objects.get(kind="page", by_robots=False).count == read + 1
    client.force_login(make.Officer(group=groups.OFFICER))
    client.get("/", **reader)
    assert DailyCount.objects.get(kind="page", by_robots=False).count == read + 1

    address = reverse("admin:secretariat_dailycount_changelist")
    page = client.get(address, follow=True).content.decode()
    assert re.findall(r"<td>\s*(\d+)\s*</td>", page) == [str(n) for n in (read + 1, 1, 1, 2, 3)]
    DailyCount.objects.update(day="2019-05-31")
    report.sections.create(section="seen")
    freezing.publish(report, make.Administrator())
    told = page_of(client, report.get_absolute_url())
    assert "May 2019" in told
    assert "What visitors asked for" not in page_of(client, "/figures/")


def test_a_new_version_begins_with_the_same_words_and_the_old_one_stays(client, released):
    later = freezing.new_version(released)

    assert (later.version, later.introduction) == (2, "A good year.")
    assert [one.words for one in later.chosen] == [one.words for one in released.chosen]
    with pytest.raises(ValidationError):
        freezing.new_version(released)
    assert client.get("/figures/2019/v2/").status_code == 404
    freezing.publish(later, None)
    assert client.get("/figures/2019/").url == "/figures/2019/v2/"
    assert 'href="/figures/2019/v2/"' in page_of(client, "/figures/2019/v1/")
    assert 'href="/figures/2019/v2/"' in page_of(client, "/figures/")
    assert "/figures/2019/v2/</loc>" in client.get("/sitemap.xml").content.decode()


def test_the_public_sees_it_once_a_publisher_published_it(client, report):
    address = report.get_absolute_url()
    files = [f"{address}report.{kind}" for kind in ("pdf", "csv")]
    step = reverse("admin:secretariat_yearlyreport_publish", args=[report.pk])
    client.force_login(make.Officer(group=groups.HELPER))
    assert client.post(step).status_code == 403
    assert "not published" in page_of(client, address)
    client.logout()
    assert {client.get(each).status_code for each in [address, f"{address}grant/", *files]} == {404}

    client.force_login(make.Officer(group=groups.OFFICER))
    assert "Publish the report?" in page_of(client, step)
    client.post(step, {"sure": "yes"})

    client.logout()
    assert {client.get(each).status_code for each in [address, f"{address}grant/", *files]} == {200}


def test_an_officer_chooses_sections_and_is_told_what_is_wrong(client, officer):
    form = reverse("admin:secretariat_yearlyreport_add")
    data = filled(client.get(form)) | {"year": "1900"}

    refused = client.post(form, data)

    assert "Write a year from 1983 on." in str(errors(refused))
    client.post(form, data | {"year": "2003"})
    made = YearlyReport.objects.get()
    assert made.query == "year_from=2003&year_to=2003"
    with pytest.raises(ValidationError, match="at least one section"):
        freezing.publish(made, officer)
