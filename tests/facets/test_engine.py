"""The index is true whatever way a record changes, and shows nobody what may be taken back."""

import threading
from random import Random

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from members.models import Institution
from projects.catalogue.filters import ProjectFilter
from projects.models import Project, ProjectSDG, ProjectSector
from sscnet.codelists.models import Country, PGTFArea, Sector
from sscnet.core.models import State
from sscnet.facets import engine
from tests import make
from tests.projects.made_records import make_institutions

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept():
    engine.forget()
    yield
    engine.forget()


def current():
    return engine.current(ProjectFilter)


def label_of_first_country():
    return ProjectFilter.listing({}).facet("country").values[0].label


def codes(name):
    return {code: list(ids) for code, ids in current().values[name].items()}


class TestSeeing:
    """Each way of changing what the numbers depend on, seen at the next look."""

    def test_a_form_or_save(self):
        project = make.Project(status="ongoing")
        assert codes("status") == {"ongoing": [project.pk]}
        project.status = "completed"
        project.save()
        assert codes("status") == {"completed": [project.pk]}

    def test_a_bulk_update_and_sql(self):
        project = make.Project(status="ongoing")
        assert codes("status") == {"ongoing": [project.pk]}
        Project.objects.update(status="completed")
        assert codes("status") == {"completed": [project.pk]}
        with connection.cursor() as cursor:
            cursor.execute("UPDATE projects_project SET status = 'pipeline'")
        assert codes("status") == {"pipeline": [project.pk]}

    def test_publishing_and_withdrawing(self):
        project = make.Project(state=State.DRAFT)
        assert list(current().all) == []
        Project.objects.update(state=State.PUBLISHED)
        assert list(current().all) == [project.pk]
        Project.objects.update(state=State.WITHDRAWN)
        assert list(current().all) == []

    @pytest.mark.parametrize(
        ("facet", "create", "code"),
        [
            ("country", lambda p: make.ProjectCountry(project=p, country__iso2="VN"), "VN"),
            ("sector", lambda p: ProjectSector.objects.create(
                project=p, sector=make.Sector(slug="tea")), "tea"),
            ("sdg", lambda p: ProjectSDG.objects.create(
                project=p, sdg=make.SDG(number=6), place=1), "6"),
            ("role", lambda p: make.ProjectInstitution(project=p, role="supporter"), "supporter"),
        ],
    )  # fmt: skip
    def test_links_made_and_deleted(self, facet, create, code):
        project = make.Project()
        assert codes(facet) == {"none": [project.pk]}
        link = create(project)
        assert codes(facet) == {code: [project.pk]}
        link.delete()
        assert codes(facet) == {"none": [project.pk]}

    def test_a_country_put_into_another_region(self):
        project = make.Project(countries=[make.Country(iso2="VN", region="asia")])
        assert codes("region") == {"asia": [project.pk]}
        Country.objects.update(region="africa")
        assert codes("region") == {"africa": [project.pk]}

    def test_an_institution_with_another_address_or_province(self):
        institution = make.Institution(slug="old", province="hunan")
        project = make.Project(submitter=institution)
        assert codes("institution") == {"old": [project.pk]}
        Institution.objects.update(slug="new", province="hubei")
        assert codes("institution") == {"new": [project.pk]}
        assert codes("province") == {"hubei": [project.pk]}
        assert list(current().together["role"]["submitter", "new"]) == [project.pk]

    def test_code_lists_with_other_codes_and_names(self):
        sector, area = make.Sector(slug="tea"), make.PGTFArea(slug="food")
        project = make.Project(sectors=[sector], area=area)
        assert (codes("sector"), codes("area")) == ({"tea": [project.pk]}, {"food": [project.pk]})
        Sector.objects.update(slug="coffee")
        PGTFArea.objects.update(slug="drink")
        assert codes("sector") == {"coffee": [project.pk]}
        assert codes("area") == {"drink": [project.pk]}

        country = make.Country(iso2="VN", name="Vietnam")
        make.Project(countries=[country])
        label = label_of_first_country()
        Country.objects.update(name="Viet Nam")
        assert (label, label_of_first_country()) == ("Vietnam", "Viet Nam")

    def test_an_institution_that_only_now_is_part_of_a_project(self):
        project = make.Project()
        institution = make.Institution(state=State.DRAFT, name="Hidden")
        assert ProjectFilter.listing({"institution": institution.slug}).unknown
        make.ProjectInstitution(project=project, institution=institution)
        assert not ProjectFilter.listing({"institution": institution.slug}).unknown

    def test_what_is_taken_back(self):
        project = make.Project(status="ongoing")
        with transaction.atomic():
            Project.objects.update(status="completed")
            assert codes("status") == {"completed": [project.pk]}
            transaction.set_rollback(True)
        assert codes("status") == {"ongoing": [project.pk]}

    def test_nothing_new_costs_one_query(self):
        make.Project()
        current()
        with CaptureQueriesContext(connection) as queries:
            current()
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
        early, late = make.Project(status="ongoing"), make.Project(status="ongoing")
        current()
        other.set_autocommit(False)
        run(other, f"UPDATE projects_project SET status = 'completed' WHERE id = {early.pk}")
        # A later transaction with a higher number commits first and is looked at.
        Project.objects.filter(pk=late.pk).update(status="pipeline")
        assert codes("status") == {"ongoing": [early.pk], "pipeline": [late.pk]}
        other.commit()
        assert codes("status") == {"completed": [early.pk], "pipeline": [late.pk]}

    def test_nobody_gets_what_a_transaction_has_only_written(self):
        project = make.Project(status="ongoing")
        kept = current()
        with transaction.atomic():
            Project.objects.update(status="completed")
            assert codes("status") == {"completed": [project.pk]}
            assert in_thread(current).stamps == kept.stamps
            transaction.set_rollback(True)
        assert current().stamps == kept.stamps
        assert codes("status") == {"ongoing": [project.pk]}

    def test_an_emptied_table_is_noticed(self):
        make.Project()
        assert len(current().all) == 1
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE projects_project CASCADE")
        assert len(current().all) == 0

    def test_threads_share_one_index(self):
        for _ in range(20):
            make.Project()
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
        assert all(one is current() for one in found)


def in_own_connection():
    try:
        return current()
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
