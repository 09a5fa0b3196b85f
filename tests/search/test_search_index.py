"""The index of the search follows the records, whatever changes them and however."""

import json
import shlex
from threading import Event, Thread

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from members.models import Institution, InstitutionName
from projects.models import (
    FundNumber,
    Project,
    ProjectCountry,
    ProjectInstitution,
    ProjectSDG,
    ProjectSector,
)
from projects.search_documents import TEXTS, TITLES
from sscnet import search
from sscnet.codelists.models import SDG, Country, PGTFArea, Sector
from sscnet.search import renewal
from sscnet.search.models import Document, Word
from tests import make
from tests.deploy.documented import documented
from tests.search import index_check

CHINESE = "_zh_hans"


def both(model, *fields):
    return [(model, field + language) for field in fields for language in ("", CHINESE)]


# Every column that is searched.
COLUMNS = [
    *both(Project, *TITLES, *TEXTS),
    *both(ProjectSDG, "reason"),
    *both(Country, "name"),
    *both(Sector, "name"),
    *both(SDG, "name", "full_name"),
    *both(PGTFArea, "name"),
    *both(Institution, "name"),
    (InstitutionName, "name"),
    (FundNumber, "number"),
]


def is_found(text, project):
    return project.pk in search.matching(text, "project").ids


@pytest.fixture
def project(db):
    """A project with one of everything that is searched."""
    institution = make.Institution(name="Institute")
    make.InstitutionName(institution=institution, name="Alias")
    made = make.Project(
        title="Project",
        countries=[make.Country(iso2="XK", name="Country")],
        sectors=[make.Sector(slug="sector", name="Sector")],
        submitter=institution,
        numbers=["INT/50/K50"],
        area=make.PGTFArea(slug="area", name="Area"),
    )
    make.ProjectSDG(project=made, sdg=make.SDG(number=9, name="Goal"), reason="Reason")
    # Read once, so that what follows is a change of an entry that is there.
    assert is_found("project", made)
    return made


# ---------------------------------------------------------------------- the ways to write


def save(row, field, value):
    setattr(row, field, value)
    row.save()


def update(row, field, value):
    """Write as a bulk update does."""
    rows = type(row)._base_manager.filter(pk=row.pk)
    if field.endswith(CHINESE):
        rows.update(i18n={**(row.i18n or {}), field: value})
    else:
        rows.update(**{field: value})


def bulk_update(row, field, value):
    setattr(row, field, value)
    name = "i18n" if field.endswith(CHINESE) else field
    type(row)._base_manager.bulk_update([row], [name])


def sql(row, field, value):
    table, key = row._meta.db_table, row._meta.pk.column
    setting, values = f"{field} = %s", [value]
    if field.endswith(CHINESE):
        setting = "i18n = coalesce(i18n, '{}') || %s::jsonb"
        values = [json.dumps({field: value})]
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {setting} WHERE {key} = %s", [*values, row.pk])


IN_EVERY_WAY = [(Project, "title"), (Country, "name_zh_hans"), (InstitutionName, "name")]


def writes():
    """Give each column written by SQL and a column of each kind in every way; with PROOF=1 all."""
    for model, field in COLUMNS:
        for write in (sql, save, update, bulk_update):
            is_tried = write is sql or (model, field) in IN_EVERY_WAY
            marks = [] if is_tried else [pytest.mark.proof]
            name = f"{model.__name__}-{field}-{write.__name__}"
            yield pytest.param(model, field, write, marks=marks, id=name)


@pytest.mark.parametrize(("model", "field", "write"), [*writes()])
def test_a_change_is_found_and_what_was_there_is_not(project, model, field, write):
    row = model._base_manager.get(pk=project.pk) if model is Project else model.objects.get()
    words = ["Zebrafish", "Quinoa"]
    if field.endswith(CHINESE):
        words = ["斑马鱼", "藜麦"]
    elif model is FundNumber:
        words = ["INT/51/K51", "INT/52/K52"]

    for n, word in enumerate(words):
        write(row, field, word)
        assert is_found(word, project)
        assert not is_found(words[1 - n], project)
    assert list(index_check.check()) == []


LINKS = [
    (ProjectCountry, "country_id", lambda: make.Country(iso2="ZB", name="Zebraland").pk),
    (ProjectSector, "sector_id", lambda: make.Sector(slug="z", name="Zebraland").pk),
    (ProjectInstitution, "institution_id", lambda: make.Institution(name="Zebraland").pk),
    (ProjectSDG, "sdg_id", lambda: make.SDG(number=8, name="Zebraland").pk),
]


@pytest.mark.parametrize("way", ["rows", "bulk", "sql"])
@pytest.mark.parametrize(
    ("model", "column", "target"), LINKS, ids=lambda x: getattr(x, "__name__", "")
)
def test_a_link_added_is_found_and_one_taken_away_is_not(project, model, column, target, way):
    values = {"project_id": project.pk, column: target()}
    if model is ProjectSDG:
        values["place"] = 3
    others = model.objects.filter(**values)
    add(model, values, way)
    assert is_found("zebraland", project)

    take_away(others, way)
    assert not is_found("zebraland", project)
    assert list(index_check.check()) == []


