"""Invitations: seven days, once, by officers and focal points; and handing over."""

from datetime import timedelta

import pgtrigger
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import Client
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy
from pghistory.models import Context

from members.accounts import invitations
from members.models import Affiliation, Institution, Invitation, User
from secretariat.back_office import groups
from sscnet.outbox.models import Message
from tests import make
from tests.accounts.steps import CONFIRM, code_for, sign_in_by_code
from tests.admin_forms import errors, filled
from tests.deploy.documented import documented
from tests.meetings.test_places_at_once import at_once
from tests.pages import text_of

pytestmark = pytest.mark.django_db

NAMED = {"name": "Zhao Min"}
SURE = {"sure": "yes"}

Role = Affiliation.Role


@pytest.fixture
def institution():
    return make.Institution(name="Bamboo Centre", name_zh_hans="竹子中心")


@pytest.fixture
def lead(client, institution):
    """The focal point of the institution, signed in."""
    affiliation = make.Affiliation(institution=institution, user__name="Li Hua")
    client.force_login(affiliation.user)
    return affiliation


def page(name, institution, *args):
    return reverse(f"members:{name}", args=[institution.slug, *args])


def link_to(email):
    """Read the link out of the newest invitation of a person."""
    message = Message.objects.filter(to=email, kind="invitation").latest("id")
    address = next(word for word in message.text.split() if "/accounts/invitation/" in word)
    return address[address.index("/accounts/") :]


# ------------------------------------------------------------------ from invitation to affiliation


def test_the_whole_way_from_the_mail_to_the_institutions_page(client, lead, institution):
    data = {"email": "Zhao@Example.org", "role": Role.DEPUTY}
    assert client.post(page("invite", institution), data).status_code == 302
    client.logout()
    link = link_to("zhao@example.org")

    shown = text_of(client.get(link))
    assert "Li Hua invites you to act for Bamboo Centre, as its deputy." in shown
    assert not User.objects.filter(email="zhao@example.org").exists()
    client.post(link)
    response = client.post(CONFIRM, {"code": code_for("zhao@example.org"), "next": link})
    assert response.url == link
    assert not Affiliation.objects.filter(user__email="zhao@example.org").exists()
    assert "error-summary" in text_of(client.post(link, {"name": ""}))
    response = client.post(link, NAMED)

    assert response.url == reverse("secretariat:my_institution", args=[institution.slug])
    assert "Welcome" in text_of(client.get(response.url))
    affiliation = Affiliation.objects.get(user__email="zhao@example.org")
    assert (affiliation.role, affiliation.since) == (Role.DEPUTY, timezone.localdate())
    assert not affiliation.user.has_usable_password()
    assert affiliation.user.name == "Zhao Min"
    told = Message.objects.get(kind="invitation-accepted")
    assert told.to == lead.user.email


@pytest.mark.parametrize("language", ["", "/zh-hans"])
def test_no_history_holds_the_secret_of_a_link(client, institution, language):
    invitation = make.Invitation(institution=institution, token="very-secret-token")
    link = f"{language}/accounts/invitation/very-secret-token/"
    client.force_login(make.User(email=invitation.email))
    client.post(link, NAMED)

    urls = [context.metadata.get("url", "") for context in Context.objects.all()]

    assert Affiliation.objects.get().user.email == invitation.email
    assert f"{language}/accounts/invitation/…" in urls
    assert not any("very-secret-token" in url for url in urls)


def test_a_mail_is_written_as_documented():
    invitation = make.Invitation()
    names = {"reverse": reverse, "transaction": transaction, "_": gettext_lazy}
    code = documented("docs/developers.md", "from sscnet.outbox.post import write")
    exec(code, names := names | {"invitation": invitation})

    assert link_to(invitation.email).endswith(f"/{names['token']}/")


