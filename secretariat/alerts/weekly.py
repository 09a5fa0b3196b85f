"""Once a week each confirmed address is told of the new projects of its list, if there are any."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.functional import lazy

from projects.models import Project
from sscnet.outbox import due, post

from .handling import path_of
from .models import SETTLED, Alert

# So many projects are named; the list has all.
MOST_NAMED = 20


@due.register
def tell_of_new_projects() -> None:
    for alert in Alert.objects.due():
        look(alert)


@transaction.atomic
def look(alert: Alert) -> None:
    """Write one mail for what is new since the last look; of two clocks at once, one looks."""
    alert = Alert.objects.due().select_for_update(skip_locked=True).filter(pk=alert.pk).first()
    if alert is None:
        return
    until = timezone.now() - SETTLED
    if projects := alert.new_projects(until):
        tell(alert, projects)
    alert.looked_at = until
    alert.save(update_fields=["looked_at"])


def tell(alert: Alert, projects: list[Project]) -> None:
    words = {
        "count": len(projects),
        "since": timezone.localdate(alert.looked_at),
        "list": alert,
        "projects": lazy(named, str)(projects),
    }
    post.write(
        "alert",
        to=alert.email,
        key=f"alert-{alert.pk}-{alert.looked_at:%Y-%m-%d}",
        about=alert,
        words=words,
        link=path_of(alert),
        language=alert.language,
    )


def named(projects: list[Project]) -> str:
    """Name the projects in the language of now, each with its address."""
    shown = (f"{one}\n{settings.PORTAL_ADDRESS}{one.get_absolute_url()}" for one in projects)
    return "\n\n".join([*shown][:MOST_NAMED])
