"""What officers see of the mail and may do with it."""

from itertools import cycle

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import strip_tags

from secretariat.back_office import groups
from sscnet.outbox import wordings
from sscnet.outbox.models import Message, WordingOverride
from sscnet.outbox.post import write
from tests import make
from tests.admin_forms import errors, filled
from tests.monitoring.test_request_log import secret_addresses
from tests.pages import change, sign_in

pytestmark = pytest.mark.django_db

MAILS = reverse("admin:outbox_message_changelist")
WORDINGS = reverse("admin:outbox_wordingoverride_changelist")
ADD = reverse("admin:outbox_wordingoverride_add") + "?key=test_invitation"


def mail(key="one", kind="test_invitation", **values):
    words = {"institution": "Bamboo Institute", "days": 7}
    return write(kind, to="wang@example.org", key=key, words=words, **values)


def failed_mail(key="failed"):
    message = mail(key)
    message.failed_at, message.attempts = timezone.now(), 11
    message.last_error = "550 no such mailbox"
    message.save()
    return message


def shown(response):
    return strip_tags(response.content.decode().partition("<main")[2])


# ------------------------------------------------------------------ mails


def test_the_list_keeps_the_mails_of_a_state_and_finds_receivers(client, publisher, invitation):
    expected = {"waiting": mail("waiting"), "failed": failed_mail(), "sent": mail("sent")}
    Message.objects.filter(key="sent").update(sent_at=timezone.now())

    for state, message in expected.items():
        page = client.get(MAILS, {"state": state})
        assert [row.pk for row in page.context["cl"].result_list] == [message.pk]
    assert client.get(MAILS, {"state": "nonsense", "kind": "nonsense"}).status_code == 200
    for words, number in {"wang@example": 3, "li@example": 0}.items():
        assert client.get(MAILS, {"q": words}).context["cl"].result_count == number


def test_a_mail_is_read_and_not_changed(client, publisher, invitation):
    message = failed_mail()

    page = client.get(change(message))

    assert "You can now act for Bamboo Institute." in shown(page)
    assert "550 no such mailbox" in shown(page)
    assert client.post(change(message), {"subject": "Mine"}).status_code == 403
    assert client.get(reverse("admin:outbox_message_add")).status_code == 403


def test_publishers_send_dead_letters_again_and_nothing_else(client, publisher, invitation):
    failed, waiting = failed_mail(), mail("waiting")
    before = waiting.next_try_at

    data = {"action": "send_again", "_selected_action": [failed.pk, waiting.pk]}
    page = client.post(MAILS, data, follow=True)

    failed.refresh_from_db()
    waiting.refresh_from_db()
    assert "1 email is being sent again." in shown(page)
    assert (failed.state, failed.attempts) == (Message.State.WAITING, 0)
    assert failed in Message.objects.due()
    assert waiting.next_try_at == before
    assert "none of these emails has failed" in shown(client.post(MAILS, data, follow=True))


def test_who_may_only_read_mails_does_not_send_again(client, invitation):
    client.force_login(make.Officer(permissions=["outbox.view_message"]))
    failed = failed_mail()

    page = client.post(MAILS, {"action": "send_again", "_selected_action": [failed.pk]})

    failed.refresh_from_db()
    assert failed.state == Message.State.FAILED
    assert "Send again" not in client.get(MAILS).content.decode()
    assert page.status_code in (200, 302)


def test_a_mail_that_holds_a_secret_hides_it_from_officers(client, publisher, secret):
    message = mail(kind=secret.key, link="/accept/very-secret-token/")

    page = client.get(change(message))

    assert message.subject in shown(page)
    assert "very-secret-token" not in page.content.decode()
    assert "Not shown" in shown(page)


def test_no_text_that_officers_see_lets_them_in_for_somebody_else(client):
    client.force_login(make.Administrator())
    links = cycle(sorted(secret_addresses()))
    shown = told = 0
    for n, wording in enumerate(wordings.WORDINGS.values()):
        link, secret = next(links)
        words = dict.fromkeys(wording.words, "any") | dict.fromkeys(wording.secrets, secret)
        with transaction.atomic():
            address = f"person{n}@example.org"
            message = write(wording.key, to=address, key=wording.key, words=words, link=link)
        page = client_text(client, change(message))
        assert secret in message.text
        shown += message.subject in page
        told += secret in page

    assert told == 0
    assert shown > 50


def client_text(client, page):
    return client.get(page).content.decode()


def test_a_failed_mail_whose_secret_is_forgotten_is_not_sent_again(client, publisher, secret):
    message = mail(kind=secret.key)
    Message.objects.update(failed_at=timezone.now(), text="", html="")

    data = {"action": "send_again", "_selected_action": [message.pk]}
    page = client.post(MAILS, data, follow=True)

    assert "their text is no longer kept" in shown(page)
    assert Message.objects.get().state == Message.State.FAILED


