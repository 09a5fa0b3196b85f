"""What /my/ says of meetings."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings import places
from meetings.models import Meeting, Offer
from members.models import Affiliation, Logo
from sscnet.changes import versions
from sscnet.core.models import ProposedVersion
from sscnet.outbox.models import Message
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    today = timezone.localdate()
    return make.OpenMeeting(title="Meeting of ours", name_by_on=today + timedelta(days=30))


@pytest.fixture
def institution():
    return make.Institution()


def sign_in(client, institution, role=Affiliation.Role.FOCAL_POINT):
    client.force_login(make.Affiliation(institution=institution, role=role).user)


def page(client, institution):
    url = reverse("secretariat:my_institution", args=[institution.slug])
    return client.get(url).content.decode()


def test_a_delegation_is_due_to_be_registered_then_sent_then_named(client, meeting, institution):
    sign_in(client, institution)
    assert "Register a delegation for Meeting of ours" in page(client, institution)

    draft = make.Delegation(meeting=meeting, institution=institution, people=1)
    html = page(client, institution)
    assert "Send the registration for Meeting of ours, which is a draft" in html

    places.submit(draft)
    html = page(client, institution)
    assert "Nothing is due" in html
    assert "1 confirmed, 0 waiting" in html

    for _ in range(2):
        make.Delegate(delegation=draft, family_name="", given_names="", to_be_named=True)
    places.submit(draft)
    assert "Name the people of 2 places at Meeting of ours" in page(client, institution)


def test_an_offer_is_due_before_all_else(client, meeting, institution):
    Meeting.objects.update(giving=Meeting.Giving.OFFERS, capacity=1)
    there = make.Delegation(meeting=meeting, people=1)
    places.submit(there)
    places.submit(make.Delegation(meeting=meeting, institution=institution, people=1))
    places.withdraw(there)
    assert Offer.objects.open().count() == 1
    sign_in(client, institution)

    html = page(client, institution)

    assert "Answer 1 offer for Meeting of ours" in html
    assert reverse("meetings:register_offers", args=[meeting.slug, institution.slug]) in html


ACTIVITY = {
    "title": "Course on biogas",
    "kind": "training_course",
    "dates": "2026-03-05 to 2026-03-09",
    "place": "online",
    "participants": "24",
    "about": "Building digesters.",
}


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("title", " ", "This field is required."),
        ("dates", "in spring", "Write a day, a month or a year"),
        ("dates", "2026-02-30", "Write a year, a month or a day"),
        ("dates", "2026-03-09, 2026-03-05", "The end is before the start."),
        ("participants", "9" * 30, "less than or equal to 1000000"),
        ("kind", "annual_meeting", "Select a valid choice"),
    ],
)
def test_a_wrong_activity_is_refused_beside_the_field_and_nothing_typed_is_lost(
    client, institution, field, value, said
):
    sign_in(client, institution)
    answer = client.post(
        reverse("meetings:my_activities", args=[institution.slug]), ACTIVITY | {field: value}
    )
    assert said in str(answer.context["form"].errors[field])
    assert "Building digesters." in answer.content.decode()
    assert not Meeting.objects.exists()


def test_an_activity_sent_twice_waits_once_is_corrected_and_published_by_its_release(
    client, institution
):
    sign_in(client, institution)
    url = reverse("meetings:my_activities", args=[institution.slug])
    for _ in range(2):
        client.post(url, ACTIVITY)
    version = ProposedVersion.objects.get()
    assert not Meeting.objects.published().exists()
    officer = make.User(permissions=["meetings.publish_meeting"])
    versions.give_back(version, officer, "How many came?")
    assert "How many came?" in client.get(url).content.decode()
    again = reverse("meetings:my_activity", args=[institution.slug, version.pk])
    assert 'value="2026-03-05 – 2026-03-09"' in client.get(again).content.decode()

    client.post(again, ACTIVITY | {"participants": "25"})
    versions.release(ProposedVersion.objects.waiting().get(), officer)

    activity = Meeting.objects.published().get()
    assert (activity.participants_number, activity.mode, activity.year) == (25, "online", 2026)
    source = activity.sources.get()
    assert (source.name, source.how) == (institution.name, "given")
    assert source.read_on == timezone.localdate()
    assert "Course on biogas" in client.get(institution.get_absolute_url()).content.decode()
    mails = Message.objects.about(institution).order_by("pk")
    assert [(mail.kind, mail.to) for mail in mails] == [
        (kind, version.made_by.email) for kind in ("version-returned", "version-released")
    ]
    asked = client.get(reverse("secretariat:my_institution", args=[institution.slug]))
    begun = quote("A picture for “Course on biogas”. What it shows:")
    assert f"/ask/?question={begun}" in asked.content.decode()
    assert "/profile/#id_logo" in asked.content.decode()
    file = {"image": "one.webp", "width": 9, "height": 9, "alt": "One"}
    activity.pictures.bulk_create([activity.pictures.model(meeting=activity, **file)])
    Logo.objects.bulk_create([Logo(institution=institution, is_current=True, **file)])
    asked = client.get(reverse("secretariat:my_institution", args=[institution.slug]))
    assert begun not in asked.content.decode()
    assert "/profile/#id_logo" not in asked.content.decode()
    other = make.Institution()
    sign_in(client, other)
    assert client.get(again).status_code == 404
