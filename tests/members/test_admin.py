import re
from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.contrib.messages import get_messages
from django.urls import reverse

from members.models import Affiliation, Institution, Membership, User
from sscnet.core.models import State
from sscnet.outbox.models import Message
from tests import make
from tests.admin_forms import add_row, errors, filled
from tests.pages import whole as change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("officer")]

LIST = reverse("admin:members_institution_changelist")
ADD = reverse("admin:members_institution_add")
USERS = reverse("admin:members_user_changelist")
ADD_USER = reverse("admin:members_user_add")


def rows(response):
    return list(response.context["cl"].result_list)


# ------------------------------------------------------------------ institutions


def test_an_institution_is_found_by_any_of_its_names_and_its_city(client):
    institution = make.Institution(
        name="Bamboo Centre", name_zh_hans="竹子中心", city="Hangzhou", city_zh_hans="杭州"
    )
    make.InstitutionName(institution=institution, name="ICBR", kind="acronym")
    make.Institution(name="Tea Institute")

    for words in ("bamboo", "竹", "ICBR", "Hangzhou", "杭州"):
        assert rows(client.get(LIST, {"q": words})) == [institution], words


def test_membership_filters_members_partners_and_former_members(client):
    member, partner = make.Member(), make.Institution()
    former = make.Membership(state=Membership.State.FORMER).institution
    make.Supporter()

    for value, expected in (("member", member), ("partner", partner), ("former", former)):
        assert rows(client.get(LIST, {"membership": value})) == [expected]


def test_an_institution_is_entered_with_names_and_membership(client):
    data = filled(client.get(ADD)) | {"name_zh_hans": "竹子中心"}
    add_row(data, "names", name="ICBR", kind="acronym")
    add_row(data, "memberships", state="member", since="1995-05-01", until="")
    add_row(data, "institution_sectors", sector=make.Sector().pk)

    response = client.post(ADD, data)

    assert response.status_code == 302, errors(response)
    institution = Institution.objects.get()
    # A draft saves with nothing in it, too.
    assert client.post(ADD, filled(client.get(ADD))).status_code == 302
    assert Institution.objects.exclude(pk=institution.pk).get().state == State.DRAFT
    assert (institution.name, institution.name_zh_hans) == ("", "竹子中心")
    assert institution.acronym == "ICBR"
    assert institution.current_membership.since == date(1995, 5, 1)
    assert institution.state == State.DRAFT


def test_a_membership_ends_and_the_next_begins_in_one_save(client):
    institution = make.Membership(since=date(1995, 1, 1)).institution
    data = filled(client.get(change(institution))) | {"memberships-0-until": "2020-12-31"}
    add_row(data, "memberships", state="former", since="2021-01-01", until="")

    response = client.post(change(institution), data)

    assert response.status_code == 302, errors(response)
    assert [m.state for m in institution.memberships.all()] == ["member", "former"]


def test_two_current_memberships_are_refused_beside_the_date(client):
    institution = make.Membership().institution
    data = filled(client.get(change(institution)))
    row = add_row(data, "memberships", state="suspended", since="2021-01-01", until="")

    response = client.post(change(institution), data)

    assert errors(response) == ["End the present membership first: only one can be current."]
    assert f'id="id_{row}-until_error"' in response.content.decode()


def test_nonsense_is_refused_beside_its_field(client):
    institution = make.Institution()
    data = filled(client.get(change(institution)))
    for field, value, message in (
        ("website", "javascript:alert(1)", "Enter a valid URL."),
        ("role_mailbox", "nobody", "Enter a valid email address."),
        ("country", "XX", "Select a valid choice"),
        ("successor", "9" * 40, "Select a valid choice"),
        ("name", "x" * 300, "at most 250 characters"),
    ):
        found = errors(client.post(change(institution), data | {field: value}))
        assert any(message in text for text in found), found

    add_row(data, "memberships", state="former", since="2021-01-01", until="2020-01-01")
    response = client.post(change(institution), data)
    assert errors(response) == ["The end is before the beginning."]


def test_saving_without_a_change_leaves_no_trace(client):
    institution = make.Member(description="Two\nlines")
    before = Institution.objects.values().get()

    client.post(change(institution), filled(client.get(change(institution))))

    assert Institution.objects.values().get() == before


def test_an_institution_is_published_after_its_gaps_were_shown(client):
    institution = make.Institution(state=State.READY)
    make.Source(record=institution)
    step = reverse("admin:members_institution_step", args=[institution.pk, "publish"])

    assert "The website is missing." in client.get(step).content.decode()
    client.post(step)

    institution.refresh_from_db()
    assert institution.is_published


def test_an_institution_with_projects_is_not_deleted(client):
    institution = make.Institution(state=State.DRAFT)
    make.ProjectInstitution(institution=institution)

    delete = reverse("admin:members_institution_delete", args=[institution.pk])
    client.post(delete, {"post": "yes"})

    assert Institution.objects.exists()


def test_the_gaps_of_an_institution_link_to_its_fields(client):
    response = client.get(change(make.Institution(name="", state=State.DRAFT)))

    page = response.content.decode()
    for _gap, anchor in response.context["gaps"]:
        assert f'id="{anchor.removeprefix("#")}"' in page


# ------------------------------------------------------------------ accounts