def test_a_record_shows_the_mails_about_it(client, publisher, invitation):
    project, other = make.Project(), make.Project()
    message = mail(about=project)

    assert change(message) in client.get(change(project)).content.decode()
    assert change(message) not in client.get(change(other)).content.decode()
    assert change(project) in client.get(change(message)).content.decode()


def test_who_may_only_read_records_reads_no_mail_and_no_wording(client, invitation):
    project = make.Project()
    message = mail(about=project)
    closed = {groups.READER: (MAILS, change(message), WORDINGS), groups.HELPER: (MAILS,)}
    for group, addresses in closed.items():
        sign_in(client, group)
        page = client.get(change(project))
        assert page.status_code == 200
        assert message.subject not in page.content.decode()
        assert {client.get(address).status_code for address in addresses} == {403}


# ------------------------------------------------------------------ wordings


def test_every_wording_is_listed_with_whose_it_is(client, publisher, invitation):
    ours = shown(client.get(WORDINGS))
    override = WordingOverride.objects.create(key="test_invitation", subject="Ours")
    page = client.get(WORDINGS)

    assert "Invitation" in ours
    assert "changed by the Secretariat" not in ours
    assert "changed by the Secretariat" in shown(page)
    assert change(override) in page.content.decode()


def test_the_form_begins_with_our_text_in_both_languages(client, publisher, invitation):
    form = filled(client.get(ADD))

    assert form["subject"] == "Invitation to act for {institution}"
    assert form["subject_zh_hans"] == "邀请您代表{institution}"
    assert form["body_zh_hans"].startswith("您现在可以代表")


def test_officers_replace_a_wording_and_bring_ours_back(client, publisher, invitation):
    data = filled(client.get(ADD)) | {"subject": "You may act for {institution}"}
    assert client.post(ADD, data).status_code == 302
    replaced = mail("replaced").subject
    override = WordingOverride.objects.get()
    client.post(reverse("admin:outbox_wordingoverride_delete", args=[override.pk]), {"post": "yes"})

    assert replaced == "You may act for Bamboo Institute / 邀请您代表Bamboo Institute"
    assert mail("back").subject.startswith("Invitation to act for")


def test_an_unknown_placeholder_is_refused_beside_its_field(client, publisher, invitation):
    data = filled(client.get(ADD))
    for field in ("subject", "subject_zh_hans", "body", "body_zh_hans"):
        response = client.post(ADD, data | {field: "Dear {person}, {institution}"})
        form = response.context["adminform"].form
        assert list(form.errors) == [field]
        assert "{person}" in form.errors[field][0]
        assert "{days}, {institution}" in form.errors[field][0]
        assert filled(response)[field] == "Dear {person}, {institution}"
    assert not WordingOverride.objects.exists()


def test_a_secret_in_a_subject_is_refused_beside_its_field(client, officer, secret):
    add = ADD.replace("test_invitation", secret.key)
    data = filled(client.get(add)) | {"body": "Here: {days}"}
    for field in ("subject", "subject_zh_hans"):
        form = client.post(add, data | {field: "Your code {days}"}).context["adminform"].form
        assert list(form.errors) == [field]
        assert "{days}" in form.errors[field][0]
    assert not WordingOverride.objects.exists()


OF_CODES = reverse("admin:outbox_wordingoverride_add") + "?key=sign-in-code"


def texts(**values):
    return dict.fromkeys(["subject", "subject_zh_hans", "body", "body_zh_hans"], "") | values


def test_a_publisher_does_not_word_mails_that_carry_codes(client, publisher):
    data = texts(key="sign-in-code", body="Sign in at https://evil.example/login {code}")

    for asked_for in ("sign-in-code", "account-unused", ""):
        page = OF_CODES.replace("sign-in-code", asked_for)
        assert client.post(page, data).status_code == 403
    assert client.get(OF_CODES).status_code == 403
    # The list says which are for administrators, and links no other.
    listed = client.get(WORDINGS).content.decode()
    assert "?key=account-unused" in listed
    assert "?key=sign-in-code" not in listed
    assert "only administrators change it" in listed
    assert not WordingOverride.objects.exists()


def test_nor_changes_or_removes_what_an_administrator_wrote(client, publisher):
    override = WordingOverride.objects.create(key="sign-in-code", body="Ours: {code}")
    delete = reverse("admin:outbox_wordingoverride_delete", args=[override.pk])

    assert client.get(change(override)).status_code == 200
    assert client.post(change(override), texts(body="Mine {code}")).status_code == 403
    assert client.post(delete, {"post": "yes"}).status_code == 403
    override.refresh_from_db()
    assert override.body == "Ours: {code}"


