"""Officers look at delegations, decide on them, and answer changes that were asked for."""

import pytest
from django.contrib.admin import site
from django.core.files.base import ContentFile

from meetings import places
from meetings.models import ChangeRequest, Delegate, PlaceEvent, PlaceState
from secretariat.back_office import groups
from tests import make
from tests.meetings.desk import act, address, change, states, submitted, text_of
from tests.meetings.pages import PDF

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("officer")]


# ------------------------------------------------------------------ delegations


@pytest.fixture
def delegation():
    meeting = make.Meeting(capacity=10, approval="officer")
    return submitted(meeting, people=2)


def test_delegations_are_counted_and_found_and_nobody_writes_in_them_here(client, delegation):
    places.approve(delegation.delegates.first())
    (row,) = client.get(address("delegation_changelist")).context["cl"].result_list
    assert (row.people, row.confirmed + row.offered, row.waiting) == (2, 1, 1)
    other = submitted(make.Meeting())
    name = delegation.delegates.first().family_name
    found = client.get(address("delegation_changelist"), {"q": name}).context["cl"].result_list
    of_meeting = client.get(
        address("delegate_changelist"), {"delegation__meeting__id__exact": other.meeting_id}
    )
    assert list(found) == [delegation]
    submitted(delegation.meeting, people=2)
    admin_of = site.get_model_admin(Delegate)
    column = admin_of.get_list_display(of_meeting.wsgi_request).index("place_in_line") + 1
    page = client.get(address("delegate_changelist"), {"place": "waiting", "o": f"-{column}"})
    shown = [admin_of.place_in_line(person) for person in page.context["cl"].result_list]

    assert len(shown) > 2
    assert shown == sorted(shown, reverse=True)

    for row, model in ((delegation, "delegation"), (delegation.delegates.first(), "delegate")):
        page = client.get(address(f"{model}_change", row.pk))
        assert page.status_code == 200
        assert 'name="_save"' not in text_of(page)
        assert client.post(address(f"{model}_change", row.pk), {}).status_code == 403
        assert client.get(address(f"{model}_delete", row.pk)).status_code == 403
        assert client.get(address(f"{model}_add")).status_code == 403
    client.force_login(make.Officer(group=groups.READER))
    assert client.get(address("delegate_changelist")).status_code == 403
    assert client.get(address("delegation_changelist")).status_code == 403
    assert client.get(change(delegation.meeting)).status_code == 200


def test_approving_says_first_whom_and_is_for_those_who_may_decide(client, delegation):
    asked = act(client, "delegation", "approve", delegation)
    assert delegation.reference in text_of(asked)
    assert states(delegation) == ["waiting", "waiting"]

    client.force_login(make.Officer(group=groups.HELPER))
    act(client, "delegation", "approve", delegation, _confirmed="1")
    assert states(delegation) == ["waiting", "waiting"]
    assert 'value="approve"' not in text_of(client.get(address("delegation_changelist")))
    client.force_login(make.Officer(group=groups.OFFICER))
    act(client, "delegation", "approve", delegation, _confirmed="1")
    assert states(delegation) == ["confirmed", "confirmed"]


def test_one_person_is_declined_with_a_reason_and_the_decline_undone(client, delegation, officer):
    places.approve(delegation)
    first, second = delegation.delegates.all()

    refused = act(client, "delegate", "decline", first, _confirmed="1", reason=" ")
    assert "Give the reason" in text_of(refused)
    assert states(delegation) == ["confirmed", "confirmed"]

    act(client, "delegate", "decline", first, _confirmed="1", reason="No passport.")
    first.refresh_from_db()
    assert (first.place, first.decision) == (PlaceState.DECLINED, "No passport.")
    assert PlaceEvent.objects.filter(kind="declined", actor=officer, delegate=first).exists()

    act(client, "delegate", "undo", first, _confirmed="1")
    first.refresh_from_db()
    assert first.place == PlaceState.CONFIRMED
    second.refresh_from_db()
    assert second.place == PlaceState.CONFIRMED


def test_what_cannot_be_done_is_said_and_the_rest_is_done(client, delegation):
    other = submitted(delegation.meeting)
    places.decline(other, reason="Why")

    response = act(client, "delegation", "undo", delegation, other, _confirmed="1")
    page = text_of(client.get(response["Location"]))

    assert f"{delegation.reference} stays as it is." in page
    assert "Done for 1 row." in page


def test_officers_open_the_return_slip_and_nobody_else(client, delegation, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    assert client.get(address("delegation_slip", delegation.pk, 1)).status_code == 404

    slip = delegation.return_slips.create(file=ContentFile(PDF, name="any.pdf"))
    page = address("delegation_slip", delegation.pk, slip.pk)

    assert page in text_of(client.get(address("delegation_change", delegation.pk)))
    response = client.get(page)
    assert b"".join(response.streaming_content) == PDF
    assert "private, no-store" in response["Cache-Control"]
    assert response["Content-Disposition"].startswith("attachment")
    for group in (groups.READER, groups.HELPER):
        client.force_login(make.Officer(group=group))
        assert client.get(page).status_code == 403
    assert page not in text_of(client.get(address("delegation_change", delegation.pk)))


# ------------------------------------------------------------------ changes asked for


@pytest.fixture
def asked(delegation):
    """After the deadline for changes an institution asks to correct a person's name."""
    places.approve(delegation)
    first = delegation.delegates.first()
    return ChangeRequest.objects.create(
        delegation=delegation, delegate=first, change="edit", after={"family_name": "New"}
    )


def test_a_change_asked_for_is_refused_with_a_reason_or_accepted(client, asked, officer):
    act(client, "changerequest", "refuse", asked, _confirmed="1")
    asked.refresh_from_db()
    assert asked.state == "open"
    act(client, "changerequest", "refuse", asked, _confirmed="1", reason="Too late.")
    asked.refresh_from_db()
    assert (asked.state, asked.answer) == ("refused", "Too late.")
    assert "New" not in asked.delegation.delegates.values_list("family_name", flat=True)

    asked.pk, asked.state, asked.answer = None, "open", ""
    asked.save()
    assert "the institution is told" in text_of(act(client, "changerequest", "accept", asked))
    act(client, "changerequest", "accept", asked, _confirmed="1")
    asked.refresh_from_db()
    assert (asked.state, asked.answered_by) == ("accepted", officer)
    assert asked.delegation.delegates.get(pk=asked.delegate_id).family_name == "New"
