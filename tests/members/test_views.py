from datetime import date

import pytest

from members.models import Institution, Membership
from projects.models import ProjectInstitution
from sscnet.records.models import State
from tests.factories import (
    AffiliationFactory,
    CountryFactory,
    DatedFigureFactory,
    InstitutionFactory,
    InstitutionNameFactory,
    InstitutionSectorFactory,
    MemberFactory,
    ProjectFactory,
    ProjectInstitutionFactory,
    SectorFactory,
    ServiceFactory,
    SourceFactory,
    SupporterFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

LIST = "/members/"


def text_of(response):
    return " ".join(response.content.decode().split())


def shown(client, query=""):
    return list(client.get(LIST + query).context["page"])


# ------------------------------------------------------------------ the directory


def test_directory_shows_members_and_suspended_members_by_default(client):
    member = MemberFactory(name="A")
    suspended = MemberFactory(name="B", membership__state=Membership.State.SUSPENDED)
    InstitutionFactory(name="A partner")
    MemberFactory(name="Former", membership__state=Membership.State.FORMER)

    assert shown(client) == [member, suspended]


def test_partners_stand_under_their_own_filter(client):
    MemberFactory()
    partner = InstitutionFactory()

    assert shown(client, "?show=partners") == [partner]


def test_former_members_are_offered_when_there_are_any(client):
    assert "show=former" not in text_of(client.get(LIST))

    former = MemberFactory(membership__state=Membership.State.FORMER)

    assert "show=former" in text_of(client.get(LIST))
    assert shown(client, "?show=former") == [former]


@pytest.mark.parametrize("query", ["", "?show=partners", "?show=former", "?q=UNDP"])
def test_supporters_are_never_in_the_directory(client, query):
    SupporterFactory(name="UNDP")

    assert shown(client, query) == []


def test_directory_hides_what_is_not_published(client):
    for state in (State.DRAFT, State.READY, State.WITHDRAWN):
        MemberFactory(state=state)

    assert shown(client) == []


@pytest.mark.parametrize("word", ["biogas", "沼气", "BIOMA", "bioma biogas"])
def test_search_reads_every_name(client, word):
    member = MemberFactory(name="Biogas Institute", name_zh_hans="沼气科学研究所")
    InstitutionNameFactory(institution=member, name="BIOMA")
    MemberFactory(name="Bamboo Centre")

    assert shown(client, f"?q={word}") == [member]


def test_a_search_without_result_offers_the_other_group(client):
    InstitutionFactory(name="Bamboo Centre")

    page = text_of(client.get(f"{LIST}?q=bamboo"))

    assert "Partners: 1 institution matches" in page
    assert 'href="/members/?q=bamboo&amp;show=partners"' in page


def test_names_come_in_order_and_those_in_chinese_only_last(client):
    chinese = MemberFactory(name="", name_zh_hans="对外科技交流中心")
    b, a = MemberFactory(name="b institute"), MemberFactory(name="A institute")

    assert shown(client) == [a, b, chinese]


def test_an_unknown_group_is_a_notice(client):
    member = MemberFactory()

    response = client.get(f"{LIST}?show=friends")

    assert "“friends” is not known" in text_of(response)
    assert list(response.context["page"]) == [member]


def test_the_rows_are_never_called_the_networks_total(client):
    MemberFactory()
    figure = DatedFigureFactory(value=51, as_of="2024-04")
    SourceFactory(record=figure, name="Network, about us")

    page = text_of(client.get(LIST))

    assert "1 of the Network's members is described here" in page
    assert "51 member institutions in April 2024" in page
    assert "Network, about us" in page


@pytest.mark.parametrize("number", [1, 20])
def test_directory_asks_the_database_at_most_10_times_whatever_the_rows(
    client, django_assert_max_num_queries, number
):
    SourceFactory(record=DatedFigureFactory())
    for _ in range(number):
        member = MemberFactory(city="Chengdu")
        InstitutionSectorFactory(institution=member)
        InstitutionNameFactory(institution=member, kind="acronym")

    client.get(LIST)  # Builds what is kept between requests.

    with django_assert_max_num_queries(10):
        client.get(LIST)


# ------------------------------------------------------------------ an institution


def test_institution_page_shows_what_is_stated(client):
    member = MemberFactory(
        name="Biogas Institute",
        name_zh_hans="沼气科学研究所",
        kind=Institution.Kind.RESEARCH_INSTITUTE,
        city="Chengdu",
        province="sichuan",
        country=CountryFactory(iso2="CN", name="China"),
        website="https://www.example.org/",
        role_mailbox="office@example.org",
        un_origin="Set up with UNDP.",
        working_languages=["en", "fr"],
        membership__since=date(1995, 6, 1),
    )
    InstitutionSectorFactory(institution=member, sector=SectorFactory(name="Renewable energy"))
    InstitutionNameFactory(institution=member, name="BIOMA", kind="acronym")
    ServiceFactory(institution=member, title="Training for technicians")
    SourceFactory(record=member, name="Annual report")

    page = text_of(client.get(member.get_absolute_url()))

    for text in (
        '<p class="lede" lang="zh-Hans">沼气科学研究所</p>',
        "Member since 1 June 1995",
        "Research institute",
        "Chengdu",
        "Sichuan",
        "China",
        '<a href="https://www.example.org/" rel="noopener">example.org</a>',
        "office@example.org",
        "Set up with UNDP.",
        "French",
        "Renewable energy",
        "BIOMA",
        "Training for technicians",
        "Annual report",
        "not yet confirmed by the Secretariat",
        "Last changed on",
    ):
        assert text in page


@pytest.mark.parametrize(
    ("state", "text"),
    [
        ("suspended", "Member, suspended since 4 May 2020"),
        ("former", "Former member, since 4 May 2020 no longer a member"),
    ],
)
def test_a_suspended_or_former_member_keeps_its_page_and_says_since_when(client, state, text):
    member = MemberFactory(membership__state=state, membership__since=date(2020, 5, 4))

    assert text in text_of(client.get(member.get_absolute_url()))


def test_a_partner_says_that_membership_is_not_confirmed(client):
    partner = InstitutionFactory(membership_unconfirmed=True)

    page = text_of(client.get(partner.get_absolute_url()))

    assert "Partner of the Network" in page
    assert "whether it is a member is not confirmed" in page


def test_projects_come_with_role_and_year_newest_first(client):
    institution = InstitutionFactory()
    for year, role in ((2008, "submitter"), (2017, "subcontractor")):
        project = ProjectFactory(title=f"Project of {year}", year_approved=year)
        ProjectInstitutionFactory(project=project, institution=institution, role=role)
    ProjectInstitutionFactory(
        project=ProjectFactory(title="A draft", state="draft"), institution=institution
    )

    page = text_of(client.get(institution.get_absolute_url()))

    assert page.index("Project of 2017") < page.index("Project of 2008")
    assert "<span>Lead institution</span><span>Approved in 2008</span>" in page
    assert "<span>Subcontractor</span><span>Approved in 2017</span>" in page
    assert "A draft" not in page
    assert ProjectInstitution.objects.of_published().count() == 2


def test_people_are_seen_by_staff_only(client):
    institution = InstitutionFactory()
    AffiliationFactory(
        institution=institution, user=UserFactory(name="Ms Chen", email="chen@example.org")
    )

    assert "chen@example.org" not in text_of(client.get(institution.get_absolute_url()))

    client.force_login(UserFactory(permissions=["members.view_institution"]))
    page = text_of(client.get(institution.get_absolute_url()))
    assert "Ms Chen" in page
    assert "chen@example.org" in page


def test_successor_and_predecessor_link_to_each_other_when_public(client):
    new = InstitutionFactory(name="New institute")
    old = InstitutionFactory(name="Old institute", successor=new)
    InstitutionFactory(name="Hidden institute", successor=new, state="draft")

    assert new.get_absolute_url() in text_of(client.get(old.get_absolute_url()))
    page = text_of(client.get(new.get_absolute_url()))
    assert old.get_absolute_url() in page
    assert "Hidden institute" not in page


def test_an_institution_with_a_chinese_name_only_shows_it_as_chinese(client):
    member = MemberFactory(name="", name_zh_hans="对外科技交流中心")

    page = text_of(client.get(member.get_absolute_url()))

    assert '<h1 lang="zh-Hans">对外科技交流中心</h1>' in page
    assert "in Chinese" in page


def test_a_draft_is_seen_by_permitted_staff_only(client):
    draft = InstitutionFactory(state="draft")
    assert client.get(draft.get_absolute_url()).status_code == 404

    client.force_login(UserFactory(permissions=["members.view_institution"]))
    assert "Not public: draft." in text_of(client.get(draft.get_absolute_url()))


def test_a_supporter_has_its_place_on_the_about_page(client):
    supporter = SupporterFactory(name="UNDP")

    assert client.get(f"/members/{supporter.slug}/").headers["Location"] == "/about/#supporters"


def test_an_old_address_leads_to_the_new_one(client):
    member = MemberFactory()
    old = member.get_absolute_url()
    member.slug = "new"
    member.save()

    response = client.get(old)

    assert response.status_code == 301
    assert response.headers["Location"] == "/members/new/"


def test_institution_page_asks_the_database_as_often_for_many_links_as_for_one(
    client, django_assert_max_num_queries
):
    member = MemberFactory(country=CountryFactory())
    for _ in range(5):
        ProjectInstitutionFactory(institution=member)
        InstitutionSectorFactory(institution=member)
        ServiceFactory(institution=member)
        SourceFactory(record=member)
        InstitutionFactory(successor=member)

    client.get(member.get_absolute_url())  # Builds what is kept between requests.

    with django_assert_max_num_queries(13):
        client.get(member.get_absolute_url())
