"""Words that officers say mean the same: every search takes one for the other."""

import pytest

from sscnet.search import highlights, matching
from sscnet.search.models import Synonym
from tests import make
from tests.admin_forms import errors

pytestmark = pytest.mark.django_db


@pytest.fixture
def fish(db):
    make.Synonym(words="aquaculture, fish farming，养鱼、 水产养殖")
    return make.Project(title="Aquaculture in ponds")


@pytest.mark.parametrize(
    "text",
    ["fish farming", "fish-farming ponds", "Fish  FARMS", "养鱼", "養魚", "养鱼ponds", "水产养殖"],
)
def test_who_asks_for_one_finds_the_others(fish, text):
    assert matching(text, "project").ids == [fish.pk]


@pytest.mark.parametrize(
    "text", ["fish", "farming", '"fish farming"', "fish pond farming", "养", "ponds -养鱼 -ponds"]
)
def test_only_a_whole_term_that_is_asked_for_is_widened(fish, text):
    assert matching(text, "project").ids == []


def test_an_exclusion_is_not_widened(fish):
    assert matching("ponds -养鱼", "project").ids == [fish.pk]


def test_several_words_stand_for_one_and_words_of_one_term_stand_side_by_side():
    make.Synonym(words="mushroom, edible fungi")
    right = make.Project(title="Growing edible fungi")
    make.Project(title="Edible plants, and fungi")

    assert matching("mushrooms", "project").ids == [right.pk]


def test_what_was_found_is_marked(fish):
    matching("fish farming", "project")

    assert highlights(fish.title, "fish farming") == [("Aquaculture", True), (" in ponds", False)]


def test_chinese_written_together_is_taken_apart_at_a_synonym(fish):
    fish.title_zh_hans = "池塘水产"
    fish.save()
    Synonym.objects.update(words="水产, 养鱼")

    assert matching("养鱼池塘", "project").ids == [fish.pk]


@pytest.mark.parametrize(
    ("factory", "path"), [(make.Member, "/members/"), (make.Meeting, "/meetings/")]
)
def test_directory_and_meetings_know_them(client, fish, factory, path):
    name = "name" if factory is make.Member else "title"
    record = factory(**{name: "Aquaculture Centre"})
    factory(**{name: "Bamboo Centre"})

    page = client.get(path, {"q": "fish farming"}).content.decode()

    assert record.get_absolute_url() in page
    assert "Bamboo" not in page


def test_a_change_is_seen_at_once_and_read_once(fish, django_assert_num_queries):
    matching("pisciculture", "project")
    Synonym.objects.update(words="aquaculture, pisciculture")

    assert matching("pisciculture", "project").ids == [fish.pk]
    assert matching("养鱼", "project").ids == []
    with django_assert_num_queries(1):
        matching("pisciculture", "project")


@pytest.mark.parametrize("words", ["bamboo", "bamboo, ", "bamboo, …", ", 、"])
def test_an_officer_is_told_when_nothing_means_the_same(client, words):
    client.force_login(make.Officer(permissions=["search.add_synonym"]))

    page = client.post("/admin/search/synonym/add/", {"slug": "bamboo", "words": words})

    assert "Write two words or more, with commas between them." in str(errors(page))
