import pytest

from projects.catalogue.filters import ProjectFilter
from projects.pages.related import related_to
from sscnet.facets import engine
from tests.factories import CountryFactory, ProjectFactory, SDGFactory, SectorFactory

pytestmark = pytest.mark.django_db


def related(project):
    return related_to(project.pk, engine.current(ProjectFilter))


def test_the_rarest_shared_thing_comes_first():
    bamboo, common = SectorFactory(name="Bamboo"), SectorFactory(name="Training")
    here = ProjectFactory(sectors=[bamboo, common])
    ProjectFactory.create_batch(5, sectors=[common])
    alike = ProjectFactory(sectors=[bamboo])
    ProjectFactory(sectors=[])
    found = related(here)
    assert next(iter(found.items())) == (alike.pk, ["also bamboo"])


def test_what_all_have_is_no_reason():
    everywhere = CountryFactory()
    here = ProjectFactory(countries=[everywhere])
    ProjectFactory(countries=[everywhere])
    assert related(here) == {}


def test_a_draft_is_never_related():
    goal = SDGFactory(number=7)
    here = ProjectFactory(sdgs=[goal])
    ProjectFactory(sdgs=[goal], state="draft")
    ProjectFactory()
    assert related(here) == {}


def test_nothing_in_common_gives_none():
    assert related(ProjectFactory()) == {}
