"""Questions of the public: the form, and what is kept of it."""

import html
import re
from datetime import date

import pytest
from django.core.cache import cache
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from members.models import Institution
from secretariat.enquiries.models import Enquiry, new_reference, working_days_after
from sscnet.core.models import OldSlug, State
from sscnet.outbox.models import Message
from tests import make
from tests.pages import text_of

pytestmark = pytest.mark.django_db

LIN = {"name": "Lin Example", "email": "lin@example.org", "question": "How large is it?"}


@pytest.fixture(autouse=True)
def _fresh_rate_limits(settings):
    settings.SECRETARIAT_MAILBOX = "secretariat@example.org"
    cache.clear()


def open_form(client, address):
    response = client.get(address)
    assert response.status_code == 200
    key = re.search(r'name="form_key" value="([^"]+)"', response.content.decode())
    return {"form_key": key[1], "kind": "question"}


def send(client, address="/ask/", **values):
    return client.post(address, open_form(client, address) | LIN | values)


def errors(response):
    return [str(text) for texts in response.context["form"].errors.values() for text in texts]


# ------------------------------------------------------------------ asking


def test_the_name_of_what_is_asked_about_is_marked_where_it_is_in_the_other_language(client):
    institution = make.Institution(name="", name_zh_hans="对外科技交流中心")
    page = client.get(f"/ask/institution/{institution.slug}/").content.decode()
    main = page[page.index("<main") :]
    assert main.count('<span lang="zh-Hans">对外科技交流中心</span>') == 2


@pytest.mark.parametrize("prefix", ["", "/zh-hans"])
@pytest.mark.parametrize("record", [make.Project, make.Institution])
def test_a_question_is_kept_with_its_record_and_confirmed(client, record, prefix):
    kind, record = record.__name__.lower(), record()
    address = reverse(f"secretariat:ask_{kind}", args=[record.slug])

    response = send(client, prefix + address)

    enquiry = Enquiry.objects.get()
    assert enquiry.record == record
    assert enquiry.subject == str(record)
    assert (enquiry.name, enquiry.email, enquiry.state) == ("Lin Example", "lin@example.org", "new")
    assert response.url == f"{prefix}/ask/{enquiry.reference}/"
    page = client.get(response.url)
    assert enquiry.reference in page.content.decode()
    assert "lin@example.org" not in page.content.decode()


def test_a_question_about_nothing_special_and_a_hint_that_something_is_wrong_are_kept(client):
    assert send(client, organisation="University", country=make.Country(iso2="KE").pk).url
    enquiry = Enquiry.objects.get()
    assert (enquiry.record, enquiry.organisation, enquiry.country_id) == (None, "University", "KE")

    address = reverse("secretariat:ask_project", args=[make.Project().slug])
    form = client.get(f"{address}?about=correction").context["form"]
    assert form["kind"].value() == "correction"
    send(client, address, kind="correction")
    assert Enquiry.objects.exclude(pk=enquiry.pk).get().kind == Enquiry.Kind.CORRECTION


def test_the_one_who_asked_gets_a_mail_in_both_languages(client, settings):
    settings.ENQUIRY_DAYS = 10
    project = make.Project(title="Bamboo", title_zh_hans="竹子")

    send(client, reverse("secretariat:ask_project", args=[project.slug]), question="多大？")

    enquiry = Enquiry.objects.get()
    mail = Message.objects.get(to="lin@example.org")
    assert mail.reply_to == "secretariat@example.org"
    assert mail.reference == enquiry.reference
    for words in ("Bamboo", "竹子", f"/ask/{enquiry.reference}/", "/zh-hans/ask/"):
        assert words in mail.text
    assert Message.objects.get(to="secretariat@example.org").kind == "enquiry-arrived"


def test_the_mail_has_no_words_of_who_asked_and_names_nobody_of_the_staff(client):
    """Nobody has checked the address."""
    make.Administrator(email="officer@example.org")

    send(client, question="Buy at https://shop.example.org", name="Cheap", organisation="Shop")

    mail = Message.objects.get(to="lin@example.org")
    assert not [word for word in ("Buy", "shop", "Cheap", "Shop") if word in mail.text + mail.html]
    assert "officer@" not in mail.text + mail.html + mail.reply_to + mail.to


def test_the_same_form_sent_twice_leaves_one_question_and_one_mail(client):
    data = open_form(client, "/ask/") | LIN

    first, second = client.post("/ask/", data), client.post("/ask/", data)

    assert first.url == second.url
    assert Enquiry.objects.count() == 1
    assert Message.objects.filter(to="lin@example.org").count() == 1
    # Another question from the form gone back to is not lost; a new form is a new question.
    client.post("/ask/", data | {"question": "And how small?"})
    assert Enquiry.objects.count() == 2
    send(client)
    assert Enquiry.objects.count() == 3


