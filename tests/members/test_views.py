import csv
import io
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from members.directory.filters import InstitutionFilter
from members.models import Institution, Membership
from members.profiles.proposals import confirm
from sscnet.core.models import State
from sscnet.core.pages import page_cache
from tests import make
from tests.pages import text_of

pytestmark = pytest.mark.django_db

LIST = "/members/"


def shown(client, query=""):
    return list(client.get(LIST + query).context["institutions"])


# ------------------------------------------------------------------ the directory


def test_directory_shows_members_partners_and_former_members_apart(client):
    member = make.Member(name="A")
    suspended = make.Member(name="B", membership__state=Membership.State.SUSPENDED)
    partner = make.Institution(name="C")
    former = make.Member(name="D", membership__state=Membership.State.FORMER)

    assert shown(client) == [member, suspended, partner, former]
    assert shown(client, "?standing=member") == [member, suspended]
    assert shown(client, "?standing=partner") == [partner]
    assert shown(client, "?standing=former") == [former]
    # Who was a member and is nothing now has no standing stated.
    nothing_now = make.Member(membership__until="2020-01-01")
    assert shown(client, "?standing=none") == [nothing_now]


def test_supporters_and_what_is_not_published_are_never_in_the_directory(client):
    make.Supporter(name="UNDP")
    for state in (State.DRAFT, State.READY, State.WITHDRAWN):
        make.Member(state=state)

    for query in ("", "?standing=partner", "?standing=former", "?q=UNDP"):
        assert shown(client, query) == [], query


def test_search_reads_every_name_and_finds_nothing_else(client):
    member = make.Member(name="Biogas Institute", name_zh_hans="沼气科学研究所")
    make.InstitutionName(institution=member, name="BIOMA")
    make.InstitutionName(institution=member, name="Centre des Énergies")
    make.InstitutionName(institution=member, name="The old name", kind="former")
    make.Member(name="Bamboo Centre", name_zh_hans="竹子中心")

    for words in (
        *("biogas", "BIOMA", "bioma biogas", "沼气", "沼", "所", "沼氣科學", "Ｂｉｏｇａｓ"),
        *("zhaoqi", "zhao qi", "zhǎo qì", "zhao3qi4", "zhaoq", "zhaoqi biogas", "qikexue"),
        *("Energies", "énergies", "ENERGIES", "old name"),
    ):
        assert shown(client, f"?{urlencode({'q': words})}") == [member], words
    member.names.all().delete()
    for words in ("qizhao", "he", "ke", "沼竹", "biogas bamboo", "%", "1"):
        assert shown(client, f"?{urlencode({'q': words})}") == [], words


def test_a_search_without_result_offers_to_leave_out_a_filter(client):
    make.Institution(name="Bamboo Centre")

    page = text_of(client.get(f"{LIST}?q=bamboo&standing=member"))

    assert (
        'href="/members/?q=bamboo" rel="nofollow">Remove the filter “Standing”: 1 result<' in page
    )
    assert 'href="/projects/?q=bamboo"' in page


def test_the_heading_says_the_list_in_words(client):
    bamboo = make.Sector(name="Bamboo")
    for _ in range(2):
        link = make.InstitutionSector(sector=bamboo, institution__province="sichuan")
        make.Membership(institution=link.institution)

    query = f"?standing=member&sector={bamboo.slug}&province=sichuan&province=hubei"
    page = text_of(client.get(LIST + query))

    words = "2 institutions that are members with expertise in bamboo in Sichuan or Hubei"
    assert f'<h2 id="found">{words}</h2>' in page
    assert page.count("Remove filter") == 4
    assert "Clear all" in page


def test_chips_take_out_one_value_and_keep_the_rest(client):
    page = text_of(client.get(f"{LIST}?kind=association&province=hubei&sort=-name"))

    assert 'href="/members/?kind=association&amp;sort=-name"' in page
    assert 'name="province" value="hubei" id="province-hubei" checked' in page


def test_all_values_of_a_filter_have_a_page(client):
    make.Institution(province="hubei", kind="association")

    for values in InstitutionFilter.values_filters():
        page = text_of(client.get(f"{LIST}values/{values.name}/"))
        assert '<span class="count">1</span>' in page, values.name
        assert "Show the 1 result" in page, values.name
    assert client.get(f"{LIST}values/nonsense/").status_code == 404


