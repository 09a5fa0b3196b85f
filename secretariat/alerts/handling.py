"""Asking for new projects by mail, confirming the address, stopping.

The address of a request's page is its number with a seal: the database alone opens nothing.
"""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sscnet.core.personal_data import erasure_log, retention
from sscnet.core.personal_data.personal_links import with_seal, without_seal
from sscnet.outbox import post
from sscnet.outbox.models import Message

from .models import Alert


def purpose_of(alert: Alert) -> str:
    """Name the receiver in the seal: a restore may give the number to somebody else."""
    return f"secretariat.alerts {alert.email}"


def path_of(alert: Alert) -> str:
    pk, _dash, seal = with_seal(str(alert.pk), purpose_of(alert)).partition("-")
    return reverse("secretariat:alert", args=[pk, seal])


def find(pk: int, seal: str) -> Alert | None:
    """Return what the address of a page belongs to, unless it was stopped or never confirmed."""
    alert = Alert.objects.with_page().filter(pk=pk).first()
    return alert if alert and without_seal(f"{pk}-{seal}", purpose_of(alert)) else None


@transaction.atomic
def ask(alert: Alert) -> None:
    """Write to the address for it to be confirmed, once: asked again, no second mail goes there."""
    alert, _is_new = Alert.objects.get_or_create(
        email=alert.email, query=alert.query, defaults={"language": alert.language}
    )
    post.write(
        "alert-confirm",
        to=alert.email,
        key=f"alert-confirm-{alert.pk}",
        about=alert,
        words={"days": settings.ALERT_CONFIRM_DAYS},
        link=path_of(alert),
        language=alert.language,
    )


def confirm(alert: Alert) -> None:
    now = timezone.now()
    waiting = Alert.objects.filter(pk=alert.pk, confirmed_at=None)
    waiting.update(confirmed_at=now, looked_at=now)


@transaction.atomic
def stop(alert: Alert) -> None:
    """Erase the address, the filter and the mails, also those that wait to be sent."""
    erasure_log.note("alert", alert.pk)
    # Locked first: who looks for new projects just now writes no mail after this.
    Alert.objects.select_for_update().filter(pk=alert.pk).first()
    Message.objects.about(alert).delete()
    Alert.objects.filter(pk=alert.pk).delete()


def stop_all(alerts) -> int:
    found = list(alerts)
    for alert in found:
        stop(alert)
    return len(found)


@retention.rule("alerts", _("addresses for new projects that were never confirmed"))
def erase_expired() -> int:
    return stop_all(Alert.objects.expired())


@erasure_log.repeats("alert")
def erase_again(erased: erasure_log.Erased) -> int:
    there = Alert.objects.filter(pk__in=erased)
    return stop_all(alert for alert in there if alert.asked_at <= erased[alert.pk])