def test_a_link_is_used_once(client, institution):
    person = make.User(email="z@example.org")
    invitation = make.Invitation(institution=institution, email=person.email, token="abc")
    client.force_login(person)
    client.post("/accounts/invitation/abc/", NAMED)
    person.affiliations.all().delete()

    response = client.post("/accounts/invitation/abc/")

    assert response.status_code == 410
    assert "already been accepted" in text_of(response)
    assert not person.affiliations.exists()
    invitation.refresh_from_db()
    assert invitation.accepted_by == person


@pytest.mark.parametrize(
    ("values", "status", "words"),
    [
        ({"expires_at": timezone.now() - timedelta(minutes=1)}, 410, "seven days and has expired"),
        ({"withdrawn_at": timezone.now()}, 410, "withdrawn"),
        ({"accepted_at": timezone.now()}, 410, "already been accepted"),
        ({"token": "another"}, 404, "There is no invitation with this link"),
    ],
)
def test_a_link_that_opens_nothing_says_why_and_whom_to_ask(client, values, status, words):
    person = make.User()
    invitation = make.Invitation(**{"token": "abc", "email": person.email} | values)

    for visitor in (None, person):
        if visitor:
            client.force_login(visitor)
        for response in (
            client.get("/accounts/invitation/abc/"),
            client.post("/accounts/invitation/abc/"),
        ):
            assert response.status_code == status
            assert words in text_of(response)
            assert "/about/contact/" in text_of(response)
    assert not invitation.institution.affiliations.exists()
    assert not Message.objects.exists()


def test_an_invitation_lets_in_nobody_but_who_was_invited(client, institution):
    invitation = make.Invitation(institution=institution, email="z@example.org", token="abc")
    client.force_login(make.User(email="other@example.org"))

    shown = text_of(client.get("/accounts/invitation/abc/"))
    client.post("/accounts/invitation/abc/")

    assert "You are signed in as other@example.org" in shown
    # Nor by calling the rule.
    assert invitations.accept(invitation, make.User()) is None
    assert not institution.affiliations.exists()


def test_sent_again_the_old_link_is_dead_and_the_new_one_has_seven_days(client, lead, institution):
    invitation = invitations.invite(
        institution, email="z@example.org", role=Role.VIEWER, by=lead.user
    )
    old = link_to("z@example.org")
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))

    client.post(page("invite_again", institution, invitation.pk))

    new = link_to("z@example.org")
    # The mail is in both languages, and its link a secret.
    message = Message.objects.latest("id")
    assert "Bamboo Centre" in message.subject
    assert "竹子中心" in message.subject
    assert "/zh-hans/accounts/invitation/" in message.text
    assert message.holds_secret
    token = new.split("/")[-2]
    assert not Invitation.objects.filter(token_hash=token).exists()
    assert token not in message.subject + message.key
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200
    invitation.refresh_from_db()
    assert invitation.expires_at > timezone.now() + timedelta(days=6)


def test_a_code_asked_for_too_often_says_so(client, institution):
    make.Invitation(institution=institution, email="z@example.org", token="abc")
    for _ in range(3):
        client.post("/accounts/invitation/abc/")
        client.cookies.clear()

    response = client.post("/accounts/invitation/abc/", follow=True)

    assert "Try again later" in text_of(response)


def test_a_new_role_takes_the_place_of_the_old_one_and_says_who_gave_it(institution):
    person = make.Affiliation(institution=institution, role=Role.VIEWER).user
    invitation = make.Invitation(institution=institution, email=person.email, role=Role.DEPUTY)

    invitations.accept(invitation, person)

    [affiliation] = person.affiliations.current()
    assert affiliation.role == Role.DEPUTY
    assert affiliation.given_by == invitation.invited_by


# ------------------------------------------------------------------ nobody invites himself