def test_files_hold_both_languages_and_every_name(client, settings):
    member = make.Member(
        name="=Biogas", name_zh_hans="沼气所", kind="association", membership__since="1995-06-01"
    )
    make.InstitutionName(institution=member, name="BIOMA", kind="acronym")
    make.InstitutionName(institution=member, name="Biogas Station", kind="former")

    response = client.get(f"{LIST}export.csv?kind=association")

    [row] = csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"), newline=""))
    assert row["name_en"] == "'=Biogas"
    assert (row["acronym"], row["former_names"], row["standing"]) == (
        "BIOMA",
        "Biogas Station",
        "member",
    )
    assert (row["kind_en"], row["kind_zh"]) == ("association", "协会")
    assert row["membership_since"] == "1995-06-01"
    assert row["page_zh"] == f"{settings.PORTAL_ADDRESS}/zh-hans/members/{member.slug}/"
    assert "institutions-1-" in response["Content-Disposition"]


def test_names_come_in_order_and_those_in_chinese_only_last(client):
    chinese = make.Member(name="", name_zh_hans="对外科技交流中心")
    b, a = make.Member(name="b institute"), make.Member(name="A institute")

    assert shown(client) == [a, b, chinese]


def test_what_is_not_known_is_a_notice(client):
    member = make.Member()

    for query, filter in {
        "standing=friends": "Standing",
        "sort=price": "Sort by",
    }.items():
        response = client.get(f"{LIST}?{query}")
        value = query.partition("=")[2]
        assert f"“{value}” is not a value of “{filter}”" in text_of(response)
        assert list(response.context["institutions"]) == [member]


HOSTILE = [
    "",
    "-1",
    "9" * 40,
    "' OR 1=1 --",
    "<script>",
    "%",
    "٢",
    "２０１７",
    "a" * 3000,
    "|",
    "(",
]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("path", ["", "export.csv", "export.xlsx", "values/province/"])
def test_no_value_of_a_parameter_makes_an_error(client, path, value):
    make.Member(name_zh_hans="沼气所")
    facets = [values.name for values in InstitutionFilter.values_filters()]

    for name in [*facets, "q", "sort", "page", "view", "columns", "find"]:
        response = client.get(f"{LIST}{path}?{urlencode({name: value})}")
        assert response.status_code == 200, name
        assert "“<script>".encode() not in response.getvalue()


def test_the_rows_are_never_called_the_networks_total(client):
    make.Member()
    figure = make.DatedFigure(value=51, as_of="2024-04")
    make.Source(record=figure, name="Network, about us")

    page = text_of(client.get(LIST))

    assert "1 institution<" in page
    assert "51 member institutions in April 2024" in page
    assert "Network, about us" in page


def test_directory_asks_the_database_at_most_25_times_whatever_the_rows(
    client, django_assert_max_num_queries
):
    make.Source(record=make.DatedFigure())
    for _ in range(20):
        member = make.Member(city="Chengdu")
        make.InstitutionSector(institution=member)
        make.InstitutionName(institution=member, kind="acronym")

    client.get(LIST)  # Builds what is kept between requests.

    with django_assert_max_num_queries(25):
        client.get(LIST)


# ------------------------------------------------------------------ an institution


def test_institution_page_shows_what_is_stated(client):
    member = make.Member(
        name="Biogas Institute",
        name_zh_hans="沼气科学研究所",
        kind=Institution.Kind.RESEARCH_INSTITUTE,
        city="Chengdu",
        province="sichuan",
        country=make.Country(iso2="CN", name="China"),
        website="https://www.example.org/",
        role_mailbox="office@example.org",
        phone="+86 28 0000",
        founded="1979-05",
        summary="Knows biogas.",
        un_origin="Set up with UNDP.",
        membership__since=date(1995, 6, 1),
    )
    make.InstitutionSector(institution=member, sector=make.Sector(name="Renewable energy"))
    make.InstitutionName(institution=member, name="BIOMA", kind="acronym")
    make.Service(institution=member, title="Training for technicians")
    make.Source(record=member, name="Annual report")

    page = text_of(client.get(member.get_absolute_url()))

    for text in (
        '<span lang="zh-Hans">沼气科学研究所</span>',
        "+86 28 0000",
        "<dt>founded</dt><dd>May 1979</dd>",
        '<p class="lede">Knows biogas.',
        "Member since 1 June 1995",
        "Research institute",
        "Chengdu",
        "Sichuan",
        "China",
        '<a href="https://www.example.org/" rel="noopener">example.org</a>',
        "office@example.org",
        "Set up with UNDP.",
        "Renewable energy",
        "BIOMA",
        "Training for technicians",
        "Annual report",
        "our classification",
        "On this site since",
    ):
        assert text in page


