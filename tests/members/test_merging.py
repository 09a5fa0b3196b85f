"""Two records of one institution are noticed and become one."""

from datetime import date, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from meetings import places
from meetings.models import Delegation
from members.merging import keys_to_institutions, merge, preview
from members.models import Affiliation, Institution, Membership, User
from members.similar import similar_to
from projects.models import ProjectInstitution
from secretariat import groups
from sscnet.core.history import history_page
from tests.admin_forms import filled
from tests.factories import (
    AffiliationFactory,
    DelegationFactory,
    InstitutionFactory,
    InstitutionNameFactory,
    InstitutionSectorFactory,
    MemberFactory,
    ProjectInstitutionFactory,
    ServiceFactory,
    SourceFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_web_role")]


def text_of(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def publisher(client):
    user = UserFactory(is_staff=True, name="Li Publisher")
    user.groups.add(Group.objects.get(name=groups.PUBLISHERS))
    client.force_login(user)
    return user


@pytest.fixture
def two():
    winner = MemberFactory(name="Biogas Institute", slug="biogas")
    loser = MemberFactory(name="Biogas Research Institute", slug="biogas-research")
    return winner, loser


def merge_page(into, from_):
    return f"{reverse('admin:members_institution_merge')}?into={into.pk}&from={from_.pk}"


# ------------------------------------------------------------------ similar names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Biogas Institute of Sichuan", "Sichuan Biogas Institute"),
        ("Biogas Institute", "BIOGAS  INSTITUTE"),
        ("Bio-gas Institute", "Biogas Institute"),
        ("Centre for Small Hydropower", "Center for Small Hydro-Power"),
        ("沼气科学研究所", "沼氣科學研究所"),
        ("沼气所", "招气所"),
        ("BIOMA", "Bioma"),
    ],
)
def test_names_that_are_alike_are_noticed(one, other):
    there = InstitutionFactory(name=one)

    assert similar_to([other]) == [there]
    assert similar_to([other], besides=there) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Biogas Institute", "Bamboo Institute"),
        ("Institute of Agriculture", "Institute of Tea"),
        ("BIOMA", "BIOMB"),
        ("沼气所", "竹子所"),
        ("The Centre", "Institute of China"),
    ],
)
def test_names_that_are_not_alike_are_left_alone(one, other):
    InstitutionFactory(name=one)

    assert similar_to([other]) == []


def test_other_names_count_too():
    name = InstitutionNameFactory(name="BIOMA", kind="acronym")

    assert similar_to(["", "BIOMA"]) == [name.institution]


def test_the_admin_warns_on_entry_and_on_the_form(client, publisher):
    InstitutionFactory(name="Biogas Institute")
    add = reverse("admin:members_institution_add")
    data = filled(client.get(add)) | {"name": "Institute for Biogas"}

    page = text_of(client.post(add, data, follow=True))

    warning = "“Biogas Institute” has a similar name. If it is the same, merge the two."
    assert warning in page
    new = Institution.objects.get(name="Institute for Biogas")
    change = reverse("admin:members_institution_change", args=[new.pk])
    assert warning in text_of(client.get(change))


def test_an_institution_that_proposes_a_similar_name_is_told(client):
    InstitutionFactory(name="Bamboo Institute")
    mine = MemberFactory(name="Biogas Institute", slug="mine")
    user = AffiliationFactory(institution=mine).user
    mine.proposals.create(values={"name": "Institute of Bamboo"}, proposed_by=user)
    client.force_login(user)

    page = text_of(client.get("/my/mine/profile/check/"))

    assert "These institutions have a similar name: </p><ul><li>Bamboo Institute" in page.replace(
        "name:</p>", "name: </p>"
    )


# ------------------------------------------------------------------ merging