def test_an_account_of_the_secretariat_is_invited_by_another_officer_alone(
    client, lead, officer, institution
):
    colleague = make.Officer()
    add = reverse("admin:members_invitation_add")
    data = filled(client.get(add)) | {"institution": institution.pk, "role": Role.DEPUTY}

    response = client.post(add, data | {"email": officer.email.upper()})
    assert errors(response) == ["Another officer invites you."]
    client.force_login(lead.user)
    for name in ("invite", "hand_over"):
        values = {"email": colleague.email, "role": Role.VIEWER}
        assert "works at the Secretariat" in text_of(client.post(page(name, institution), values))
    assert not Invitation.objects.exists()
    client.force_login(officer)
    assert client.post(add, data | {"email": colleague.email}).status_code == 302
    # Nor does the colleague confirm it.
    invitation = Invitation.objects.get()
    Affiliation.objects.filter(pk=lead.pk).update(until=timezone.localdate())
    with pytest.raises(ValidationError, match="given to himself"):
        invitations.confirm(invitation, colleague)
    assert invitations.confirm(invitation, second_officer())
    client.force_login(colleague)
    client.post(link_to(colleague.email), NAMED)
    assert colleague.affiliations.get().given_by == officer


def test_an_account_of_the_secretariat_takes_up_only_what_two_others_gave(
    client, officer, institution
):
    """It may have taken on the invited address since, or have come to the Secretariat."""
    other = make.Officer()
    of_officer = {"confirmed_by": officer, "confirmed_at": timezone.now()}
    for values in (
        {"invited_by": officer},
        {"invited_by": other},
        {"invited_by": make.Affiliation().user},
        {"invited_by": None},
        {"invited_by": other, "needs_confirmation": True} | of_officer,
    ):
        Invitation.objects.all().delete()
        make.Invitation(institution=institution, email=officer.email, token="abc", **values)
        assert "You cannot accept this invitation" in text_of(
            client.get("/accounts/invitation/abc/")
        )

        response = client.post("/accounts/invitation/abc/", NAMED)

        assert response.status_code == 200
        assert not Affiliation.objects.filter(user=officer).exists()
        assert Invitation.objects.get().is_open


def test_who_moved_to_the_address_invited_by_oneself_gains_nothing(client, lead, institution):
    make.Invitation(
        institution=institution, email=lead.user.email, invited_by=lead.user, token="abc"
    )

    response = client.post("/accounts/invitation/abc/", NAMED, follow=True)

    assert response.status_code == 200
    assert [a.role for a in lead.user.affiliations.current()] == [Role.FOCAL_POINT]


@pytest.mark.parametrize("giver", ["nobody", "oneself", "a focal point"])
def test_the_database_keeps_affiliations_of_officers_to_a_second_officer(institution, giver):
    officer = make.Officer()
    by = {"nobody": None, "oneself": officer, "a focal point": make.Affiliation().user}[giver]
    before = make.Affiliation(institution=institution, given_by=by if by != officer else None)

    with pytest.raises(IntegrityError), transaction.atomic():
        make.Affiliation(institution=institution, user=officer, given_by=by)
    with pytest.raises(IntegrityError), transaction.atomic():
        Affiliation.objects.filter(pk=before.pk).update(user=officer, given_by=by)
    with pytest.raises(IntegrityError, match="second officer"), transaction.atomic():
        User.objects.filter(pk=before.user_id).update(is_staff=True)

    make.Affiliation(institution=institution, user=officer, given_by=make.Officer())


def test_the_database_keeps_what_an_officer_gives_to_a_second_person(institution):
    values = {"institution": institution, "given_by": make.Officer()}

    with pytest.raises(IntegrityError, match="confirmed by a second person"), transaction.atomic():
        make.Affiliation(confirmed_by=None, **values)
    for alone in (values["given_by"], user := make.User()):
        with pytest.raises(IntegrityError, match="confirmed_by_another"), transaction.atomic():
            make.Affiliation(user=user, confirmed_by=alone, **values)
    given = Affiliation.objects.filter(pk=make.Affiliation(**values, role=Role.VIEWER).pk)
    # What stands from before an upgrade is ended, and not made more.
    given.update(confirmed_by=None)
    with pytest.raises(IntegrityError, match="second person"), transaction.atomic():
        given.update(role=Role.FOCAL_POINT)
    given.update(until=timezone.localdate() + timedelta(days=9))
    with pytest.raises(IntegrityError, match="second person"), transaction.atomic():
        given.update(until=None)


