"""How the portal stands now, in numbers: for `/metrics` and for `status`.

What cannot be known (no backup was made yet, the database is away) is left out.
"""

import json
import shutil
import ssl
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Min
from django.db.models.functions import Coalesce
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from prometheus_client.core import GaugeMetricFamily

from sscnet.outbox.models import Message

type Values = dict[tuple[str, ...], float]

# By name: what it says, its labels, and what reads it.
_gauges: dict[str, tuple[str, tuple[str, ...], Callable[[], Values | float | None]]] = {}


def gauge(name: str, text: str, *labels: str):
    """Return a decorator: the function reads the gauge of this name."""

    def register(read):
        _gauges[name] = text, labels, read
        return read

    return register


class PortalState:
    """Collects for prometheus-client."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for name, (text, labels, read) in _gauges.items():
            family = GaugeMetricFamily(name, text, labels=labels)
            for values, number in values_of(read).items():
                family.add_metric(values, number)
            yield family


def values_of(read) -> Values:
    try:
        found = read()
    except (DatabaseError, OSError):
        return {}
    if found is None:
        return {}
    return found if isinstance(found, dict) else {(): found}


def readings() -> dict[str, Values]:
    """Return the values of each gauge."""
    return {name: values_of(read) for name, (_text, _labels, read) in _gauges.items()}


# ------------------------------------------------------------------ the database


@gauge("sscnet_database_up", "1 while the database answers.")
def database_up():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return 0
    return 1


@gauge("sscnet_mail_waiting", "Mails that are due and were not sent.")
def mail_waiting():
    return Message.objects.due().count()


@gauge("sscnet_mail_oldest_seconds", "Seconds since the longest waiting mail should have gone out.")
def mail_oldest_seconds():
    since = Min(Coalesce("due_at", "created_at"))
    return age(Message.objects.waiting().filter(attempts=0).aggregate(since=since)["since"])


@gauge("sscnet_mail_failed", "Mails given up within a day.")
def mail_failed():
    return Message.objects.filter(failed_at__gt=timezone.now() - timedelta(days=1)).count()


@gauge("sscnet_task_oldest_seconds", "Seconds that a task has waited for the worker.")
def task_oldest_seconds():
    return age(DBTaskResult.objects.ready().aggregate(since=Min("enqueued_at"))["since"])


@gauge("sscnet_archive_age_seconds", "Seconds since the database's log last got into the backup.")
def archive_age_seconds():
    """The portal writes each minute, so that there is always some to archive."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(last_archived_time, stats_reset) FROM pg_stat_archiver"
            " WHERE current_setting('archive_mode') <> 'off' AND NOT pg_is_in_recovery()"
        )
        row = cursor.fetchone()
    return age(row[0]) if row else None


def age(moment: datetime | None) -> float:
    return max(0, (timezone.now() - moment).total_seconds()) if moment else 0


# ------------------------------------------------------------------ files


def protocol(name: str) -> dict:
    """Read what the last backup or drill left, if there is anything to read."""
    try:
        return json.loads((settings.OPERATIONS_FOLDER / f"{name}.json").read_text())
    except (ValueError, FileNotFoundError):
        return {}


def seconds_since(name: str, field: str = "finished_at") -> float | None:
    finished = protocol(name).get(field)
    return age(datetime.fromisoformat(finished)) if finished else None


@gauge("sscnet_backup_age_seconds", "Seconds since the last backup was finished.")
def backup_age_seconds():
    return seconds_since("backup")


@gauge("sscnet_drill_age_seconds", "Seconds since the last drill was finished.")
def drill_age_seconds():
    return seconds_since("drill")


@gauge("sscnet_drill_equal", "1 if the last drill found everything as it was.")
def drill_equal():
    return protocol("drill").get("equal")


@gauge("sscnet_certificate_seconds", "Seconds until the certificate of the portal's address ends.")
def certificate_seconds():
    found = certificate()
    return found and (found.not_valid_after_utc - timezone.now()).total_seconds()


def certificate() -> x509.Certificate | None:
    """Ask as a visitor would: the files may be root's alone. Raise OSError where nobody answers."""
    address = urlsplit(settings.PORTAL_ADDRESS)
    if address.scheme != "https":
        return None
    place = (address.hostname, address.port or 443)
    return x509.load_pem_x509_certificate(ssl.get_server_certificate(place, timeout=5).encode())


@gauge("sscnet_disk_free_ratio", "Room left on the disk of a folder, as a share of it.", "folder")
def disk_free_ratio():
    shares = {}
    for folder in (settings.MEDIA_ROOT, tempfile.gettempdir(), "/var/lib/postgresql"):
        if Path(folder).exists():
            usage = shutil.disk_usage(folder)
            shares[(str(folder),)] = usage.free / usage.total
    return shares
