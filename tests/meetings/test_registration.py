"""A delegation from the first person written down to the confirmation, and what changes after."""

import csv
import io
import re
import time
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from icalendar import Calendar
from PIL import Image

from meetings import places
from meetings.mails import confirm_registrations
from meetings.models import (
    ChangeRequest,
    Delegate,
    Delegation,
    Meeting,
    Offer,
    PlaceState,
    Workshop,
)
from meetings.registration import drafts
from meetings.registration.entry import find
from members.models import Affiliation
from sscnet.outbox.models import Message
from tests.factories import (
    AffiliationFactory,
    DelegateFactory,
    DelegationFactory,
    InstitutionFactory,
    MeetingFactory,
    UserFactory,
    WorkshopFactory,
    WorkshopPlaceFactory,
)

pytestmark = pytest.mark.django_db
EDITING = [Affiliation.Role.FOCAL_POINT, Affiliation.Role.DEPUTY]
# Names that break naive forms: one word, sixty letters, signs, a rare character, no given name.
NAMES = [
    {"family_name": "Sukarno"},
    {"family_name": "W" * 60, "given_names": "A"},
    {"family_name": "O'Brien", "given_names": "Siobhán"},
    {"family_name": "Smith-Jones", "given_names": "Ana-María"},
    {"chinese_name": "𠮷䶮", "family_name": "Ji", "given_names": "Yan"},
    {"chinese_name": "欧阳娜娜", "family_name": "Ouyang", "given_names": "Nana"},
    {"family_name": "de la Cruz y Fernández", "given_names": "José María"},
    {"family_name": "Nguyễn", "given_names": "Thị Ánh"},
    {"chinese_name": "阿卜杜拉·买买提", "family_name": "Abdulla", "given_names": "Memet"},
    {"family_name": "<b>Bold</b>", "given_names": '"Quote" & Co'},
]


@pytest.fixture
def meeting():
    now = timezone.now()
    return MeetingFactory(
        title="Meeting of ours",
        quota=5,
        registration_opens_at=now - timedelta(days=1),
        registration_closes_at=now + timedelta(days=20),
        starts_on=timezone.localdate() + timedelta(days=60),
        ends_on=timezone.localdate() + timedelta(days=62),
        freeze_on=timezone.localdate() + timedelta(days=40),
    )


@pytest.fixture
def hydropower(meeting):
    """A workshop of 30 places, of which two are free."""
    workshop = WorkshopFactory(meeting=meeting, title="Small hydropower", capacity=30)
    for size in (5, 5, 5, 5, 5, 3):
        full = DelegationFactory(meeting=meeting, people=size, people__workshops=[workshop])
        places.submit(full)
    return workshop


@pytest.fixture
def institution():
    return InstitutionFactory(name="Institute of Biogas")


@pytest.fixture
def focal_point(client, institution):
    user = UserFactory(email="focal@example.org", name="Focal Point")
    AffiliationFactory(user=user, institution=institution, role=Affiliation.Role.FOCAL_POINT)
    client.force_login(user)
    return user


def address(meeting, institution, page="delegation", *more):
    name = "meetings:delegation" if page == "delegation" else f"meetings:register_{page}"
    return reverse(name, args=[meeting.slug, institution.slug, *more])


def typed(people, version=0, then="continue"):
    """Give the form of the people's page as a browser sends it."""
    data = {"people-TOTAL_FORMS": len(people), "people-INITIAL_FORMS": 0}
    data |= {"version": version, "then": then}
    for n, person in enumerate(people):
        data |= {f"people-{n}-{name}": value for name, value in person.items()}
    return data


def person(n):
    return {"family_name": f"Family{n}", "given_names": "Given"}


def delegation_of(meeting, institution):
    return Delegation.objects.get(meeting=meeting, institution=institution)


def sent(meeting, institution, people=2, workshops=(), **fields):
    delegation = DelegationFactory(
        meeting=meeting,
        institution=institution,
        people=people,
        people__workshops=list(workshops),
        **fields,
    )
    places.submit(delegation)
    delegation.refresh_from_db()
    return delegation


# ------------------------------------------------------------------ who, and when