def test_the_database_lets_nobody_accept_what_waits(institution):
    waiting = make.Invitation(institution=institution, needs_confirmation=True)
    rows = Invitation.objects.filter(pk=waiting.pk)

    with pytest.raises(IntegrityError, match="accepted_when_confirmed"), transaction.atomic():
        rows.update(accepted_at=timezone.now())
    with pytest.raises(IntegrityError, match="confirmed_by_another"), transaction.atomic():
        rows.update(confirmed_by=waiting.invited_by, confirmed_at=timezone.now())
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        rows.update(needs_confirmation=False)
    with pytest.raises(ProgrammingError), transaction.atomic():
        rows.update(email="another@example.org")


# ------------------------------------------------------------------ what a focal point may do


def test_a_focal_point_names_no_second_one(client, lead, institution):
    data = {"email": "z@example.org", "role": Role.FOCAL_POINT}

    response = client.post(page("invite", institution), data)

    assert response.status_code == 200
    assert not Invitation.objects.exists()
    assert 'value="z@example.org"' in text_of(response)


@pytest.mark.parametrize("role", [Role.DEPUTY, Role.VIEWER])
def test_others_see_the_people_but_decide_nothing(client, lead, institution, role):
    other = make.Affiliation(institution=institution, role=role)
    invitation = make.Invitation(institution=institution)
    client.force_login(other.user)

    shown = text_of(client.get(page("people", institution)))
    assert "Li Hua" in shown
    assert "Invite a person" not in shown
    for name in ("invite", "hand_over"):
        assert client.get(page(name, institution)).status_code == 403
    assert client.post(page("end_affiliation", institution, lead.pk)).status_code == 403
    assert client.post(page("invite_again", institution, invitation.pk)).status_code == 403
    assert client.post(page("invite_withdraw", institution, invitation.pk)).status_code == 404
    invitation.refresh_from_db()
    assert invitation.is_open


def test_an_ended_affiliation_ends_its_rights_at_the_next_click(client, lead, institution):
    deputy = make.Affiliation(institution=institution, role=Role.DEPUTY)
    other = type(client)()
    other.force_login(deputy.user)
    home = reverse("secretariat:my_institution", args=[institution.slug])
    assert other.get(home).status_code == 200

    asked = client.post(page("end_affiliation", institution, deputy.pk))
    assert f"End the role of {deputy.user}?" in text_of(asked)
    assert other.get(home).status_code == 200
    client.post(page("end_affiliation", institution, deputy.pk), {"sure": "yes"})

    assert other.get(home).status_code == 404
    assert not Institution.objects.editable_by(deputy.user).exists()
    deputy.refresh_from_db()
    assert deputy.until == timezone.localdate()


def test_a_focal_point_cannot_end_the_own_part_or_that_of_another_institution(
    client, lead, institution
):
    stranger = make.Affiliation(role=Role.DEPUTY)

    for affiliation in (lead, stranger):
        response = client.post(page("end_affiliation", institution, affiliation.pk))
        assert response.status_code == 404
        affiliation.refresh_from_db()
        assert affiliation.until is None


def test_invitations_of_another_institution_are_out_of_reach(client, lead, institution):
    foreign = make.Invitation()

    for name in ("invite_again", "invite_withdraw"):
        assert client.post(page(name, institution, foreign.pk)).status_code == 404
        assert client.post(page(name, foreign.institution, foreign.pk)).status_code == 404
    foreign.refresh_from_db()
    assert foreign.is_open


