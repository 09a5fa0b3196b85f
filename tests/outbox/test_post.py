"""Writing a mail: both languages, in the transaction of what it tells, once a key."""

import threading
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes, policy

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult

from sscnet.outbox import post, weekly, wordings
from sscnet.outbox.delivery import sending
from sscnet.outbox.delivery.sending import as_email
from sscnet.outbox.models import Message, WordingOverride
from sscnet.outbox.post import write
from sscnet.outbox.rendering import text_by_language
from sscnet.outbox.wordings import MailText, Wording, fill
from tests import make

pytestmark = pytest.mark.django_db


def mail(key="one", kind="test_invitation", to="wang@example.org", **values):
    words = {"institution": "Bamboo Institute", "days": 7} | values.pop("words", {})
    return write(kind, to=to, key=key, words=words, **values)


def parsed(message):
    """Give the mail as its receiver's program reads it."""
    content = as_email(message).message(policy=policy.SMTP).as_bytes()
    return message_from_bytes(content, policy=policy.default)


# ------------------------------------------------------------------ both languages


def test_one_mail_says_it_in_english_and_in_chinese(invitation):
    institution = make.Institution(name="Bamboo Institute", name_zh_hans="竹研究所")

    # The reader of the page that writes it does not matter.
    with translation.override("zh-hans"):
        message = mail(words={"institution": institution}, link="/zh-hans/my/")

    assert translation.get_language() == "en"
    assert message.subject == "Invitation to act for Bamboo Institute / 邀请您代表竹研究所"
    english, chinese = message.text.split("----------------------------------------")
    assert english.startswith("Dear Sir or Madam,\n\nYou can now act for Bamboo Institute.\n\nThe")
    assert chinese.strip().startswith("您好！\n\n您现在可以代表竹研究所。\n\n邀请在7天内有效。")


def test_the_language_in_which_the_receiver_signed_in_comes_first(invitation):
    make.User(email="wang@example.org", name="王丽", language="zh-hans")

    message = mail()

    assert message.subject.startswith("邀请您代表Bamboo Institute / Invitation")
    assert message.text.startswith("王丽：您好！\n\n您现在可以代表")
    assert [language for language, _text in text_by_language(message)] == ["zh-hans", "en"]
    assert message.subject_now.startswith("Invitation")
    assert "\n\nYou can now act" in mail(key="two", to="else@example.org").text.partition("---")[0]


@pytest.mark.parametrize("to", ["wang@qq.com", "office@mail.example.edu.cn", "a@163.com"])
def test_at_a_chinese_address_chinese_comes_first_and_the_secretariat_writes(invitation, to):
    message = mail(to=to)
    assert message.text.startswith("您好！\n\n您现在可以代表")
    name, _at, address = str(parsed(message)["From"]).rpartition(" <")
    assert (name, address) == ("中国南南合作网秘书处", f"{settings.DEFAULT_FROM_EMAIL}>")
    assert str(parsed(mail(key="b"))["From"]).startswith("Secretariat of the China South-South")


# ------------------------------------------------------------------ once a week


@pytest.fixture
def reminder(invitation):
    wordings.WORDINGS["test_reminder"] = replace(invitation, key="test_reminder", is_weekly=True)
    words = {"items": "items"}
    digest = MailText({"Subject": "To do", "Kind": "To do", "{items}": ""}, "{items}")
    wordings.WORDINGS[weekly.DUE] = Wording(weekly.DUE, tuple(words), {"en": digest})


def test_what_is_due_waits_for_one_mail_on_monday(reminder, monkeypatch):
    for key in ("one", "two"):
        mail(key=key, kind="test_reminder", words={"institution": f"Institute {key}"})
    alone = mail(key="three", kind="test_reminder", to="li@example.org")
    at_once = {
        mail(key="urgent", kind="test_reminder", words={"due": timezone.localdate()}),
        mail(key="other"),
    }
    weekly.gather()
    sending.send_due()
    assert {*Message.objects.sent()} == at_once

    monday = post.next_week()
    assert (monday.weekday(), monday.hour) == (0, 8)
    monkeypatch.setattr(timezone, "now", lambda: monday)
    sending.send_due()
    assert {*Message.objects.sent()} == at_once
    for _ in range(2):
        weekly.gather()
    together = Message.objects.get(kind=weekly.DUE)
    assert {*Message.objects.due()} == {alone, together}
    assert "Institute one" in together.text
    assert "Institute two" in together.text
    said = Message.objects.filter(said_in=together)
    assert [message.state for message in said] == ["sent", "sent"]


