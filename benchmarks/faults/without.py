"""What protects from each fault, and how `--without` takes it out; none of it is in the portal."""

import os

from django.utils import timezone

PROTECTIONS = {
    "database-killed": "sync",
    "database-stopped": "outage",
    "database-restarted": "server-error",
    "database-frozen": "limit",
    "pool": "limit",
    "log-full": "restart",
    "gunicorn-killed": "restart",
    "clock": "first-try",
    "slow-clients": "nginx",
    "uploads-full": "whole-files",
    "tmp-full": "server-error",
    "mail-down": "unreachable",
    "mail-slow": "locks",
    "mail-refusing": "failures",
    "sender-killed": "transaction",
    "worker-killed": "sweep",
}


def is_out(protection: str) -> bool:
    return os.environ.get("WITHOUT") == protection


def settings_of_database() -> dict[str, str]:
    if is_out("sync"):
        # With the usual fifth of a second less is lost.
        return {"synchronous_commit": "off", "wal_writer_delay": "10s"}
    return {"restart_after_crash": "off"} if is_out("restart") else {}


def take_out():
    """Replace what protects, in every process of the faults."""
    from sscnet.core.database import connections
    from sscnet.outbox import models
    from sscnet.outbox.delivery import sending

    if is_out("limit"):
        connections.ANSWER_SECONDS = 0
    if is_out("first-try"):
        models.MessageQuerySet.due = due_by_clock_alone
    if is_out("unreachable"):
        sending.open_connection = lambda mailer: None
    if is_out("locks"):
        models.MessageQuerySet.select_for_update = lambda self, **options: self
    if is_out("failures"):
        models.Message.record_failure = raise_failure
    if is_out("transaction"):
        sending.send_next = send_after_commit


def due_by_clock_alone(messages):
    return messages.waiting().filter(next_try_at__lte=timezone.now())


def raise_failure(message, error):
    raise error


def send_after_commit(mailer):
    """Mark a mail as sent, commit, and send it then."""
    from sscnet.outbox.delivery.sending import as_email
    from sscnet.outbox.models import Message

    message = Message.objects.due().order_by("pk").first()
    if message:
        message.mark_sent()
        message.save()
        mailer.send_messages([as_email(message)])
    return message