def test_withdrawn_the_invitation_is_gone_from_the_page(client, lead, institution):
    invitation = make.Invitation(institution=institution, email="z@example.org")

    client.post(page("invite_withdraw", institution, invitation.pk))
    invitation.refresh_from_db()
    assert invitation.is_open
    client.post(page("invite_withdraw", institution, invitation.pk), {"sure": "yes"})

    shown = text_of(client.get(page("people", institution)))
    assert "The invitation of z@example.org is withdrawn." in shown
    invitation.refresh_from_db()
    assert invitation.state == Invitation.State.WITHDRAWN


def test_nobody_is_invited_twice_but_what_expired_makes_room(client, lead, institution):
    make.Invitation(institution=institution, email="z@example.org")
    data = {"email": "z@example.org", "role": Role.VIEWER}
    response = client.post(page("invite", institution), data)
    assert "already has an open invitation" in text_of(response)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.Invitation(institution=institution, email="z@example.org")

    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert client.post(page("invite", institution), data).status_code == 302
    assert Invitation.objects.open().count() == 1


def test_who_acts_already_or_whose_account_is_closed_is_not_invited(client, lead, institution):
    make.Affiliation(institution=institution, user__email="v@example.org", role=Role.VIEWER)
    make.User(email="closed@example.org", is_active=False)
    for email, role, words in (
        ("v@example.org", Role.VIEWER, "already acts for the institution, as viewer"),
        (lead.user.email, Role.VIEWER, "already acts for the institution, as focal point"),
        ("closed@example.org", Role.VIEWER, "is closed"),
    ):
        response = client.post(page("invite", institution), {"email": email, "role": role})
        assert words in text_of(response)
    data = {"email": "v@example.org", "role": Role.DEPUTY}

    assert client.post(page("invite", institution), data).status_code == 302


# ------------------------------------------------------------------ too many, and two at once

TOO_MANY = "Try again in an hour"


def test_a_person_sends_ten_invitations_an_hour(client, lead, institution):
    def invite(n):
        data = {"email": f"p{n}@example.org", "role": Role.VIEWER}
        return client.post(page("invite", institution), data)

    assert [invite(n).status_code for n in range(9)] == [302] * 9
    assert client.post(page("invite", institution), {"email": "?"}).status_code == 200
    again = page("invite_again", institution, Invitation.objects.last().pk)
    client.post(again)
    written = Message.objects.filter(kind="invitation").count()
    assert written == 10

    refused = invite(10)
    assert TOO_MANY in text_of(refused)
    assert "p10@example.org" in text_of(refused)
    assert TOO_MANY in text_of(client.post(again, follow=True))
    assert TOO_MANY in text_of(client.post(page("hand_over", institution), {"email": "n@x.org"}))
    assert Message.objects.filter(kind="invitation").count() == written
    other = make.Affiliation().user
    client.force_login(other)
    other_page = page("invite", other.affiliations.get().institution)
    assert client.post(other_page, {"email": "z@x.org", "role": "viewer"}).status_code == 302


def test_an_officer_sends_ten_invitations_an_hour(client, officer, institution):
    listed, add = (reverse(f"admin:members_invitation_{n}") for n in ("changelist", "add"))
    keys = [make.Invitation(institution=institution).pk for _n in range(12)]

    response = client.post(listed, {"action": "send_again", "_selected_action": keys}, follow=True)
    data = filled(client.get(add)) | {"institution": institution.pk, "role": Role.VIEWER}
    one_more = client.post(add, data | {"email": "z@example.org"})

    assert "10 invitations sent again." in text_of(response)
    assert TOO_MANY in text_of(response)
    assert TOO_MANY in " ".join(errors(one_more))
    assert Message.objects.filter(kind="invitation").count() == 10


@pytest.mark.django_db(transaction=True)
def test_two_invitations_of_a_person_at_once_are_one():
    lead = make.Affiliation()
    data = {"email": "z@example.org", "role": Role.VIEWER}

    def invite():
        client = Client()
        client.force_login(lead.user)
        return client.post(page("invite", lead.institution), data)

    answers = at_once(*[invite] * 5)

    # Who came late enough to see the first one is told so beside the field.
    assert {getattr(answer, "status_code", answer) for answer in answers} <= {200, 302}
    assert Invitation.objects.get().is_open
    assert Message.objects.filter(kind="invitation").count() == 1


