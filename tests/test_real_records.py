"""The public pages on the Network's real records, as `load_network` brings them."""

import re

import pytest
from django.utils.html import strip_tags

from meetings.models import Meeting
from projects.models import Project
from tests.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("network")]


def test_nine_public_projects_are_in_viet_nam_or_sri_lanka(client):
    for path in ("/projects/", "/zh-hans/projects/"):
        response = client.get(f"{path}?country=VN&country=LK")
        assert response.context["page"].paginator.count == 9, path


def test_a_project_whose_title_is_not_known_is_public_and_says_so(client):
    untitled = Project.objects.get(fund_numbers__number="INT/20/K03")
    untitled.title = untitled.title_zh_hans = untitled.slug = ""
    untitled.save()
    words = f"{untitled.code}, title not known"
    page = client.get("/projects/INT/20/K03/", follow=True)

    assert f"<h1>{words}</h1>" in text_of(page)
    assert f"{untitled.code}（名称不详）" in text_of(
        client.get("/zh-hans" + page.request["PATH_INFO"])
    )
    for address in ("/projects/?q=COVID-19", "/projects/feed/", "/countries/NP/"):
        assert words in text_of(client.get(address)), address
    assert client.get(f"/api/v1/projects/{untitled.code}").json()["title"] == {
        "en": None,
        "zh": None,
    }
    assert client.get("/projects/").context["page"].paginator.count == 19


def test_the_biogas_forum_shows_its_countries_amounts_outcome_and_sources(client):
    response = client.get("/projects/INT/18/K08/", follow=True)

    page = text_of(response)
    assert "9 countries" in page
    assert "US$ 29,000" in page
    assert "US$ 56,000" in page
    assert "More than 200 participants" in page
    assert 'href="https://uat2.g77.org/' in page
    chinese = client.get("/zh-hans" + response.request["PATH_INFO"])
    assert "2018年4月16日至19日在马来西亚吉隆坡" in text_of(chinese)


def test_members_partners_and_supporters_are_kept_apart(client):
    assert client.get("/members/?standing=member").context["page"].paginator.count == 12
    assert client.get("/members/?standing=partner").context["page"].paginator.count == 8
    assert len(client.get("/about/").context["supporters"]) == 5
    # The dated total stands beside the directory's own rows.
    page = text_of(client.get("/members/"))
    assert "20 institutions" in page
    assert "51 member institutions in April 2024" in page


def test_the_home_page_shows_the_dated_figures_and_the_way_to_their_sources(client):
    page = text_of(client.get("/"))

    for value in ("1995", "51", "65", "29"):
        assert re.search(rf"</small>{value}</dd>|<dd>{value}</dd>", page)
    assert "April 2024" in page
    assert 'href="/about/#figures"' in page
    assert 'href="https://ecdc.net.cn/enpage/aboutus.html"' in text_of(client.get("/about/"))


def test_every_example_of_the_search_box_gives_results(client):
    for path in ("/", "/zh-hans/"):
        page = client.get(path).content.decode()
        examples = set(re.findall(r'href="([^"]*/search/\?q=[^"]+)"', page))
        assert len(examples) == 3
        for example in examples:
            found = client.get(example)
            # The number of a project leads to its page, the name of a country to its own.
            assert found.status_code == 302 or found.context["hits"], example


def test_the_six_meetings_stand_where_their_dates_put_them(client):
    response = client.get("/meetings/")

    groups = response.context["groups"]
    assert [(heading, len(some)) for heading, some in groups] == [
        *[(None, 1), (2022, 1), (2020, 2), (2019, 1), (2015, 1)]
    ]
    assert groups[0][1][0].ordinal == 28
    page = text_of(client.get("/zh-hans/meetings/20th-annual-meeting-of-the-network/"))
    assert "上海国际会议中心" in page
    assert "中国国际经济技术交流中心（CICETE）" in page
    assert "2015年11月第20届年会报道（据副本）" in page
    # An institution shows the meeting it hosted.
    page = text_of(client.get("/members/fujian-cross-straits-technology-transfer-center/"))

    assert 'href="/meetings/24th-annual-meeting-of-the-network/"' in page


def test_the_pages_of_the_secretariat_have_text_and_sources(client):
    slugs = ["", "contact/", "pgtf/", "privacy/", "accessibility/"]
    for address in (f"{prefix}/about/{slug}" for prefix in ("", "/zh-hans") for slug in slugs):
        page = text_of(client.get(address))
        assert page.count("<h2") >= 3, address
        assert '<ol class="sources">' in page, address


def test_a_lead_alone_is_not_called_the_only_country_and_a_derived_day_says_so(client):
    page = text_of(client.get("/projects/INT/10/K04/", follow=True))
    assert "<dt>Countries</dt>" in page
    assert "other participants not stated" in page

    page = text_of(client.get("/projects/INT/17/K03/", follow=True))
    note = '<span class="known"><small class="basis">derived from the number</small>'
    assert f"23 September 2016 {note}" in page


