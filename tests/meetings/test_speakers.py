"""Papers of speakers: sent by a link of their own, released, shown with their item."""

from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meetings.models import MeetingDocument, SpeakerLink, SpeakerPaper
from meetings.persons import speaker_links
from secretariat.back_office import groups
from sscnet.outbox.delivery import sending
from sscnet.outbox.models import Message
from tests import make
from tests.meetings.pages import page_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"


@pytest.fixture
def item():
    meeting = make.Meeting(title="Annual meeting")
    return meeting.agenda_items.create(day=date(2027, 5, 3), title="Bamboo", speakers="Li Wei")


@pytest.fixture
def link(item):
    return speaker_links.make(item, "Li Wei")


def send(client, link, content=PDF, **values):
    file = SimpleUploadedFile("slides.pdf", content)
    data = {"file": file, "kind": "presentation", "title": "Bamboo slides"} | values
    return client.post(link.path(), data)


def act(client, action, *papers, **values):
    data = {"action": action, "_selected_action": [paper.pk for paper in papers]} | values
    page = reverse("admin:meetings_speakerpaper_changelist")
    return text_of(client.post(page, data, follow=True))


# ------------------------------------------------------------------ from the link to the page


def test_a_paper_stands_with_its_item_once_it_is_released(client, link, item, officer_client):
    assert "Li Wei" in text_of(client.get(link.path()))
    sent = client.get(send(client, link)["Location"])
    paper = SpeakerPaper.objects.get()
    before = page_of(client, item.meeting)
    start = text_of(officer_client.get(reverse("admin:index")))

    assert "It has arrived" in text_of(sent)
    assert "Bamboo slides" in text_of(sent)
    assert "Bamboo slides" not in before
    assert client.get(paper.file.url).status_code == 404
    assert b"".join(officer_client.get(paper.file.url)) == PDF
    assert "Papers of speakers to release" in start
    assert "1 paper is public." in act(officer_client, "release", paper)
    assert "None of them is waiting." in act(officer_client, "release", paper)

    document = item.documents.get()
    assert (document.meeting, document.kind, str(document)) == (
        item.meeting, "presentation", "Bamboo slides",
    )  # fmt: skip
    page = page_of(client, item.meeting)
    assert page.count(f'href="{document.file.url}"') == 1
    assert '<h2 id="papers">' not in page
    assert b"".join(client.get(document.file.url)) == PDF
    assert "Bamboo slides" in text_of(client.get(link.path()))


def test_what_is_not_taken_goes_with_its_file(
    client, link, officer_client, django_capture_on_commit_callbacks
):
    send(client, link)
    send(client, link, title="Second")
    first, second = SpeakerPaper.objects.all()
    names = [first.file.name, second.file.name]
    assert [default_storage.exists(name) for name in names] == [True, True]

    with django_capture_on_commit_callbacks(execute=True):
        assert "The files are deleted." in act(officer_client, "remove", first)
        act(officer_client, "remove", first, sure="yes")
        asked = client.post(link.path(), {"remove": second.pk})
        assert "The document is deleted." in text_of(asked)
        sent = {"remove": second.pk, "sure": "yes", "title": "Third"}
        removed = client.post(link.path(), sent, follow=True)
    assert 'value="Third"' in text_of(removed)

    assert [default_storage.exists(name) for name in names] == [False, False]
    assert not SpeakerPaper.objects.exists()
    assert not MeetingDocument.objects.exists()


# ------------------------------------------------------------------ what is refused


def test_a_bad_large_or_further_paper_is_refused(client, link, settings, item, monkeypatch):
    for values, words in [
        ({"content": b"<html>"}, "What was found: HTML."),
        ({"content": b""}, "empty"),
        ({"title": ""}, "Give the title in English, in Chinese or in both."),
        ({"kind": "minutes"}, "Select a valid choice"),
        ({"title": "x" * 300}, "250"),
    ]:
        response = send(client, link, **values)
        assert response.status_code == 200, words
        assert words in text_of(response)
    assert not SpeakerPaper.objects.exists()

    large = b"x" * (2 * 1024**2)
    wrong = link.path()[:-2] + "/"
    assert send(client, link, content=large).status_code == 200
    assert client.post(wrong, {"file": SimpleUploadedFile("a", large)}).status_code == 413

    send(client, link)
    other = speaker_links.make(item, "Somebody")
    for key in (SpeakerPaper.objects.get().pk, "9" * 40, "x"):
        client.post(other.path(), {"remove": key, "sure": "yes"})
    assert SpeakerPaper.objects.count() == 1
    monkeypatch.setattr(speaker_links, "MOST_PAPERS", 2)
    statuses = [send(client, link).status_code for _n in range(2)]
    assert statuses == [302, 200]
    assert SpeakerPaper.objects.count() == 2