def test_a_visitor_is_asked_to_sign_in(client, meeting, institution):
    response = client.get(address(meeting, institution, "people"))

    assert response.status_code == 302
    assert "next=" in response["Location"]


@pytest.mark.parametrize("role", Affiliation.Role)
def test_focal_points_and_deputies_write_and_viewers_only_read(client, meeting, institution, role):
    user = AffiliationFactory(institution=institution, role=role).user
    client.force_login(user)

    read = client.get(address(meeting, institution)).status_code
    write = client.post(address(meeting, institution, "people"), typed([person(1)])).status_code

    assert (read, write) == (200, 302 if role in EDITING else 403)
    assert Delegate.objects.count() == (1 if role in EDITING else 0)


@pytest.mark.parametrize("page", ["people", "workshops", "rule", "check", "sheet", "offers"])
def test_another_institution_finds_nothing(client, meeting, institution, focal_point, page):
    other = InstitutionFactory()
    sent(meeting, other)

    assert client.get(address(meeting, other, page)).status_code == 404
    assert client.get(address(meeting, other)).status_code == 404


def test_another_institutions_person_cannot_be_changed_through_ones_own_address(
    client, meeting, institution, focal_point
):
    sent(meeting, institution)
    stranger = sent(meeting, InstitutionFactory()).delegates.first()

    for page in ("person", "swap", "withdraw_person"):
        response = client.post(address(meeting, institution, page, stranger.pk), {"sure": "yes"})
        assert response.status_code == 404
    stranger.refresh_from_db()
    assert stranger.is_confirmed


def test_registering_leads_to_the_only_institution(client, meeting, institution, focal_point):
    response = client.get(reverse("meetings:register", args=[meeting.slug]))

    assert response["Location"] == address(meeting, institution)


def test_who_acts_for_several_chooses(client, meeting, institution, focal_point):
    other = AffiliationFactory(user=focal_point, institution__name="Institute of Bamboo")

    html = client.get(reverse("meetings:register", args=[meeting.slug])).content.decode()

    assert address(meeting, other.institution) in html
    assert address(meeting, institution) in html


def test_before_the_window_the_page_says_when_it_opens(client, meeting, institution, focal_point):
    Meeting.objects.update(registration_opens_at=timezone.now() + timedelta(days=3))

    html = client.get(address(meeting, institution, "people")).content.decode()

    assert "Registration is not open yet" in html
    assert "Beijing time" in html
    assert "UTC" in html


def test_after_the_window_the_draft_is_kept(client, meeting, institution, focal_point):
    client.post(address(meeting, institution, "people"), typed([person(1)], then="draft"))
    Meeting.objects.update(registration_closes_at=timezone.now())

    data = typed([person(1), person(2)], version=1)
    html = client.post(address(meeting, institution, "people"), data).content.decode()

    assert "Registration is closed" in html
    assert delegation_of(meeting, institution).delegates.count() == 2


def test_a_closed_window_takes_no_new_delegation(client, meeting, institution, focal_point):
    draft = DelegationFactory(meeting=meeting, institution=institution, people=1)
    Meeting.objects.update(registration_closes_at=timezone.now())

    client.post(address(meeting, institution, "send"), {"token": str(draft.submission_token)})

    draft.refresh_from_db()
    assert draft.is_draft


# ------------------------------------------------------------------ drafts


def test_a_draft_keeps_whatever_is_there(client, meeting, institution, focal_point):
    people = [{"email": "not an address", "family_name": "张"}, {}]

    response = client.post(address(meeting, institution, "people"), typed(people, then="draft"))

    assert response["Location"] == address(meeting, institution)
    first, second = delegation_of(meeting, institution).delegates.all()
    assert (first.email, first.family_name) == ("not an address", "张")
    assert second.name == ""


def test_going_on_with_mistakes_says_them_beside_the_fields_and_keeps_what_was_typed(
    client, meeting, institution, focal_point
):
    people = [{"family_name": "张", "email": "nobody"}, {"role": "engineer"}]

    response = client.post(address(meeting, institution, "people"), typed(people), follow=True)

    html = response.content.decode()
    assert "<title>Error:" in html.replace("\n", "")
    assert "Write this in Latin letters" in html
    assert 'value="nobody"' in html
    assert 'value="engineer"' in html
    assert 'href="#id_people-1-family_name"' in html