def add(model, values, way):
    if way == "rows":
        model.objects.create(**values)
    elif way == "bulk":
        model.objects.bulk_create([model(**values)])
    else:
        values = {"role": "supporter"} | values if model is ProjectInstitution else values
        values = {"role": "beneficiary"} | values if model is ProjectCountry else values
        values = {"reason": "", "target": ""} | values if model is ProjectSDG else values
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({', '.join(values)}) "
                f"VALUES ({', '.join(['%s'] * len(values))})",
                list(values.values()),
            )


def take_away(rows, way):
    if way == "rows":
        rows.get().delete()
    elif way == "bulk":
        rows.delete()
    else:
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {rows.model._meta.db_table} WHERE id = %s", [rows.get().pk]
            )


class TestOtherChanges:
    def test_a_number_or_name_that_moves_and_another_area(self, project):
        other = make.Project(title="Other")
        FundNumber.objects.update(project=other)
        assert not is_found("INT/50/K50", project)
        assert is_found("INT/50/K50", other)

        other = make.Institution(name="Other")
        assert is_found("alias", project)
        InstitutionName.objects.update(institution=other)
        assert not is_found("alias", project)

        Project.objects.filter(pk=project.pk).update(area=make.PGTFArea(slug="z", name="Zebraland"))
        assert is_found("zebraland", project)

    def test_a_name_deleted_or_changed_is_one_row_and_else_none(self, project, monkeypatch):
        InstitutionName.objects.all().delete()
        assert not is_found("alias", project)

        Country.objects.update(name="Zebraland")
        before = rows()
        assert is_found("zebraland", project)
        assert {key for key, place in rows().items() if before[key] != place} == {("country", "XK")}

        monkeypatch.setattr(renewal, "stale_keys", None)
        assert is_found("project", project)

    def test_what_is_not_published_is_not_found_nor_are_its_words_offered(self, project):
        for state in ("draft", "ready", "withdrawn"):
            Project.objects.update(title="Zebrafish", state=state)
            assert not is_found("zebrafish", project), state
            assert search.matching("zebrafesh", "project").suggestion == "", state

            Project.objects.update(state="published")
            assert is_found("zebrafish", project), state

    def test_what_is_rolled_back_or_deleted_leaves_nothing(self, project):
        with transaction.atomic():
            Project.objects.update(title="Zebrafish")
            assert is_found("zebrafish", project)
            transaction.set_rollback(True)
        assert not is_found("zebrafish", project)
        assert is_found("project", project)
        assert list(index_check.check()) == []

        number = project.pk
        project.delete()
        assert number not in search.matching("project", "project").ids
        assert not Document.objects.filter(kind="project").exists()

    def test_a_change_of_what_is_not_searched_writes_no_other_document(self, project):
        other = make.Project(title="Other")
        assert is_found("other", other)
        before = rows()
        Project.objects.filter(pk=project.pk).update(year_approved=2001)
        assert is_found("project", project)

        changed = {key for key, place in rows().items() if before[key] != place}
        assert changed == {("project", str(project.pk))}


def held(kind):
    return Document.objects.filter(kind=kind)