FOREIGN = [
    "https://evil.example/login {code}",
    "Go to evil.example: {code}",
    "//evil/{code}",
    "hxxp evil: {code}",
    "hxxps://evil[.]example {code}",
    "{code}.evil.example",
    "https://{code}",
    "HTTP:evil {code}",
    "help@evil.example {code}",
    "https://PORTAL@evil.example/ {code}",
    "https://PORTAL.evil.example/ {code}",
    "192.0.2.7/login {code}",
    "ｅｖｉｌ．ｅｘａｍｐｌｅ {code}",
    "evil。example {code}",
    "ev\u200bil.exa\u00admple {code}",
    "请打开邪恶.中国 {code}",
    "evil.xn--fiqs8s {code}",
]


def test_no_address_elsewhere_stands_in_the_wording_of_a_mail_with_a_code(
    client, officer, settings
):
    settings.PORTAL_ADDRESS = "https://portal.example.org"
    for text in FOREIGN:
        assert wordings.foreign_addresses(text.replace("PORTAL", "portal.example.org")), text

    response = client.post(OF_CODES, texts(key="sign-in-code", body_zh_hans=FOREIGN[0]))

    form = response.context["adminform"].form
    assert list(form.errors) == ["body_zh_hans"]
    assert "evil.example" in form.errors["body_zh_hans"][0]
    assert not WordingOverride.objects.exists()
    # Nor in its subject.
    response = client.post(OF_CODES, texts(key="sign-in-code", subject="Code of evil.example"))

    assert list(response.context["adminform"].form.errors) == ["subject"]


def test_administrators_word_it_and_may_name_the_portal_and_its_mailbox(client, officer, settings):
    settings.PORTAL_ADDRESS = "https://portal.example.org"
    settings.SECRETARIAT_MAILBOX = "office@network.example.org"
    body = (
        "Your code for portal.example.org (https://portal.example.org/accounts/login/) is {code}."
        " It is valid for 10 min., e.g. 12.30 p.m. and/or later. Write to"
        " office@network.example.org."
    )

    texts_of = texts(key="sign-in-code", body=body, body_zh_hans="验证码：{code}。请勿转告他人。")
    response = client.post(OF_CODES, texts_of)

    assert response.status_code == 302, errors(response)


def test_what_is_stored_and_leads_elsewhere_is_not_used(officer, secret, invitation):
    for key in (secret.key, invitation.key):
        body = "Enter it at https://evil.example {days}"
        WordingOverride.objects.create(key=key, subject="Ours: {institution}", body=body)

    guarded, other = mail("one", kind=secret.key), mail("two")

    assert "evil" not in guarded.text + guarded.html
    assert "The invitation is good for 7 days." in guarded.text
    assert guarded.subject.startswith("Ours: Bamboo Institute")
    assert "evil.example" in other.text


def test_our_own_wordings_of_such_mails_lead_nowhere_else():
    secret = [wording for wording in wordings.WORDINGS.values() if wording.holds_secret]
    for language in ("en", "zh-hans"):
        with translation.override(language):
            for wording in secret:
                texts = f"{wording.subject}\n{wording.body}"
                assert not wordings.foreign_addresses(texts), wording.key


def test_the_form_shows_the_mail_as_it_is_in_both_languages(client, publisher, invitation):
    body = "<b>Welcome</b> to {institution}."
    override = WordingOverride.objects.create(key="test_invitation", body=body)
    page = client.get(change(override)).content.decode().partition('id="preview"')[2]
    assert "&lt;b&gt;Welcome&lt;/b&gt; to «name of the institution»." in page
    assert "您现在可以代表«机构名称»。" in page


def test_the_form_of_no_known_kind_leads_to_the_list_and_of_a_changed_one_to_it(
    client, publisher, invitation
):
    assert client.get(reverse("admin:outbox_wordingoverride_add")).url == WORDINGS
    response = client.post(ADD, {"key": "nonsense", "subject": "Any"})
    assert response.status_code == 200
    assert not WordingOverride.objects.exists()
    override = WordingOverride.objects.create(key="test_invitation", subject="Ours")

    assert client.get(ADD).url == change(override)


def test_editors_see_wordings_and_change_none(client, editor, invitation):
    override = WordingOverride.objects.create(key="test_invitation", subject="Ours")

    assert client.get(WORDINGS).status_code == 200
    assert client.get(change(override)).status_code == 200
    assert client.post(change(override), {"subject": "Mine"}).status_code == 403
    assert client.post(ADD, {"subject": "Mine"}).status_code == 403
    assert client.get(ADD).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_sending_again_works_though_no_task_can_be_stored(client, invitation, no_tasks):
    with transaction.atomic():
        failed = failed_mail()
    user = make.Administrator()
    client.force_login(user)

    response = client.post(MAILS, {"action": "send_again", "_selected_action": [failed.pk]})

    assert response.status_code == 302
    assert failed in Message.objects.due()
