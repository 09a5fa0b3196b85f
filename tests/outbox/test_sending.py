"""Sending by a real mail server: every mail arrives, and none twice."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from sscnet.outbox import due
from sscnet.outbox.delivery import sending
from sscnet.outbox.delivery.sending import Unreachable, send_due
from sscnet.outbox.models import WAITS, Message
from sscnet.outbox.post import write
from tests import make
from tests.meetings.test_places_at_once import at_once
from tests.outbox.mail_server import Inbox, free_port, running, smtp_on

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).parents[2]


@pytest.fixture
def port(settings):
    """A port for the mail server, which the portal knows; nothing listens on it yet."""
    port = free_port()
    settings.MAILERS = smtp_on(port)
    return port


@pytest.fixture
def inbox():
    return Inbox()


@pytest.fixture
def server(inbox, port):
    with running(inbox, port):
        yield inbox


@pytest.fixture
def two_hundred(invitation):
    with transaction.atomic():
        return [mail(n) for n in range(200)]


def mail(n, kind="test_invitation", **values):
    words = {"institution": f"Institute {n}", "days": 7}
    return write(kind, to=f"person{n}@example.org", key=f"mail-{n}", words=words, **values)


def written(*args, **values):
    with transaction.atomic():
        return mail(*args, **values)


def worker(port, name="run_due"):
    """Start a command that sends in a process of its own, on the tests' database."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    environment = {
        "DEBUG": "true",
        "DATABASE_URL": url.geturl(),
        "MAIL_HOST": "127.0.0.1",
        "MAIL_PORT": str(port),
    }
    command = [sys.executable, "manage.py", name]
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment, stdout=pipe, stderr=pipe, text=True
    )


def let_time_pass():
    Message.objects.waiting().update(next_try_at=timezone.now())


def test_a_first_try_heeds_no_clock_that_was_ahead(server, invitation):
    tomorrow = timezone.now() + timedelta(days=1)
    with transaction.atomic():
        first, again, later = mail(1), mail(2), mail(3, due_at=tomorrow)
    written_ahead = Message.objects.filter(pk__in=[first.pk, again.pk])
    written_ahead.update(next_try_at=tomorrow)
    Message.objects.filter(pk=again.pk).update(attempts=1)

    assert send_due() == 1
    assert set(Message.objects.waiting()) == {again, later}


# ------------------------------------------------------------------ killed, stopped, started again


def test_two_hundred_mails_outlive_a_killed_worker_and_a_stopped_server(two_hundred, inbox, port):
    def kill_the_worker_at_the_hundredth(mail):
        if len(inbox.mails) == 99:
            process.kill()
            return "451 not accepted"
        return None

    inbox.before = kill_the_worker_at_the_hundredth
    with running(inbox, port):
        process = worker(port)
        process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert len(inbox.mails) == 99

    stopped = worker(port)
    _out, error = stopped.communicate()
    assert stopped.returncode == 1
    assert "The mail server cannot be reached" in error

    inbox.before = lambda mail: None
    with running(inbox, port):
        again = worker(port)
        again.communicate()

    assert again.returncode == 0
    arrived = Counter(mail["To"] for mail in inbox.mails)
    assert arrived == Counter(message.to for message in two_hundred)
    assert Message.objects.sent().count() == 200


def test_a_server_that_dies_in_the_middle_loses_nothing(invitation, inbox, port):
    def drop_the_line(mail):
        return "421 closing down" if len(inbox.mails) >= 5 else None

    with transaction.atomic():
        mails = [mail(n) for n in range(10)]

    inbox.before = drop_the_line
    with running(inbox, port):
        send_due()
    inbox.before = lambda mail: None
    let_time_pass()
    with running(inbox, port):
        send_due()

    assert Counter(mail["To"] for mail in inbox.mails) == Counter(m.to for m in mails)


