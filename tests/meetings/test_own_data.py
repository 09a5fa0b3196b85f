"""A delegate's own link: what is held, correcting it, taking back a consent, erasing it at once."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from meetings import places
from meetings.models import (
    ChangeRequest,
    Delegate,
    DelegateLink,
    Erasure,
    Meeting,
    PlaceState,
)
from meetings.persons import erasing
from meetings.places import mails
from meetings.places.audit import disagreements
from sscnet.core.personal_data.fields import declared
from sscnet.outbox.delivery import sending
from sscnet.outbox.models import Message
from tests import make
from tests.meetings.test_erasing import dump
from tests.meetings.test_places_at_once import at_once
from tests.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
DAY = timedelta(days=1)


@pytest.fixture
def meeting():
    today = timezone.localdate()
    asks = ["email", "diet", "access_needs"]
    return make.Meeting(title="Meeting of ours", capacity=1, asks=asks, ends_on=today + 9 * DAY,
                          starts_on=today + 8 * DAY)  # fmt: skip


@pytest.fixture
def delegate(meeting):
    """Somebody with a place, all of whose data are stated; the next in line waits."""
    delegation = make.Delegation(meeting=meeting)
    person = make.Delegate(
        delegation=delegation, family_name="Zhangfamily", given_names="Weigiven",
        chinese_name="张伟名", email="zhangmail@example.org", role="Engineer", gender="man",
        diet="zhangdiet", access_needs="zhangneeds", may_be_listed=True,
    )  # fmt: skip
    make.Affiliation(institution=delegation.institution, user__email="focal@example.org")
    places.submit(delegation)
    mails.confirm_registrations()
    waiting = make.Delegation(meeting=meeting, people=1)
    places.submit(waiting)
    person.refresh_from_db()
    return person


def address(delegate, page="own_data"):
    link = delegate.links.valid().first() or DelegateLink.renew(delegate)
    return link.path(page)


# ------------------------------------------------------------------ the link


def test_without_an_account_the_person_sees_all_that_is_held(client, delegate):
    values = [getattr(delegate, field.name) for field in declared(Delegate)]
    words = [value for value in values if isinstance(value, str) and value and value != "man"]
    assert len(words) == 7
    for prefix in ("", "/zh-hans"):
        response = client.get(prefix + address(delegate))
        assert [word for word in words if word not in text_of(response)] == []
        assert "no-store" in response["Cache-Control"]
        assert response["X-Robots-Tag"] == "noindex"
        assert '<meta name="robots" content="noindex">' in response.content.decode()
        assert "sessionid" not in response.cookies


def test_each_page_opens_by_the_link_alone_and_only_as_long_as_it_holds(client, delegate):
    pages = ["own_data", "own_data_correct", "own_data_erase"]
    open_now = [address(delegate, page) for page in pages]
    assert [client.get(one).status_code for one in open_now] == [200, 200, 200]

    token = delegate.links.get().token
    wrong = [
        open_now[0].replace(token, token[:-1]),
        open_now[0][:-3] + "0/",
        f"/person/{token}/",
        f"/person/{token}-/",
        "/person/x/",
        f"/person/{'9' * 300}/",
    ]
    assert [client.get(one).status_code for one in wrong] == [404] * 6

    DelegateLink.objects.update(expires_at=timezone.now() - DAY)
    assert [client.get(one).status_code for one in open_now] == [404, 404, 404]
    new = address(delegate) if DelegateLink.renew(delegate) else ""
    assert client.get(new).status_code == 200
    delegate.links.revoke()
    assert "This link does not open" in text_of(client.get(new))
    assert client.post(open_now[2], {"word": "erase"}).status_code == 404
    assert Delegate.objects.get(pk=delegate.pk).erased_at is None


def test_who_tries_links_is_slowed_and_the_database_alone_opens_none(client, delegate, settings):
    good, keys = address(delegate), settings.ENCRYPTION_KEYS
    settings.ENCRYPTION_KEYS = ["another key"]
    assert client.get(good).status_code == 404

    settings.ENCRYPTION_KEYS = keys
    cache.clear()
    settings.WRONG_LINKS_AN_HOUR = 3
    tried = [client.get(f"/person/x{n}-0/").status_code for n in range(5)]
    assert tried == [404, 404, 404, 429, 429]
    assert client.get(good).status_code == 200


def test_the_mail_to_a_delegate_carries_the_own_link_and_forgets_it_once_sent(client, delegate):
    mail = Message.objects.get(to=delegate.email)
    link = urlsplit(re.search(r"http\S+/person/\S+", mail.text)[0]).path
    assert "Weigiven ZHANGFAMILY" in mail.text
    assert client.get(link).status_code == 200
    others = Message.objects.exclude(pk=mail.pk)
    assert not others.filter(text__contains="/person/").exists()

    sending.send_due()

    mail.refresh_from_db()
    assert (mail.sent_at is not None, mail.text, mail.html) == (True, "", "")


def test_the_focal_point_makes_a_link_hands_it_on_and_takes_it_back(client, delegate, settings):
    DelegateLink.objects.all().delete()
    delegation = delegate.delegation
    client.force_login(delegation.institution.affiliations.get().user)
    page = reverse(
        "meetings:register_own_link",
        args=[delegation.meeting.slug, delegation.institution.slug, delegate.pk],
    )
    assert page in text_of(client.get(page.partition("person/")[0]))
    assert "There is no link yet" in text_of(client.get(page))

    client.post(page, {"then": "new"})
    first = delegate.links.valid().get()
    shown = settings.PORTAL_ADDRESS + first.path()
    assert shown in text_of(client.get(page))
    client.post(page, {"then": "new", "sure": "yes"})
    client.post(page, {"then": "new", "sure": "yes"})
    assert delegate.links.valid().count() == 1
    client.post(page, {"then": "revoke"})
    assert delegate.links.valid().exists()
    client.post(page, {"then": "revoke", "sure": "yes"})

    assert not delegate.links.valid().exists()
    assert Client().get(shown.partition("example.org")[2] or shown).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_links_made_at_once_are_one(delegate):
    DelegateLink.objects.all().delete()

    made = at_once(*[lambda: DelegateLink.renew(delegate).pk] * 4)

    assert delegate.links.valid().count() == 1
    assert all(isinstance(pk, int) for pk in made)


def test_of_another_institution_or_of_a_place_without_a_name_there_is_no_link(client, delegate):
    unnamed = make.Delegate(
        delegation=delegate.delegation, family_name="", given_names="", to_be_named=True
    )
    places.submit(delegate.delegation)
    other = Delegate.objects.exclude(delegation=delegate.delegation).get()
    client.force_login(delegate.delegation.institution.affiliations.get().user)
    slugs = [delegate.delegation.meeting.slug, delegate.delegation.institution.slug]

    for person in (unnamed, other):
        page = reverse("meetings:register_own_link", args=[*slugs, person.pk])
        assert client.post(page, {"then": "new"}).status_code == 404
    assert not DelegateLink.objects.exclude(delegate=delegate).exists()


# ------------------------------------------------------------------ where it went


def test_the_person_sees_which_lists_were_taken_out_and_by_whom(client, delegate):
    officer = make.Administrator(name="Wang Officer")
    staff = Client()
    staff.force_login(officer)
    take = reverse("admin:meetings_meeting_desk_file", args=[delegate.delegation.meeting_id])
    sent = {"columns": ["family_name"], "place": "confirmed", "format": "csv"}
    assert staff.post(take, sent).status_code == 200
    sent |= {"place": "waiting", "format": "xlsx"}
    assert staff.post(take, sent).status_code == 200

    page = text_of(client.get(address(delegate)))

    assert "csv, Wang Officer" in page
    assert "xlsx" not in page
    assert officer.email not in page


# ------------------------------------------------------------------ correcting


def filled(delegate, **values):
    names = ["family_name", "given_names", "chinese_name", "role", "email", "mobile", "nationality"]
    return {name: getattr(delegate, name) for name in names} | values


def test_the_person_corrects_what_is_held_and_what_is_wrong_is_said(client, delegate):
    for sent, said in [
        ({"email": "no address"}, "Enter a valid email address."),
        ({"family_name": "张"}, "Use Latin letters"),
        ({"family_name": "", "given_names": "", "chinese_name": ""}, "Give a name"),
        ({"family_name": "😀"}, "without pictures"),
        ({"mobile": "abc"}, "Write digits"),
        ({"role": "x" * 151}, "Ensure this value has at most 150 characters"),
    ]:
        response = client.post(address(delegate, "own_data_correct"), filled(delegate) | sent)
        assert said in text_of(response)
        after = Delegate.objects.get(pk=delegate.pk)
        assert (after.family_name, after.diet) == ("Zhangfamily", "zhangdiet"), said

    page = address(delegate, "own_data_correct")
    response = client.post(page, filled(delegate, family_name="Zhang", email="new@example.org"))
    assert response.url == f"{address(delegate)}?done=1"
    delegate.refresh_from_db()
    assert (delegate.family_name, delegate.email) == ("Zhang", "new@example.org")
    assert (delegate.diet, delegate.place) == ("zhangdiet", PlaceState.CONFIRMED)

    yesterday = timezone.localdate() - DAY
    Meeting.objects.filter(pk=delegate.delegation.meeting_id).update(freeze_on=yesterday)
    page = address(delegate, "own_data_correct")
    without = client.post(page, filled(delegate, family_name="Zhao"))
    response = client.post(page, filled(delegate, family_name="Zhao", why="It is misspelt."))
    assert "This field is required." in text_of(without)
    assert response.url == f"{address(delegate)}?asked=1"
    request = ChangeRequest.objects.get()
    assert (request.after, request.asked_by) == ({"family_name": "Zhao"}, None)
    assert Delegate.objects.get(pk=delegate.pk).family_name == "Zhang"


# ------------------------------------------------------------------ consents


def test_a_consent_is_taken_back_and_what_was_held_by_it_goes(client, delegate):
    page = address(delegate, "own_data_consent")

    asked = client.post(page, {"consent": "diet"})
    assert "Withdraw this consent?" in text_of(asked)
    delegate.refresh_from_db()
    assert delegate.diet == "zhangdiet"
    for consent in ("diet", "diet", "nonsense", ""):
        assert client.post(page, {"consent": consent, "sure": "yes"}).status_code == 302
    delegate.refresh_from_db()
    assert (delegate.diet, delegate.consented_to) == ("", ["access_needs"])
    assert (delegate.access_needs, delegate.may_be_listed) == ("zhangneeds", True)

    client.post(page, {"consent": "listed", "sure": "yes"})
    delegate.refresh_from_db()
    assert delegate.may_be_listed is False


# ------------------------------------------------------------------ erasing


@pytest.mark.django_db(transaction=True)
def test_the_person_erases_all_at_once_and_the_place_goes_to_the_next(client, delegate):
    sending.send_due()
    ChangeRequest.objects.create(
        delegation=delegate.delegation,
        delegate=delegate,
        change="edit",
        after={"role": "zhangrole"},
    )
    meeting = delegate.delegation.meeting
    words = ["Zhangfamily", "Weigiven", "张伟名", "zhangmail", "zhangdiet", "zhangneeds"]
    dumped = dump()
    assert [word for word in [*words, "zhangrole"] if word not in dumped] == []
    page = address(delegate, "own_data_erase")
    assert "This also gives up your place" in text_of(client.get(page))

    response = client.post(page, {"word": " Erase "})

    assert "Your data are erased" in text_of(response)
    dumped = dump()
    assert [word for word in [*words, "zhangrole"] if word in dumped] == []
    delegate.refresh_from_db()
    assert (delegate.place, str(delegate)) == (PlaceState.WITHDRAWN, "erased")
    next_one = Delegate.objects.exclude(pk=delegate.pk).get()
    assert next_one.place == PlaceState.CONFIRMED
    assert disagreements(meeting) == []
    protocol = Erasure.objects.get()
    assert (protocol.people, protocol.reason, protocol.by) == (1, "request", None)
    assert protocol.genders == [["man", "withdrawn", None, 1]]
    told = Message.objects.get(to="focal@example.org", kind="place-withdrawn")
    assert "erased – the meeting: withdrawn" in told.text
    assert client.get(address(delegate)).status_code == 404


def test_without_the_word_nothing_is_erased_and_it_is_chinese_on_the_chinese_page(client, delegate):
    for word in ("", "no", "erase it", "删除"):
        response = client.post(address(delegate, "own_data_erase"), {"word": word})
        assert response.status_code == 200, word
        assert Delegate.objects.get(pk=delegate.pk).erased_at is None, word

    with translation.override("zh-hans"):
        page = address(delegate, "own_data_erase")

    response = client.post(page, {"word": "删除"})

    assert response.status_code == 200
    assert Delegate.objects.get(pk=delegate.pk).erased_at


def test_after_the_meeting_the_place_stays_for_the_figures(client, delegate):
    past = timezone.localdate() - DAY
    meeting = delegate.delegation.meeting
    Meeting.objects.filter(pk=meeting.pk).update(starts_on=past, ends_on=past, year=past.year)

    client.post(address(delegate, "own_data_erase"), {"word": "erase"})

    delegate.refresh_from_db()
    assert (delegate.place, delegate.name) == (PlaceState.CONFIRMED, "")
    assert Erasure.objects.get().genders == [["man", "confirmed", None, 1]]


def test_erasing_one_leaves_the_others_of_the_delegation(delegate):
    other = make.Delegate(delegation=delegate.delegation, family_name="Stays", diet="no nuts")
    places.submit(delegate.delegation)
    slips = delegate.delegation.return_slips
    slips.create(file="documents/any.pdf")

    erasing.erase_person(delegate)
    assert erasing.erase_person(delegate) is None

    other.refresh_from_db()
    assert (other.family_name, other.diet) == ("Stays", "no nuts")
    assert slips.exists()
    erasing.erase_person(other)
    assert not slips.exists()
