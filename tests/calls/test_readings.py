"""Readers read and score; who has a conflict neither sees nor scores nor counts."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from projects.calls.models import Proposal, Reading, Score
from secretariat.back_office import groups
from sscnet.outbox.models import Message
from tests import make
from tests.calls.made import full_proposal, officer_of, send, sent
from tests.pages import text_of

pytestmark = pytest.mark.django_db
LIST = "/admin/calls/reading/"


def page(reading):
    return reverse("admin:calls_reading_change", args=[reading.pk])


@pytest.fixture
def reader(client):
    return officer_of(client, groups.READER, name="Rui Reader")


@pytest.fixture
def reading(reader):
    call = make.Call()
    make.Criterion(call=call, name="Cooperation", weight=2)
    make.Criterion(call=call, name="Means")
    return make.Reading(proposal=sent(call), reader=reader)


def score(client, reading, *points, **more):
    criteria = reading.proposal.call.criteria.all()
    data = {"note": ""}
    for criterion, number in zip(criteria, points, strict=False):
        data |= {f"points_{criterion.pk}": number, f"note_{criterion.pk}": "Because."}
    return client.post(page(reading), data | more)


def test_an_officer_chooses_readers_of_other_institutions_who_get_a_mail(client, reader):
    draft = full_proposal()
    partner = make.Institution()
    draft.partners.create(institution=partner)
    proposal = send(draft)
    held = make.Affiliation(institution=partner, user=reader, role="viewer")
    officer_of(client)
    address = reverse("admin:calls_proposal_readers", args=[proposal.pk])
    assert "Rui Reader" not in text_of(client.get(address))
    type(held).objects.update(until=timezone.localdate() - timedelta(days=360))
    assert "Rui Reader" not in text_of(client.get(address))
    client.post(address, {"readers": [reader.pk], "_confirmed": "1"})
    assert not Reading.objects.exists()

    held.delete()
    seen = client.post(address, {"readers": [reader.pk]})
    assert [mail.to for mail in seen.context["mails"]] == [reader.email]
    assert not Reading.objects.exists()
    client.post(address, {"readers": [reader.pk], "_confirmed": "1"})
    assert Reading.objects.get().reader == reader
    assert Message.objects.filter(kind="reading-assigned").count() == 1
    again = client.post(address, {"readers": [reader.pk], "_confirmed": "1"})
    assert "is not one of the available choices" in text_of(again)


def test_who_declares_a_conflict_sees_no_more_of_it(client, reading):
    asked = client.post(page(reading), {"_conflict": "1"})
    assert "Another officer can take this back." in text_of(asked)
    client.post(page(reading), {"_conflict": "1", "sure": "1"})

    assert client.get(page(reading)).status_code == 302
    assert client.get(LIST).context["cl"].result_count == 0
    assert not Proposal.objects.handled_by(reading.reader).exists()
    assert score(client, reading, 5, 5).status_code == 302
    assert not Score.objects.exists()


def test_scores_are_kept_unfinished_and_finished_whole_within_their_points(client, reading):
    for points in ("11", "-1", "7.5", "x", "9" * 400):
        assert len(score(client, reading, points).context["form"].errors) == 1, points
    assert not Score.objects.exists()

    score(client, reading, 7)
    assert [one.points for one in Score.objects.all()] == [7]
    lacking = score(client, reading, 7, _finish="1")
    assert "Give points for every criterion, then finish." in text_of(lacking)
    score(client, reading, 7, 9, _finish="1", note="Good.")

    reading.refresh_from_db()
    assert reading.finished_at
    assert reading.note == "Good."
    assert [(one.points, one.note) for one in Score.objects.all()] == [
        (7, "Because."),
        (9, "Because."),
    ]


def test_a_reader_sees_what_was_given_to_him_and_no_other_readings(client, reading):
    other = make.Reading(proposal__call__binding_rules=[])
    assert list(client.get(LIST).context["cl"].queryset) == [reading]
    assert client.get(page(other)).status_code == 302
    assert client.get("/admin/calls/proposal/").status_code == 403

    seen = text_of(client.get(page(reading)))
    assert "Digesters are built together." in seen
    assert "contact@example.org" not in seen


def test_remarks_of_a_reader_stand_beside_the_section_and_start_those_of_the_officer(
    client, reading
):
    score(client, reading, 7, remark_situation="Which villages?")
    assert "Which villages?" in text_of(client.get(page(reading)))
    officer_of(client)
    of_proposal = reverse("admin:calls_proposal_change", args=[reading.proposal_id])
    returning = reverse("admin:calls_proposal_step", args=[reading.proposal_id, "returned"])
    assert "Which villages?" not in text_of(client.get(of_proposal))
    client.force_login(reading.reader)
    score(client, reading, 7, 9, remark_situation="Which villages?", _finish="1")

    officer_of(client)
    for address in (of_proposal, returning):
        assert "Which villages?" in text_of(client.get(address))


def hidden(client, reading, officers_page):
    """Return what a person with a conflict gets of a reading: nothing."""
    score(client, reading, 5, 5, _finish="1")
    return [
        client.get(LIST).context["cl"].result_count,
        client.get(f"{LIST}?proposal={reading.proposal_id}").context["cl"].result_count,
        client.get(page(reading)).status_code,
        Score.objects.count(),
        officers_page(),
    ]


def test_a_conflict_declared_by_mistake_is_taken_back_by_another_officer(client, reading):
    head = officer_of(client, name="Head")
    own = make.Reading(proposal=reading.proposal, reader=head, has_conflict=True)
    of_proposal = reverse("admin:calls_proposal_change", args=[reading.proposal_id])
    take_back = reverse("admin:calls_proposal_conflict", args=[reading.proposal_id, own.pk])
    # Who declared it sees the proposal no more, and an empty list says why.
    assert client.post(take_back).status_code == 404
    assert "no conflict of interest" in text_of(client.get("/admin/calls/proposal/"))
    said = text_of(client.get(of_proposal, follow=True))
    assert "another officer can take it back" in said
    unknown = text_of(client.get(of_proposal.replace(f"/{own.proposal_id}/", "/x/"), follow=True))
    assert "No proposal is shown to you at this address." in unknown

    officer_of(client, name="Other")
    assert f'formaction="{take_back}"' in client.get(of_proposal).content.decode()
    client.post(take_back)

    own.refresh_from_db()
    assert own.has_conflict is False
    client.force_login(head)
    assert client.get(of_proposal).status_code == 200
    assert client.post(take_back).status_code == 404


def test_a_colleague_who_leaves_hands_over_what_is_still_theirs(client, reading):
    project = make.Project(contact=reading.reader)
    held = make.Affiliation(user=reading.reader)
    client.force_login(make.Administrator(name="Head"))
    address = reverse("admin:leaving", args=[reading.reader_id])
    page = text_of(client.get(address))
    assert "Readings not finished: 1" in page
    assert project.title in page
    concerned = make.Affiliation(institution=reading.proposal.institution, user__is_staff=True).user
    refused = client.post(address, {"successor": concerned.pk})
    assert "cannot assess it" in text_of(refused)

    successor = officer_of(name="New")
    client.post(address, {"successor": successor.pk})

    user = type(successor).objects.get(pk=reading.reader_id)
    assert (user.is_active, user.groups.count(), user.readings.count()) == (False, 0, 0)
    assert successor.readings.get().proposal == reading.proposal
    assert list(successor.projects.all()) == [project]
    assert not user.affiliations.current().filter(pk=held.pk).exists()
    client.force_login(successor)
    assert client.get(reverse("admin:leaving", args=[concerned.pk])).status_code == 403


def test_who_joins_an_institution_of_the_proposal_later_loses_it_at_once(client, reading):
    assert client.get(page(reading)).status_code == 200
    proposals = lambda: Proposal.objects.handled_by(reading.reader).count()  # noqa: E731
    assert proposals() == 1

    make.Affiliation(institution=reading.proposal.institution, user=reading.reader)

    assert hidden(client, reading, proposals) == [0, 0, 302, 0, 0]


def test_an_officer_sees_the_scores_and_changes_none(client, reading):
    Reading.objects.update(finished_at=timezone.now())
    reading.scores.create(criterion=reading.proposal.call.criteria.first(), points=8, note="Fine")
    officer_of(client)

    assert "Cooperation: 8" in text_of(client.get(page(reading)))
    assert client.post(page(reading), {"_conflict": "1"}).status_code == 403
    reading.refresh_from_db()
    assert reading.has_conflict is False
