"""What mail needs of a server's settings, and where mail goes on a development machine."""

import io

import pytest
from django.core.mail import EmailMultiAlternatives
from django.core.management import CommandError, call_command

from sscnet.outbox import wordings
from sscnet.outbox.checks import check_mail_settings
from sscnet.outbox.delivery.local_mail import EmailBackend
from tests.outbox.mail_server import Inbox, free_port, running, smtp_on
from tests.outbox.text_problems import problems_of_texts
from tests.test_settings import PRODUCTION, manage
from tests.tls import certificate


def test_each_registered_mail_has_its_texts():
    assert list(problems_of_texts()) == []


CODE = """\
Subject: Your code
Kind: code
{code}: the code

It is {code}.
"""


@pytest.mark.parametrize(
    ("english", "chinese", "problem"),
    [
        (CODE, None, "zh_Hans/trial.txt: It is missing"),
        (CODE.replace("Kind: code\n", ""), CODE, "en/trial.txt: It lacks ['Kind']"),
        (CODE, CODE.replace("{code}: the code\n", ""), "trial.txt: It lacks ['{code}']"),
        (CODE.replace("Kind:", "Knd: A\nKind:"), CODE, "does not know ['Knd']"),
        (CODE.replace("is", "{is}"), CODE.replace("is", "{is}"), "does not fill in ['is']"),
        (CODE, CODE.replace("is {code}", "is"), "Its body has not the ['code']"),
        (
            CODE.replace("Your", "Your {code}"),
            CODE,
            "en/trial.txt: The subject has the secret ['code']",
        ),
    ],
)
def test_a_text_that_does_not_fit_its_code_is_an_error(
    invitation, monkeypatch, tmp_path, english, chinese, problem
):
    assert "no mail is registered as this" in next(problems_of_texts())
    monkeypatch.setattr(wordings, "FOLDER", tmp_path)
    wordings.WORDINGS.clear()
    for folder, text in [("en", english), ("zh_Hans", chinese)]:
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "placeholders.txt").touch()
        if text:
            (tmp_path / folder / "trial.txt").write_text(text)

    wordings.register("trial", "code", secrets=frozenset({"code"}))

    assert problem in "\n".join(problems_of_texts())


def ids():
    return [warning.id for warning in check_mail_settings(None)]


def test_links_that_lead_nowhere_and_replies_to_nobody_are_told(settings):
    ours = settings.PORTAL_ADDRESS = "https://portal.example.org"
    settings.SECRETARIAT_MAILBOX = "office@example.org"
    assert ids() == []
    for address in ("https://*", "https://.example.org", "portal.example.org"):
        settings.PORTAL_ADDRESS = address
        assert ids() == ["outbox.W001"]
    settings.PORTAL_ADDRESS, settings.SECRETARIAT_MAILBOX = ours, ""
    assert ids() == ["outbox.W002"]
    settings.SECRETARIAT_MAILBOX = "office@example.org"
    settings.MAIL_USER = "Portal@example.org"
    settings.DEFAULT_FROM_EMAIL = "portal@example.org"
    settings.MAINLAND = True
    assert ids() == []
    settings.DEFAULT_FROM_EMAIL = "Office <office@example.org>"
    assert ids() == ["outbox.W004"]


def test_on_port_465_all_is_encrypted_and_elsewhere_as_mail_tls_asks():
    for port, ssl, tls in (("465", True, False), ("587", False, True)):
        said = manage("diffsettings", **PRODUCTION, MAIL_PORT=port, MAIL_TLS="true").stdout
        assert f"'use_ssl': {ssl}, 'use_tls': {tls}" in said


def test_a_test_mail_goes_over_tls_and_says_what_fails(settings, tmp_path, monkeypatch):
    context, trusted = certificate(tmp_path)
    inbox, port = Inbox(), free_port()
    settings.MAILERS = smtp_on(port)
    settings.MAILERS["default"]["OPTIONS"] |= {"host": "localhost", "use_ssl": True}

    with running(inbox, port, ssl_context=context):
        with pytest.raises(CommandError, match=r"cannot be encrypted \(MAIL_HOST, MAIL_PORT"):
            call_command("send_test_mail", "wang@example.org")
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        call_command("send_test_mail", "wang@example.org")
        inbox.before = lambda mail: "554 Not today"
        with pytest.raises(CommandError, match=r"refuses the mail: \(554"):
            call_command("send_test_mail", "wang@example.org")
    with pytest.raises(CommandError, match=r"cannot be reached \(MAIL_HOST, MAIL_PORT"):
        call_command("send_test_mail", "wang@example.org")

    assert inbox.subjects == ["Test / 测试"]


def test_a_development_machine_shows_mails():
    console = io.StringIO()
    mail = EmailMultiAlternatives("Invitation / 邀请", "您好", to=["wang@example.org"])
    mail.attach_alternative("<p>您好</p>", "text/html")

    assert EmailBackend(stream=console).send_messages([mail, mail]) == 2

    shown = "To: wang@example.org\nSubject: Invitation / 邀请\n\n您好\n"
    assert console.getvalue().count(shown) == 2
