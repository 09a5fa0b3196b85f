"""How the portal and its machine are, in words, and what is to do.

One source for `manage.py status`, the page in the admin, and the watch that tells the operator.
What settings say wrong is found by `check --deploy`.
"""

import json
import os
import shutil
import ssl
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import django
from cryptography import x509
from django.conf import settings
from django.core.cache import cache
from django.core.mail import mailers
from django.db import DatabaseError, connection
from django.db.models import Min, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult
from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.multiprocess import MultiProcessCollector

from sscnet.outbox.due import LAST_RUN
from sscnet.outbox.models import Message
from sscnet.web.health import why_not_ready

HOUR, DAY = 3600, 24 * 3600
WORK_IS_LATE = ARCHIVE_IS_LATE = HOUR / 4
BACKUP_IS_LATE = 1.5 * DAY
DRILL_IS_LATE, CERTIFICATE_ENDS, RELEASE_IS_OLD = 40 * DAY, 21 * DAY, timedelta(days=120)
ROOM_NEEDED = 0.1
# In a day; an office mistypes fewer.
MANY_EVENTS = 100
SAFE_SETTINGS = ["fsync", "synchronous_commit", "full_page_writes"]
LAST_ARCHIVED = """
SELECT coalesce(last_archived_time, stats_reset) FROM pg_stat_archiver
WHERE current_setting('archive_mode') <> 'off' AND NOT pg_is_in_recovery()
"""
FAILED_SIGN_INS = {"password_wrong", "code_wrong", "second_factor_wrong"}
ODD_REQUESTS = {"refused", "form_forged_or_old"}
# Where gunicorn's processes count (gunicorn.conf.py), for who is none of them.
COUNTS = Path("/run/sscnet-metrics")
SLOWEST = 3


@dataclass(frozen=True)
class Finding:
    """What was found; `to_do` is empty where all is well."""

    shows: str
    to_do: str = ""
    # Otherwise it is advice: the portal can go on.
    is_wrong: bool = True
    # Tells one trouble from another.
    cause: str = ""
    name: str = ""

    @property
    def grade(self) -> str:
        if not self.to_do:
            return _("ok")
        return _("wrong") if self.is_wrong else _("to do")


_looks: list[tuple[str, Callable[[], Finding], bool]] = []


def look(name, asks_database: bool = False):
    def register(function):
        _looks.append((name, function, asks_database))
        return function

    return register


def lines() -> Iterator[Finding]:
    """Look at everything; of what the database knows nothing is said while it is away."""
    is_away = False
    for name, function, asks_database in _looks:
        if is_away and asks_database:
            continue
        try:
            found = function()
        except DatabaseError:
            is_away = True
            continue
        except OSError as error:
            found = Finding(_("not known"), str(error))
        cause = f"{function.__name__} {found.cause}".strip()
        yield replace(found, name=str(name), cause=cause)


# ------------------------------------------------------------------ the portal


@look(_("Version of the portal"))
def release() -> Finding:
    """A release is named by its day (deploy/lib.sh)."""
    name = settings.BASE_DIR.resolve().name
    shows, oldest = f"{name}; Django {django.get_version()}", timezone.localdate() - RELEASE_IS_OLD
    if name[:1].isdigit() and name < f"{oldest:%Y.%m.%d}":
        advice = _("It is old, and security fixes come with releases: ask for a newer one.")
        return Finding(shows, advice, is_wrong=False)
    return Finding(shows)


@look(_("Database"))
def database() -> Finding:
    """Ask what /readyz asks, and whether what PostgreSQL confirmed is kept when the power goes."""
    if reason := why_not_ready():
        is_old = "waiting" in reason
        return Finding(reason, "sscnet migrate" if is_old else "systemctl status 'postgresql@*'")
    with connection.cursor() as cursor:
        unsafe = "SELECT name FROM pg_settings WHERE name = ANY(%s) AND setting = 'off'"
        off = [name for (name,) in cursor.execute(unsafe, [SAFE_SETTINGS])]
    if off:
        advice = _("What was confirmed may get lost: turn on %(settings)s.")
        return Finding(_("answers"), advice % {"settings": ", ".join(off)}, cause="unsafe")
    return Finding(_("answers, and fits this release"))


@look(_("Pages"))
def pages() -> Finding:
    """Ask as visitors do, through the proxy; another fault is another cause."""
    address, to_do = f"{settings.PORTAL_ADDRESS}/readyz", "systemctl status sscnet nginx"
    context = ssl.create_default_context()
    if (found := certificate_shown()) and found.issuer == found.subject:
        # Self-signed: that is said once, below.
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with urlopen(address, timeout=20, context=context):  # noqa: S310
            return Finding(_("answers"))
    except OSError as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, ssl.SSLCertVerificationError):
            to_do = _("The file holds the certificate, then those of its issuers: does it?")
        shows = _("%(address)s does not answer as it should: %(error)s")
        cause = str(getattr(error, "code", type(reason).__name__))
        return Finding(shows % {"address": address, "error": error}, to_do, cause=cause)