def test_plain_text_and_html_are_alternatives_and_html_names_its_languages(invitation):
    received = parsed(mail())

    assert received.get_content_type() == "multipart/alternative"
    kinds = [part.get_content_type() for part in received.iter_parts()]
    assert kinds == ["text/plain", "text/html"]
    html = received.get_body(["html"]).get_content().replace("\r\n", "\n")
    begins = '<div lang="{}">\n<p>{}</p>\n<p>{}</p>'.format
    assert begins("en", "Dear Sir or Madam,", "You can now act for Bamboo Institute.") in html
    assert begins("zh-Hans", "您好！", "您现在可以代表Bamboo Institute。") in html


def test_the_link_leads_each_reader_to_the_page_in_the_own_language(invitation, settings):
    settings.PORTAL_ADDRESS = "https://portal.example.org"

    message = mail(link="/my/?open=profile&year=2026")

    english, chinese = message.text.split("----------------------------------------")
    assert "Accept the invitation: https://portal.example.org/my/?open=profile&year=2026" in english
    assert "https://portal.example.org/zh-hans/my/?open=profile&year=2026" in chinese
    assert (
        '<a href="https://portal.example.org/zh-hans/my/?open=profile&amp;year=2026">接受邀请'
        in (message.html)
    )

    # A full address stays as it is; what is neither is no link.
    full = mail("full", link="https://www.example.org/a")
    assert full.text.count("https://www.example.org/a\n") == 2
    with pytest.raises(ValueError, match="javascript"):
        mail("none", link="javascript:alert(1)")


def test_words_are_escaped_in_html_and_left_alone_in_text_and_dates_in_each_language(invitation):
    message = mail(words={"institution": '<img src="x"> & sons', "days": date(2026, 3, 5)})

    assert "5 March 2026" in message.text
    assert "2026年3月5日" in message.text
    assert "&lt;img src=&quot;x&quot;&gt; &amp; sons" in message.html
    assert "<img" not in message.html
    assert 'You can now act for <img src="x"> & sons.' in message.text


# ------------------------------------------------------------------ headers


def test_a_mail_has_reference_reply_address_and_marks_of_a_machine(invitation, settings):
    settings.SECRETARIAT_MAILBOX = "office@example.org"

    received = parsed(mail(reference="Q-0042"))

    assert "Reference: Q-0042" in received.get_body(["plain"]).get_content()
    assert received["Reply-To"] == "office@example.org"
    assert received["To"] == "wang@example.org"
    assert received["Auto-Submitted"] == "auto-generated"
    assert parsed(mail("other", reply_to="li@example.org"))["Reply-To"] == "li@example.org"


def test_the_message_id_is_the_same_whenever_the_mail_is_made(invitation):
    one, other = mail("one"), mail("other")

    assert parsed(one)["Message-ID"] == parsed(Message.objects.get(key="one"))["Message-ID"]
    assert parsed(one)["Message-ID"] != parsed(other)["Message-ID"]


def test_a_line_end_in_a_word_makes_no_header(invitation):
    message = mail(words={"institution": "Bamboo\r\nBcc: all@example.org\n\nInstitute"})

    received = parsed(message)
    assert received["Bcc"] is None
    assert received["Subject"].startswith("Invitation to act for Bamboo Bcc: all@example.org Inst")


def test_what_is_not_one_address_is_refused(invitation):
    two = ("wang@example.org\nBcc: all@example.org", "wang@example.org, li@example.org")
    for address in (*two, "", "wang"):
        with pytest.raises(ValidationError):
            mail(to=address)
    assert not Message.objects.exists()


def test_attachments_arrive_byte_for_byte(invitation):
    content = bytes(range(256))
    calendar = ("meeting.ics", "DTSTART:20260305 会议\r\n".encode(), "text/calendar")

    received = parsed(mail(attachments=[("a.bin", content, "application/octet-stream"), calendar]))

    first, second = received.iter_attachments()
    assert (first.get_filename(), first.get_content()) == ("a.bin", content)
    assert second.get_content_type() == "text/calendar"
    assert second.get_filename() == "meeting.ics"
    assert "会议" in second.get_content()