@pytest.mark.proof
def test_what_was_accepted_just_before_the_kill_comes_again_under_the_same_id(
    invitation, inbox, port
):
    """The one instant nobody can close: the server has said 250, and we have not heard it."""
    written(1)

    def stop_the_worker(mail):
        # It stands still while the server answers, and is killed before it can read the answer.
        os.kill(process.pid, signal.SIGSTOP)

    inbox.before = stop_the_worker
    with running(inbox, port):
        process = worker(port)
        wait_for(lambda: inbox.mails or process.poll() is not None)
        process.kill()
        process.communicate()
    assert Message.objects.waiting().count() == 1

    inbox.before = lambda mail: None
    with running(inbox, port):
        # The database frees the row once it notices that the worker is gone.
        wait_for(send_due)

    first, second = inbox.mails
    assert first["Message-ID"] == second["Message-ID"]


def wait_for(condition):
    reached = threading.Event()
    while not condition():
        reached.wait(0.02)


def test_two_senders_at_once_send_each_mail_once(two_hundred, server):
    assert sum(at_once(*[send_due] * 4)) == 200
    assert set(Counter(server.subjects).values()) == {1}
    assert len(server.mails) == 200


def test_a_mail_that_another_is_sending_is_left_to_it(invitation, server):
    message = written(1)
    counts = []

    def send():
        try:
            counts.append(send_due())
        finally:
            connection.close()

    with transaction.atomic():
        Message.objects.select_for_update().get(pk=message.pk)
        other = threading.Thread(target=send)
        other.start()
        other.join(timeout=20)
        assert counts == [0]
    other.join()

    assert send_due() == 1


# ------------------------------------------------------------------ what goes wrong


def test_a_server_that_takes_fifty_an_hour_gets_no_more_and_nothing_is_lost(
    invitation, secret, server, settings
):
    taken = []

    def refuse_the_51st(mail):
        taken.append(mail["To"])
        return "554 too many receivers" if len(taken) > 50 else None

    server.before = refuse_the_51st
    settings.MAIL_AN_HOUR = 50
    with transaction.atomic():
        for n in range(110):
            mail(n)
    sent = [sum(at_once(send_due, send_due))]
    written(200, kind=secret.key, link="/accept/token/")
    sent += [send_due(), send_due()]
    assert taken[-1] == "person200@example.org"
    for _hour in range(2):
        Message.objects.sent().update(sent_at=timezone.now() - timedelta(hours=2))
        taken.clear()
        sent.append(send_due())

    assert sent == [40, 1, 0, 40, 30]
    assert set(Counter(mail["To"] for mail in server.mails).values()) == {1}
    assert not Message.objects.exclude(attempts=0, failed_at=None).exists()


def test_while_the_database_is_away_a_pass_of_the_worker_logs_one_line(settings):
    """By a process of its own, whose database does not answer."""
    one_pass = """import threading, django; django.setup()
from secretariat.management.commands import worker
over = threading.Event()
worker.repeat(over, 0, 0, lambda: (over.set(), worker.one_pass()))"""
    values = {"DEBUG": "true", "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    done = subprocess.run(
        [sys.executable, "-c", one_pass],
        check=True,
        capture_output=True,
        text=True,
        cwd=settings.BASE_DIR,
        env=os.environ | values | {"DJANGO_SETTINGS_MODULE": "sscnet.settings"},
    )
    assert "Traceback" not in done.stderr
    assert done.stderr.count(" WARNING ") == 1


def test_an_unreachable_server_costs_no_mail_an_attempt_and_is_told(invitation, port):
    written(1)

    with pytest.raises(Unreachable):
        send_due()

    message = Message.objects.get()
    assert (message.attempts, message.state) == (0, Message.State.WAITING)
    assert "refused" in message.last_error
    assert message in Message.objects.due()


def test_a_refused_mail_waits_longer_each_time_and_ends_as_a_dead_letter(invitation, server):
    server.before = lambda mail: "550 no such mailbox"
    message = written(1)

    waits = []
    while message.failed_at is None:
        before = timezone.now()
        let_time_pass()
        assert send_due() == 0
        message.refresh_from_db()
        waits.append(message.next_try_at - before)

    minutes = [round(wait / timedelta(minutes=1)) for wait in waits[:-1]]
    assert minutes == [1, 2, 5, 15, 30, 60, 120, 240, 480, 480]
    assert message.state == Message.State.FAILED
    assert "no such mailbox" in message.last_error
    assert timedelta(hours=20) < sum(WAITS, timedelta()) < timedelta(hours=30)