@look(_("Certificate"))
def certificate() -> Finding:
    found = certificate_shown()
    if found is None:
        return Finding(_("none: the address is not https"))
    left = (found.not_valid_after_utc - timezone.now()).total_seconds()
    shows = _("%(n)d days left") % {"n": left // DAY}
    if left < CERTIFICATE_ENDS:
        advice = _("Put the new one in its place: deploy/install --certificate FILE --key FILE")
        return Finding(shows, advice)
    if found.issuer == found.subject:
        advice = _("It is self-signed, and browsers warn of it: get one from an authority.")
        return Finding(shows, advice, is_wrong=False)
    return Finding(shows)


def certificate_shown() -> x509.Certificate | None:
    """Ask as a visitor would: the files may be root's alone. Raise OSError where nobody answers."""
    address = urlsplit(settings.PORTAL_ADDRESS)
    if address.scheme != "https":
        return None
    place = (address.hostname, address.port or 443)
    return x509.load_pem_x509_certificate(ssl.get_server_certificate(place, timeout=5).encode())


@look(_("Slowest pages"))
def slowest_pages() -> Finding:
    """By how long answers took to begin on average, since the pages were started."""
    seconds, counts, errors = Counter(), Counter(), 0
    for family in counted().collect():
        for sample in family.samples:
            if sample.name == "sscnet_request_seconds_sum":
                seconds[sample.labels["view"]] += sample.value
            elif sample.name == "sscnet_request_seconds_count":
                counts[sample.labels["view"]] += sample.value
            elif sample.name == "sscnet_requests_total" and sample.labels["status"] == "500":
                errors += sample.value
    means = Counter({view: seconds[view] / counts[view] for view in counts if counts[view] >= 10})
    told = (
        _("%(view)s %(ms)d ms") % {"view": view, "ms": mean * 1000}
        for view, mean in means.most_common(SLOWEST)
    )
    shows = ", ".join(told) or _("too few requests")
    if errors:
        advice = _("%(n)d requests ended with an error of ours: journalctl -u sscnet -g exception")
        return Finding(shows, advice % {"n": errors}, is_wrong=False)
    return Finding(shows)


def counted() -> CollectorRegistry:
    """Return what all processes have counted; without a folder they share, what this one has."""
    of_gunicorn = map(str, COUNTS.glob("sscnet-metrics-*"))
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR") or next(of_gunicorn, None)
    if not folder:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=folder)
    return registry


# ------------------------------------------------------------------ the worker and mail


@look(_("Worker"), asks_database=True)
def worker() -> Finding:
    last, to_do = cache.get(LAST_RUN), "systemctl restart sscnet-worker"
    since = timezone.now().timestamp() - last if last else None
    if seconds_since(DBTaskResult.objects.ready(), "enqueued_at") > WORK_IS_LATE:
        return Finding(_("Tasks wait."), to_do)
    return aged(since, WORK_IS_LATE, to_do)


@look(_("Mail"), asks_database=True)
def mail() -> Finding:
    now = timezone.now()
    failed = Message.objects.filter(failed_at__gt=now - timedelta(days=1)).count()
    shows = _("%(waiting)d wait, %(failed)d were given up within a day")
    shows %= {"waiting": Message.objects.due().count(), "failed": failed}
    untried = Message.objects.waiting().filter(attempts=0)
    # Where the server takes so many an hour, what is more waits; a fifth is left for codes.
    sent = Message.objects.filter(sent_at__gt=now - timedelta(hours=1)).count()
    is_full = 0 < settings.MAIL_AN_HOUR - settings.MAIL_AN_HOUR // 5 <= sent
    if not is_full and seconds_since(untried, Coalesce("due_at", "created_at")) > WORK_IS_LATE:
        return Finding(
            shows, _("One waits too long: its page in the admin says why."), cause="late"
        )
    if failed:
        advice = _("Correct the address of each in the admin, and send it again.")
        return Finding(shows, advice, cause="failed")
    return Finding(shows)


@look(_("Mail server"))
def mail_server() -> Finding:
    mailer = mailers.default
    try:
        mailer.open()
    except OSError as error:
        shows = _("cannot be reached (%(error)s)") % {"error": error}
        return Finding(shows, _("See MAIL_HOST and the others in portal.env."))
    mailer.close()
    return Finding(_("answers"))


def seconds_since(rows: QuerySet, moment) -> float:
    """Return how long ago the earliest moment of these rows was; 0 where there are none."""
    return age(rows.aggregate(since=Min(moment))["since"]) or 0


def age(moment: datetime | None) -> float | None:
    return (timezone.now() - moment).total_seconds() if moment else None


# ------------------------------------------------------------------ backups