def test_an_invitation_that_somebody_else_just_sent_is_kept(institution, lead):
    values = {"email": "Z@example.org", "role": Role.VIEWER, "by": lead.user}

    first, second = (invitations.invite(institution, **values) for _n in range(2))

    assert first == second


# ------------------------------------------------------------------ handing over


def test_handing_over_one_reads_on_until_the_successor_has_accepted(client, lead, institution):
    client.post(page("hand_over", institution), {"email": "next@example.org"})
    assert Institution.objects.readable_by(lead.user).exists()
    assert not Institution.objects.editable_by(lead.user).exists()
    assert client.get(page("people", institution)).status_code == 200
    assert client.get(page("invite", institution)).status_code == 403
    link = link_to("next@example.org")
    successor = type(client)()

    successor.post(link)
    successor.post(CONFIRM, {"code": code_for("next@example.org"), "next": link})
    assert client.get(page("people", institution)).status_code == 200
    successor.post(link, NAMED)

    assert client.get(page("people", institution)).status_code == 404
    lead.refresh_from_db()
    assert lead.until == timezone.localdate()
    current = institution.affiliations.current().get()
    assert (current.user.email, current.role) == ("next@example.org", Role.FOCAL_POINT)


def test_a_handover_withdrawn_or_expired_gives_the_rights_back(client, lead, institution):
    client.post(page("hand_over", institution), {"email": "next@example.org"})
    assert not Institution.objects.editable_by(lead.user).exists()
    withdraw = page("invite_withdraw", institution, Invitation.objects.get().pk)
    client.post(withdraw, {"sure": "yes"})
    assert Institution.objects.editable_by(lead.user).exists()

    client.post(page("hand_over", institution), {"email": "next@example.org"})
    assert not Institution.objects.editable_by(lead.user).exists()
    Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert Institution.objects.editable_by(lead.user).exists()


# ------------------------------------------------------------------ officers


LISTED = reverse_lazy("admin:members_invitation_changelist")


def second_officer(name="Two"):
    return make.Officer(group=groups.OFFICER, name=name)


def invite_as(client, officer, institution, email="zhao@example.org"):
    """Invite a deputy as an officer, on the page; give the invitation and what the page says."""
    client.force_login(officer)
    add = reverse("admin:members_invitation_add")
    data = {"institution": institution.pk, "email": email, "role": Role.DEPUTY}
    said = text_of(client.post(add, filled(client.get(add)) | data, follow=True))
    return Invitation.objects.get(email=email), said


def days_go_by(days):
    with pgtrigger.ignore("members.Invitation:once_given"):
        Invitation.objects.update(created_at=timezone.now() - timedelta(days=days))


def confirm_in_list(client, officer, *waiting):
    client.force_login(officer)
    selected = {"action": "confirm", "_selected_action": [one.pk for one in waiting]}
    return text_of(client.post(LISTED, selected, follow=True))


def mails_to(kind):
    return set(Message.objects.filter(kind=kind).values_list("to", flat=True))