def test_a_link_opens_until_it_ends_or_is_taken_back(client, link, officer_client, settings):
    path = link.path()
    page = reverse("admin:meetings_meeting_desk_speakers", args=[link.agenda_item.meeting_id])
    assert settings.PORTAL_ADDRESS + path in text_of(officer_client.get(page))
    wrong = [f"/speaker/{link.token}/", path[:-2] + "/", "/speaker/x/"]
    assert [client.get(one).status_code for one in (path, *wrong)] == [200, 404, 404, 404]

    for key in ("9" * 40, link.pk):
        sent = {"revoke": key, "item": "", "name": "Wu"}
        asked = officer_client.post(page, sent)
        assert "It stops working at once." in text_of(asked)
        assert client.get(path).status_code == 200
        taken = officer_client.post(page, sent | {"sure": "yes"}, follow=True)
    assert 'value="Wu"' in text_of(taken)
    assert client.get(path).status_code == 404
    assert send(client, link).status_code == 404
    assert path not in text_of(officer_client.get(page))

    SpeakerLink.objects.update(revoked_at=None, expires_at=timezone.now() - timedelta(days=1))
    assert client.get(path).status_code == 404


# ------------------------------------------------------------------ officers


def test_a_link_is_made_for_a_speaker_and_mailed(client, item, officer_client):
    page = reverse("admin:meetings_meeting_desk_speakers", args=[item.meeting_id])
    other = make.Meeting().agenda_items.create(day=date(2027, 5, 3), title="Other")
    values = {"item": item.pk, "name": "Li Wei", "email": "li@example.org"}

    assert officer_client.post(page, values | {"item": other.pk}).status_code == 200
    assert officer_client.post(page, values | {"email": "x"}).status_code == 200
    assert officer_client.post(page, values | {"email": "", "name": "Zhao"}).status_code == 302
    assert officer_client.post(page, values).status_code == 302

    assert [one.name for one in item.speaker_links.all()] == ["Zhao", "Li Wei"]
    mail = Message.objects.get()
    assert mail.to == "li@example.org"
    assert item.speaker_links.last().path() in mail.text
    sending.send_due()
    mail.refresh_from_db()
    assert mail.text == ""


def test_ended_links_go_but_not_what_waits(client, link, item):
    speaker_links.make(item, "Sent nothing")
    send(client, link)
    SpeakerLink.objects.update(expires_at=timezone.now() - timedelta(days=1))

    call_command("run_due", verbosity=0)

    assert list(SpeakerLink.objects.all()) == [link]


def test_the_address_of_a_speaker_is_for_officers_and_goes_with_the_link(item):
    lasting, ended = (speaker_links.make(item, name, f"{name}@example.org") for name in "ab")
    seen = {}
    for group in (groups.HELPER, groups.OFFICER):
        officer = make.Officer(group=group)
        client = Client()
        client.force_login(officer)
        mail = Message.objects.get(to="a@example.org")
        pages = [reverse("admin:outbox_message_changelist"),
                 reverse("admin:outbox_message_change", args=[mail.pk])]  # fmt: skip
        seen[group] = {"a@example.org" in client.get(page).content.decode() for page in pages}
    assert list(seen.values()) == [{False}, {True}]
    send(Client(), ended)
    SpeakerLink.objects.filter(pk=ended.pk).update(expires_at=timezone.now() - timedelta(days=1))

    call_command("run_due", verbosity=0)

    assert list(Message.objects.values_list("to", flat=True)) == ["a@example.org"]
    assert [*SpeakerLink.objects.all()] == [lasting, ended]