def test_everything_moves_and_both_addresses_work(client, two):
    winner, loser = two
    loser.description = "We dig."
    loser.save()
    loser.slug = "digesters"
    loser.save()
    rows = [
        InstitutionNameFactory(institution=loser, name="BIOMA"),
        InstitutionSectorFactory(institution=loser),
        ServiceFactory(institution=loser),
        AffiliationFactory(institution=loser),
        ProjectInstitutionFactory(institution=loser),
        loser.proposals.create(),
    ]
    source = SourceFactory(record=loser)
    successor = InstitutionFactory(successor=loser)

    merge(winner, loser)

    for row in rows:
        row.refresh_from_db()
        assert row.institution == winner, row
    source.refresh_from_db()
    successor.refresh_from_db()
    winner.refresh_from_db()
    assert source.record == winner
    assert successor.successor == winner
    assert winner.description == "We dig."
    assert winner.names.filter(name="Biogas Research Institute").exists()
    for slug in ("biogas-research", "digesters", f"merged-{loser.pk}"):
        response = client.get(f"/members/{slug}/", follow=True)
        assert response.redirect_chain[-1][0] == "/members/biogas/", slug
        assert response.status_code == 200
    assert client.get("/members/biogas/").status_code == 200
    # Files that are imported find it by its old address as well.
    assert Institution.objects.for_slug("biogas-research").get() == winner
    found = client.get("/members/?q=biogas+research").context["institutions"]
    assert list(found) == [winner]


def test_what_both_have_is_there_once(two):
    winner, loser = two
    part = ProjectInstitutionFactory(institution=winner, role="submitter")
    ProjectInstitutionFactory(project=part.project, institution=loser, role="submitter")
    other = ProjectInstitutionFactory(project=part.project, institution=loser, role="supporter")
    sector = InstitutionSectorFactory(institution=winner).sector
    InstitutionSectorFactory(institution=loser, sector=sector)

    merge(winner, loser)

    assert list(ProjectInstitution.objects.order_by("pk")) == [part, other]
    assert set(ProjectInstitution.objects.values_list("institution", flat=True)) == {winner.pk}
    assert list(winner.sectors.all()) == [sector]


def test_where_only_one_can_be_the_winners_stays(two):
    winner, loser = two
    Membership.objects.filter(institution=loser).update(since=date(1995, 1, 1))
    user = AffiliationFactory(institution=winner, since="2020-01-01").user
    AffiliationFactory(institution=loser, since="2021-01-01", user=user)
    winner.proposals.create()
    loser.proposals.create(remark="Other")

    merged = merge(winner, loser)

    assert winner.memberships.get().since is None
    assert winner.proposals.count() == loser.proposals.count() == 1
    assert merged.left == {"Memberships": 1, "Affiliations": 1, "Profile changes": 1}
    assert list(Institution.objects.readable_by(user)) == [winner]


def test_every_way_to_point_to_an_institution_is_known():
    names = {f"{key.model._meta.label}.{key.name}" for key in keys_to_institutions()}

    assert {
        *("members.InstitutionName.institution", "members.Affiliation.institution"),
        *("members.Institution.successor", "members.Institution.merged_into"),
        *("projects.ProjectInstitution.institution", "members.Logo.institution"),
    } <= names
    assert not [name for name in names if name.startswith("members.") and "Event" in name]


def test_a_merge_of_a_merge_leads_on(client, two):
    winner, loser = two
    last = MemberFactory(slug="last")
    merge(winner, loser)
    winner.refresh_from_db()

    merge(last, winner)

    response = client.get("/members/biogas-research/", follow=True)
    assert response.redirect_chain[-1][0] == "/members/last/"
    assert set(Institution.objects.exclude(pk=last.pk).values_list("merged_into", flat=True)) == {
        last.pk
    }


def test_the_preview_changes_nothing(two):
    winner, loser = two
    service = ServiceFactory(institution=loser)

    merged = preview(winner, loser)

    service.refresh_from_db()
    loser.refresh_from_db()
    assert merged.moved["Services"] == 1
    assert (service.institution, loser.merged_into, loser.slug) == (loser, None, "biogas-research")


def test_an_institution_that_registered_is_merged_and_its_log_of_places_stays(two):
    winner, loser = two
    delegation = DelegationFactory(institution=loser, people=1)
    places.submit(delegation)

    merged = merge(winner, loser)

    assert Delegation.objects.get().institution == winner
    assert merged.left["Log of places"] > 0


def test_an_officer_chooses_two_sees_what_moves_and_merges(client, publisher, two):
    winner, loser = two
    ServiceFactory(institution=loser)
    changelist = reverse("admin:members_institution_changelist")
    chosen = {"action": "merge", "_selected_action": [winner.pk, loser.pk]}

    page = client.post(changelist, chosen, follow=True)
    assert "<li>Services: 1</li>" in text_of(page)
    assert merge_page(loser, winner).replace("&", "&amp;") in text_of(page)
    client.post(merge_page(winner, loser))

    loser.refresh_from_db()
    assert loser.merged_into == winner
    told = {
        (act.who, strip_tags(sentence)) for act in history_page(loser) for sentence in act.sentences
    }
    assert ("Li Publisher", "Merged into set to Biogas Institute") in told
    assert ("Li Publisher", "State changed from published to withdrawn") in told
    told = {strip_tags(s) for act in history_page(winner) for s in act.sentences}
    assert any("Other name added: Biogas Research Institute" in sentence for sentence in told)
    assert loser not in client.get(changelist).context["cl"].queryset