def test_a_page_says_what_it_is_in_the_network_and_since_when(client):
    for state, text in (
        ("suspended", "Member, suspended since 4 May 2020"),
        ("former", "Former member, since 4 May 2020 no longer a member"),
    ):
        member = make.Member(membership__state=state, membership__since=date(2020, 5, 4))
        assert text in text_of(client.get(member.get_absolute_url()))
    partner = make.Institution(membership_unconfirmed=True)
    led = make.Institution(relation="Led a project of the Fund")

    page = text_of(client.get(partner.get_absolute_url()))

    assert "Partner of the Network" in page
    assert "Partner of the Network" not in text_of(client.get(led.get_absolute_url()))
    for address in (LIST, led.get_absolute_url()):
        assert "<span>Led a project of the Fund</span>" in text_of(client.get(address))
    assert "Whether it is a member of the Network is not confirmed" in page


def test_projects_come_with_the_role_and_the_newest_first(client):
    institution = make.Member()
    for year, role in ((2008, "submitter"), (2017, "submitter"), (2019, "supporter")):
        project = make.Project(title=f"Project of {year}", year_approved=year, granted_usd=29_000)
        make.ProjectInstitution(project=project, institution=institution, role=role)
    draft = make.Project(title="A draft", state=State.DRAFT)
    make.ProjectInstitution(project=draft, institution=institution)

    page = text_of(client.get(institution.get_absolute_url()))

    order = ["Supporter", "Project of 2019", "Lead institution", "Project of 2017", "of 2008"]
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    assert "A draft" not in page
    # What a project got is said on its own page.
    assert "29,000" not in page


def test_the_countries_it_worked_with_lead_to_the_projects(client):
    kenya, nepal = make.Country(name="Kenya"), make.Country(name="Nepal")
    institution = make.Member()
    for countries in ([nepal], [nepal, kenya]):
        project = make.Project(countries=countries)
        for role in ("submitter", "supporter"):
            make.ProjectInstitution(project=project, institution=institution, role=role)

    page = text_of(client.get(institution.get_absolute_url()))

    address = f"/projects/?institution={institution.slug}&amp;country={kenya.pk}"
    assert (
        f'"{address}" rel="nofollow"> <span class="code" aria-hidden="true">{kenya.pk}</span> Kenya'
        in page
    )
    assert 'Nepal <span class="count">2</span>' in page


def test_services_are_asked_about_and_folded_after_a_year(client):
    institution, today = make.Member(), timezone.localdate()
    make.Service(institution=institution, title="Courses", for_whom="Officials", as_of=today)
    for title, day in (("Advice", today - timedelta(days=366)), ("Visits", None)):
        make.Service(institution=institution, title=title, as_of=day, kind="consultancy")

    page = text_of(client.get(institution.get_absolute_url()))
    open_part, _folded, old = page.partition("Not confirmed for a year")

    assert "Courses" in open_part
    assert "For: <span>Officials</span>" in open_part
    assert f"/ask/institution/{institution.slug}/?question=We%20are%20interested" in open_part
    old = old.partition("</details>")[0]
    assert "Advice" in old
    assert "Visits" in old
    assert old.count("Not confirmed since") == 1
    # One press under /my/ brings them back.
    confirm(institution, make.User())
    assert "Not confirmed" not in text_of(client.get(institution.get_absolute_url()))


def test_what_institutions_offer_is_a_filter_of_page_file_api_and_feed(client):
    knows, chinese = "Knows how tea is grown, picked and sold abroad.", "懂茶。也懂咖啡。"
    yes = make.Member(name="Tea", summary=f"{knows} And more.", summary_zh_hans=chinese)
    make.Service(institution=yes)
    make.Service(institution=make.Member(name="Bamboo"), kind="seminar")

    page = text_of(client.get(f"{LIST}?service=training"))

    assert f"<p>{knows}</p>" in page
    assert "<li>Training</li>" in page
    assert "<p>懂茶。</p>" in text_of(client.get(f"/zh-hans{LIST}"))
    for path in (LIST, f"{LIST}export.csv", f"{LIST}feed/", "/api/v1/institutions"):
        found = client.get(f"{path}?service=training").getvalue().decode()
        assert yes.slug in found, path
        assert "Bamboo" not in found, path
    [service] = client.get(f"/api/v1/institutions/{yes.slug}").json()["services"]
    assert (service["kind"], service["as_of"]) == ("training", None)


def test_only_officers_are_led_to_the_focal_points(client):
    make.Member(province="hubei")
    address = "/admin/members/institution/focal-points/?province=hubei"
    assert address not in text_of(client.get(f"{LIST}?province=hubei"))

    client.force_login(make.Officer(permissions=["members.view_affiliation"]))

    assert address in text_of(client.get(f"{LIST}?province=hubei"))