def test_a_form_that_comes_at_the_same_moment_finds_the_question_that_is_there(client):
    """Between the look and the writing the other one was quicker."""
    from secretariat.enquiries import handling

    there = make.Enquiry()
    late = make.Enquiry.build(sent_key=there.sent_key)

    assert handling.ask(late) == there
    assert not Message.objects.exists()


def test_references_can_be_read_and_not_be_guessed(client):
    references = {new_reference() for _n in range(1000)}

    assert len(references) == 1000
    assert all(re.fullmatch(r"Q(-[2-9A-HJ-NP-TW-Z]{4}){3}", r) for r in references)
    assert client.get("/ask/Q-2222-2222-2222/").status_code == 404


def test_a_question_is_due_after_so_many_working_days():
    friday = date(2026, 11, 27)

    assert working_days_after(friday, 1) == date(2026, 11, 30)
    assert working_days_after(friday, 10) == date(2026, 12, 11)


@pytest.mark.parametrize(("question", "language"), [("How?", "en"), ("怎么？", "zh-hans")])
def test_the_language_of_a_question_is_its_own(client, question, language):
    for prefix in ("", "/zh-hans"):
        send(client, f"{prefix}/ask/", question=question)

    assert [one.question_text.language for one in Enquiry.objects.all()] == [language] * 2


# ------------------------------------------------------------------ what does not pass


@pytest.mark.parametrize("missing", ["name", "email", "question"])
def test_what_is_missing_is_named_and_what_was_typed_stays(client, missing):
    response = send(client, **{missing: ""})

    page = response.content.decode()
    assert f'<a href="#id_{missing}">' in page
    for name, text in LIN.items():
        assert name == missing or text in page
    assert not Enquiry.objects.exists()


def test_wrong_input_is_told_and_kept_out(client):
    address = reverse("secretariat:ask_project", args=[make.Project().slug])
    data = open_form(client, address) | LIN
    for wrong in (
        {"email": "no address"},
        {"email": "a@example.org\nBcc: b@example.org"},
        {"question": "x" * 1_000_000},
        {"country": "no country"},
        {"kind": "praise"},
        {"name": "x" * 151},
        {"form_key": "no key"},
    ):
        response = client.post(address, data | wrong)
        assert response.status_code == 200, wrong
        assert errors(response), wrong
    for name in LIN:
        assert client.post(address, data | {name: "a\0b"}).status_code == 400, name
    assert not Enquiry.objects.exists()


def test_broken_text_is_taken_as_it_can_be_read(client):
    key = open_form(client, "/ask/")["form_key"]
    body = f"form_key={key}&name=Lin&email=lin@example.org&question=%FF%FE%E4%BD".encode()

    response = client.post("/ask/", body, content_type="application/x-www-form-urlencoded")

    assert response.status_code == 302
    assert "\ufffd" in Enquiry.objects.get().question


def test_a_name_cannot_add_a_header_to_a_mail(client):
    send(client, name="Lin\r\nBcc: all@example.org", organisation="A\nB")

    enquiry = Enquiry.objects.get()
    assert enquiry.name == "Lin Bcc: all@example.org"
    assert enquiry.organisation == "A B"
    assert not [m for m in Message.objects.all() if "\n" in m.subject + m.to + m.reply_to]


def test_a_form_without_its_token_is_refused():
    client = Client(enforce_csrf_checks=True)

    assert client.post("/ask/", LIN).status_code == 403


def test_drafts_have_no_form_not_even_for_staff(client):
    project = make.Project(state=State.DRAFT)
    client.force_login(make.User(is_superuser=True))
    address = reverse("secretariat:ask_project", args=[project.slug])

    assert client.get(address).status_code == 404
    assert client.post(address, LIN).status_code == 404


def test_a_question_is_begun_with_what_it_is_about_and_topics_stand_in_for_institutions(client):
    sector = make.Sector(topic=make.Topic(slug="tea", name="Tea"))
    project = make.Project(title="Tea for all", sectors=[sector])
    institution = make.Institution()
    call = make.Call(title="Call for tea")
    for about, words in (
        (project, "About the project “Tea for all”: we would like to know …"),
        (institution, f"We would like to learn from {institution} about …"),
        (call, "About the call “Call for tea”: we would like to know …"),
    ):
        name = about._meta.model_name
        address = reverse(f"secretariat:ask_{name}", args=[about.slug])
        assert words in html.unescape(text_of(client.get(address))), name
        assert words not in html.unescape(text_of(client.get(f"{address}?about=correction")))
    address = reverse("secretariat:ask_project", args=[project.slug])
    assert 'href="/topics/tea/#who"' in text_of(client.get(address))

    make.ProjectInstitution(project=project)
    assert "#who" not in text_of(client.get(address))


def test_what_was_withdrawn_says_so_and_takes_no_question(client):
    institution = make.Institution(state=State.WITHDRAWN)
    address = reverse("secretariat:ask_institution", args=[institution.slug])

    assert "has been withdrawn" in client.get(address).content.decode()
    assert "has been withdrawn" in client.post(address, LIN).content.decode()
    assert not Enquiry.objects.exists()


