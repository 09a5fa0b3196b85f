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


def test_who_asks_for_one_whole_term_finds_the_others(fish):
    for text in (
        *("fish farming", "fish-farming ponds", "Fish  FARMS", "养鱼"),
        *("養魚", "养鱼ponds", "水产养殖", "ponds -养鱼"),
    ):
        assert matching(text, "project").ids == [fish.pk], text
    for text in (
        *("fish", "farming", '"fish farming"'),
        *("fish pond farming", "养", "ponds -养鱼 -ponds"),
    ):
        assert matching(text, "project").ids == [], text


def test_several_words_stand_for_one_and_words_of_one_term_stand_side_by_side():
    make.Synonym(words="mushroom, edible fungi")
    right = make.Project(title="Growing edible fungi")
    make.Project(title="Edible plants, and fungi")

    assert matching("mushrooms", "project").ids == [right.pk]


def test_a_change_is_seen_at_once_and_what_was_found_is_marked(fish, django_assert_num_queries):
    matching("fish farming", "project")
    assert highlights(fish.title, "fish farming") == [("Aquaculture", True), (" in ponds", False)]
    fish.title_zh_hans = "池塘水产"
    fish.save()
    Synonym.objects.update(words="水产, 养鱼")
    assert matching("养鱼池塘", "project").ids == [fish.pk]

    matching("pisciculture", "project")
    Synonym.objects.update(words="aquaculture, pisciculture")
    assert matching("pisciculture", "project").ids == [fish.pk]
    assert matching("养鱼", "project").ids == []
    with django_assert_num_queries(1):
        matching("pisciculture", "project")


def test_directory_and_meetings_know_them(client, fish):
    for factory, path, name in (
        (make.Member, "/members/", "name"),
        (make.Meeting, "/meetings/", "title"),
    ):
        record = factory(**{name: "Aquaculture Centre"})
        factory(**{name: "Bamboo Centre"})
        page = client.get(path, {"q": "fish farming"}).content.decode()
        assert record.get_absolute_url() in page
        assert "Bamboo" not in page, path


def test_an_officer_is_told_when_nothing_means_the_same(client):
    client.force_login(make.Officer(permissions=["search.add_synonym"]))
    for words in ("bamboo", "bamboo, ", "bamboo, …", ", 、"):
        page = client.post("/admin/search/synonym/add/", {"slug": "bamboo", "words": words})
        assert "Write two words or more, with commas between them." in str(errors(page)), words