def test_a_dead_letter_is_left_alone_until_it_is_sent_again(invitation, server):
    message = written(1)
    Message.objects.update(failed_at=timezone.now(), attempts=11)
    assert send_due() == 0

    Message.objects.filter(pk=message.pk).send_again()

    assert send_due() == 1
    assert len(server.mails) == 1


def test_a_mail_that_is_refused_or_cannot_be_made_or_breaks_the_line_holds_up_no_other(
    invitation, server
):
    refused = {"person1@example.org": "550 no", "person4@example.org": "421 good bye"}
    server.before = lambda mail: refused.get(mail["To"])
    broken = written(0)
    broken.attachments.create(name="a", content_type="nonsense", content=b"a")
    for n in range(1, 6):
        written(n)

    assert send_due() == 3

    arrived = [mail["To"] for mail in server.mails]
    assert arrived == [f"person{n}@example.org" for n in (2, 3, 5)]
    broken.refresh_from_db()
    assert (broken.attempts, bool(broken.last_error)) == (1, True)


def test_a_secret_is_kept_until_it_is_sent_or_will_never_be(secret, server):
    server.before = lambda mail: "451 later"
    written(1, kind=secret.key, link="/accept/token/")
    written(2, kind=secret.key, link="/accept/token/")

    send_due()
    assert all("/accept/token/" in message.text for message in Message.objects.all())
    Message.objects.filter(key="mail-1").update(attempts=len(WAITS), next_try_at=timezone.now())
    send_due()
    server.before = lambda mail: None
    let_time_pass()
    send_due()

    never, sent = Message.objects.order_by("key")
    assert (never.text, never.html, never.state) == ("", "", Message.State.FAILED)
    assert (sent.text, sent.html, sent.state) == ("", "", Message.State.SENT)
    assert "/accept/token/" in server.mails[0].get_body(["plain"]).get_content()


# ------------------------------------------------------------------ pages, tasks, the sweep


def test_no_page_waits_for_a_mail_server_that_does_not_answer(invitation, port, client):
    client.force_login(make.Administrator())
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", port))
        listener.listen()
        message = written(1)
        Message.objects.update(failed_at=timezone.now())
        data = {"action": "send_again", "_selected_action": [message.pk]}
        client.post(reverse("admin:outbox_message_changelist"), data)

        listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert Message.objects.due().count() == 1


@pytest.fixture
def functions(monkeypatch):
    registered = []
    monkeypatch.setattr(due, "_functions", registered)
    return registered


def test_a_sweep_does_what_is_due_and_sends_what_that_wrote(invitation, server, functions):
    due.register(lambda: written(1))

    call_command("run_due")
    call_command("run_due")

    assert len(server.mails) == 1


def test_what_fails_in_a_sweep_stops_nothing_else_and_is_told(invitation, server, functions):
    @due.register
    def fails():
        raise ZeroDivisionError

    due.register(lambda: written(1))

    with pytest.raises(CommandError, match="fails"):
        call_command("run_due")
    assert len(server.mails) == 1


def test_a_worker_that_is_nudged_sends_and_a_sweep_forgets_nudges_of_last_month(invitation, server):
    written(1)
    call_command("db_worker", batch=True, reload=False, startup_delay=False, verbosity=0)
    assert len(server.mails) == 1
    DBTaskResult.objects.update(finished_at=timezone.now() - timedelta(days=40))

    call_command("run_due")

    assert not DBTaskResult.objects.exists()


@pytest.mark.proof
def test_a_worker_told_to_stop_ends_after_the_mail_at_hand(two_hundred, inbox, port):
    def ask_to_stop(mail):
        if len(inbox.mails) == 20:
            process.terminate()

    inbox.before = ask_to_stop
    # No nudge: what sends is the pass of each minute.
    DBTaskResult.objects.all().delete()
    with running(inbox, port):
        process = worker(port, "worker")
        process.communicate()

    assert process.returncode == 0
    assert len(inbox.mails) == Message.objects.sent().count()
    assert 20 < len(inbox.mails) < 200


def test_sending_marks_only_what_it_sent(invitation, server):
    written(1)
    later = written(2, due_at=timezone.now() + timedelta(days=1))

    assert sending.send_due() == 1

    assert list(Message.objects.waiting()) == [later]
