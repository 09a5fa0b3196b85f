"""A list as an officer has it, kept under a name, for oneself or for all."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from secretariat import groups
from sscnet.core.models import SavedView
from tests.factories import MeetingFactory, ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db

LIST = reverse("admin:projects_project_changelist")
SAVE = reverse("admin:projects_project_save_view")


def member_of(group):
    user = UserFactory(is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def officer(client):
    user = member_of(groups.EDITORS)
    client.force_login(user)
    return user


def save(client, query="", columns=("code", "state"), **data):
    sent = {"name": "Drafts", "query": query, "columns": columns, "_save": "1"} | data
    return client.post(SAVE, sent, follow=True)


def opened(client, view):
    address = reverse("admin:projects_project_saved_view", args=[view.pk])
    return client.get(address, follow=True)


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_filters_search_order_and_columns_come_back_as_they_were(client, officer):
    ProjectFactory(title="Bamboo", state="ready")
    for title in ("Bamboo old", "Bamboo new", "Rice"):
        ProjectFactory(title=title, state="draft")

    # The third column of all is the second of those that stay.
    save(client, query="state__exact=draft&q=Bamboo&o=-1.3&p=7")
    page = opened(client, SavedView.objects.get())

    assert page.request["QUERY_STRING"] == "state__exact=draft&q=Bamboo&columns=code%2Cstate&o=-1.2"
    cl = page.context["cl"]
    assert [project.title for project in cl.result_list] == ["Bamboo new", "Bamboo old"]
    assert cl.list_display == ["action_checkbox", "code", "state"]


def test_a_list_without_the_column_that_led_to_the_record_leads_there_by_another(client, officer):
    project = ProjectFactory(title="Bamboo")

    page = client.get(f"{LIST}?columns=state,year_approved")

    assert reverse("admin:projects_project_change", args=[project.pk]) in page.content.decode()


def test_what_is_no_longer_there_is_named_and_left_out(client, officer):
    ProjectFactory(title="Bamboo", state="draft")
    query = "state__exact=draft&colour=red&contact__email=a%40example.org&columns=code,shade"
    view = SavedView.objects.create(
        model="projects.project", name="Old", query=query, owner=officer
    )

    page = opened(client, view)

    text = "The view “Old” is shown without what is no longer available: "
    assert said(page) == [text + "colour, contact__email, shade."]
    assert [project.title for project in page.context["cl"].result_list] == ["Bamboo"]


def test_the_same_name_again_replaces_and_none_saves_nothing(client, officer):
    for query in ("q=a", "q=b"):
        save(client, query)
    save(client, name=" ")
    save(client, name="a\0b")
    save(client, name="x" * 81)

    view = SavedView.objects.get()
    assert (view.query, view.owner, view.is_shared) == ("q=b&columns=code%2Cstate", officer, False)


def test_own_views_are_seen_by_their_owner_and_shared_ones_by_all_who_see_the_list(client, officer):
    save(client, name="Mine")
    save(client, name="Ours", is_shared="on")
    mine, ours = SavedView.objects.get(name="Mine"), SavedView.objects.get(name="Ours")

    def change(view, **data):
        address = reverse("admin:projects_project_change_view", args=[view.pk])
        return client.post(address, data).status_code

    client.force_login(member_of(groups.READ_ONLY))
    assert [view for view, _may in client.get(LIST).context["views"]] == [ours]
    assert opened(client, mine).status_code == 404
    assert (change(mine, _delete="1"), change(ours, _delete="1")) == (404, 403)
    save(client, name="Not for others", is_shared="on")
    assert not SavedView.objects.get(name="Not for others").is_shared

    client.force_login(member_of(groups.PUBLISHERS))
    assert change(ours, name="All of ours") == 302
    assert change(ours, name="All of ours", _delete="1") == 200
    assert change(ours, name="All of ours", _delete="1", sure="yes") == 302
    assert list(SavedView.objects.filter(owner=officer)) == [mine]


def test_a_name_that_another_view_has_is_refused(client, officer):
    save(client, name="One")
    save(client, name="Two")
    two = SavedView.objects.get(name="Two")

    page = reverse("admin:projects_project_change_view", args=[two.pk])
    refused = client.post(page, {"name": "One"}).text

    assert 'name="name" value="One"' in refused
    assert "Give the view a name that no other view of its owner has." in refused
    assert set(SavedView.objects.values_list("name", flat=True)) == {"One", "Two"}


def test_a_view_belongs_to_its_list(client, officer):
    MeetingFactory()
    save(client)
    address = reverse("admin:meetings_meeting_saved_view", args=[SavedView.objects.get().pk])
    meetings_officer = member_of(groups.MEETINGS_OFFICERS)
    client.force_login(meetings_officer)

    assert client.get(address).status_code == 404
    assert client.get(reverse("admin:meetings_meeting_changelist")).context["columns"]
