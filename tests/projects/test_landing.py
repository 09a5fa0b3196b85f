import pytest
from django.urls import reverse

from projects.models import Project

pytestmark = pytest.mark.django_db


def records_of(page):
    return [item for _name, items in page.context["groups"] for item in items]


class TestLandingPages:
    @pytest.fixture(autouse=True)
    def records(self, network):
        return network

    @pytest.mark.parametrize(
        ("path", "query", "number"),
        [
            ("/countries/VN/", "?country=VN", 6),
            ("/sdgs/7/", "?sdg=7", 6),
        ],
    )
    def test_it_is_the_list_with_one_filter_set(self, client, path, query, number):
        page = client.get(path)
        listed = client.get(reverse("projects:list") + query)
        projects = page.context["landing"].projects
        assert [found.project.pk for found in projects] == listed.context["page"].object_list
        assert len(projects) == number

    def test_it_counts_and_adds_up_what_the_links_give(self, client):
        landing = client.get("/countries/VN/").context["landing"]
        for bars in landing.charts:
            for bar in bars.in_sight:
                found = client.get(bar.number.address).context["listing"].count
                assert (bar.label, found) == (bar.label, bar.number.value)

        projects = Project.objects.published().filter(countries="VN", granted_usd__isnull=False)
        money = landing.money
        assert money["stated"] == projects.count() == 4
        assert money["granted"] == sum(project.granted_usd for project in projects)

    def test_the_indexes_list_what_has_projects_in_their_order(self, client):
        for path in ("/countries/", "/zh-hans/countries/"):
            page = client.get(path)
            assert page.status_code == 200
            assert all(count for _record, count in records_of(page)), path
        for path in ("/sdgs/", "/zh-hans/sdgs/"):
            goals = records_of(client.get(path))
            numbers = [goal.number for goal, count in goals if count]
            assert numbers == sorted(numbers)
            assert len(numbers) == len(goals) > 9

    def test_countries_stand_under_their_regions_with_their_groups(self, client):
        groups = client.get("/countries/").context["groups"]
        found = {name: [country.iso2 for country, _count in items] for name, items in groups}
        china = "China, the Network’s own country"
        assert [*found] == ["Africa", "Americas", "Asia", "Europe", "Oceania", china]
        assert found[china] == ["CN"]
        assert (found["Europe"], found["Oceania"]) == (["BA"], ["FM", "PG"])

        page = client.get("/countries/LA/").content.decode()
        assert '<a href="/regions/ldc/">Least developed countries</a>' in page
        assert "as of September 2024" in page
        rows = client.get("/api/v1/countries?per_page=250").json()["items"]
        told = next(one for one in rows if one["code"] == "LA")
        assert (told["ldc"], told["groups_as_of"]) == (True, "2024-09")

    def test_a_country_without_projects_shows_its_neighbours_and_a_question(self, client):
        page = client.get("/countries/BN/")
        text = page.content.decode()
        assert "No projects on record here yet." in text
        assert "Country or region: Brunei Darussalam. We would like to know …</textarea>" in text
        neighbours = {country.pk: n for country, n in page.context["landing"].countries}
        assert {"TH", "VN"} < neighbours.keys()
        assert "BN" not in neighbours
        assert all(neighbours.values())
        assert 'id="neighbours"' not in client.get("/countries/NO/").content.decode()

    def test_regions_and_groups_have_pages_as_countries_have(self, client):
        for code, query in (
            ("africa", "?region=africa"),
            ("south-eastern-asia", "?subregion=south-eastern-asia"),
            ("ldc", "?group=ldc"),
        ):
            page = client.get(f"/regions/{code}/")
            landing = page.context["landing"]
            listed = client.get(reverse("projects:list") + query).context["listing"]
            assert landing.listing.count == listed.count > 0
            assert [found.project.pk for found in landing.projects] == list(listed.ids)[:10]
            assert {c.iso2: n for c, n in landing.countries if n} == {
                c: n
                for c, n in listed.facet("country").counts.items()
                if c in {country.iso2 for country in page.context["record"].countries}
            }
            assert f'href="/regions/{code}/"' in client.get("/countries/").content.decode()
            assert f"/regions/{code}/</loc>" in client.get("/sitemap.xml").content.decode()
        assert "as of September 2024" in page.content.decode()
        assert (
            "No projects on record here yet." in client.get("/regions/polynesia/").content.decode()
        )
        assert client.get("/regions/nowhere/").status_code == 404

    def test_small_letters_lead_to_the_page_related_projects_say_why(self, client):
        assert client.get("/countries/vn/")["Location"] == "/countries/VN/"
        for path in ("/countries/XX/", "/sdgs/18/", "/sdgs/0/"):
            assert client.get(path).status_code == 404, path

        digester = Project.objects.get(fund_numbers__number="INT/10/K04")
        page = client.get(digester.get_absolute_url()).content.decode()
        assert "also of Biogas Institute of Ministry of Agriculture and Rural Affairs" in page
        related = page.partition('aria-labelledby="related"')[2]
        assert 'class="event"' in related

    def test_queries_do_not_grow_with_the_projects(self, client, django_assert_max_num_queries):
        with django_assert_max_num_queries(12):
            client.get("/countries/CN/")
