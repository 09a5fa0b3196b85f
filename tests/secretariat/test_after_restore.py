"""A restored database: no mail goes out twice, what was erased goes again."""

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from meetings.models import Delegate
from sscnet.core.personal_data import erasure_log
from sscnet.outbox import due
from sscnet.outbox.models import Message
from tests import make

pytestmark = pytest.mark.django_db
NOW, HOUR = timezone.now(), timedelta(hours=1)


def mail(key, at=NOW - HOUR, **values):
    values = {"kind": "any", "to": "wang@example.org", "subject": key, "text": "text"} | values
    return Message.objects.create(key=key, due_at=at, next_try_at=at, **values)


def test_mails_that_were_due_wait_for_an_officer():
    for message in (mail("due"), mail("secret", holds_secret=True)):
        assert message.state == "waiting"
    mail("later", timezone.now() + HOUR)
    mail("sent", sent_at=NOW)

    call_command("after_restore")

    mails = {message.key: message for message in Message.objects.all()}
    assert {key: message.state for key, message in mails.items()} == {
        "due": "failed",
        "secret": "failed",
        "later": "waiting",
        "sent": "sent",
    }
    assert mails["due"].last_error.startswith("Held back after a restore: this email may have been")
    assert "恢复" in mails["due"].last_error
    assert (mails["due"].text, mails["secret"].text) == ("text", "")
    assert Message.objects.send_again() == 1


def test_reminders_of_the_time_since_an_earlier_state_are_held_too(monkeypatch):
    cache.set("reminded", True)
    monkeypatch.setattr(due, "_functions", [lambda: cache.get("reminded") or mail("reminder")])

    call_command("after_restore")
    assert not Message.objects.exists()

    cache.set("reminded", True)
    call_command("after_restore", "--earlier")
    assert [message.state for message in Message.objects.all()] == ["failed"]


def test_who_was_erased_is_erased_again_and_nobody_stays_signed_in(
    django_capture_on_commit_callbacks,
):
    session = SessionStore()
    session.create()
    erased, other = make.Delegate(mobile="13912345678", nationality="CN"), make.Delegate()
    slip = default_storage.save("slip.pdf", ContentFile(b"%PDF"))
    erased.delegation.return_slips.create(file=slip)
    erasure_log.append(f'{{"kind": "delegate", "id": {erased.pk}, "at": "{timezone.now()}"}}')

    with django_capture_on_commit_callbacks(execute=True):
        call_command("after_restore")

    assert list(Delegate.objects.filter(erased_at=None)) == [other]
    erased.refresh_from_db()
    assert (erased.mobile, erased.nationality) == ("", "")
    assert not erased.delegation.return_slips.exists()
    assert not default_storage.exists(slip)
    assert not session.exists(session.session_key)


def test_files_that_are_missing_are_named():
    delegation = make.Delegate().delegation
    name = default_storage.save("letter.pdf", ContentFile(b"%PDF"))
    slip = delegation.return_slips.create(file=name)
    call_command("check_files")
    default_storage.delete(name)

    with pytest.raises(CommandError, match=f"meetings.ReturnSlip {slip.pk}: {name}"):
        call_command("after_restore")


def test_the_operator_is_told(monkeypatch, mailoutbox, settings):
    monkeypatch.setattr("sys.stdin", StringIO("All tables are equal."))
    with pytest.raises(CommandError, match="OPERATOR_MAIL is not set"):
        call_command("tell_operator", "The drill")
    settings.OPERATOR_MAIL = "operator@example.org"

    call_command("tell_operator", "The drill")

    [told] = mailoutbox
    assert (told.subject, told.to) == ("The drill", ["operator@example.org"])
    assert told.body == "All tables are equal."
