"""Small hydropower has 30 places, 28 taken, and the quota of an institution is 5."""

from dataclasses import dataclass

import pytest

from meetings import places
from meetings.models import Delegation, PlaceEvent
from meetings.places.audit import disagreements
from sscnet.outbox.models import Message
from tests import make

from .conftest import NOW, TOGETHER

pytestmark = pytest.mark.django_db


def in_workshop(delegation):
    """Give place, reason and position in line of each of the delegation's people."""
    return [(s.place, s.reason, s.position) for s in places.statuses(delegation) if s.workshop]


def at_meeting(delegation):
    return [(s.place, s.reason) for s in places.statuses(delegation) if not s.workshop]


def four(workshop, rule=Delegation.Rule.AS_MANY_AS_FIT, people=4):
    return make.Delegation(
        meeting=workshop.meeting, people=people, people__workshops=[workshop], rule=rule
    )


def first_holder(workshop):
    """Give a delegate of another institution who has a place there."""
    taken = workshop.workshop_places.filter(place="confirmed").order_by("line", "pk")
    return taken.first()


@dataclass
class Case:
    rule: str
    people: int
    at_meeting: list
    in_workshop: list


CONFIRMED = ("confirmed", "")
CASES = {
    "four, as many as fit: two places, 1st and 2nd in line": Case(
        Delegation.Rule.AS_MANY_AS_FIT,
        4,
        [CONFIRMED] * 4,
        [("confirmed", "", None)] * 2 + [("waiting", "full", 1), ("waiting", "full", 2)],
    ),
    "four, all together: all wait": Case(
        TOGETHER, 4, [CONFIRMED] * 4, [("waiting", "together", n) for n in (1, 2, 3, 4)]
    ),
    "two, all together: both go": Case(TOGETHER, 2, [CONFIRMED] * 2, [("confirmed", "", None)] * 2),
    "a sixth person waits by quota, in the workshop for the meeting": Case(
        Delegation.Rule.AS_MANY_AS_FIT,
        6,
        [CONFIRMED] * 5 + [("waiting", "quota")],
        [("confirmed", "", None)] * 2
        + [("waiting", "full", n) for n in (1, 2, 3)]
        + [("waiting", "meeting", 4)],
    ),
    "six all together are more than the quota will ever allow": Case(
        TOGETHER,
        6,
        [("waiting", "quota")] * 6,
        [("waiting", "meeting", n) for n in (1, 2, 3, 4, 5, 6)],
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_submission_gives_what_the_preview_says(hydropower, case):
    delegation = four(hydropower, case.rule, case.people)
    meeting, workshop = places.preview(delegation, now=NOW)
    assert len(meeting.given) == case.at_meeting.count(CONFIRMED)
    assert len(workshop.given) == case.in_workshop.count(("confirmed", "", None))
    positions = [position for _, _, position in case.in_workshop if position]
    assert len(workshop.waiting) == len(positions)
    assert workshop.waiting_before == 0
    assert not PlaceEvent.objects.filter(delegation=delegation).exists()

    places.submit(delegation, now=NOW)
    assert at_meeting(delegation) == case.at_meeting
    assert in_workshop(delegation) == case.in_workshop
    assert disagreements(hydropower.meeting) == []


def test_preview_says_that_all_together_can_never_fit_and_one_more_waits_behind(hydropower):
    delegation = four(hydropower, TOGETHER, people=6)
    meeting, workshop = places.preview(delegation)
    Delegation.objects.filter(pk=delegation.pk).update(rule=Delegation.Rule.AS_MANY_AS_FIT)
    as_many, _workshop = places.preview(delegation)
    assert (meeting.never_fits, workshop.never_fits) == (True, False)
    assert (as_many.never_fits, len(as_many.given)) == (False, 5)

    delegation = four(hydropower)
    places.submit(delegation, now=NOW)
    other = four(hydropower, people=1)
    places.submit(other, now=NOW)
    make.Delegate(delegation=delegation, position=9, workshops=[hydropower])
    places.submit(delegation, now=NOW)
    assert in_workshop(other) == [("waiting", "full", 3)]
    assert in_workshop(delegation)[-1] == ("waiting", "full", 4)


def test_withdrawing_elsewhere_moves_the_first_in_line_with_mail_and_log(hydropower):
    delegation = four(hydropower)
    focal_point = make.Affiliation(institution=delegation.institution).user
    places.submit(delegation, now=NOW)
    Message.objects.all().delete()

    places.withdraw(first_holder(hydropower), now=NOW)

    assert in_workshop(delegation) == [("confirmed", "", None)] * 3 + [("waiting", "full", 1)]
    (mail,) = Message.objects.filter(to=focal_point.email)
    assert mail.kind == "place-moved-up"
    assert mail.text.count("Small hydropower: moved up from the waiting list") == 1
    last = PlaceEvent.objects.last()
    assert (last.kind, last.delegation, last.workshop) == ("confirmed", delegation, hydropower)


def test_all_together_is_skipped_and_keeps_its_place_in_line(hydropower):
    together = four(hydropower, TOGETHER)
    places.submit(together, now=NOW)
    behind = four(hydropower, people=3)
    places.submit(behind, now=NOW)
    assert in_workshop(behind) == [("confirmed", "", None)] * 2 + [("waiting", "full", 5)]

    places.withdraw(first_holder(hydropower), now=NOW)

    assert in_workshop(behind) == [("confirmed", "", None)] * 3
    skipped = PlaceEvent.objects.filter(kind="skipped")
    assert [(e.delegation, e.reason, e.count) for e in skipped] == [(together, "together", 4)] * 4
    assert [position for _, _, position in in_workshop(together)] == [1, 2, 3, 4]


def test_all_together_gets_its_places_once_they_fit(hydropower):
    together = four(hydropower, TOGETHER)
    places.submit(together, now=NOW)

    places.withdraw(first_holder(hydropower), now=NOW)
    assert {place for place, _, _ in in_workshop(together)} == {"waiting"}
    places.withdraw(first_holder(hydropower), now=NOW)

    assert in_workshop(together) == [("confirmed", "", None)] * 4


def test_quota_skips_until_an_own_place_frees(hydropower):
    delegation = four(hydropower, people=6)
    places.submit(delegation, now=NOW)
    sixth = delegation.delegates.last()

    places.withdraw(first_holder(hydropower).delegate, now=NOW)
    sixth.refresh_from_db()
    assert (sixth.place, sixth.reason) == ("waiting", "quota")
    skipped = PlaceEvent.objects.filter(delegate=sixth, kind="skipped", workshop=None)
    assert [event.reason for event in skipped] == ["quota"]

    places.withdraw(delegation.delegates.first(), now=NOW)
    sixth.refresh_from_db()
    assert sixth.place == "confirmed"


def test_quota_raised_moves_up_who_waited_for_it(hydropower):
    delegation = four(hydropower, people=6)
    places.submit(delegation, now=NOW)

    places.set_quota(hydropower.meeting, 6, institution=delegation.institution, now=NOW)

    assert at_meeting(delegation) == [CONFIRMED] * 6
    assert disagreements(hydropower.meeting) == []
