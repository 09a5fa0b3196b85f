import pytest

from projects.catalogue.filters import ProjectFilter
from projects.pages.related import related_to
from sscnet.facets import engine
from tests import make

pytestmark = pytest.mark.django_db


def related(project):
    return related_to(project.pk, engine.current(ProjectFilter))


def test_the_rarest_shared_thing_comes_first():
    bamboo, common = make.Sector(name="Bamboo"), make.Sector(name="Training")
    here = make.Project(sectors=[bamboo, common])
    make.Project.create_batch(5, sectors=[common])
    alike = make.Project(sectors=[bamboo])
    make.Project(sectors=[])
    found = related(here)
    assert next(iter(found.items())) == (alike.pk, ["also bamboo"])


def test_a_draft_or_what_all_have_or_nothing_is_no_reason():
    everywhere = make.Country()
    here = make.Project(countries=[everywhere])
    make.Project(countries=[everywhere])
    assert related(here) == {}

    goal = make.SDG(number=7)
    here = make.Project(sdgs=[goal])
    make.Project(sdgs=[goal], state="draft")
    assert related(here) == {}
    assert related(make.Project()) == {}