def protocol(name: str) -> dict:
    """Read what the last backup or drill left, if there is anything to read."""
    try:
        return json.loads((settings.OPERATIONS_FOLDER / f"{name}.json").read_text())
    except (ValueError, FileNotFoundError):
        return {}


def noted(name: str, field: str = "finished_at") -> float | None:
    """Return how long ago a moment was that a protocol names."""
    moment = protocol(name).get(field)
    return age(moment and datetime.fromisoformat(moment))


@look(_("Backup here"))
def backup() -> Finding:
    return aged(noted("backup"), BACKUP_IS_LATE, "journalctl -u sscnet-backup")


@look(_("Backup elsewhere"))
def backup_elsewhere() -> Finding:
    if protocol("backup").get("places", 1) < 2:
        advice = _("Set a second place: with this machine everything would be lost.")
        return Finding(_("none"), advice, is_wrong=False)
    return aged(noted("backup", "elsewhere_at"), BACKUP_IS_LATE, "journalctl -u sscnet-backup")


@look(_("Archive of the database's log"), asks_database=True)
def archive() -> Finding:
    """The portal writes each minute, so that there is always some to archive."""
    with connection.cursor() as cursor:
        row = cursor.execute(LAST_ARCHIVED).fetchone()
    if row is None:
        return Finding(_("not in use"))
    return aged(age(row[0]), ARCHIVE_IS_LATE, "tail /var/log/postgresql/*.log")


@look(_("Drill of a restore"))
def drill() -> Finding:
    since = noted("drill")
    if since is None:
        return Finding(_("none was made"), "/opt/sscnet/current/deploy/drill", is_wrong=False)
    if not protocol("drill").get("equal"):
        advice = _("It did not bring everything back: see drill.txt in %(folder)s.")
        advice %= {"folder": settings.OPERATIONS_FOLDER}
        return Finding(ago(since), advice, cause="different")
    return aged(since, DRILL_IS_LATE, "systemctl start sscnet-drill")


def aged(seconds: float | None, limit: float, to_do: str) -> Finding:
    if seconds is None:
        return Finding(_("none is known"), to_do)
    return Finding(ago(seconds), to_do if seconds > limit else "")


def ago(seconds: float) -> str:
    return _("%(time)s ago") % {"time": timesince(timezone.now() - timedelta(seconds=seconds))}


# ------------------------------------------------------------------ the machine, and who came


@look(_("Disk"))
def disk() -> Finding:
    folders = (settings.MEDIA_ROOT, tempfile.gettempdir(), "/var/lib/postgresql")
    usage = {str(one): shutil.disk_usage(one) for one in folders if Path(one).exists()}
    shares = {folder: found.free / found.total for folder, found in usage.items()}
    shows = ", ".join(f"{folder} {share:.0%}" for folder, share in shares.items())
    full = [folder for folder, share in shares.items() if share < ROOM_NEEDED]
    advice = _("Make room, never inside pg_wal.") if full else ""
    return Finding(_("free: %(shares)s") % {"shares": shows}, advice, cause=" ".join(full))


@look(_("Yesterday's sign-ins"))
def sign_ins() -> Finding:
    addresses, failed = Counter(), 0
    for event, address in events_of_yesterday():
        addresses[address] += 1
        failed += event in FAILED_SIGN_INS
    shows = _("%(failed)d failed, %(odd)d odd requests")
    shows %= {"failed": failed, "odd": addresses.total() - failed}
    if addresses.total() < MANY_EVENTS:
        return Finding(shows)
    [(address, n)] = addresses.most_common(1)
    advice = _("Somebody tries passwords or pages: %(address)s did %(n)d times (docs/operate.md).")
    return Finding(shows, advice % {"address": address, "n": n}, is_wrong=False)


def events_of_yesterday() -> Iterator[tuple[str, str]]:
    """Yield what of the security log should be rare, and from which address it came."""
    yesterday = timezone.localdate() - timedelta(days=1)
    # The one before is that which logrotate moved away last.
    paths = [Path(f"{settings.SECURITY_LOG or 'none'}{end}") for end in ("", ".1")]
    texts = (path.read_text(errors="replace") for path in paths if path.exists())
    for text in "".join(texts).splitlines():
        with suppress(ValueError):
            line = json.loads(text)
            day = timezone.localdate(datetime.fromisoformat(line["at"]))
            if day == yesterday and line["event"] in FAILED_SIGN_INS | ODD_REQUESTS:
                yield line["event"], line.get("address")


@look(_("Clocks"))
def clocks() -> Finding:
    """Say whose time is whose: the machine's own may well be UTC."""
    link = Path("/etc/localtime")
    own = str(link.resolve()).partition("zoneinfo/")[2] if link.exists() else str(UTC)
    shows = _("backups and `restore --to` go by %(zone)s, `date` and `journalctl` by %(own)s")
    return Finding(shows % {"zone": settings.TIME_ZONE, "own": own})