def test_a_colleague_goes_on_with_the_draft_and_sees_who_saved_it(
    client, meeting, institution, focal_point
):
    client.post(address(meeting, institution, "people"), typed([person(1)], then="draft"))
    deputy = AffiliationFactory(institution=institution, role=Affiliation.Role.DEPUTY).user
    client.force_login(deputy)

    html = client.get(address(meeting, institution, "people")).content.decode()

    assert "Last saved by Focal Point" in html
    assert 'value="Family1"' in html


def test_who_saves_second_sees_both_versions_and_loses_nothing(
    client, meeting, institution, focal_point
):
    page = address(meeting, institution, "people")
    client.post(page, typed([person(1)], then="draft"))
    known = delegation_of(meeting, institution).delegates.get()
    mine = [{"delegate": known.pk, "family_name": "Mine"}, person(7)]
    theirs = [{"delegate": known.pk, "family_name": "Theirs"}, person(8)]
    client.post(page, typed(theirs, version=1, then="draft"))

    html = client.post(page, typed(mine, version=1)).content.decode()

    assert "saved this delegation meanwhile" in html
    assert {"Mine", "Theirs", "Family7", "Family8"} <= set(words(html))
    assert 'name="version" value="2"' in html
    names = delegation_of(meeting, institution).delegates.values_list("family_name", flat=True)
    assert sorted(names) == ["Family8", "Theirs"]


def words(html):
    return re.findall(r"\w+", html)


def test_a_person_can_be_added_and_removed_without_scripts(
    client, meeting, institution, focal_point
):
    page = address(meeting, institution, "people")
    client.post(page, typed([person(1)], then="add"))
    assert delegation_of(meeting, institution).delegates.count() == 2

    keys = list(delegation_of(meeting, institution).delegates.values_list("pk", flat=True))
    people = [{"delegate": keys[0], **person(1)}, {"delegate": keys[1], **person(2)}]
    client.post(page, typed(people, version=1, then="remove-0"))

    assert delegation_of(meeting, institution).delegates.get().family_name == "Family2"


@pytest.mark.parametrize(
    "text",
    [
        "张伟\tZhang\tWei\tdirector\twei@example.org\n\tSukarno\t\t\t\n",
        "Family name,Given names,姓名\nZhang,Wei,张伟\nSukarno,,\n",
    ],
)
def test_people_are_pasted_from_a_spreadsheet(client, meeting, institution, focal_point, text):
    page = address(meeting, institution, "sheet")

    response = client.post(page, {"pasted": text})

    assert response["Location"].startswith(address(meeting, institution, "people"))
    people = delegation_of(meeting, institution).delegates.all()
    assert [(p.family_name, p.given_names) for p in people] == [("Zhang", "Wei"), ("Sukarno", "")]
    assert people[0].chinese_name == "张伟"


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_the_template_comes_back_as_a_list_of_people(
    client, meeting, institution, focal_point, format
):
    page = reverse("meetings:register_template", args=[meeting.slug, institution.slug, format])
    content = client.get(page).content
    if format == "csv":
        content += "张伟,Zhang,Wei,,\r\n".encode()
    file = SimpleUploadedFile(f"people.{format}", content)

    response = client.post(address(meeting, institution, "sheet"), {"file": file})

    if format == "csv":
        assert delegation_of(meeting, institution).delegates.get().chinese_name == "张伟"
    else:
        assert "no rows below them" in response.content.decode()


