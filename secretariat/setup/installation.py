"""What is wrong with an installed portal, in words: `manage.py check_install`.

What settings say wrong is found by `check --deploy`; here it is what only shows on the machine.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.mail import mailers
from django.db import DatabaseError, connection
from django.test import RequestFactory
from django.urls import resolve, reverse
from django.utils import timezone

from sscnet.monitoring import state
from sscnet.monitoring.alarms import CERTIFICATE_SECONDS
from sscnet.outbox.due import LAST_RUN

# What PostgreSQL confirmed is kept when the power goes.
SAFE_SETTINGS = ("fsync", "synchronous_commit", "full_page_writes")
ROOM_NEEDED = 0.1
# The timer comes every minute; a pass may take some.
PASS_IS_LATE = timedelta(minutes=20)
# Seconds.
TASK_IS_LATE, BACKUP_IS_LATE, ARCHIVE_IS_LATE = 5 * 60, 36 * 3600, 15 * 60


def problems() -> Iterator[tuple[str, str]]:
    """Yield what was looked at, and what is to do there: nothing where all is well."""
    for look in LOOKS:
        yield look.__name__.replace("_", " "), problem_of(look)


def problem_of(look: Callable[[], str | None]) -> str:
    try:
        return look() or ""
    except DatabaseError as error:
        return f"the database does not answer: {error}"
    except OSError as error:
        return str(error)


def database() -> str | None:
    """Ask what /readyz asks: migrations and triggers."""
    # The view by itself: no middleware, and no redirect to HTTPS.
    path = reverse("readyz")
    answer = resolve(path).func(RequestFactory().get(path))
    said = answer.content.decode().strip()
    if answer.status_code == 200:
        return None
    return f"{said}: {'migrate' if 'waiting' in said else 'systemctl status postgresql@17-main'}"


def encoding() -> str | None:
    found = shown("server_encoding")
    return None if found == "UTF8" else f"the database has {found}: make it anew with UTF8"


def time_zone() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_timezone_names WHERE name = %s", [settings.TIME_ZONE])
        is_known = cursor.fetchone()
        cursor.execute("SELECT clock_timestamp()")
        apart = abs(timezone.now() - cursor.fetchone()[0])
    if not is_known:
        return f"PostgreSQL does not know {settings.TIME_ZONE}: install tzdata"
    if apart > timedelta(seconds=2):
        return f"the clocks of portal and database are {apart.total_seconds():.0f} seconds apart"
    return None


def durability() -> str | None:
    off = [name for name in SAFE_SETTINGS if shown(name) == "off"]
    return f"what was confirmed may get lost: turn on {', '.join(off)}" if off else None


def shown(setting: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [setting])
        return cursor.fetchone()[0]


def room_on_disk() -> str | None:
    for (folder,), share in state.disk_free_ratio().items():
        if share < ROOM_NEEDED:
            return f"of the disk of {folder} {share:.0%} are left: make room"
    return None


def mail_server() -> str | None:
    mailer = mailers.default
    try:
        mailer.open()
    except OSError as error:
        return f"it cannot be reached ({error}): see MAIL_HOST and the others of .env.example"
    mailer.close()
    return None


def worker() -> str | None:
    is_late = state.task_oldest_seconds() > TASK_IS_LATE
    return "tasks wait: systemctl restart sscnet-worker" if is_late else None


def timer() -> str | None:
    last = cache.get(LAST_RUN)
    last = last and datetime.fromtimestamp(last, UTC)
    if last is None or timezone.now() - last > PASS_IS_LATE:
        return f"run_due ran last: {last or 'never'}: systemctl status sscnet-due.timer"
    return None


def backup() -> str | None:
    seconds = state.backup_age_seconds()
    if seconds is None:
        return "none is known: systemctl status 'sscnet-backup*'"
    if seconds > BACKUP_IS_LATE:
        return f"the newest is {seconds / 3600:.0f} hours old: systemctl status 'sscnet-backup*'"
    return None


def archive() -> str | None:
    seconds = state.archive_age_seconds() or 0
    if seconds > ARCHIVE_IS_LATE:
        return (
            f"for {seconds / 60:.0f} minutes the database's log got into no backup: its own log, in"
            " /var/log/postgresql, says why"
        )
    return None


def certificate() -> str | None:
    seconds = state.certificate_seconds()
    if seconds is not None and seconds < CERTIFICATE_SECONDS:
        return f"it ends in {seconds / 86400:.0f} days: renew it, or see why certbot does not"
    return None


def time_zones() -> str:
    """Say whose time is whose: the machine's own may well be UTC."""
    link = Path("/etc/localtime")
    own = str(link.resolve()).partition("zoneinfo/")[2] if link.exists() else "UTC"
    return (
        f"The office's time is {settings.TIME_ZONE}: timers and `restore --to` go by it. The "
        f"machine's clock, as `date` and `journalctl` show it, is in {own}."
    )


LOOKS = [
    database,
    encoding,
    time_zone,
    durability,
    room_on_disk,
    mail_server,
    worker,
    timer,
    backup,
    archive,
    certificate,
]
