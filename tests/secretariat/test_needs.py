"""Needs: made from questions, listed, introduced, answered, reminded of, told of once a month."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from secretariat.back_office import groups
from secretariat.enquiries import brokering
from secretariat.enquiries.brokering import fitting, reasons_for
from secretariat.models import Enquiry, Introduction, Need, Request
from secretariat.requests import handling, votes
from secretariat.requests.counting import YES
from sscnet.core.pages import page_cache
from sscnet.outbox.models import Message
from tests import make
from tests.admin_forms import filled
from tests.meetings.desk import text_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def mailbox(settings):
    settings.SECRETARIAT_MAILBOX = "secretariat@example.org"
    page_cache.pages.clear()


@pytest.fixture
def officer(client):
    user = make.Officer(group=groups.OFFICER)
    client.force_login(user)
    return user


@pytest.fixture
def institute():
    """An institution that worked in Kenya, with a focal point."""
    institution = make.Member(name="Biogas Institute", name_zh_hans="沼气研究所")
    project = make.Project(submitter=institution)
    make.ProjectCountry(project=project, country=make.Country(iso2="KE", name="Kenya"))
    make.Affiliation(institution=institution)
    return institution


def kinds():
    return list(Message.objects.order_by("pk").values_list("kind", flat=True))


def move_clock(monkeypatch, days):
    now = timezone.now() + days * DAY
    monkeypatch.setattr(timezone, "now", lambda: now)


def test_a_need_begins_with_the_words_of_its_question(client, officer):
    enquiry = make.Enquiry(question="我们想建沼气池。", organisation="能源部")
    page = client.get(reverse("admin:secretariat_enquiry_change", args=[enquiry.pk]))
    address = f"{reverse('admin:secretariat_need_add')}?enquiry={enquiry.pk}"
    assert f'href="{address}"' in page.content.decode()

    form = client.get(address)
    client.post(address, filled(form))

    need = Need.objects.get()
    assert (need.title_zh_hans, need.text_zh_hans) == ("我们想建沼气池。", "我们想建沼气池。")
    assert (need.asked_by, need.contact) == ("能源部", "Lin Example, lin@example.org")
    assert need.enquiry == enquiry
    assert need.valid_until == timezone.localdate() + 183 * DAY
    for odd in ("0", "x", "9" * 40):
        assert client.get(address.replace(str(enquiry.pk), odd)).status_code == 200


def test_the_admin_proposes_who_fits_and_writes_to_who_is_chosen(client, officer, institute):
    topic = make.Topic(slug="biogas", name="Biogas", words="biogas")
    both, need = make.Need(country_id="KE", topic=topic), make.Need(country_id="KE")
    assert reasons_for([both, need]) == {
        both.pk: {institute.pk: ["same topic: Biogas", "worked with: Kenya"]},
        need.pk: {institute.pk: ["worked with: Kenya"]},
    }
    both.delete()
    page = client.get(reverse("admin:secretariat_need_change", args=[need.pk]))
    suggested = f"?need={need.pk}&amp;institution={institute.pk}&amp;reason=worked+with%3A+Kenya"
    assert suggested in page.content.decode()

    add = reverse("admin:secretariat_introduction_add")
    address = add + suggested.replace("&amp;", "&")
    sent = filled(client.get(address))
    client.post(address, sent)
    again = client.post(address, sent)

    assert "It was introduced to this institution already." in text_of(again)
    made = Introduction.objects.get()
    assert kinds() == ["introduction-proposed"]
    assert "worked with: Kenya" in Message.objects.get().text
    assert made.address in Message.objects.get().text
    assert fitting(institute) == []


def test_an_answer_is_taken_once_and_the_officer_is_told(client, institute):
    introduction = make.Introduction(institution=institute)
    client.force_login(institute.affiliations.get().user)
    assert "lin@example.org" not in text_of(client.get(introduction.address))

    client.post(introduction.address, {"state": "accepted", "answer": "We send two engineers."})
    late = client.post(introduction.address, {"state": "declined"})

    assert "It was answered in the meantime" in text_of(late)
    introduction.refresh_from_db()
    assert introduction.state == Introduction.State.ACCEPTED
    assert "lin@example.org" in text_of(client.get(introduction.address))
    told = Message.objects.get(kind="introduction-answered")
    assert told.to == "secretariat@example.org"
    assert "We send two engineers." in told.text


def test_officers_are_reminded_once_a_step(monkeypatch, institute):
    introduction = make.Introduction(institution=institute)
    move_clock(monkeypatch, 13)
    brokering.remind_officers()
    assert kinds() == []

    for _n in range(2):
        move_clock(monkeypatch, 1)
        brokering.remind_officers()
    assert kinds() == ["introduction-waits"]

    brokering.answer(introduction, "accepted", "")
    move_clock(monkeypatch, 15)
    brokering.remind_officers()
    assert kinds() == ["introduction-waits", "introduction-answered", "introduction-waits"]
    Introduction.objects.update(state="nothing", since=timezone.now() - 99 * DAY)
    brokering.remind_officers()
    assert len(kinds()) == 3


def test_what_it_became_is_said_and_counted(client, officer):
    introduction = make.Introduction(state="accepted")
    address = reverse("admin:secretariat_introduction_change", args=[introduction.pk])
    sent = filled(client.get(address)) | {"state": "became"}
    assert "Choose what it became, or write it." in text_of(client.post(address, sent))

    client.post(address, sent | {"project": make.Project().pk})

    introduction.refresh_from_db()
    assert introduction.state == "became"
    figures = client.get(reverse("secretariat:figures")).content.decode()
    assert "?state__exact=became" in figures
    client.logout()
    assert "state__exact=became" not in client.get(reverse("secretariat:figures")).content.decode()


def test_the_list_is_public_with_five_and_pages_of_countries_and_topics_show_theirs(client):
    kenya, tea = make.Country(iso2="KE", name="Kenya"), make.Topic(slug="tea", words="tea")
    pages = ["/needs/", "/zh-hans/needs/", kenya.get_absolute_url(), tea.get_absolute_url()]
    shown = lambda: [client.get(page).content.decode().count("A dryer") > 0 for page in pages]  # noqa: E731
    make.Need(title="A dryer", country=kenya, topic=tea, is_public=True)
    for _n in range(3):
        make.Need(is_public=True)
    make.Need(title="A dryer for the Network", country=kenya)
    make.Need(title="A dryer of last year", country=kenya, is_public=True, valid_until="2020-01-01")
    assert shown() == [False, False, True, True]
    assert 'id="question"' in client.get("/needs/").content.decode()

    fifth = make.Need(is_public=True)
    assert shown() == [True, True, True, True]
    everything = "".join(client.get(page).content.decode() for page in pages)
    assert "for the Network" not in everything
    assert "of last year" not in everything
    assert "lin@example.org" not in everything

    Need.objects.filter(pk=fifth.pk).update(is_public=False)
    assert shown()[0] is False


def test_institutions_hear_of_fitting_needs_once_a_month_unless_they_turned_it_off(
    client, monkeypatch, institute
):
    deputy = make.Affiliation(institution=institute, role="deputy").user
    client.force_login(deputy)
    needs = reverse("secretariat:my_needs", args=[institute.slug])
    client.post(needs)
    first = (timezone.localdate().replace(day=1) + 31 * DAY).replace(day=1)
    move_clock(monkeypatch, (first - timezone.localdate()).days)
    make.Need(title="A dryer", country_id="KE", made_on=first - DAY)
    make.Need(title="A pump", country_id="KE", made_on=first)
    make.Need(title="A school", made_on=first - DAY)

    for _n in range(2):
        brokering.tell_of_needs()

    told = Message.objects.get()
    assert told.to == institute.affiliations.get(role="focal_point").user.email
    assert "A dryer" in told.text
    assert "A pump" not in told.text
    assert "A school" not in told.text
    # A session ends after 14 days.
    client.force_login(deputy)
    client.post(needs, {"wanted": "1"})
    following = (first + 31 * DAY).replace(day=1)
    move_clock(monkeypatch, (following - timezone.localdate()).days)
    brokering.tell_of_needs()
    assert Message.objects.filter(kind="needs-fit", text__contains="A pump").count() == 2
    # Who is to hear of them has heard by then.
    Message.objects.all().delete()
    move_clock(monkeypatch, brokering.TOLD_WITHIN_DAYS)
    brokering.tell_of_needs()
    assert not Message.objects.exists()


def test_a_contact_is_erased_a_year_after_the_need_has_ended(monkeypatch):
    need = make.Need()
    move_clock(monkeypatch, 183 + 364)
    assert brokering.erase_contacts() == 0
    move_clock(monkeypatch, 2)
    assert brokering.erase_contacts() == 1
    need.refresh_from_db()
    assert need.contact == ""


def test_who_wishes_to_join_becomes_a_candidate_once_and_is_welcomed(client, officer):
    client.logout()
    asked = client.get("/ask/?about=joining")
    sent = filled_question(asked) | {"question": "We build biogas plants: https://biogas.example/."}
    client.post("/ask/", sent | {"organisation": "Biogas Centre"})
    enquiry = officer_sees(client, officer)

    address = reverse("admin:secretariat_request_candidate", args=[enquiry.pk])
    # Who asked has not confirmed the address yet: the link is sent, once a day.
    for _n in range(2):
        assert "has been sent to who asked" in text_of(client.post(address, follow=True))
    assert not Request.objects.exists()
    link = link_in(Message.objects.get(kind="joining-received"))
    assert "gave the address lin@example.org" in text_of(client.get(link))
    enquiry.refresh_from_db()
    # A mail program that opens links confirms nothing.
    assert enquiry.email_confirmed_at is None
    assert "is confirmed" in text_of(client.post(link, follow=True))
    for _n in range(2):
        client.post(address)
    vote = Request.objects.get()
    assert (vote.candidate.name, vote.rule, vote.state) == ("Biogas Centre", "unanimous", "draft")
    assert vote.candidate.website == "https://biogas.example/"
    assert vote.candidate.state == "draft"
    assert vote.questions.get().options == [(1, "Yes"), (2, "No"), (3, "Abstain")]

    Request.objects.filter(pk=vote.pk).update(closes_at=timezone.now() + DAY)
    make.Member()
    opener = make.Officer()
    votes.open_vote(vote, 0, opener)
    for response in vote.responses.all():
        votes.cast(response, YES, make.User())
    handling.close(vote)
    admit = reverse("admin:secretariat_request_admit", args=[vote.pk])
    page = text_of(client.post(admit))
    assert "lin@example.org" in page
    assert "@example.org: confirmed by its owner" in page
    assert "The address is not of this website" in page
    for _n in range(2):
        client.post(admit, {"_confirmed": "1"})
    assert vote.candidate.memberships.count() == 1
    to_asker = Message.objects.filter(to="lin@example.org").order_by("pk")
    assert [one.kind for one in to_asker] == ["joining-received", "member-welcome", "invitation"]
    invitation = vote.candidate.invitations.get()
    assert (invitation.role, invitation.state) == ("focal_point", "open")
    assert (invitation.invited_by, invitation.confirmed_by) == (opener, officer)


def test_a_name_of_the_greatest_length_becomes_a_candidate(client, officer):
    confirmed = {"kind": "joining", "email_confirmed_at": timezone.now()}
    enquiry = make.Enquiry(organisation="Centre " * 28, question="x" * 10_000, **confirmed)
    client.post(reverse("admin:secretariat_request_candidate", args=[enquiry.pk]))
    assert len(Request.objects.get().title) == 200


def filled_question(page):
    form = page.context["form"]
    assert form["kind"].value() == "joining"
    key = form["form_key"].value()
    return {"form_key": key, "kind": "joining", "name": "Lin", "email": "lin@example.org"}


def officer_sees(client, officer):
    client.force_login(officer)
    enquiry = Enquiry.objects.get()
    page = client.get(reverse("admin:secretariat_enquiry_change", args=[enquiry.pk]))
    assert "The email address is not confirmed yet" in text_of(page)
    return enquiry


def link_in(message):
    """Return the address of the portal that stands in a mail."""
    address = next(word for word in message.text.split() if "/ask/confirm/" in word)
    return address[address.index("/ask/") :]


def test_the_own_people_of_a_candidate_decide_who_acts_for_it(client, officer):
    """A stranger who asked for an institution that exists became its focal point."""
    candidate = make.Institution(name="Biogas Centre", website="https://www.biogas.example/")
    lead = make.Affiliation(institution=candidate).user
    enquiry = make.Enquiry(kind="joining", email_confirmed_at=timezone.now())
    closes_at = timezone.now() + DAY
    vote = Request.objects.create(
        title="Vote", rule="half", closes_at=closes_at, candidate=candidate, enquiry=enquiry
    )
    vote.questions.create(kind="choice", text="Agreed?", choices="Yes\nNo\nAbstain")
    make.Member()
    opening = reverse("admin:secretariat_request_open", args=[vote.pk])
    assert "They are asked when the vote opens" in text_of(client.get(opening))

    votes.open_vote(vote, 0, officer)

    invitation = candidate.invitations.get()
    assert invitation.is_waiting
    asked = Message.objects.get(kind="invitation-asked")
    assert (asked.to, "lin@example.org" in asked.text) == (lead.email, True)
    for response in vote.responses.all():
        votes.cast(response, YES, make.User())
    handling.close(vote)
    vote.refresh_from_db()
    votes.admit(vote, make.Officer())
    # Admitted it is; who asked acts for it once its own people have said so.
    assert candidate.memberships.exists()
    assert [row.pk for row in candidate.invitations.waiting()] == [invitation.pk]
    assert not Message.objects.filter(kind="invitation").exists()
    refuse = reverse("members:invite_refuse", args=[candidate.slug, invitation.pk])
    client.force_login(lead)
    client.post(refuse, {"sure": "yes"})
    invitation.refresh_from_db()
    assert invitation.state == "withdrawn"
    assert Message.objects.get(kind="invitation-refused").to == officer.email
