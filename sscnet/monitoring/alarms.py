"""What is wrong now, in words, for those who have no Prometheus.

`deploy/prometheus-alerts.yaml` says the same of the same numbers; what needs a memory (rates of
errors, slow pages) is there alone.
"""

import ssl
from collections.abc import Iterator
from urllib.request import urlopen

from django.conf import settings

from .state import Values, readings

HOUR, DAY = 3600, 24 * 3600
CERTIFICATE_SECONDS = 21 * DAY
# Name of the gauge, when it is wrong, what to say; {labels} and {number} are filled in.
RULES = [
    ("sscnet_database_up", lambda n: n < 1, "The database does not answer."),
    ("sscnet_mail_oldest_seconds", lambda n: n > HOUR / 4, "A mail waits for {number:.0f} s."),
    ("sscnet_mail_failed", lambda n: n > 0, "{number:.0f} mails were given up within a day."),
    ("sscnet_task_oldest_seconds", lambda n: n > HOUR / 4, "The worker does nothing."),
    ("sscnet_backup_age_seconds", lambda n: n > 1.5 * DAY, "The last backup is over 36 hours old."),
    ("sscnet_archive_age_seconds", lambda n: n > HOUR / 4, "The database's log is not archived."),
    ("sscnet_drill_age_seconds", lambda n: n > 40 * DAY, "The last drill is 40 days old."),
    ("sscnet_drill_equal", lambda n: n < 1, "The last drill did not bring everything back."),
    (
        "sscnet_certificate_seconds",
        lambda n: n < CERTIFICATE_SECONDS,
        "The certificate ends within 21 days.",
    ),
    ("sscnet_disk_free_ratio", lambda n: n < 0.1, "The disk of {labels} is nearly full."),
]
# Without such a number nobody would hear that there are no backups at all.
EXPECTED = {
    "sscnet_backup_age_seconds": "No backup is known.",
    "sscnet_drill_age_seconds": "No drill is known.",
}


def current() -> dict[str, str]:
    """Return what is wrong, by cause."""
    return dict([*alarms(readings()), *unanswered()])


def alarms(found: dict[str, Values]) -> Iterator[tuple[str, str]]:
    for name, is_wrong, text in RULES:
        for labels, number in found[name].items():
            if is_wrong(number):
                said = text.format(labels=" ".join(labels), number=number)
                yield " ".join([name, *labels]), said
    for name, text in EXPECTED.items():
        if not found[name]:
            yield name, text


def unanswered() -> Iterator[tuple[str, str]]:
    """Ask the portal as its visitors do, through the proxy; another fault is another cause.

    A certificate that browsers do not trust is one, and what else is wrong is asked without it.
    """
    address = f"{settings.PORTAL_ADDRESS}/readyz"
    for context in (ssl.create_default_context(), trusting_all()):
        try:
            with urlopen(address, timeout=20, context=context):  # noqa: S310
                return
        except OSError as error:
            reason = getattr(error, "reason", error)
            kind = getattr(error, "code", type(reason).__name__)
            yield f"portal {kind}", f"{address} does not answer as it should: {error}"
            if not isinstance(reason, ssl.SSLCertVerificationError):
                return


def trusting_all() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