@pytest.mark.parametrize("sent_file", [b"PK\x03\x04broken", b"\xff\xfe\x00", b"a,b\n1,2\n", b"\0"])
def test_a_file_that_cannot_be_read_is_refused_with_a_way_on(
    client, meeting, institution, focal_point, sent_file
):
    file = SimpleUploadedFile("people.xlsx", sent_file)

    response = client.post(address(meeting, institution, "sheet"), {"file": file})

    assert response.status_code == 200
    assert "error-summary" in response.content.decode()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"people-TOTAL_FORMS": "x"},
        {"people-TOTAL_FORMS": "99999999999999999999", "people-INITIAL_FORMS": "0"},
        typed([{"delegate": "99999999999999999999999", **person(1)}]),
        typed([{"delegate": "-1", "family_name": "W" * 5000, "gender": "nonsense"}]),
        typed([person(1)]) | {"version": "９"},
        typed([person(1)]) | {"version": "9" * 400},
        typed([person(1)]) | {"then": "remove-99"},
    ],
)
def test_no_form_of_any_shape_breaks_the_page(client, meeting, institution, focal_point, data):
    response = client.post(address(meeting, institution, "people"), data)

    assert response.status_code in (200, 302)


# ------------------------------------------------------------------ workshops, rule, check


def test_workshops_say_what_is_left_and_are_noted_for_each_person(
    client, meeting, hydropower, institution, focal_point
):
    client.post(address(meeting, institution, "people"), typed([person(1), person(2)]))
    first, second = delegation_of(meeting, institution).delegates.all()
    page = address(meeting, institution, "workshops")

    html = client.get(page).content.decode()
    data = {"version": 1, f"delegate-{first.pk}-workshops": [hydropower.pk]}
    response = client.post(page, data)

    assert "2 of 30 places left" in html
    assert response["Location"] == address(meeting, institution, "rule")
    assert first.workshop_places.get().workshop == hydropower
    assert not second.workshop_places.exists()


def test_a_workshop_of_another_meeting_is_no_choice(
    client, meeting, hydropower, institution, focal_point
):
    other = WorkshopFactory()
    draft = DelegationFactory(meeting=meeting, institution=institution, people=1)
    delegate = draft.delegates.get()

    client.post(
        address(meeting, institution, "workshops"),
        {"version": 0, f"delegate-{delegate.pk}-workshops": [other.pk]},
    )

    assert not delegate.workshop_places.exists()


def test_consent_is_asked_person_by_person(client, meeting, institution, focal_point):
    draft = DelegationFactory(meeting=meeting, institution=institution, people=2)
    first, second = draft.delegates.all()

    client.post(
        address(meeting, institution, "rule"),
        {"version": 0, "rule": "all_together", "listed": [second.pk]},
    )

    first.refresh_from_db(), second.refresh_from_db(), draft.refresh_from_db()
    assert (first.may_be_listed, second.may_be_listed) == (False, True)
    assert draft.is_all_together


