"""/my/: one institution, several, none; who sees what."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from members.models import Affiliation
from sscnet.outbox.models import Message
from tests import make
from tests.pages import text_of

pytestmark = pytest.mark.django_db

MY = "/my/"


def test_who_acts_for_several_institutions_chooses(client):
    first = make.Affiliation(institution__name="Bamboo Centre")
    make.Affiliation(user=first.user, institution__name="Tea Institute")
    client.force_login(first.user)

    shown = text_of(client.get(MY))

    assert "Bamboo Centre" in shown
    assert "Tea Institute" in shown
    assert "My institutions" in text_of(client.get(f"{MY}bamboo-centre/"))


def test_who_acts_for_none_reads_what_will_be_here_and_whom_to_ask(client):
    client.force_login(make.User())

    shown = text_of(client.get(MY))

    assert "At the moment you do not act for any institution." in shown
    assert "/about/contact/" in shown


def test_staff_without_an_institution_are_led_to_their_office(client):
    client.force_login(make.Officer())

    assert client.get(MY).url == "/admin/"


def test_an_affiliation_of_tomorrow_or_of_yesterday_opens_nothing(client):
    today = timezone.localdate()
    later = make.Affiliation(since=today + timedelta(days=1))
    over = make.Affiliation(user=later.user, until=today)
    client.force_login(later.user)

    for affiliation in (later, over):
        assert client.get(f"{MY}{affiliation.institution.slug}/").status_code == 404


def test_a_strangers_institution_looks_like_none(client):
    client.force_login(make.Affiliation().user)
    make.Institution(name="Bamboo Centre")

    foreign, none = client.get(f"{MY}bamboo-centre/"), client.get(f"{MY}no-such-place/")

    assert foreign.status_code == none.status_code == 404
    assert text_of(foreign).replace("bamboo-centre", "no-such-place") == text_of(none)


def test_the_page_shows_the_mails_to_its_people_and_no_others_and_is_kept_nowhere(client):
    affiliation = make.Affiliation(role=Affiliation.Role.VIEWER)
    now = timezone.now()
    for to, subject in (
        (affiliation.user.email, "To us"),
        ("officer@example.org", "To an officer"),
    ):
        Message.objects.create(
            key=subject, kind="any", to=to, subject=subject,
            about=affiliation.institution, next_try_at=now,
        )  # fmt: skip
    client.force_login(affiliation.user)

    response = client.get(f"{MY}{affiliation.institution.slug}/")

    shown = text_of(response)
    assert "To us" in shown
    assert "To an officer" not in shown
    assert "no-store" in response.headers["Cache-Control"]
    assert 'content="noindex"' in shown
    # A viewer is told that nothing can be changed.
    assert "not change anything" in shown
    assert reverse("members:people", args=[affiliation.institution.slug]) in shown