def test_people_are_seen_by_staff_only(client):
    institution = make.Institution()
    make.Affiliation(
        institution=institution, user=make.User(name="Ms Chen", email="chen@example.org")
    )

    assert "chen@example.org" not in text_of(client.get(institution.get_absolute_url()))

    client.force_login(make.User(permissions=["members.view_institution"]))
    page = text_of(client.get(institution.get_absolute_url()))
    assert "Ms Chen" in page
    assert "chen@example.org" in page


def test_successor_and_predecessor_link_to_each_other_when_public(client):
    new = make.Institution(name="New institute")
    old = make.Institution(name="Old institute", successor=new)
    make.Institution(name="Hidden institute", successor=new, state="draft")

    assert new.get_absolute_url() in text_of(client.get(old.get_absolute_url()))
    page = text_of(client.get(new.get_absolute_url()))
    assert old.get_absolute_url() in page
    assert "Hidden institute" not in page


def test_an_institution_with_a_chinese_name_only_shows_it_as_chinese(client):
    member = make.Member(name="", name_zh_hans="对外科技交流中心")

    page = text_of(client.get(member.get_absolute_url()))

    assert '<h1 lang="zh-Hans">对外科技交流中心</h1>' in page
    assert "in Chinese" in page


def test_a_draft_is_seen_by_permitted_staff_only(client):
    draft = make.Institution(state="draft")
    assert client.get(draft.get_absolute_url()).status_code == 404

    client.force_login(make.User(permissions=["members.view_institution"]))
    assert "Not public: draft." in text_of(client.get(draft.get_absolute_url()))


def test_a_supporter_has_its_place_on_the_about_page(client):
    supporter = make.Supporter(name="UNDP")

    assert client.get(f"/members/{supporter.slug}/").headers["Location"] == "/about/#supporters"


def test_an_old_address_leads_to_the_new_one(client):
    member = make.Member()
    old = member.get_absolute_url()
    member.slug = "new"
    member.save()

    response = client.get(old)

    assert response.status_code == 301
    assert response.headers["Location"] == "/members/new/"


def test_institution_page_asks_the_database_as_often_for_many_links_as_for_one(
    client, django_assert_max_num_queries
):
    member = make.Member(country=make.Country())
    for _ in range(5):
        make.ProjectInstitution(institution=member)
        make.InstitutionSector(institution=member)
        make.Service(institution=member)
        make.Source(record=member)
        make.Institution(successor=member)

    client.get(member.get_absolute_url())  # Builds what is kept between requests.
    page_cache.pages.clear()

    with django_assert_max_num_queries(6):
        client.get(member.get_absolute_url())


def test_institution_page_shows_ten_projects_and_leads_to_all(client):
    institution = make.Member()
    make.Project.create_batch(12, submitter=institution)

    page = text_of(client.get(institution.get_absolute_url()))

    assert page.count('<li class="event">') == 10
    assert (
        f'<a href="/projects/?institution={institution.slug}" rel="nofollow">All 12 projects'
        in page
    )


# ------------------------------------------------------------------ with whom it worked


def project_of(*institutions, **fields):
    project = make.Project(**fields)
    for institution in institutions:
        make.ProjectInstitution(project=project, institution=institution)
    return project


def test_partners_are_counted_by_public_projects_each_once_the_most_first(client):
    own, often, once = (make.Institution(name=name) for name in ("Own", "Tea", "Bamboo"))
    twice = project_of(own, often, once)
    for institution in (own, often):
        make.ProjectInstitution(project=twice, institution=institution, role="supporter")
    project_of(own, often)
    project_of(often, once)
    project_of(own, make.Institution(), state="draft")

    page = client.get(own.get_absolute_url())

    assert [(one, one.shared) for one in page.context["partners"]] == [(often, 2), (once, 1)]


def test_a_partner_without_a_page_is_named_and_no_link(client):
    own = make.Institution(name="Own")
    hidden = make.Institution(name="Tea Institute", state="draft")
    project_of(own, hidden)

    page = client.get(own.get_absolute_url()).content.decode()

    assert "Tea Institute" in page
    assert hidden.get_absolute_url() not in page


def test_countries_it_worked_in_are_counted_without_its_own(client):
    china, viet_nam = make.Country(name="China"), make.Country(name="Viet Nam")
    own = make.Institution(name="Own", country=china)
    project_of(own, countries=[china, viet_nam])
    project_of(own, countries=[viet_nam])

    regions = client.get(own.get_absolute_url()).context["regions"]

    assert [countries for _region, countries in regions] == [[(viet_nam, 2)]]