def test_a_letter_is_asked_for_where_the_meeting_says_so(
    client, meeting, institution, focal_point, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    Meeting.objects.update(asks_for_letter=True)
    DelegationFactory(meeting=meeting, institution=institution, people=1)
    page = address(meeting, institution, "rule")
    refused = client.post(page, {"version": 0, "rule": "as_many_as_fit"}).content.decode()
    letter = SimpleUploadedFile("letter.pdf", scanned_letter())

    version = delegation_of(meeting, institution).lock_version
    response = client.post(
        page, {"version": version, "rule": "as_many_as_fit", "nomination_letter": letter}
    )

    assert "error-summary" in refused
    assert response["Location"] == address(meeting, institution, "check")
    download = client.get(address(meeting, institution, "letter"))
    assert b"".join(download.streaming_content) == scanned_letter()


def scanned_letter():
    content = io.BytesIO()
    moment = time.gmtime(0)
    Image.new("RGB", (40, 30)).save(content, "PDF", creationDate=moment, modDate=moment)
    return content.getvalue()


def ready(meeting, institution, people, workshop, rule):
    return DelegationFactory(
        meeting=meeting,
        institution=institution,
        people=people,
        people__workshops=[workshop],
        rule=rule,
    )


def test_the_check_page_says_beforehand_what_as_many_as_fit_gives(
    client, meeting, hydropower, institution, focal_point
):
    ready(meeting, institution, 4, hydropower, Delegation.Rule.AS_MANY_AS_FIT)

    html = client.get(address(meeting, institution, "check")).content.decode()

    assert "2 places, 2 on the waiting list" in html
    assert "Submit registration for 4 people" in html
    assert "can change until you send it" in html


def test_the_check_page_says_beforehand_that_all_together_wait(
    client, meeting, hydropower, institution, focal_point
):
    ready(meeting, institution, 4, hydropower, Delegation.Rule.ALL_TOGETHER)

    html = client.get(address(meeting, institution, "check")).content.decode()

    assert "4 people on the waiting list" in html
    assert "some could have a place now" in html


def test_all_together_that_can_never_fit_is_said(
    client, meeting, hydropower, institution, focal_point
):
    ready(meeting, institution, 6, hydropower, Delegation.Rule.ALL_TOGETHER)

    html = client.get(address(meeting, institution, "check")).content.decode()

    assert "All together can never fit here" in html
    assert address(meeting, institution, "rule") in html


def test_incomplete_people_keep_the_delegation_from_being_sent(
    client, meeting, institution, focal_point
):
    draft = DelegationFactory(meeting=meeting, institution=institution, people=1)
    DelegateFactory(delegation=draft, family_name="", given_names="", email="nobody")

    html = client.get(address(meeting, institution, "check")).content.decode()
    client.post(address(meeting, institution, "send"), {"token": str(draft.submission_token)})

    assert "is not complete" in html
    assert "Submit registration" not in html
    draft.refresh_from_db()
    assert draft.is_draft


def test_the_same_name_elsewhere_warns_and_does_not_refuse(
    client, meeting, institution, focal_point
):
    there = sent(meeting, InstitutionFactory(), people=1).delegates.get()
    draft = DelegationFactory(meeting=meeting, institution=institution)
    names = {"family_name": there.family_name.upper(), "given_names": there.given_names}
    DelegateFactory(delegation=draft, **names)

    html = client.get(address(meeting, institution, "check")).content.decode()

    assert "registered for this meeting by another institution" in html
    assert "Submit registration for 1 person" in html


# ------------------------------------------------------------------ sending


def send(client, meeting, institution, token=None):
    token = token or delegation_of(meeting, institution).submission_token
    return client.post(address(meeting, institution, "send"), {"token": str(token)}, follow=True)


def test_two_get_places_and_two_are_first_and_second_in_line(
    client, meeting, hydropower, institution, focal_point
):
    draft = ready(meeting, institution, 4, hydropower, Delegation.Rule.AS_MANY_AS_FIT)

    html = send(client, meeting, institution).content.decode()

    assert "The registration has arrived" in html
    assert draft.reference in html
    assert "waiting, 1 of 2 in line" in html
    assert "waiting, 2 of 2 in line" in html


def test_the_sixth_person_waits_because_of_the_quota(client, meeting, institution, focal_point):
    DelegationFactory(meeting=meeting, institution=institution, people=6)

    html = send(client, meeting, institution).content.decode()

    assert "5 confirmed, 0 offered, 1 waiting" in html
    assert "quota is used up" in html


def test_the_same_form_sent_twice_is_one_registration(client, meeting, institution, focal_point):
    draft = DelegationFactory(meeting=meeting, institution=institution, people=2)
    token = draft.submission_token

    first = send(client, meeting, institution, token)
    again = send(client, meeting, institution, token)

    assert (first.status_code, again.status_code) == (200, 200)
    assert draft.delegates.taken().count() == 2
    assert draft.reference in again.content.decode()


@pytest.mark.parametrize("token", ["", "nonsense", "\u00e9", "9" * 5000])
def test_a_token_of_any_shape_leads_back(client, meeting, institution, focal_point, token):
    draft = DelegationFactory(meeting=meeting, institution=institution, people=1)

    response = client.post(address(meeting, institution, "send"), {"token": token})

    assert response.status_code == 302
    draft.refresh_from_db()
    assert draft.is_draft


@pytest.mark.parametrize("names", NAMES)
def test_names_that_break_naive_forms_come_out_right_on_page_mail_and_list(
    client, meeting, institution, focal_point, names
):
    client.post(address(meeting, institution, "people"), typed([names]))
    html = send(client, meeting, institution).content.decode()
    confirm_registrations()

    assert all(escape(name) in html for name in names.values())
    delegate = delegation_of(meeting, institution).delegates.taken().get()
    mail = Message.objects.get(to=focal_point.email)
    assert delegate.name in mail.text
    assert escape(delegate.name) in mail.html
    assert names.items() <= person_of_list(client, meeting).items()


def person_of_list(client, meeting):
    """Give the only person of the list that officers take as a file, by column."""
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    columns = ["chinese_name", "family_name", "given_names"]
    response = client.post(
        reverse("admin:meetings_meeting_desk_file", args=[meeting.pk]),
        {"format": "csv", "columns": columns},
    )
    _header, row = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    return dict(zip(columns, row, strict=True))


# ------------------------------------------------------------------ changes


def test_a_person_is_swapped_and_the_places_stay(
    client, meeting, hydropower, institution, focal_point
):
    delegation = sent(meeting, institution, 2, [hydropower])
    delegate = delegation.delegates.first()

    client.post(
        address(meeting, institution, "swap", delegate.pk),
        {"family_name": "New", "given_names": "Person"},
    )

    delegate.refresh_from_db()
    assert (delegate.name, delegate.is_confirmed) == ("Person New", True)
    assert delegate.workshop_places.get().is_confirmed


def test_a_place_to_be_named_is_named(client, meeting, institution, focal_point):
    draft = DelegationFactory(meeting=meeting, institution=institution)
    delegate = DelegateFactory(delegation=draft, to_be_named=True, family_name="", given_names="")
    places.submit(draft)

    client.post(
        address(meeting, institution, "person", delegate.pk),
        {"family_name": "Named", "given_names": "Now"},
    )

    delegate.refresh_from_db()
    assert (delegate.name, delegate.to_be_named) == ("Now Named", False)


def test_workshops_can_be_changed_afterwards(client, meeting, hydropower, institution, focal_point):
    other = WorkshopFactory(meeting=meeting, title="Bamboo")
    delegate = sent(meeting, institution, 1, [hydropower]).delegates.get()

    client.post(
        address(meeting, institution, "person", delegate.pk),
        {"family_name": delegate.family_name, "workshops": [other.pk]},
    )

    held = delegate.workshop_places.active()
    assert [place.workshop for place in held] == [other]


def test_a_withdrawn_person_makes_room_for_the_first_in_line(
    client, meeting, hydropower, institution, focal_point
):
    mine = sent(meeting, institution, 4, [hydropower])
    elsewhere = Delegate.objects.taken().exclude(delegation=mine).first()

    places.withdraw(elsewhere)

    html = client.get(address(meeting, institution)).content.decode()
    assert "waiting, 1 of 1 in line" in html


def test_withdrawing_asks_first_and_then_does_it(client, meeting, institution, focal_point):
    delegation = sent(meeting, institution, 2)
    page = address(meeting, institution, "withdraw")

    assert "Withdraw the whole delegation?" in client.get(page).content.decode()
    assert delegation.delegates.taken().count() == 2
    client.post(page, {"sure": "yes"})

    delegation.refresh_from_db()
    assert delegation.state == Delegation.State.WITHDRAWN
    assert not delegation.delegates.active().exists()


def test_people_are_added_to_a_delegation_that_was_sent(client, meeting, institution, focal_point):
    delegation = sent(meeting, institution, 2)
    page = address(meeting, institution, "people")

    client.post(page, typed([person(9)], version=delegation.lock_version))
    send(client, meeting, institution)

    assert delegation.delegates.taken().count() == 3


def test_after_the_freeze_day_a_change_is_a_request_with_before_and_after(
    client, meeting, institution, focal_point
):
    delegate = sent(meeting, institution, 1).delegates.get()
    Meeting.objects.update(freeze_on=timezone.localdate() - timedelta(days=1))
    old = delegate.family_name

    client.post(
        address(meeting, institution, "person", delegate.pk),
        {"family_name": "Other", "given_names": "Given", "why": "A new passport."},
    )

    delegate.refresh_from_db()
    asked = ChangeRequest.objects.get()
    assert delegate.family_name == old
    assert (asked.before, asked.after) == ({"family_name": old}, {"family_name": "Other"})
    assert asked.words == "A new passport."


def test_after_the_freeze_day_one_more_person_is_a_request(
    client, meeting, institution, focal_point
):
    delegation = sent(meeting, institution, 1)
    Meeting.objects.update(freeze_on=timezone.localdate() - timedelta(days=1))
    DelegateFactory(delegation=delegation, family_name="Late")

    html = client.get(address(meeting, institution, "check")).content.decode()
    send(client, meeting, institution)
    send(client, meeting, institution)

    assert "the Secretariat decides" in html
    assert delegation.delegates.taken().count() == 1
    assert ChangeRequest.objects.get().change == ChangeRequest.Change.ADD


@pytest.fixture
def offer(meeting, institution, focal_point):
    Meeting.objects.update(giving=Meeting.Giving.OFFERS, capacity=1, quota=None)
    meeting.refresh_from_db()
    there = sent(meeting, InstitutionFactory(), 1)
    sent(meeting, institution, 1)
    places.withdraw(there)
    return Offer.objects.get()


@pytest.mark.parametrize(
    ("answer", "state"), [("accept", PlaceState.CONFIRMED), ("decline", PlaceState.DECLINED)]
)
def test_an_offer_is_answered_on_one_page(client, meeting, institution, offer, answer, state):
    page = address(meeting, institution, "offers")
    html = client.get(page).content.decode()

    client.post(page, {f"offer-{offer.pk}": answer})

    offer.delegate.refresh_from_db()
    assert "Answer by" in html
    assert offer.delegate.place == state


def test_an_offer_that_lapsed_is_said_to_be_over(client, meeting, institution, offer):
    Offer.objects.update(answer_by=timezone.now() - timedelta(minutes=1))

    html = client.post(
        address(meeting, institution, "offers"), {f"offer-{offer.pk}": "accept"}
    ).content.decode()

    assert "The time to answer this offer is over." in html


def test_discarding_a_draft_leaves_nothing(client, meeting, institution, focal_point):
    DelegationFactory(meeting=meeting, institution=institution, people=2)

    client.post(address(meeting, institution, "discard"), {"sure": "yes"})

    assert not Delegation.objects.exists()


def test_a_draft_saved_over_a_newer_one_is_refused(meeting, institution, focal_point):
    entry = find(focal_point, meeting.slug, institution)
    drafts.save_people(entry, 0, [person(1)])

    with pytest.raises(drafts.Stale):
        drafts.save_people(entry, 0, [person(2)])


def test_the_page_of_a_delegation_asks_as_much_for_many_people_as_for_few(
    client, meeting, hydropower, institution, focal_point, django_assert_num_queries
):
    sent(meeting, institution, 2, [hydropower])
    page = address(meeting, institution)
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        client.get(page)
    for n in range(28):
        added = DelegateFactory(delegation=delegation_of(meeting, institution), position=n)
        WorkshopPlaceFactory(delegate=added, workshop=hydropower)
    places.submit(delegation_of(meeting, institution))

    with django_assert_num_queries(len(few)):
        html = client.get(page).content.decode()

    assert html.count("in line") >= 25


def test_the_mail_of_a_registration_has_the_calendar_and_leads_to_the_delegation(
    client, meeting, hydropower, institution, focal_point
):
    Workshop.objects.update(starts_at=timezone.now() + timedelta(days=60))
    ready(meeting, institution, 1, hydropower, Delegation.Rule.AS_MANY_AS_FIT)

    send(client, meeting, institution)
    confirm_registrations()

    mail = Message.objects.get(to=focal_point.email)
    (file,) = mail.attachments.all()
    events = Calendar.from_ical(bytes(file.content)).events
    assert [str(event["summary"]) for event in events] == ["Meeting of ours", "Small hydropower"]
    assert address(meeting, institution) in mail.text
    assert f"/zh-hans{address(meeting, institution)}" in mail.text


def test_the_mail_of_an_offer_leads_to_the_page_that_answers_it(
    client, meeting, institution, focal_point, offer
):
    mail = Message.objects.get(kind="place-offered")

    assert mail.to == focal_point.email
    assert address(meeting, institution, "offers") in mail.text