def rows():
    """Give where each document is written: a row that is written again stands elsewhere."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, key, ctid::text FROM search_document")
        return {(kind, key): place for kind, key, place in cursor.fetchall()}


class TestKinds:
    @pytest.fixture
    def institution(self, project):
        made = make.Institution(name="Quinoa Institute", name_zh_hans="重庆兆岐研究所")
        make.InstitutionName(institution=made, name="QX-1")
        return made

    def test_an_institution_is_found_by_its_names_in_the_same_table(self, institution):
        make.Project(title="Quinoa")
        for text in ("quinoa", "QX-1", "兆岐", "zhaoqi", "institute quino"):
            assert institution.pk in search.matching(text, kind="institution").ids, text

    def test_each_kind_finds_its_own(self, project, institution):
        made = make.Project(title="Quinoa", submitter=Institution.objects.get(name="Institute"))

        assert search.matching("quinoa", "project").ids == [made.pk]
        assert search.matching("quinoa", kind="institution").ids == [institution.pk]
        assert search.matching("quinoa", kind="country").ids == []
        assert search.matching("country", kind="country").ids == ["XK"]
        found = search.matching("institute", kind="institution")
        assert len(found.ranked(found.ids)) == 2

    def test_one_that_is_not_public_is_not_found_but_what_it_takes_part_in_is(self, institution):
        made = make.Project(submitter=institution)
        Institution.objects.filter(pk=institution.pk).update(state="draft")

        assert search.matching("quinoa", kind="institution").ids == []
        assert is_found("quinoa", made)

    def test_a_change_of_one_kind_is_no_change_of_another(self, project, institution, monkeypatch):
        assert is_found("project", project)
        Institution.objects.update(name="Zebra Institute")
        renewed, real = [], renewal.renew

        def renew(kind, *given):
            renewed.append(kind)
            return real(kind, *given)

        monkeypatch.setattr(renewal, "renew", renew)

        assert is_found("zebra", project)
        assert renewed == ["institution"]


# ---------------------------------------------------------------------- commands


class TestCommands:
    def test_rebuild_forgets_words(self, project):
        Project.objects.update(title="Zebrafish")
        assert is_found("zebrafish", project)
        Project.objects.update(title="Quinoa")
        call_command("rebuild_search")
        assert not Word.objects.filter(word="zebrafish").exists()
        assert Word.objects.filter(word="quinoa").exists()

    @pytest.mark.parametrize(
        ("spoil", "said"),
        [
            (lambda: held("project").update(words="'=x'"), "project {}: out of date"),
            (lambda: held("project").update(titles="'=x'"), "project {}: out of date"),
            (lambda: held("project").delete(), "project {}: missing"),
            (
                lambda: Document.objects.create(kind="project", key="0", words="", titles=""),
                "project 0: should not be there",
            ),
            (lambda: held("country").delete(), "country XK: missing"),
            (lambda: held("country").update(names="'=x'"), "country XK: out of date"),
            (
                lambda: held("institution").update(pinyin="|x|"),
                "institution {institution}: out of date",
            ),
            (lambda: Word.objects.filter(word="reason").delete(), "word reason: missing"),
        ],
    )
    def test_rebuild_mends_each_difference(self, project, spoil, said):
        said = said.format(project.pk, institution=Institution.objects.get().pk)
        spoil()
        assert list(index_check.check()) == [said]

        call_command("rebuild_search")

        assert list(index_check.check()) == []

    def test_the_documented_command_mends_all_and_what_waits(self, project):
        [line] = documented("docs/machine.md", "sscnet rebuild_search").splitlines()
        held("project").delete()
        Project.objects.update(title="Quinoa")

        call_command(*shlex.split(line, comments=True)[1:])

        assert list(index_check.check()) == []
        assert held("project").get().titles != ""


# ---------------------------------------------------------------------- several at once


def in_thread(work):
    """Start work on a connection of its own; give how to wait for its end."""
    failures = []

    def run():
        try:
            work()
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()

    def end():
        thread.join(10)
        assert not thread.is_alive()
        assert failures == []

    return end


@pytest.mark.django_db(transaction=True)
class TestSeveralAtOnce:
    def test_a_change_that_is_committed_late_is_not_missed(self):
        first, second = make.Project(title="First"), make.Project(title="Second")
        assert is_found("first", first)
        changed, go_on = Event(), Event()

        def write_slowly():
            with transaction.atomic():
                Project.objects.filter(pk=first.pk).update(title="Zebrafish")
                changed.set()
                assert go_on.wait(10)

        end = in_thread(write_slowly)
        assert changed.wait(10)
        # Its note has a lower number than the next one, which is read and done with before it.
        Project.objects.filter(pk=second.pk).update(title="Quinoa")
        assert is_found("quinoa", second)
        assert not is_found("zebrafish", first)
        go_on.set()
        end()

        assert is_found("zebrafish", first)

    def test_a_change_while_the_entry_is_being_written_is_not_missed(self, monkeypatch):
        project = make.Project(title="First")
        assert is_found("first", project)
        Project.objects.update(title="Zebrafish")
        real, changes = renewal.write, ["Quinoa"]

        def write_and_be_overtaken(made):
            real(made)
            if changes:
                title = changes.pop()
                in_thread(lambda: Project.objects.update(title=title))()

        monkeypatch.setattr(renewal, "write", write_and_be_overtaken)

        search.matching("zebrafish", "project")
        assert is_found("quinoa", project)
        assert not is_found("zebrafish", project)

    def test_who_reads_waits_for_who_renews(self, monkeypatch):
        project = make.Project(title="Zebrafish")
        renewing, go_on = Event(), Event()
        real = renewal.write

        def write_slowly(made):
            real(made)
            renewing.set()
            assert go_on.wait(10)

        monkeypatch.setattr(renewal, "write", write_slowly)
        results = []
        first = in_thread(lambda: results.append(is_found("zebrafish", project)))
        assert renewing.wait(10)
        second = in_thread(lambda: results.append(is_found("zebrafish", project)))
        go_on.set()
        first()
        second()

        assert results == [True, True]

    def test_a_project_deleted_while_its_entry_is_written(self):
        project = make.Project(title="Zebrafish")
        deleted, go_on = Event(), Event()

        def delete_slowly():
            with transaction.atomic():
                Project.objects.filter(pk=project.pk).delete()
                deleted.set()
                assert go_on.wait(10)

        end = in_thread(delete_slowly)
        assert deleted.wait(10)
        assert is_found("zebrafish", project)
        go_on.set()
        end()

        assert not is_found("zebrafish", project)