def test_sources_are_named_in_chinese(client):
    page = text_of(client.get("/zh-hans/about/"))
    table = page[page.index('id="figures"') : page.index("</table>")]
    institution = text_of(
        client.get("/zh-hans/members/biogas-institute-of-ministry-of-agriculture/")
    )

    assert "<span>合作网“关于我们”（英文）</span>" in table
    assert "沼气科学研究所：国际合作介绍" in institution


def test_sentences_stand_apart_in_english_and_have_no_space_in_chinese(client):
    address = "/members/international-center-on-small-hydropower/"
    english = strip_tags(text_of(client.get(address)))
    chinese = strip_tags(text_of(client.get(f"/zh-hans{address}")))

    note = "Our confidence in this source: high. Consulted on 26 November 2026."
    assert f"China South-South Cooperation Network {note}" in english
    assert "介绍页 本网站对该来源的可信度评估：高。查阅日期：2026年11月26日。" in chinese


def test_the_people_that_sources_state_are_counted(client):
    """26 and 127 trained, 150+ and 200+ reached, apart; of meetings 50+, 90+, 100+ and 600+."""
    sections = {one.name: one for one in client.get("/figures/").context["sections"]}
    for name, label, total, words, stated, whole in [
        ("people", "People trained or reached, exact numbers", 153, "153", 2, 19),
        ("people", "People trained or reached, other numbers", 350, "at least 350", 2, 19),
        ("meetings", "People present", 840, "at least 840", 4, 6),
    ]:
        [figure] = [one for one in sections[name].figures if one.label == label]
        assert (figure.number.value, str(figure.number)) == (total, words)
        assert (figure.stated.value, figure.whole.value) == (stated, whole)
    institution = client.get("/members/biogas-institute-of-ministry-of-agriculture/")
    assert "at least 200" in " ".join(institution.content.decode().split())


def test_pages_say_no_more_than_their_sources(client):
    """No source ties the mushroom centre to the Network; 17/K03 is known from its final report."""
    mushrooms = text_of(client.get("/members/asia-pacific-edible-mushroom-training-center/"))
    assert "worked with the Network" not in mushrooms
    lake = "promotion-association-for-mountain-river-lake-regional-sustainable-development-of"
    [association] = [
        i for i in client.get("/api/v1/institutions").json()["items"] if i["slug"].startswith(lake)
    ]
    assert "is on record yet" not in text_of(client.get(f"/members/{association['slug']}/"))
    bamboo = text_of(client.get("/projects/INT/17/K03/", follow=True))
    assert "Final report not stated" not in bamboo
    biogas = text_of(client.get("/members/biogas-institute-of-ministry-of-agriculture/"))
    assert "<h1>Biogas Institute of Ministry of Agriculture and Rural Affairs" in biogas
    assert "Biogas Institute of Ministry of Agriculture</" in biogas


def test_publications_stand_with_topics_institutions_and_projects_and_are_found(client):
    page = text_of(client.get("/publications/"))
    assert page.count('<li class="result"') == 13
    assert 'href="https://docslib.org/doc/2999015/' in page
    assert "translated by us" in page
    for address in (
        "/topics/small-hydropower/",
        "/members/international-center-on-small-hydropower/",
        "/search/?q=world+small+hydropower+development+report+case+studies&all=1",
    ):
        assert 'href="/publications/#wshpdr-2019-cases"' in text_of(client.get(address)), address
    project = text_of(client.get("/projects/INT/18/K08/", follow=True))
    assert 'href="/publications/#pgtf-report-int18k08"' in project
    chinese = text_of(client.get("/zh-hans/search/?q=菌草技术援外"))
    assert 'href="/zh-hans/publications/#juncao-2024"' in chinese


def test_activities_stand_on_the_pages_of_others_and_people_trained_are_of_courses_alone(client):
    fisheries = "freshwater-fisheries-research-center-of-the-chinese-academy-of-fishery-sciences"
    for address, expected in (
        (f"/members/{fisheries}/", f"/activities/?institution={fisheries}"),
        ("/topics/bamboo/", "/activities/cnbrc-2025-latin-america/"),
        ("/projects/INT/18/K08/", "/activities/bioma-2018-kuala-lumpur/"),
        # No project is in Grenada.
        ("/countries/GD/", "/activities/cnbrc-2023-grenada/"),
    ):
        assert f'href="{expected}"' in text_of(client.get(address, follow=True)), address
    courses = Meeting.objects.published().filter(kind="training_course")
    stated = courses.exclude(participants_number=None).values_list("participants_number", flat=True)
    sections = {one.name: one for one in client.get("/figures/").context["sections"]}
    figures = {one.label: one for one in sections["activities"].figures}
    for label, told, word in (
        ("People trained, exact numbers", stated.filter(participants_bound=""), ""),
        ("People trained, other numbers", stated.exclude(participants_bound=""), "at least "),
    ):
        figure = figures[label]
        assert str(figure.number) == f"{word}{sum(told)}"
        assert figure.stated.value == len(told)
        listed = client.get(figure.number.address).context["page"].paginator
        assert listed.count == len(told)
