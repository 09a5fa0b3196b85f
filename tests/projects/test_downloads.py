import csv
import io
import json
import re
from datetime import datetime

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from sscnet.exchange.writing.formats import stream_csv, stream_json
from sscnet.exchange.writing.workbook import WorkbookSheet, write_xlsx
from tests import make

HOME = "https://portal.example.org"


def content(response):
    return b"".join(response.streaming_content)


def read_csv(data):
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def read_xlsx(data):
    sheet = load_workbook(io.BytesIO(data)).active
    names, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(names, line, strict=True)) for line in lines]


def download(client, extension, query=""):
    query = f"{query}&fields=all" if query else "?fields=all"
    response = client.get(reverse("projects:file", args=[extension]) + query)
    assert response.status_code == 200
    data = content(response)
    readers = {"csv": read_csv, "xlsx": read_xlsx, "json": lambda data: json.loads(data)["rows"]}
    return readers[extension](data)


@pytest.mark.django_db
def test_queries_do_not_grow_with_the_rows(client, django_assert_max_num_queries):
    make.Project.create_batch(12, countries=[make.Country()], numbers=[])
    download(client, "csv", "?status=cancelled")  # Now the index is built, the words are read.
    with django_assert_max_num_queries(19):
        assert len(download(client, "csv")) == 12


@pytest.mark.django_db
class TestTheListAsAFile:
    @pytest.fixture(autouse=True)
    def records(self, network):
        return network

    @pytest.mark.parametrize("extension", ["csv", "xlsx", "json"])
    @pytest.mark.parametrize(
        "query", ["", "?country=VN&country=LK", "?sdg=7&sort=title", "?q=bamboo"]
    )
    def test_it_holds_exactly_the_list_in_its_order(self, client, extension, query):
        page = client.get(reverse("projects:list") + query).content.decode()
        listed = re.findall(r'class="result" id="([^"]+)"', page)
        assert [row["code"] for row in download(client, extension, query)] == listed
        assert listed

    @pytest.mark.parametrize("extension", ["csv", "xlsx", "json"])
    def test_the_biogas_forum_is_told_in_codes_and_both_languages(
        self, client, extension, settings
    ):
        [row] = download(client, extension, "?q=INT/18/K08") or [None]
        assert row["title_zh"] == "区域间沼气合作与能力建设论坛"
        assert (row["status"], row["status_en"], row["status_zh"]) == (
            "completed",
            "Completed",
            "已完成",
        )
        assert (row["lead_country"], row["lead_country_zh"]) == ("CN", "中国")
        assert float(row["total_usd"]) == 85000
        assert row["page_zh"].startswith(f"{settings.PORTAL_ADDRESS}/zh-hans/projects/forum-for")

    def test_days_and_amounts_are_days_and_numbers_in_excel(self, client):
        [row] = download(client, "xlsx", "?q=INT/18/K08")
        assert row["approved_on"] == datetime(2017, 9, 22)
        assert row["granted_usd"] == 29000
        assert row["year_approved"] == 2017

    @pytest.mark.parametrize(
        ("prefix", "labels", "words"),
        [
            ("", ("Title (English)", "Lead country", "Declared status"), ("China", "Completed")),
            ("/zh-hans", ("标题（英文）", "牵头国", "所报状态"), ("中国", "已完成")),
        ],
    )
    def test_excel_has_fifteen_columns_for_readers_with_names(self, client, prefix, labels, words):
        address = f"{prefix}/projects/export.xlsx?q=INT/18/K08"
        sheet = load_workbook(io.BytesIO(content(client.get(address)))).active
        heads, cells = ([cell.value for cell in line] for line in sheet.iter_rows())
        row = dict(zip(heads, cells, strict=True))
        assert len(heads) == 15
        assert row[labels[0]].startswith("Forum for the development")
        assert (row[labels[1]], row[labels[2]]) == words
        assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:O2")
        assert {10 <= column.width <= 60 for column in sheet.column_dimensions.values()} == {True}

    def test_json_keeps_lists_as_lists(self, client):
        [row] = download(client, "json", "?q=INT/18/K08")
        assert len(row["countries"]) == 9
        assert row["sectors"] == ["renewable-energy"]
        assert row["modality"] is None

    def test_its_name_tells_content_and_day(self, client):
        response = client.get(reverse("projects:file", args=["csv"]) + "?country=VN&country=LK")
        assert "projects-9-VN-LK-20" in response["Content-Disposition"]
        content(response)

    def test_an_unknown_value_does_no_harm(self, client):
        assert len(download(client, "csv", "?country=XX&status=none")) == 11


DANGEROUS = ["=1+1", "+1", "-1", "@x", "\tx", "\rx"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_a_spreadsheet_would_run_is_neutral(text):
    [row] = read_csv(b"".join(stream_csv(["a"], [[text]])))
    assert row["a"] == f"'{text}"
    [row] = read_xlsx(write_xlsx(WorkbookSheet("1", ["a"], [[text]])))
    assert row["a"].startswith("'")


def test_amounts_below_nothing_stay_numbers():
    [row] = read_csv(b"".join(stream_csv(["a"], [[-5]])))
    assert row["a"] == "-5"


def test_odd_texts_do_not_break_a_workbook():
    odd = "<b>&\"'\x0b]]> 沼气\n" + "x" * 40_000
    [row] = read_xlsx(write_xlsx(WorkbookSheet("1", ["a"], [[odd]])))
    assert row["a"].startswith("<b>&\"']]> 沼气\n")


def test_a_file_without_rows_has_its_names():
    assert read_csv(b"".join(stream_csv(["a", "b"], []))) == []
    assert read_xlsx(write_xlsx(WorkbookSheet("1", ["a", "b"], []))) == []
    assert json.loads(b"".join(stream_json(["a"], [], {"projects": 0})))["rows"] == []


def test_a_file_is_sent_while_it_is_made():
    taken = []

    def rows():
        for n in range(1000):
            taken.append(n)
            yield [n]

    stream = stream_csv(["n"], rows())
    next(stream), next(stream)
    assert len(taken) < 1000