def test_the_focal_point_confirms_what_an_officer_began(client, lead, institution):
    officer, second = second_officer("One"), second_officer()
    viewer = make.Affiliation(institution=institution, role=Role.VIEWER).user
    invitation, said = invite_as(client, officer, institution)

    assert "once the focal point of Bamboo Centre has confirmed it" in said
    assert mails_to("invitation-asked") == {lead.user.email, viewer.email}
    assert not mails_to("invitation")
    assert not mails_to("second-person-needed")
    # For seven days no officer confirms it, neither the first nor a second.
    assert "A second person does this" in confirm_in_list(client, officer, invitation)
    assert "confirms this invitation or refuses it" in confirm_in_list(client, second, invitation)
    # Nor does anybody at the institution but its focal point.
    confirm = page("invite_confirm", institution, invitation.pk)
    client.force_login(viewer)
    assert client.post(confirm, SURE).status_code == 403
    client.force_login(lead.user)
    assert "One of the Secretariat" in text_of(client.get(page("people", institution)))
    client.post(confirm, SURE)

    invitation.refresh_from_db()
    assert (invitation.state, invitation.confirmed_by) == ("open", lead.user)
    link = link_to("zhao@example.org")
    invited = Client()
    sign_in_by_code(invited, invitations.make_account(invitation).email)
    invited.post(link, NAMED)
    given = institution.affiliations.get(role=Role.DEPUTY)
    assert (given.given_by, given.confirmed_by) == (officer, lead.user)
    assert mails_to("affiliation-given") == {lead.user.email, viewer.email}


@pytest.mark.parametrize("why", ["seven days", "a closed account", "a refused mail"])
def test_a_second_officer_confirms_when_the_focal_point_does_not(client, lead, institution, why):
    officer, second = second_officer("One"), second_officer()
    if why == "a closed account":
        User.objects.filter(pk=lead.user_id).update(is_active=False)
    invitation, _said = invite_as(client, officer, institution)
    if why == "seven days":
        days_go_by(6)
        assert "confirms this invitation" in confirm_in_list(client, second, invitation)
        days_go_by(7)
    if why == "a refused mail":
        Message.objects.filter(kind="invitation-asked").update(failed_at=timezone.now())
    for _twice in range(2):
        invitations.tell_officers_of_late()

    assert mails_to("second-person-needed") == {second.email}
    found = client.get(LISTED, {"standing": "to_confirm"}).context["cl"].queryset
    assert list(found) == [invitation]
    assert "A second person does this: Two" in confirm_in_list(client, officer, invitation)
    assert "1 invitation confirmed and sent" in confirm_in_list(client, second, invitation)
    assert "0 invitations confirmed" in confirm_in_list(client, second, invitation)
    assert mails_to("invitation") == {"zhao@example.org"}


def test_first_invitations_are_confirmed_in_one_list_and_told_in_one_mail(client, officer):
    second = second_officer()
    begun = [
        invite_as(client, officer, make.Institution(), f"first{n}@example.org")[0] for n in range(3)
    ]

    assert Message.objects.filter(kind="second-person-needed").count() == 1
    assert "3 invitations confirmed and sent" in confirm_in_list(client, second, *begun)
    assert len(mails_to("invitation")) == 3


def test_what_waits_is_neither_sent_again_nor_accepted_but_withdrawn(client, officer, institution):
    invitation, said = invite_as(client, officer, institution)
    assert "no other account has the rights yet" in said
    selected = {"_selected_action": [invitation.pk]}
    again = client.post(LISTED, {"action": "send_again"} | selected, follow=True)
    assert "wait for a second person" in text_of(again)
    assert invitations.accept(invitation, make.User(email="zhao@example.org")) is None
    twice = client.post(
        reverse("admin:members_invitation_add"),
        {"institution": institution.pk, "email": "zhao@example.org", "role": Role.VIEWER},
    )
    assert "waits to be confirmed" in " ".join(errors(twice))
    client.post(LISTED, {"action": "withdraw"} | selected)
    invitation.refresh_from_db()
    assert invitation.state == "withdrawn"
    assert not mails_to("invitation")


def test_an_officer_who_leads_an_institution_confirms_there_and_not_what_is_his_own(
    client, institution
):
    officer, second = second_officer("One"), second_officer()
    make.Affiliation(user=officer, institution=institution)
    own, _said = invite_as(client, officer, institution, "own@example.org")
    others, _said = invite_as(client, second, institution, "others@example.org")

    client.force_login(officer)
    for invitation in (own, others):
        client.post(page("invite_confirm", institution, invitation.pk), SURE)

    assert mails_to("invitation") == {"others@example.org"}


