"""The index stays true whatever way a record changes, and shows nobody what may be taken back."""

import threading
from random import Random

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from members.models import Institution
from projects.catalogue import changes, index
from projects.catalogue.selection import Selection
from projects.models import (
    Change,
    Project,
    ProjectCountry,
    ProjectInstitution,
    ProjectSDG,
    ProjectSector,
)
from sscnet.codelists.models import Country, PGTFArea, Sector
from sscnet.records.models import State
from tests.factories import (
    CountryFactory,
    InstitutionFactory,
    PGTFAreaFactory,
    ProjectCountryFactory,
    ProjectFactory,
    ProjectInstitutionFactory,
    SDGFactory,
    SectorFactory,
)
from tests.projects.catalogue_records import make_institutions, make_records

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept():
    index.forget()
    yield
    index.forget()


def assert_same(one, other):
    """Compare two indexes in everything that is counted and ordered."""
    assert one.all == other.all
    assert {n: v for n, v in one.values.items() if v} == {
        n: v for n, v in other.values.items() if v
    }
    for name, order in other.orders.items():
        mine = one.orders[name]
        assert (list(mine.stated), list(mine.unstated)) == (
            list(order.stated),
            list(order.unstated),
        ), name
        read, expected = one.keys.reader(name), other.keys.reader(name)
        assert [read(id) for id in one.all] == [expected(id) for id in one.all]


def not_empty(values):
    return {name: by_code for name, by_code in values.items() if by_code}


def codes(facet):
    return {code: list(ids) for code, ids in index.current().values[facet].items()}


class TestMending:
    def test_mended_is_as_if_built_anew_after_any_edits(self):
        for n in range(12):
            CountryFactory(iso2=f"A{chr(65 + n)}", region=["africa", "asia", ""][n % 3])
            SectorFactory()
            SDGFactory()
            PGTFAreaFactory()
        ids = make_records(150)
        random = Random(7)
        mended = index.build()
        for _round in range(25):
            touched = [edit(random, random.choice(ids)) for _ in range(random.choice([1, 1, 5]))]
            mended = index.mend(mended, sorted(set(touched)))
        assert_same(mended, index.build())

    def test_an_index_in_use_does_not_change(self):
        project = ProjectFactory(status="ongoing")
        before = index.build()
        Project.objects.update(status="completed", year_approved=2001, title="Z")
        index.mend(before, [project.pk])
        assert list(before.values["status"]["ongoing"]) == [project.pk]

    def test_a_project_that_is_gone_is_gone_from_everything(self):
        project = ProjectFactory(year_approved=2000)
        before = index.build()
        Project.objects.all().delete()
        after = index.mend(before, [project.pk])
        assert_same(after, index.build())
        assert len(after.all) == 0


def edit(random, pk):
    """Change something of a project, in one of many ways."""
    project = Project.objects.filter(pk=pk)
    if not project:
        return pk
    ways = [
        lambda: project.update(title=random.choice(["", "Aa", "zz", "茶"]) + str(random.random())),
        lambda: project.update(year_approved=random.choice([None, 1990, 2005])),
        lambda: project.update(granted_usd=random.choice([None, 1, 70_000])),
        lambda: project.update(state=random.choice([State.PUBLISHED, State.DRAFT])),
        lambda: project.update(status=random.choice(["", "ongoing"]), gender_marker=None),
        lambda: ProjectCountry.objects.filter(project=pk).delete(),
        lambda: ProjectSDG.objects.filter(project=pk, place=0).delete(),
        lambda: (
            ProjectInstitution.objects.filter(project=pk).update(role="supporter")
            if ProjectInstitution.objects.filter(project=pk).count() == 1
            else None
        ),
        lambda: ProjectSector.objects.get_or_create(
            project_id=pk, sector=random.choice(Sector.objects.all())
        ),
        lambda: project.delete() if random.random() < 0.2 else None,
    ]
    random.choice(ways)()
    return pk


