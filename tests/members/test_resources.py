"""Institutions to and from files."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from members.fields import FIELDS
from members.models import Institution, InstitutionName, Membership
from members.resources import InstitutionResource
from sscnet.exchange.admin.preview import ImportPreview
from sscnet.exchange.sheets import read_sheet
from sscnet.exchange.writing.formats import stream_csv
from sscnet.exchange.writing.workbook import WorkbookSheet, write_xlsx
from tests import make

pytestmark = pytest.mark.django_db

COLUMNS = FIELDS.columns()

FULL_ROW = {
    "slug": "sample-institute",
    "name_en": "Sample Institute",
    "name_zh": "示例研究所",
    "acronym": "SI",
    "aliases": "Sample Inst.; Institute of Samples",
    "former_names": "Old Sample Institute",
    "kind": "research-institute",
    "city_en": "Chengdu",
    "city_zh": "成都",
    "province": "sichuan",
    "country": "CN",
    "website": "https://example.org",
    "role_mailbox": "office@example.org",
    "phone": "+86 28 0000",
    "founded": "1979-05",
    "relation_en": "=Relation",
    "relation_zh": "关系",
    "summary_en": "Knows samples.",
    "summary_zh": "示例技术。",
    "services": "training | Tea | 茶，线上 | Officials | 官员 | 2026-11-28\nseminar |  | 研修班",
    "description_en": "=Description",
    "description_zh": "简介",
    "un_origin_en": "UNDP",
    "un_origin_zh": "联合国开发计划署",
    "sectors": "trade",
    "membership_state": "member",
    "membership_since": "1995-06-01",
    "membership_unconfirmed": "yes",
    "sources": "Website | https://example.org/about",
    "note": "Sample",
}


@pytest.fixture(autouse=True)
def lists():
    make.Country(iso2="CN", name="China", name_zh_hans="中国")
    make.Sector(slug="trade", name="Trade")


def content_of(*rows) -> bytes:
    headers = list(dict.fromkeys(name for row in rows for name in row))
    return b"".join(
        stream_csv(headers, [[row.get(name) for name in headers] for row in rows], safe=str)
    )


def look_at_file(content) -> ImportPreview:
    sheet = read_sheet(content, COLUMNS)
    return ImportPreview(sheet, InstitutionResource().import_data(sheet, dry_run=True))


def look_at(*rows) -> ImportPreview:
    return look_at_file(content_of(*rows))


def store(*rows) -> ImportPreview:
    sheet = read_sheet(content_of(*rows), COLUMNS)
    return ImportPreview(sheet, InstitutionResource().import_data(sheet))


def why_refused(**row):
    return [(r.column, r.message) for o in look_at(row).refused for r in o.refusals]


# ------------------------------------------------------------------ finding the institution


def test_a_row_finds_its_institution_by_address():
    institution = make.Institution(slug="biogas-institute")

    store({"slug": "biogas-institute", "city_en": "Chengdu"})

    institution.refresh_from_db()
    assert institution.city == "Chengdu"


def test_a_row_finds_its_institution_by_an_address_it_had_before():
    institution = make.Institution(slug="old-address")
    institution.slug = "new-address"
    institution.save()

    preview = store({"slug": "old-address", "city_en": "Chengdu"})

    institution.refresh_from_db()
    assert preview.counts()["changed"] == 1
    assert (institution.slug, institution.city) == ("new-address", "Chengdu")


def test_a_new_institution_is_a_draft_and_may_bring_its_address():
    store({"slug": "my-address", "name_en": "One"}, {"slug": "", "name_en": "Two"})

    rows = Institution.objects.order_by("pk").values_list("name", "slug", "state")
    assert list(rows) == [("One", "my-address", "draft"), ("Two", "two", "draft")]


def test_a_service_keeps_its_row_under_another_title_and_in_another_order():
    institution = make.Institution(slug="tea")
    tea, picking = (make.Service(institution=institution, title=t) for t in ("Tea", "Picking"))
    make.Service(institution=institution, kind="seminar", title="Gone")

    store({"slug": "tea", "services": "consultancy | Advice\ntraining | Picking\ntraining | Tea!"})

    rows = dict(institution.services.values_list("title", "pk"))
    assert rows.keys() == {"Advice", "Picking", "Tea!"}
    assert (rows["Picking"], rows["Tea!"]) == (picking.pk, tea.pk)
    for bad in ("training", "teaching | Tea", "training | Tea ||||soon", "training |||||| x"):
        assert why_refused(slug="tea", services=bad)[0][0] == "services"


def test_an_address_that_is_none_is_refused():
    assert why_refused(slug="not an address", name_en="One")[0][0] == "slug"


def test_a_row_without_any_name_is_refused():
    assert why_refused(slug="", name_en="", city_en="Chengdu")[0][0] == "name_en"


def test_the_same_new_name_twice_is_refused():
    preview = look_at({"name_en": "Same"}, {"name_en": "SAME"})

    assert [outcome.number for outcome in preview.refused] == [2, 3]


def test_a_name_that_is_there_already_warns():
    institution = make.Institution(name="Biogas Institute")
    make.InstitutionName(institution=institution, name="BIOMA")

    [outcome] = look_at({"name_en": "Bioma"}).new

    assert outcome.warnings == [
        f"There is already an institution with this name: {institution.slug}."
    ]


# ------------------------------------------------------------------ columns


def test_every_column_that_can_be_imported_has_a_value_in_the_round_trip():
    assert set(FULL_ROW) == {name for name, column in COLUMNS.items() if not column.readonly}


def test_what_is_exported_and_imported_again_changes_nothing():
    assert store(FULL_ROW).counts()["new"] == 1
    make.Institution(name="", name_zh_hans="只有中文名")
    rows = InstitutionResource().export(Institution.objects.all())

    for content in (
        b"".join(stream_csv(list(COLUMNS), rows)),
        write_xlsx(WorkbookSheet("x", list(COLUMNS), rows)),
    ):
        preview = look_at_file(content)

        assert preview.counts() == {"new": 0, "changed": 0, "waits": 0, "same": 2, "refused": 0}


def test_names_are_stored_by_kind_and_an_alias_becomes_a_former_name():
    store(FULL_ROW)
    old = InstitutionName.objects.get(name="Sample Inst.")
    assert set(InstitutionName.objects.values_list("name", "kind")) == {
        ("SI", "acronym"),
        ("Sample Inst.", "alias"),
        ("Institute of Samples", "alias"),
        ("Old Sample Institute", "former"),
    }

    store({"slug": "sample-institute", "aliases": "-", "former_names": "Sample Inst."})

    names = InstitutionName.objects.values_list("pk", "name", "kind")
    assert set(names.exclude(kind="acronym")) == {(old.pk, "Sample Inst.", "former")}


def test_a_name_in_two_columns_is_refused():
    assert why_refused(name_en="One", aliases="X", former_names="X") == [
        ("aliases", "These names are in two columns: X. Keep each in one.")
    ]


def test_a_website_gets_a_scheme_and_words_in_either_language_are_understood():
    store({"name_en": "One", "website": "biogas.caas.cn", "country": "中国", "province": "Sichuan"})

    institution = Institution.objects.get()
    assert institution.website == "https://biogas.caas.cn"
    assert (institution.country_id, institution.province) == ("CN", "sichuan")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "club"),
        ("province", "atlantis"),
        ("website", "https://no host"),
        ("role_mailbox", "nobody"),
        ("membership_unconfirmed", "perhaps"),
        ("sectors", "nothing"),
    ],
)
def test_what_is_not_of_the_list_is_refused_by_column(column, value):
    assert [told for told, _message in why_refused(name_en="One", **{column: value})] == [column]


# ------------------------------------------------------------------ membership


def test_a_membership_begins():
    store({"name_en": "One", "membership_state": "member", "membership_since": "1995-06-01"})

    membership = Membership.objects.get()
    assert (membership.state, membership.since) == ("member", date(1995, 6, 1))


def test_a_day_of_a_membership_is_put_right():
    member = make.Member(slug="one", membership__since=date(1995, 1, 1))

    store({"slug": "one", "membership_since": "1995-06-01"})

    assert member.memberships.get().since == date(1995, 6, 1)


@pytest.mark.parametrize("state", ["former", "-"])
def test_a_membership_is_neither_ended_nor_taken_away_by_a_file(state):
    make.Member(slug="one", membership__since=date(1995, 1, 1))

    row = {"membership_state": state, "membership_since": "2020-01-01"}

    assert [told for told, _message in why_refused(slug="one", **row)] == ["membership_state"]


def test_a_day_without_a_membership_is_refused():
    [(column, _message)] = why_refused(name_en="One", membership_since="1995-06-01")

    assert column == "membership_since"


# ------------------------------------------------------------------ the admin


@pytest.mark.parametrize(
    ("prefix", "heading"), [("", "City (English)"), ("/zh-hans", "城市（英文）")]
)
def test_an_officer_sends_the_template_and_confirms_it(client, settings, tmp_path, prefix, heading):
    settings.MEDIA_ROOT = tmp_path
    permissions = [f"members.{verb}_institution" for verb in ("add", "change", "view")]
    client.force_login(make.Officer(permissions=permissions))
    address = prefix + reverse("admin:members_institution_import")
    template = client.get(f"{address}template.xlsx")
    assert heading in [cell.value for cell in load_workbook(BytesIO(template.content)).active[1]]
    (tmp_path / "template.xlsx").write_bytes(template.content)

    with (tmp_path / "template.xlsx").open("rb") as file:
        response = client.post(address, {"file": file})
    token = {"preview": response.context["token"], "source_name": "Report of 2026"}
    client.post(address.replace("import/", "process_import/"), token)

    institution = Institution.objects.get()
    assert institution.name == "Sample Institute of Rural Energy"
    assert institution.current_membership.state == Membership.State.MEMBER
