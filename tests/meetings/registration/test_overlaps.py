"""Two workshops at the same hour for one person: said at once, kept only when confirmed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from meetings.models import WorkshopPlace
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("focal_point")]
SAID = "“One” and “Other” are at the same time."


@pytest.fixture
def workshops(meeting):
    begins = timezone.now() + timedelta(days=60)
    hour = timedelta(hours=1)
    return [
        make.Workshop(meeting=meeting, title="One", starts_at=begins, ends_at=begins + 2 * hour),
        make.Workshop(meeting=meeting, title="Other", starts_at=begins + hour),
        make.Workshop(meeting=meeting, title="Later", starts_at=begins + 2 * hour),
    ]


def wishes():
    return sorted(WorkshopPlace.objects.values_list("workshop__title", flat=True))


def test_in_a_draft(client, at, begun, workshops):
    draft = begun(people=1)
    page, prefix = (at("workshops"), f"delegate-{draft.delegates.get().pk}")
    data = {f"{prefix}-workshops": [w.pk for w in workshops[:2]], "version": draft.lock_version}

    html = client.post(page, data).content.decode()

    assert SAID in html
    assert html.count("checked") == 2
    assert wishes() == []

    stale = client.post(page, data | {f"{prefix}-both": "on", "version": 9})
    assert [one.label for one in stale.context["conflict"].differences] == ["Workshops"]
    response = client.post(page, data | {f"{prefix}-both": "on"})
    assert (response.status_code, wishes()) == (302, ["One", "Other"])


def test_one_after_the_other_is_taken(client, at, begun, workshops):
    draft = begun(people=1)
    prefix = f"delegate-{draft.delegates.get().pk}"
    keys = [workshops[0].pk, workshops[2].pk]

    data = {f"{prefix}-workshops": keys, "version": draft.lock_version}
    client.post(at("workshops"), data)

    assert wishes() == ["Later", "One"]


def test_of_a_person_who_was_sent(client, at, registered, workshops):
    person = registered(1, workshops[:1]).delegates.get()
    page = at("person", person.pk)
    keys = [w.pk for w in workshops[:2]]
    data = {"family_name": "Family", "given_names": "Given", "workshops": keys}

    assert SAID in client.post(page, data).content.decode()
    assert wishes() == ["One"]
    client.post(page, data | {"both": "on"})
    assert wishes() == ["One", "Other"]
    assert client.post(page, data).status_code == 302