def test_what_is_not_there_is_not_found_nor_supporters(client):
    supporter = make.Supporter()

    for address in (
        "/ask/project/none/",
        "/ask/institution/none/",
        "/ask/person/1/",
        f"/ask/institution/{supporter.slug}/",
    ):
        assert client.get(address).status_code == 404, address


def test_an_old_address_and_an_institution_merged_lead_on(client):
    project = make.Project(slug="old-name")
    project.slug = "new-name"
    project.save()
    assert OldSlug.objects.exists()

    response = client.get("/zh-hans/ask/project/old-name/?about=correction")

    assert response.url == "/zh-hans/ask/project/new-name/?about=correction"
    heir = make.Institution()
    gone = make.Institution(state=State.WITHDRAWN)
    Institution.objects.filter(pk=gone.pk).update(merged_into=heir)

    assert client.get(f"/ask/institution/{gone.slug}/").url == f"/ask/institution/{heir.slug}/"


# ------------------------------------------------------------------ programs and floods


def test_a_program_in_the_trap_leaves_nothing_and_a_person_in_it_sends_again(
    client,
):
    response = send(client, website="https://example.org/")

    assert not Enquiry.objects.exists()
    assert "looked as if it was sent by a program" in errors(response)[0]
    again = {field.html_name: field.value() or "" for field in response.context["form"]}

    client.post("/ask/", again)

    assert Enquiry.objects.get().question == "How large is it?"


def test_one_address_of_the_network_is_slowed_and_others_are_not(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"enquiry": "2/h/ip"}
    answers = [send(client, email=f"p{n}@example.org").status_code for n in range(3)]

    assert answers == [302, 302, 429]
    assert Enquiry.objects.count() == 2
    # A forged address does not help.
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    assert send(Client(headers={"X-Forwarded-For": "192.0.2.1"})).status_code == 429
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert send(elsewhere).status_code == 302


def test_one_e_mail_address_is_slowed_from_wherever_it_comes(settings):
    settings.ACCOUNT_RATE_LIMITS = {"enquiry": "2/h/key"}
    answers = [
        send(Client(REMOTE_ADDR=f"192.0.2.{n}"), email=email).status_code
        for n, email in enumerate(["a@example.org", "A@example.org", "a@example.org"], start=1)
    ]

    assert answers == [302, 302, 429]


def test_who_is_slowed_keeps_what_was_typed_and_a_form_sent_twice_does_not_count(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"enquiry": "1/h/ip"}
    data = open_form(client, "/ask/") | LIN
    assert [client.post("/ask/", data).status_code for _n in range(3)] == [302, 302, 302]

    response = send(client, question="And now?")

    assert response.status_code == 429
    assert "And now?" in response.content.decode()
    assert "Try again in an hour" in errors(response)[0]


# ------------------------------------------------------------------ pages


@pytest.mark.parametrize("prefix", ["", "/zh-hans"])
def test_public_pages_lead_to_the_form_and_hold_none(client, prefix):
    project = make.Project()
    institution = make.Institution()
    pages = {
        project.get_absolute_url(): f"/ask/project/{project.slug}/",
        institution.get_absolute_url(): f"/ask/institution/{institution.slug}/",
    }
    for address, link in pages.items():
        response = client.get(prefix + address)
        page = response.content.decode()
        assert f'="{prefix}{link}"' in page
        assert f'href="{prefix}{link}?about=correction"' in page
        assert "csrf" not in page
        assert not response.cookies


@pytest.mark.parametrize("address", ["/ask/", "/zh-hans/ask/"])
def test_the_form_is_kept_by_nobody_and_found_by_no_search_engine(client, address):
    response = client.get(address)

    assert "no-store" in response.headers["Cache-Control"]
    assert 'name="robots" content="noindex"' in response.content.decode()
    assert f"Disallow: {address}" in client.get("/robots.txt").content.decode()


# ------------------------------------------------------------------ what the database holds


def test_the_database_refuses_what_does_not_fit():
    enquiry = make.Enquiry()

    for values in (
        {"state": "closed"},
        {"outcome": "answered"},
        {"state": "answered"},
        {"personal_data_erased_at": "2026-01-01T00:00Z"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Enquiry.objects.filter(pk=enquiry.pk).update(**values)
    # It is about one record at most.
    with pytest.raises(IntegrityError), transaction.atomic():
        make.Enquiry(project=make.Project(), institution=make.Institution())


@pytest.mark.parametrize("sql", ["UPDATE {} SET text = 'x'", "DELETE FROM {}"])
def test_steps_are_only_added(sql):
    make.Enquiry().steps.create(state="new")

    refused = pytest.raises(DatabaseError, match="pgtrigger")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format("secretariat_enquirystep"))


def test_a_question_stays_when_its_record_goes():
    project = make.Project(title="Training")
    enquiry = make.Enquiry(project=project, subject="Training")

    project.delete()

    enquiry.refresh_from_db()
    assert enquiry.record is None
    assert str(enquiry.about) == "Training"