class TestSeeing:
    """Each way of changing what the numbers depend on, seen at the next look."""

    def test_a_form_or_save(self):
        project = ProjectFactory(status="ongoing")
        assert codes("status") == {"ongoing": [project.pk]}
        project.status = "completed"
        project.save()
        assert codes("status") == {"completed": [project.pk]}

    def test_a_bulk_update_and_sql(self):
        project = ProjectFactory(status="ongoing")
        assert codes("status") == {"ongoing": [project.pk]}
        Project.objects.update(status="completed")
        assert codes("status") == {"completed": [project.pk]}
        with connection.cursor() as cursor:
            cursor.execute("UPDATE projects_project SET status = 'pipeline'")
        assert codes("status") == {"pipeline": [project.pk]}

    def test_publishing_and_withdrawing(self):
        project = ProjectFactory(state=State.DRAFT)
        assert list(index.current().all) == []
        Project.objects.update(state=State.PUBLISHED)
        assert list(index.current().all) == [project.pk]
        Project.objects.update(state=State.WITHDRAWN)
        assert list(index.current().all) == []

    @pytest.mark.parametrize(
        ("facet", "make", "code"),
        [
            ("country", lambda p: ProjectCountryFactory(project=p, country__iso2="VN"), "VN"),
            ("sector", lambda p: ProjectSector.objects.create(
                project=p, sector=SectorFactory(slug="tea")), "tea"),
            ("sdg", lambda p: ProjectSDG.objects.create(
                project=p, sdg=SDGFactory(number=6), place=1), "6"),
            ("role", lambda p: ProjectInstitutionFactory(project=p, role="supporter"), "supporter"),
        ],
    )  # fmt: skip
    def test_links_made_and_deleted(self, facet, make, code):
        project = ProjectFactory()
        assert codes(facet) == {"none": [project.pk]}
        link = make(project)
        assert codes(facet) == {code: [project.pk]}
        link.delete()
        assert codes(facet) == {"none": [project.pk]}

    def test_a_country_put_into_another_region(self):
        project = ProjectFactory(countries=[CountryFactory(iso2="VN", region="asia")])
        assert codes("region") == {"asia": [project.pk]}
        Country.objects.update(region="africa")
        assert codes("region") == {"africa": [project.pk]}

    def test_an_institution_with_another_address_or_province(self):
        institution = InstitutionFactory(slug="old", province="hunan")
        project = ProjectFactory(submitter=institution)
        assert codes("institution") == {"old": [project.pk]}
        Institution.objects.update(slug="new", province="hubei")
        assert codes("institution") == {"new": [project.pk]}
        assert codes("province") == {"hubei": [project.pk]}
        assert codes("institution in role submitter") == {"new": [project.pk]}

    def test_code_lists_with_other_codes(self):
        sector, area = SectorFactory(slug="tea"), PGTFAreaFactory(slug="food")
        project = ProjectFactory(sectors=[sector], area=area)
        assert (codes("sector"), codes("area")) == ({"tea": [project.pk]}, {"food": [project.pk]})
        Sector.objects.update(slug="coffee")
        PGTFArea.objects.update(slug="drink")
        assert codes("sector") == {"coffee": [project.pk]}
        assert codes("area") == {"drink": [project.pk]}

    def test_other_names(self):
        country = CountryFactory(iso2="VN", name="Vietnam")
        ProjectFactory(countries=[country])
        label = Selection({}).facet("country").values[0].label
        Country.objects.update(name="Viet Nam")
        assert (label, Selection({}).facet("country").values[0].label) == ("Vietnam", "Viet Nam")

    @pytest.mark.parametrize(
        "change",
        [
            lambda: Institution.objects.update(state=State.DRAFT),
            lambda: Institution.objects.get().names.create(name="INBAR"),
            lambda: Country.objects.update(tile_column=3, tile_row=4),
        ],
    )
    def test_whatever_else_a_kept_page_may_show(self, change):
        CountryFactory(iso2="VN")
        ProjectFactory(submitter=InstitutionFactory())
        seen = changes.look()
        change()
        assert changes.look(seen.snapshot).last > seen.last

    def test_what_it_wrote_itself_though_a_later_transaction_was_quicker(self):
        ProjectFactory()
        other = connection.copy()
        other.cursor().execute("SELECT pg_current_xact_id()")
        other.close()
        seen = changes.look()
        Country.objects.create(iso2="VN", iso3="VNM", m49="704", name="Viet Nam")
        assert changes.look(seen.snapshot).last > seen.last

    def test_an_institution_that_only_now_is_part_of_a_project(self):
        project = ProjectFactory()
        institution = InstitutionFactory(state=State.DRAFT, name="Hidden")
        assert Selection({"institution": institution.slug}).unknown
        ProjectInstitutionFactory(project=project, institution=institution)
        assert not Selection({"institution": institution.slug}).unknown

    def test_what_is_taken_back(self):
        project = ProjectFactory(status="ongoing")
        with transaction.atomic():
            Project.objects.update(status="completed")
            assert codes("status") == {"completed": [project.pk]}
            transaction.set_rollback(True)
        assert codes("status") == {"ongoing": [project.pk]}

    def test_nothing_new_costs_one_query(self):
        ProjectFactory()
        index.current()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            index.current()
        assert len(queries) == 1