def test_a_very_long_subject_is_cut(invitation):
    message = mail(words={"institution": "Institute of " + "long " * 200 + "names"})

    assert len(message.subject) <= 400
    assert "…" in message.subject


# ------------------------------------------------------------------ once, and with its transaction


def test_the_same_key_again_gives_the_mail_that_is_there(invitation):
    first = mail(words={"days": 7})
    again = mail(words={"days": 8}, to="other@example.org")

    assert again == first
    assert Message.objects.get().to == "wang@example.org"


@pytest.mark.django_db(transaction=True)
def test_two_who_write_the_same_at_once_write_it_once(invitation):
    written = []

    def second():
        try:
            with transaction.atomic():
                written.append(mail())
        finally:
            connection.close()

    with transaction.atomic():
        written.append(mail())
        other = threading.Thread(target=second)
        other.start()
        # It now waits for our transaction, or comes after it: the same for what we test.
        other.join(timeout=0.5)
    other.join()

    assert [message.pk for message in written] == [Message.objects.get().pk] * 2


@pytest.mark.django_db(transaction=True)
def test_one_nudge_follows_the_commit_and_what_is_taken_back_is_not_mailed(invitation):
    with pytest.raises(TransactionManagementError):
        mail()
    with transaction.atomic():
        mail()
        transaction.set_rollback(True)
    assert not Message.objects.exists()
    assert not DBTaskResult.objects.exists()

    with transaction.atomic():
        for n in range(5):
            mail(f"mail-{n}")
        assert not DBTaskResult.objects.exists()
    assert DBTaskResult.objects.get().task_path == "sscnet.outbox.delivery.tasks.send_due"


@pytest.mark.django_db(transaction=True)
def test_the_mail_is_written_though_no_task_can_be_stored(invitation, no_tasks):
    with transaction.atomic():
        mail()

    assert Message.objects.due().count() == 1


def test_a_mail_waits_for_its_day(invitation):
    tomorrow = timezone.now() + timedelta(days=1)

    message = mail(due_at=tomorrow)

    assert message.next_try_at == tomorrow
    assert not Message.objects.due().exists()


# ------------------------------------------------------------------ words


def test_a_word_not_given_an_unknown_kind_and_a_key_twice_are_noticed_at_once(invitation):
    with pytest.raises(ValueError, match="days"):
        write("test_invitation", to="a@example.org", key="k", words={"institution": "Bamboo"})
    with pytest.raises(LookupError):
        write("nobody_registered_this", to="a@example.org", key="k")
    with pytest.raises(ValueError, match="test_invitation"):
        wordings.register(invitation.key)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{name} {name}", "Wang Wang"),
        ("{ name } {} {0}", "{ name } {} "),
        ("{name.__class__} {name!r} {name:>9}", "{name.__class__} {name!r} {name:>9}"),
        ("{{name}}", "{Wang}"),
        ("{nested}", "{name}"),
        ("100% sure", "100% sure"),
    ],
)
def test_filling_in_puts_values_in_place_and_reads_nothing_else(text, filled):
    assert fill(text, {"name": "Wang", "nested": "{name}", "0": ""}) == filled


def test_officers_words_of_one_language_leave_the_other_as_it_was(invitation):
    WordingOverride.objects.create(key=invitation.key, body_zh_hans="欢迎{institution}！")

    message = mail()

    assert "You can now act for Bamboo Institute." in message.text
    assert "欢迎Bamboo Institute！" in message.text
    assert "您现在可以代表" not in message.text
    # They are escaped, too.
    WordingOverride.objects.update(body="<script>alert(1)</script>")
    escaped = mail("escaped")
    assert "<script>" in escaped.text
    assert "<script>" not in escaped.html


def test_a_subject_is_not_given_secrets_whoever_wrote_it(secret):
    WordingOverride.objects.create(key=secret.key, subject="Your code {days}", body="It is {days}.")

    with transaction.atomic():
        words = {"institution": "Bamboo Institute", "days": "QWER-TYUI"}
        message = write(secret.key, to="wang@example.org", key="one", words=words)

    assert "QWER-TYUI" not in message.subject
    assert "It is QWER-TYUI." in message.text