def test_a_colleague_is_invited_with_a_role_and_without_a_password(client):
    helper = Group.objects.get(name="Helper")
    page = client.get(ADD_USER)
    data = filled(page) | {"email": "New.Person@Example.org", "groups": [helper.pk]}
    assert set(page.context["adminform"].form.fields) == {"email", "name", "groups"}

    response = client.post(ADD_USER, data)

    assert response.status_code == 302, errors(response)
    user = User.objects.get(email="new.person@example.org")
    assert (user.is_staff, user.is_superuser, user.has_usable_password()) == (True, False, False)
    assert list(user.groups.all()) == [helper]
    mail = Message.objects.get(kind="colleague-invited")
    assert mail.to == user.email
    assert "Wang Li" in mail.text
    # In other letters it is the same account.
    again = client.post(ADD_USER, data | {"email": "NEW.person@example.org"})
    assert errors(again) == ["There is already an account with this email address."]


def test_passports_are_a_tick_on_a_person_given_by_another_administrator(client, officer):
    zhao = make.Officer(group="Officer")
    page = client.get(change(zhao)).content.decode()
    assert "LDAP" not in page
    ticks = re.findall(r'name="user_permissions" value="(\d+)"', page)
    assert len(ticks) == 1

    client.post(change(zhao), filled(client.get(change(zhao))) | {"user_permissions": ticks})

    assert User.objects.get(pk=zhao.pk).has_perm("meetings.see_passport")
    own = client.post(
        change(officer), filled(client.get(change(officer))) | {"user_permissions": ticks}
    )
    assert "Ask another administrator" in errors(own)[0]


def test_no_look_up_asks_for_a_password(client):
    make.User(password="tea-bamboo-1")

    assert client.get(USERS, {"password__startswith": "argon"}).status_code in (302, 400)


def test_groups_are_named_in_the_officers_language(client, monkeypatch):
    make.User().groups.add(Group.objects.get(name="Helper"))

    assert "Helper" in client.get(USERS).content.decode()


def test_an_affiliation_begins_by_an_invitation_alone(client):
    """One officer alone gave it in the form of the person or of the institution."""
    user, institution = make.User(), make.Institution()
    values = {"role": "focal_point", "since": "2024-01-01", "until": ""}
    for record, other in (
        (user, {"institution": institution.pk}),
        (institution, {"user": user.pk}),
    ):
        # Forged: the page has no row to add to.
        data = filled(client.get(change(record)))
        data |= {"affiliations-TOTAL_FORMS": "1", "affiliations-INITIAL_FORMS": "0"}
        data |= {f"affiliations-0-{name}": value for name, value in (values | other).items()}
        client.post(change(record), data)

    assert not Affiliation.objects.exists()


def test_an_officer_ends_an_affiliation_and_changes_nothing_else_of_it(client):
    held = make.Affiliation(role="viewer")
    data = filled(client.get(change(held.institution)))
    forged = {"affiliations-0-role": "focal_point", "affiliations-0-user": make.User().pk}
    data |= forged | {"affiliations-0-until": "2026-01-01"}

    response = client.post(change(held.institution), data)

    assert response.status_code == 302, errors(response)
    kept = Affiliation.objects.get()
    assert (kept.user, kept.role, str(kept.until)) == (held.user, "viewer", "2026-01-01")
    data = filled(client.get(change(held.institution))) | {"affiliations-0-until": ""}
    refusal = ["An affiliation that has an end is not prolonged: invite anew."]
    assert errors(client.post(change(held.institution), data)) == refusal


def test_nobody_ends_an_affiliation_of_his_own(client, officer):
    own = make.Affiliation(user=officer)
    refusal = ["Another officer ends your own affiliations."]

    def saved(record, **values):
        data = filled(client.get(change(record)))
        data |= {f"affiliations-0-{name}": value for name, value in values.items()}
        response = client.post(change(record), data)
        return response.status_code == 302 or errors(response)

    assert saved(own.institution, until="2026-02-01") == refusal
    assert saved(officer, until="2026-02-01") == refusal
    assert saved(own.institution, DELETE="on") is True
    assert Affiliation.objects.get(pk=own.pk).until is None

    client.force_login(make.Administrator())
    assert saved(own.institution, until="2026-02-01") is True
    assert str(Affiliation.objects.get(pk=own.pk).until) == "2026-02-01"


def test_who_comes_to_the_secretariat_keeps_affiliations_by_the_officer_who_says_so(
    client, officer
):
    held = make.Affiliation(institution__name="Bamboo Centre", role="deputy")
    past = make.Affiliation(user=held.user, until="2025-01-01")
    data = filled(client.get(change(held.user))) | {"is_staff": "on"}

    response = client.post(change(held.user), data, follow=True)

    assert "still acts for: Bamboo Centre" in " ".join(response.content.decode().split())
    held.refresh_from_db()
    past.refresh_from_db()
    assert held.user.is_staff
    assert (held.given_by, past.given_by) == (officer, None)


def test_what_was_public_is_not_deleted_and_named(client):
    institution = make.Institution(name="Bamboo Centre", state=State.READY)
    make.Source(record=institution)
    client.post(reverse("admin:members_institution_step", args=[institution.pk, "publish"]))

    data = {"action": "delete_selected", "_selected_action": [institution.pk], "post": "yes"}
    response = client.post(LIST, data)

    messages = [str(message) for message in get_messages(response.wsgi_request)]
    assert messages[-1].startswith("Nothing was deleted: Bamboo Centre was public")
    assert Institution.objects.exists()