# -------------------------------------------------------------------- several connections


@pytest.fixture
def other(transactional_db):
    """A second connection, as another process has."""
    second = connection.copy()
    yield second
    second.rollback() if not second.get_autocommit() else None
    second.close()


def run(second, sql):
    with second.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.django_db(transaction=True)
class TestSeveral:
    def test_an_edit_is_seen_when_it_is_committed_however_late(self, other):
        early, late = ProjectFactory(status="ongoing"), ProjectFactory(status="ongoing")
        index.current()
        other.set_autocommit(False)
        run(other, f"UPDATE projects_project SET status = 'completed' WHERE id = {early.pk}")
        # A later transaction with a higher number commits first and is looked at.
        Project.objects.filter(pk=late.pk).update(status="pipeline")
        assert codes("status") == {"ongoing": [early.pk], "pipeline": [late.pk]}
        other.commit()
        assert codes("status") == {"completed": [early.pk], "pipeline": [late.pk]}
        assert_same(index.current(), index.build())

    def test_an_edit_is_told_once(self):
        project = ProjectFactory()
        seen = changes.look().snapshot
        Project.objects.update(title="Changed")
        news = changes.look(seen)
        assert news.projects == [project.pk]
        assert changes.look(news.snapshot).projects == []

    def test_nobody_gets_what_a_transaction_has_only_written(self):
        project = ProjectFactory(status="ongoing")
        kept = index.current()
        with transaction.atomic():
            Project.objects.update(status="completed")
            assert codes("status") == {"completed": [project.pk]}
            assert in_thread(index.current) is kept
            transaction.set_rollback(True)
        assert index.current() is kept

    def test_many_changes_at_once_build_anew(self, monkeypatch):
        monkeypatch.setattr(changes, "MANY", 3)
        for _ in range(5):
            ProjectFactory(status="ongoing")
        index.current()
        Project.objects.update(status="completed")
        assert len(index.current().values["status"]["completed"]) == 5

    def test_the_triggers_tell_of_everything_instead_of_too_many(self):
        Change.objects.all().delete()
        Project.objects.bulk_create(
            Project(slug=f"p-{n}", code=f"SSC-{n + 10}") for n in range(changes.MANY + 1)
        )
        assert [change.project_id for change in Change.objects.all()] == [Change.EVERYTHING]

    def test_an_emptied_table_is_noticed(self):
        ProjectFactory()
        assert len(index.current().all) == 1
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE projects_project CASCADE")
        assert len(index.current().all) == 0

    def test_everything_can_be_told_of(self):
        project = ProjectFactory(status="ongoing")
        index.current()
        run(connection, "SET session_replication_role = replica")
        Project.objects.update(status="completed")
        run(connection, "SET session_replication_role = DEFAULT")
        assert codes("status") == {"ongoing": [project.pk]}
        changes.note_everything()
        assert codes("status") == {"completed": [project.pk]}

    def test_the_log_is_trimmed_and_who_is_far_behind_builds_anew(self):
        Change.objects.all().delete()
        ProjectFactory()
        index.current()
        run(connection, "UPDATE projects_change SET at = now() - interval '3 days'")
        assert changes.trim() == 1
        kept = index.keeper.kept
        index.keeper.kept = index.Kept(kept.index, kept.database, kept.snapshot, kept.at - 200_000)
        assert index.current() is not kept.index

    def test_another_database_is_noticed(self):
        ProjectFactory()
        kept = index.current()
        run(connection, "TRUNCATE projects_change")  # Its file is a new one, as after a restore.
        assert index.current() is not kept

    def test_rows_from_another_server_are_not_news_for_ever(self):
        ProjectFactory()
        index.current()
        run(connection, "INSERT INTO projects_change (project_id, xid) VALUES (-1, '99999999')")
        assert index.current() is index.current()

    def test_threads_share_one_index(self):
        for _ in range(20):
            ProjectFactory()
        found = [None] * 8
        threads = [
            threading.Thread(target=lambda n=n: found.__setitem__(n, in_own_connection()))
            for n in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {len(one.all) for one in found} == {20}
        assert all(one is index.current() for one in found)


def in_own_connection():
    try:
        return index.current()
    finally:
        connection.close()


def in_thread(function):
    result = []

    def call():
        result.append(function())
        connection.close()

    thread = threading.Thread(target=call)
    thread.start()
    thread.join()
    return result[0]


def test_institutions_of_the_records_have_every_gap():
    made = make_institutions(Random(1), 40)
    assert {"", "anhui"} <= {institution.province for institution in made}