@pytest.mark.parametrize("number", [1, 3])
def test_the_action_wants_exactly_two(client, publisher, number):
    keys = [InstitutionFactory().pk for _ in range(number)]
    data = {"action": "merge", "_selected_action": keys}

    page = client.post(reverse("admin:members_institution_changelist"), data, follow=True)

    assert "Choose exactly two institutions to merge." in text_of(page)


def test_editors_merge_nothing(client, two):
    editor = UserFactory(is_staff=True)
    editor.groups.add(Group.objects.get(name=groups.EDITORS))
    client.force_login(editor)

    assert client.get(merge_page(*two)).status_code == 403
    assert client.post(merge_page(*two)).status_code == 403


@pytest.mark.parametrize("which", [0, 1])
def test_nobody_merges_an_institution_of_his_own(client, publisher, two, which):
    own = AffiliationFactory(user=publisher, institution=two[which], role="viewer")
    Affiliation.objects.update(until=timezone.localdate() - timedelta(days=360))

    for way in (two, two[::-1]):
        page = client.get(merge_page(*way), follow=True)
        assert "Another officer merges" in text_of(page)
        assert client.post(merge_page(*way)).status_code == 302
    assert not Institution.objects.exclude(merged_into=None).exists()
    Affiliation.objects.filter(pk=own.pk).update(until=timezone.localdate() - timedelta(days=370))
    assert client.get(merge_page(*two)).status_code == 200


@pytest.mark.parametrize("query", ["", "?into=1", "?into=x&from=2", "?into=٣&from=4", "?into=9"])
def test_merging_what_is_not_there_is_a_404(client, publisher, query):
    assert client.get(reverse("admin:members_institution_merge") + query).status_code == 404


def test_an_institution_is_not_merged_into_itself(client, publisher, two):
    assert client.get(merge_page(two[0], two[0])).status_code == 404


# ------------------------------------------------------------------ people to write to


FOCAL_POINTS = "/admin/members/institution/focal-points/"


def test_the_focal_points_of_a_list_are_for_officers_and_it_is_noted(client, publisher):
    lead = AffiliationFactory(institution=MemberFactory(province="hubei"))
    AffiliationFactory(institution=lead.institution, role=Affiliation.Role.VIEWER)
    AffiliationFactory(institution=lead.institution, until="2024-05-01")
    AffiliationFactory(institution=MemberFactory(province="sichuan"))

    page = client.get(f"{FOCAL_POINTS}?province=hubei")
    file = client.get(f"{FOCAL_POINTS}?province=hubei&as=csv")

    assert page.context["addresses"] == [lead.user.email]
    assert lead.user.email in file.content.decode("utf-8-sig")
    assert "no-store" in file["Cache-Control"]
    entries = LogEntry.objects.filter(user=publisher)
    assert {entry.change_message for entry in entries} == {"Focal points read: 1."}
    assert {entry.object_repr for entry in entries} == {"1 institution in Hubei"}


def test_the_focal_points_of_chosen_rows(client, publisher):
    lead, other = AffiliationFactory(), AffiliationFactory()
    data = {"action": "focal_points", "_selected_action": [lead.institution_id]}

    page = client.post(reverse("admin:members_institution_changelist"), data, follow=True)

    assert page.context["addresses"] == [lead.user.email]
    assert client.get(f"{FOCAL_POINTS}?pk=x&pk={'9' * 30}").status_code == 200
    assert other.user.email not in text_of(page)


def test_the_focal_points_are_not_for_others(client):
    assert client.get(FOCAL_POINTS).status_code == 302
    reader = UserFactory(is_staff=True)
    reader.groups.add(Group.objects.get(name=groups.READ_ONLY))
    client.force_login(reader)
    assert client.get(FOCAL_POINTS).status_code == 403
    client.force_login(AffiliationFactory().user)
    assert client.get(FOCAL_POINTS).status_code in (302, 403)
    assert User.objects.exists()
