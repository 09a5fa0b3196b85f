"""An officer changes numbers of places: says first what that does, then does it."""

import pytest
from django.db import transaction

from meetings import places
from meetings.models import Delegate, Delegation, Meeting, PlaceEvent
from meetings.office.dry_run import dry_run
from secretariat.back_office import groups
from sscnet.outbox.models import Message
from tests import make
from tests.meetings.desk import address, states, submitted, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("officer")]


@pytest.fixture
def full():
    """A meeting with quota 2 and a workshop of two places, both taken; two people wait."""
    meeting = make.Meeting(title="Meeting", capacity=10, quota=2)
    workshop = make.Workshop(meeting=meeting, title="Hydropower", capacity=2)
    for _ in range(2):
        submitted(meeting, people=2, people__workshops=[workshop])
    return meeting


def places_form(client, meeting, **values):
    page = address("meeting_places", meeting.pk)
    form = client.get(page).context["form"]
    sent = {field.name: field.value() for field in form if field.value() is not None}
    return client.post(page, sent | values)


def waiting_at(workshop):
    return workshop.workshop_places.waiting().count()


def test_numbers_of_places_and_quotas_are_changed_unless_they_are_none(client, full):
    workshop = full.workshops.get()

    response = places_form(
        client, full, capacity=50, _confirmed="1", **{f"workshop_{workshop.pk}": 1}
    )

    form = response.context["form"]
    assert form.errors == {
        f"workshop_{workshop.pk}": ["2 places are taken; the number cannot be lower."]
    }
    for name, value, said in [
        ("quota", "1", "Some institutions hold more places than that"),
        *[("capacity", value, "") for value in ("-1", "many", "", "9" * 30)],
    ]:
        response = places_form(client, full, _confirmed="1", **{name: value})
        assert said in response.context["form"].errors[name][0], value
    full.refresh_from_db()
    assert full.capacity == 10

    delegation = full.delegations.first()
    institution = delegation.institution
    more = Delegation.objects.get(pk=delegation.pk)
    Delegate.objects.create(delegation=more, family_name="Third", position=9)
    places.submit(more)
    assert states(delegation) == ["confirmed", "confirmed", "waiting"]
    said = text_of(places_form(client, full, institution=institution.pk, exception=3))
    places_form(client, full, institution=institution.pk, exception=3, _confirmed="1")
    assert f"Quota of {institution}: the general quota → 3" in said
    assert "For 1 person something changes:" in said
    assert states(delegation) == ["confirmed"] * 3
    places_form(client, full, quota="", _confirmed="1")
    full.refresh_from_db()
    assert full.quota is None


def test_changing_places_says_first_what_it_does_and_does_so_once_confirmed(client, full):
    assert "Nothing was changed in the form." in text_of(places_form(client, full))

    workshop = full.workshops.get()
    mails, events = Message.objects.count(), PlaceEvent.objects.count()
    response = places_form(client, full, **{f"workshop_{workshop.pk}": 3})
    page = text_of(response)
    assert "Places at “Hydropower”: 2 → 3" in page
    assert "For 1 person something changes:" in page
    [[event]] = response.context["seen"].people
    assert event.delegate == workshop.workshop_places.waiting().first().delegate
    assert f"{event.delegate}, {event.institution}" in page
    workshop.refresh_from_db()
    assert (workshop.capacity, waiting_at(workshop)) == (2, 2)
    assert (Message.objects.count(), PlaceEvent.objects.count()) == (mails, events)

    response = places_form(client, full, **{f"workshop_{workshop.pk}": 3, "_confirmed": "1"})
    assert response.status_code == 302
    workshop.refresh_from_db()
    assert (workshop.capacity, workshop.taken, waiting_at(workshop)) == (3, 3, 1)
    event = PlaceEvent.objects.get(kind="capacity")
    assert (event.workshop_id, event.count, str(event.actor)) == (workshop.pk, 3, "Wang Li")


def test_a_dry_run_leaves_nothing_behind_and_offers_are_told_to_publishers(full, client):
    workshop = full.workshops.get()
    with transaction.atomic():
        dry_run([full], lambda: places.set_capacity(workshop, 9))
        workshop.refresh_from_db()
        assert workshop.capacity == 2

    Meeting.objects.update(giving="offers")
    workshop = full.workshops.get()
    seen = places_form(client, full, **{f"workshop_{workshop.pk}": 4}).context["seen"]
    assert [event.place for events in seen.people for event in events] == ["offered"] * 2

    client.force_login(make.Officer(group=groups.HELPER))
    assert client.get(address("meeting_places", full.pk)).status_code == 403
    client.force_login(make.Officer(group=groups.OFFICER))
    assert client.get(address("meeting_places", full.pk)).status_code == 200
