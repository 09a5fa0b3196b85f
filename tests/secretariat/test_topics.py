"""Topics: what belongs to them, their pages, and what stands in place of sectors."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from members.models import Institution
from sscnet.codelists.models import Sector, Topic
from sscnet.core.pages import page_cache
from tests import make
from tests.admin_forms import errors, filled

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_is_kept():
    page_cache.pages.clear()


@pytest.fixture
def tea():
    return make.Topic(slug="tea", words="tea, green tea; 茶叶")


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def found_on(client, topic):
    """Return what stands on the page of a topic, by kind."""
    context = client.get(topic.get_absolute_url()).context
    return {
        "institutions": context["institutions"],
        "projects": [one.pk for one in context["projects"]],
        "meetings": context["meetings"],
    }


def test_what_has_a_word_or_the_sector_belongs_and_nothing_else(client, tea):
    sector = make.Sector(topic=tea)
    by_name = make.Institution(name="Tea Research Institute")
    by_sector = make.Institution()
    by_sector.institution_sectors.create(sector=sector)
    by_service = make.Service(title="Courses", title_zh_hans="茶叶培训").institution
    by_title, in_sector = make.Project(title="Tea gardens"), make.Project(sectors=[sector])
    meeting = make.Workshop(title="Green tea").meeting
    for other in ("Steam", "茶"):
        make.Project(title=other)
        make.Institution(name=other)
        make.Meeting(title=other)
    make.Project(title="Tea", state="draft")
    make.Institution(name="Tea", state="draft")
    make.Institution(name="Tea", kind="supporter")
    make.Meeting(title="Tea", state="withdrawn")

    found = found_on(client, tea)

    assert set(found["institutions"]) == {by_name, by_sector, by_service}
    assert set(found["projects"]) == {by_title.pk, in_sector.pk}
    assert found["meetings"] == [meeting]


def test_who_has_most_of_the_projects_comes_first(client, tea):
    first, second = make.Institution(name="B tea"), make.Institution(name="A tea")
    make.Project(title="Tea", submitter=first)
    make.Project(title="Coffee", submitter=second)

    assert found_on(client, tea)["institutions"] == [first, second]


def test_a_topic_shows_five_of_each_kind_and_the_way_to_the_others(client, tea):
    for n in range(7):
        make.Institution(name=f"Tea house {n}")
        make.Project(title=f"Tea {n}")

    page = text_of(client.get("/topics/tea/"))

    assert page.count('<li class="card"') == page.count('<li class="event">') == 5
    assert '<a href="/members/?q=Tea" rel="nofollow">and 2 more</a>' in page
    assert '<a href="/projects/?q=Tea" rel="nofollow">and 2 more</a>' in page


@pytest.mark.parametrize("words", ["", ", ;", "the", "' | !x & (", "a'b:*, \\", "%_"])
def test_any_words_are_taken_and_those_without_a_word_find_nothing(client, words):
    topic = make.Topic(words=words)
    make.Project(title="Coffee")

    assert found_on(client, topic)["projects"] == []
    assert client.get("/topics/").status_code == 200


def change_text(topic):
    Topic.objects.update(text="A first sentence that is long enough. Another text <b>of it.")


def change_words(topic):
    Topic.objects.update(words="coffee")


def name_sector(topic):
    make.Project(sectors=[make.Sector(slug="farming")])
    Sector.objects.update(topic=topic)


def test_the_directory_names_the_topics_of_today(client, tea):
    """They are kept in the process until a record or a word changes."""
    centre = make.Member(name="Green tea centre").pk

    def named():
        page_cache.pages.clear()
        return client.get(reverse("members:list")).context["topics"].get(centre)

    assert named() == named() == [tea]
    Topic.objects.filter(pk=tea.pk).update(words="bamboo")
    assert named() is None


def add_institution(topic):
    make.Institution(name="Tea Centre")


def withdraw_project(topic):
    make.Project(title="Tea", state="withdrawn")


def add_meeting(topic):
    make.Meeting(title="Tea forum")


def add_source(topic):
    make.Source(record=topic)


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        (change_text, "Another text &lt;b&gt;of it."),
        (change_words, "Coffee"),
        (name_sector, "Project "),
        (add_institution, "Tea Centre"),
        (add_meeting, "Tea forum"),
        (add_source, "1 source"),
    ],
)
def test_a_page_is_kept_until_it_changes_and_a_change_is_seen_at_once(client, tea, change, shown):
    make.Project(title="Coffee")
    before = client.get("/topics/tea/")
    kept = client.get("/topics/tea/", headers={"If-None-Match": before["ETag"]})
    assert kept.status_code == 304
    assert shown not in text_of(before)

    change(tea)

    after = client.get("/topics/tea/", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert shown in text_of(after)


def test_a_page_asks_no_more_where_there_is_more(client, tea, django_assert_max_num_queries):
    for n in range(7):
        country = make.Country()
        make.Service(institution__name=f"Tea {n}")
        make.Workshop(meeting__title=f"Tea {n}")
        project = make.Project(title=f"Tea {n}", countries=[make.Country(), country])
        make.Source(record=project)
        make.Source(record=tea)
    client.get("/topics/tea/")
    page_cache.pages.clear()

    with django_assert_max_num_queries(10):
        client.get("/topics/tea/")


def test_the_question_is_begun_and_a_long_one_is_cut(client):
    assert "Tea &amp; milk</textarea>" in text_of(client.get("/ask/?question=Tea+%26+milk"))
    long = text_of(client.get("/ask/", {"question": "x" * 20_000}))
    assert len(re.search(r">\s*(x+)</textarea>", long)[1]) == 10_000


def test_every_sign_is_drawn():
    drawn = (settings.BASE_DIR / "static/img/signs.svg").read_text()
    assert set(re.findall(r'<symbol id="(\w+)"', drawn)) == set(Topic.Sign.values)


def test_unknown_topics_and_sectors_are_not_there(client):
    assert client.get("/topics/none/").status_code == 404
    assert client.get("/sectors/none/").status_code == 404
    assert "will appear here" in text_of(client.get("/topics/"))


def test_a_publisher_writes_a_topic_and_names_it_for_a_sector(client, publisher):
    add = reverse("admin:codelists_topic_add")
    data = filled(client.get(add)) | {
        "slug": "tea",
        "name": "Tea",
        "name_zh_hans": "茶叶",
        "sign": "bamboo",
        "text": "Tea is grown.",
        "words": "tea",
    }
    refused = client.post(add, data | {"sign": "/etc/passwd", "text": ""})
    assert len(errors(refused)) == 2

    client.post(add, data)

    topic = Topic.objects.get(slug="tea")
    assert topic.events.count() == 1
    sector = make.Sector()
    change = reverse("admin:codelists_sector_change", args=[sector.pk])
    client.post(change, filled(client.get(change)) | {"topic": topic.pk})
    assert client.get(sector.get_absolute_url())["Location"] == "/topics/tea/"
    topic.delete()
    assert Sector.objects.get(pk=sector.pk).topic is None


def test_an_editor_only_reads_topics(client, editor, tea):
    assert client.get(reverse("admin:codelists_topic_add")).status_code == 403
    page = client.get(reverse("admin:codelists_topic_change", args=[tea.pk]))
    assert page.status_code == 200
    assert not page.context["has_change_permission"]


class TestRealTopics:
    @pytest.fixture(autouse=True)
    def records(self, network):
        return network

    def test_all_stand_in_their_order_and_say_who_answers_and_what_is_lacking(self, client):
        page = text_of(client.get("/topics/"))
        tiles = re.findall(r'<li class="topic">.*?</li>', page)
        assert len(tiles) == 12
        assert "Biogas</a>" in tiles[0]
        assert "1 institution<br>10 projects and activities" in tiles[0]
        assert "2 institutions<br>22 projects and activities" in tiles[2]
        assert "the Secretariat answers<br>only 1 project or activity yet" in tiles[5]
        assert "no projects or activities yet" in tiles[11]
        assert "项目中的女性" in text_of(client.get("/zh-hans/topics/"))

    def test_biogas_names_the_institute_and_its_projects(self, client):
        institute = Institution.objects.get(slug="biogas-institute-of-ministry-of-agriculture")
        page = text_of(client.get("/topics/biogas/"))
        assert "Biogas from the household digester to the large plant" in page
        [address] = re.findall(rf'href="(/ask/institution/{institute.slug}/[^"]*)"', page)
        asked = text_of(client.get(address))
        assert "Topic: Biogas. We work in … and would like to know …</textarea>" in asked
        assert "Forum for the development of interregional biogas cooperation" in page
        assert 'href="/countries/VN/"' in page
        # It leads the projects and takes part in them at home.
        assert 'href="/countries/CN/"' not in page
        assert "6 sources" in page

    def test_where_nobody_can_be_named_the_secretariat_answers(self, client):
        page = text_of(client.get("/zh-hans/topics/drinking-water/"))
        assert "目前还没有可以列出的机构，由秘书处答复。" in page
        [address] = re.findall(r'href="(/zh-hans/ask/\?question=[^"]*)"', page)
        assert "专题：饮用水。" in text_of(client.get(address))

    @pytest.mark.parametrize("slug", ["biogas", "digital-government", "women"])
    def test_a_page_takes_at_most_eleven_queries(self, client, slug, django_assert_max_num_queries):
        client.get(f"/topics/{slug}/")
        page_cache.pages.clear()
        with django_assert_max_num_queries(11):
            client.get(f"/topics/{slug}/")

    @pytest.mark.parametrize(
        ("address", "target"),
        [
            ("/sectors/", "/topics/"),
            ("/zh-hans/sectors/", "/zh-hans/topics/"),
            ("/sectors/forestry-and-bamboo/", "/topics/bamboo/"),
            ("/zh-hans/sectors/trade/?samples=1", "/zh-hans/topics/finance-and-trade/?samples=1"),
            ("/sectors/renewable-energy/", "/projects/?sector=renewable-energy"),
        ],
    )
    def test_sectors_lead_to_topics_or_to_the_list(self, client, address, target):
        response = client.get(address)
        assert (response.status_code, response["Location"]) == (301, target)
        assert client.get(target).status_code == 200

    def test_the_sitemap_has_every_topic_and_no_sector(self, client):
        sitemap = client.get("/sitemap.xml").content.decode()
        for slug in Topic.objects.values_list("slug", flat=True):
            assert f"/zh-hans/topics/{slug}/</loc>" in sitemap
        assert "/topics/</loc>" in sitemap
        assert "/sectors/" not in sitemap