def test_an_officer_invites_a_focal_point_from_the_institutions_page(client, officer, institution):
    change = reverse("admin:members_institution_change", args=[institution.pk])
    add = f"{reverse('admin:members_invitation_add')}?institution={institution.pk}"
    assert add in client.get(change).content.decode()
    data = filled(client.get(add)) | {"email": "F@example.org", "role": Role.FOCAL_POINT}

    response = client.post(add, data)

    assert response.status_code == 302, errors(response)
    invitation = Invitation.objects.get()
    assert (invitation.institution, invitation.invited_by) == (institution, officer)
    assert invitation.is_waiting
    assert not Message.objects.filter(to="f@example.org").exists()
    invitations.confirm(invitation, second_officer())
    assert client.get(link_to("f@example.org")).status_code == 200


def test_an_officer_sends_again_and_withdraws_in_the_list(client, officer, institution):
    listed = reverse("admin:members_invitation_changelist")
    invitation = make.Invitation(institution=institution, email="z@example.org")
    accepted = make.Invitation(institution=institution, accepted_at=timezone.now())
    selected = {"_selected_action": [invitation.pk, accepted.pk]}

    response = client.post(listed, {"action": "send_again"} | selected, follow=True)
    assert "1 invitation sent again." in text_of(response)
    assert "already been accepted or withdrawn" in text_of(response)
    client.post(listed, {"action": "withdraw"} | selected)

    invitation.refresh_from_db()
    accepted.refresh_from_db()
    assert invitation.state == Invitation.State.WITHDRAWN
    assert accepted.state == Invitation.State.ACCEPTED
    assert Message.objects.filter(kind="invitation").count() == 1


def test_the_list_keeps_one_standing(client, officer):
    now = timezone.now()
    made = {
        "open": make.Invitation(),
        "accepted": make.Invitation(accepted_at=now),
        "withdrawn": make.Invitation(withdrawn_at=now),
        "expired": make.Invitation(expires_at=now),
        "waiting": make.Invitation(needs_confirmation=True),
    }

    assert made.keys() == set(Invitation.State.values)
    for state, invitation in made.items():
        found = client.get(reverse("admin:members_invitation_changelist"), {"standing": state})
        assert list(found.context["cl"].queryset) == [invitation]


def test_an_officer_names_a_successor_for_a_focal_point_who_left(client, officer, institution):
    gone = make.Affiliation(institution=institution)
    add = reverse("admin:members_invitation_add")
    data = filled(client.get(add)) | {"email": "n@example.org", "hands_over": gone.pk}
    wrong = data | {"institution": make.Institution().pk, "role": Role.FOCAL_POINT}
    assert "focal point of another institution" in " ".join(errors(client.post(add, wrong)))
    wrong = data | {"institution": institution.pk, "role": Role.VIEWER}
    assert "becomes the focal point" in " ".join(errors(client.post(add, wrong)))

    client.post(add, data | {"institution": institution.pk, "role": Role.FOCAL_POINT})
    # Who left may still say so for seven days; then a second officer may.
    days_go_by(8)
    invitations.confirm(Invitation.objects.get(), second_officer())

    successor = type(client)()
    link = link_to("n@example.org")
    sign_in_by_code(successor, invitations.make_account(Invitation.objects.get()).email)
    successor.post(link, NAMED)
    gone.refresh_from_db()
    assert gone.until == timezone.localdate()


def test_an_institution_left_without_a_focal_point_is_pointed_out(client, officer, institution):
    change = reverse("admin:members_institution_change", args=[institution.pk])
    warning = "It has no focal point today"
    assert warning not in text_of(client.get(change))

    affiliation = make.Affiliation(institution=institution)
    assert warning not in text_of(client.get(change))
    Affiliation.objects.filter(pk=affiliation.pk).update(until=timezone.localdate())

    assert warning in text_of(client.get(change))
