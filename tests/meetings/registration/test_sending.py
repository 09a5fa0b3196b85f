"""Sending a registration: once, with a confirmation, all names as they are."""

import csv
import io

import pytest
from django.urls import reverse
from django.utils.html import escape
from markupsafe import escape as escape_in_page

from meetings.models import Delegation
from meetings.places.mails import confirm_registrations
from sscnet.outbox.models import Message
from tests import make

from .steps import NAMES, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("focal_point")]


def test_two_get_places_and_two_are_first_and_second_in_line(client, submit, prepared, hydropower):
    draft = prepared(4, hydropower, Delegation.Rule.AS_MANY_AS_FIT)

    html = submit().content.decode()

    assert "The registration has arrived" in html
    assert draft.reference in html
    assert "number 1 of 2 on the waiting list" in html
    assert "number 2 of 2 on the waiting list" in html


def test_the_sixth_person_waits_because_of_the_quota(client, submit, begun):
    begun(people=6)

    html = submit().content.decode()

    assert "5 confirmed, 0 offered, 1 waiting" in html
    assert "quota is used up" in html


def test_the_same_form_sent_twice_is_one_registration_and_a_wrong_token_none(
    client, at, begun, submit
):
    draft = begun(people=2)
    for token in ("", "nonsense", "\u00e9", "9" * 5000):
        assert client.post(at("send"), {"token": token}).status_code == 302, token
    draft.refresh_from_db()
    assert draft.is_draft

    token = draft.submission_token
    first = submit(token)
    again = submit(token)
    assert (first.status_code, again.status_code) == (200, 200)
    assert draft.delegates.taken().count() == 2
    assert draft.reference in again.content.decode()


@pytest.mark.parametrize("names", NAMES)
def test_names_that_break_naive_forms_come_out_right_on_page_mail_and_list(
    client, at, submit, ours, meeting, focal_point, names
):
    client.post(at("people"), typed([names]))
    html = submit().content.decode()
    confirm_registrations()

    delegate = ours().delegates.taken().get()
    assert all(escape_in_page(name) in html for name in (delegate.name, delegate.other_name))
    mail = Message.objects.get(to=focal_point.email)
    assert delegate.name in mail.text
    assert escape(delegate.name) in mail.html
    assert names.items() <= person_of_list(client, meeting).items()


def person_of_list(client, meeting):
    """Give the only person of the list that officers take as a file, by column."""
    client.force_login(make.Administrator())
    columns = ["chinese_name", "family_name", "given_names"]
    response = client.post(
        reverse("admin:meetings_meeting_desk_file", args=[meeting.pk]),
        {"format": "csv", "columns": columns},
    )
    _header, row = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    return dict(zip(columns, row, strict=True))
