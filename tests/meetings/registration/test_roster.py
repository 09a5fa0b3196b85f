"""The people an institution knows: kept by consent, ticked next year, forgotten on request."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from meetings.models import DelegateLink, Meeting
from meetings.persons import erasing
from members.accounts.retention import forget_unused_people
from members.models import Affiliation, RosterEntry
from sscnet.core.personal_data import erasure_log
from tests import make

from .steps import address, delegation_of, person, send, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("focal_point")]

LI = {"chinese_name": "李伟", "family_name": "Li", "given_names": "Wei", "role": "director"}
KEPT = {"may_be_kept": "on"}


@pytest.fixture
def next_year():
    return make.Meeting(
        **{
            f"registration_{name}_at": timezone.now() + timedelta(days=days)
            for name, days in (("opens", -1), ("closes", 20))
        }
    )


@pytest.fixture
def register(client, at, ours, submit):
    def entered(*people):
        client.post(at("people"), typed(people))
        submit()
        return list(ours().delegates.all())

    return entered


def names(institution):
    return [str(entry) for entry in institution.roster.all()]


def test_next_years_delegation_is_a_few_ticks(client, register, institution, next_year):
    register(LI | KEPT, person(1) | KEPT, person(2))
    assert names(institution) == ["Given FAMILY1", "Wei LI 李伟"]
    page = address(next_year, institution, "people")
    assert "Wei LI 李伟" in client.get(page).content.decode()

    li = institution.roster.get(family_name="Li")
    ticked = typed([]) | {"known": [li.pk]}
    assert client.post(page, ticked)["Location"] == address(next_year, institution, "check")
    assert client.post(page, ticked).status_code == 302  # Sent twice.

    delegate = delegation_of(next_year, institution).delegates.get()
    assert {name: getattr(delegate, name) for name in LI} == LI
    assert (delegate.roster_entry, delegate.may_be_listed) == (li, False)
    assert "Wei LI 李伟" not in client.get(page).context["page"].coming.as_p()
    send(client, next_year, institution)
    assert names(institution) == ["Given FAMILY1", "Wei LI 李伟"]


@pytest.mark.parametrize("known", ["x", "0", "999999999999999999999999"])
def test_ticks_of_no_shape_break_the_page(client, at, ours, known):
    page = at("people")

    assert client.post(page, typed([person(1)]) | {"known": known}).status_code == 302
    assert ours().delegates.count() == 1


def test_somebody_elses_people_cannot_be_ticked(client, at, ours):
    stranger = RosterEntry.objects.create(
        institution=make.Affiliation().institution, family_name="Stranger"
    )

    client.post(at("people"), typed([person(1)]) | {"known": stranger.pk})

    assert ours().delegates.get().family_name == "Family1"


def test_a_correction_reaches_the_list_and_a_swap_does_not(client, at, register, institution):
    (delegate,) = register(LI | KEPT)
    change = at("person", delegate.pk)
    client.post(change, LI | {"role": "president", "family_name": "Lee"})
    entry = institution.roster.get()
    assert (entry.family_name, entry.role) == ("Lee", "president")

    client.post(at("swap", delegate.pk), person(2))

    delegate.refresh_from_db()
    assert (delegate.roster_entry, delegate.may_be_kept) == (None, False)
    assert names(institution) == ["Wei LEE 李伟"]


def test_who_no_longer_agrees_is_forgotten(client, register, institution, next_year):
    register(LI | KEPT)
    page = address(next_year, institution, "people")
    client.post(page, typed([]) | {"known": [institution.roster.get().pk]})
    delegate = delegation_of(next_year, institution).delegates.get()

    client.post(page, typed([LI | {"delegate": delegate.pk}], version=1))
    send(client, next_year, institution)

    assert names(institution) == []


def test_the_institution_takes_a_person_off_its_list(client, register, institution):
    register(LI | KEPT)
    people = reverse("members:people", args=[institution.slug])
    forget = reverse("members:forget_person", args=[institution.slug, institution.roster.get().pk])
    assert f'action="{forget}"' in client.get(people).content.decode()

    viewer = make.Affiliation(institution=institution, role=Affiliation.Role.VIEWER).user
    for user, status in ((viewer, 403), (make.Affiliation().user, 404)):
        client.force_login(user)
        assert client.post(forget).status_code == status
    assert names(institution) == ["Wei LI 李伟"]
    client.force_login(institution.affiliations.get(role="focal_point").user)
    assert (
        "is removed from your list"
        in client.post(forget, {"sure": "yes"}, follow=True).content.decode()
    )
    assert names(institution) == []


def test_the_person_takes_the_consent_back_by_the_own_link(client, register, institution):
    (delegate,) = register(LI | KEPT)
    link = DelegateLink.renew(delegate)
    assert "to stay in the institution" in client.get(link.path()).content.decode()

    client.post(link.path("own_data_consent"), {"consent": "kept", "sure": "yes"})

    delegate.refresh_from_db()
    assert (delegate.may_be_kept, names(institution)) == (False, [])
    assert delegate.family_name == "Li"


def test_erasing_a_person_removes_the_entry_and_so_does_a_restored_state(
    client, register, institution, django_capture_on_commit_callbacks
):
    (delegate,) = register(LI | KEPT)
    entry = institution.roster.get()

    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase_person(delegate)
    assert names(institution) == []

    entry.save(force_insert=True)
    RosterEntry.objects.create(institution=institution, family_name="Later")
    erasure_log.erase_again()
    assert names(institution) == ["LATER"]


def test_the_meetings_end_keeps_the_list_and_cuts_what_leads_to_it(
    client, register, meeting, institution
):
    (delegate,) = register(LI | KEPT)
    yesterday = timezone.localdate() - timedelta(days=1)
    days = {"starts_on": yesterday, "ends_on": yesterday, "retain_until": yesterday}
    Meeting.objects.filter(pk=meeting.pk).update(year=yesterday.year, **days)

    erasing.erase(meeting)

    delegate.refresh_from_db()
    assert (delegate.roster_entry, delegate.may_be_kept) == (None, False)
    assert names(institution) == ["Wei LI 李伟"]


def test_whom_nobody_registers_for_long_is_forgotten(institution, settings):
    def known(name, days):
        moment = timezone.now() - timedelta(days=days)
        institution.roster.create(family_name=name, registered_at=moment)

    known("Long ago", settings.ROSTER_DAYS + 1)
    known("Lately", settings.ROSTER_DAYS - 1)

    assert forget_unused_people() == 1
    assert names(institution) == ["LATELY"]
