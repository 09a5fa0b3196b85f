"""Exchange visits: each side sends a statement, a version of the visit that officers release."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from meetings.afterwards.visits import owes_statement
from meetings.models import MeetingInstitution
from sscnet.changes import versions
from sscnet.core.models import ProposedVersion
from sscnet.outbox.models import Message
from tests import make
from tests.meetings.pages import days_from_now, page_of, text_of

pytestmark = pytest.mark.django_db
HOST, GUEST = MeetingInstitution.Role.HOST, MeetingInstitution.Role.ATTENDED


@pytest.fixture
def host():
    return make.Affiliation(institution__name="Bamboo Centre", user__email="host@example.org").user


@pytest.fixture
def guest():
    return make.Affiliation(
        institution__name="Solar Institute", user__email="guest@example.org"
    ).user


def visit_of(*sides, **values):
    """Make a published exchange visit of these people's institutions, host first."""
    values = {"kind": "exchange_visit", "title": "Visit to the bamboo groves"} | values
    meeting = make.Meeting(**values)
    for user, role in zip(sides, (HOST, GUEST), strict=True):
        meeting.meeting_institutions.create(institution=institution_of(user), role=role)
    return meeting


def institution_of(user):
    return user.affiliations.get().institution


@pytest.fixture
def visit(host, guest):
    return visit_of(host, guest, **days_from_now(10, 12))


@pytest.fixture
def past(host, guest):
    return visit_of(host, guest, **days_from_now(-9, -8))


def address(user, visit):
    return reverse("meetings:my_visit", args=[institution_of(user).slug, visit.slug])


def send(client, user, visit, text="", chinese=""):
    client.force_login(user)
    typed = {"statement": text, "statement_zh_hans": chinese}
    return client.post(address(user, visit), typed)


@pytest.fixture
def release():
    def release():
        for version in ProposedVersion.objects.waiting():
            versions.release(version, officer)

    officer = make.User(is_staff=True, is_superuser=True, email="officer@example.org")
    return release


def side_of(user):
    sides = institution_of(user).meeting_institutions.of_visits()
    return sides.select_related("meeting").get()


def mails():
    return list(Message.objects.order_by("pk").values_list("kind", "to"))


# ------------------------------------------------------------------ each side for itself


def test_each_side_confirms_by_its_statement_and_both_pages_say_so(
    client, host, guest, visit, release
):
    my = reverse("secretariat:my_institution", args=[institution_of(guest).slug])
    client.force_login(guest)
    assert "Write your statement on Visit to the bamboo groves" in text_of(client.get(my))

    assert send(client, guest, visit, "We come to learn.").status_code == 302
    due = text_of(client.get(my))
    release()
    client.logout()

    assert "Write your statement" not in due
    assert ProposedVersion.objects.get().made_by == guest
    page = page_of(client, visit)
    assert (page.count("confirmed on"), page.count("not confirmed yet")) == (1, 1)
    pages = [page_of(client, institution_of(user)) for user in (host, guest)]
    assert all("Visit to the bamboo groves" in text for text in pages)
    assert ["not confirmed yet" in text for text in pages] == [True, False]
    assert ["<li>guest</li>" in text for text in pages] == [False, True]


def test_a_released_text_is_public_and_a_newer_one_waits(client, host, guest, past, release):
    send(client, host, past, "Day one: the groves.", "第一天：竹林。")
    send(client, guest, past, "We learned to split bamboo.")
    send(client, guest, past, "We learned to split and bend bamboo.")
    client.logout()
    before = page_of(client, past)
    waiting = ProposedVersion.objects.waiting().of_record(past)
    assert list(waiting.values_list("made_by__email", flat=True)) == [guest.email, host.email]

    release()

    assert "confirmed on" not in before
    page, chinese = page_of(client, past), page_of(client, past, "/zh-hans")
    for text in ("Day one: the groves.", "split and bend bamboo"):
        assert text not in before
        assert text in page
    assert "第一天：竹林。" in chinese

    send(client, guest, past, "We learned nothing.")
    client.logout()
    newer = page_of(client, past)
    assert "split and bend bamboo" in newer
    assert "We learned nothing." not in newer


def test_what_is_given_back_is_due_again_and_told_once(client, guest, past):
    send(client, guest, past, "Soon.")
    assert not owes_statement(side_of(guest))
    officer = make.User(is_staff=True, is_superuser=True)
    versions.give_back(ProposedVersion.objects.get(), officer, "Say what was learned.")

    assert mails() == [("version-returned", "guest@example.org")]
    assert address(guest, past) in Message.objects.get().text
    client.force_login(guest)
    page = text_of(client.get(address(guest, past)))
    assert "Say what was learned." in page
    assert "Soon." in page
    assert owes_statement(side_of(guest))


def test_a_text_is_needed_and_only_sides_of_a_visit_have_its_page(client, host, guest, visit):
    for text in ("", " \t"):
        response = send(client, guest, visit, text)
        assert "Write it in English, in Chinese or in both." in text_of(response)
    assert not ProposedVersion.objects.exists()
    other = visit_of(make.Affiliation().user, host)
    draft = visit_of(host, guest, state="draft")
    annual = visit_of(host, guest, kind="annual_meeting")
    sample = visit_of(host, guest, is_sample=True)
    client.force_login(guest)

    for visit in (other, draft, annual, sample):
        assert client.get(address(guest, visit)).status_code == 404
        assert send(client, guest, visit, "Not ours.").status_code == 404


# ------------------------------------------------------------------ mails


def test_each_side_is_asked_once_and_once_more_when_it_is_over(client, host, guest, visit):
    send(client, host, visit, "They come to learn.")
    ProposedVersion.objects.update(made_at=timezone.now() - timedelta(days=20))
    for days in ((10, 12), (-9, -8)):
        for name, value in days_from_now(*days).items():
            setattr(visit, name, value)
        visit.save()
        for _twice in range(2):
            call_command("run_due", verbosity=0)
    send(client, host, visit, "They learned.")

    assert mails() == [
        ("visit-to-state", "guest@example.org"),
        ("visit-to-state", "host@example.org"),
        ("visit-to-state", "guest@example.org"),
    ]
    assert "Solar Institute" in Message.objects.first().text
    assert not owes_statement(side_of(host))
