"""People an institution knows: what goes of its list by the clock, and again after a restore."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sscnet.core.personal_data import erasure_log, retention

from ..models import RosterEntry


@retention.rule("roster", _("people that institutions know"))
def forget_unused() -> int:
    """Forget people whom nobody registered for long."""
    before = timezone.now() - timedelta(days=settings.ROSTER_DAYS)
    return RosterEntry.objects.filter(registered_at__lt=before).forget()


@erasure_log.repeats("roster")
def forget_again(erased: erasure_log.Erased) -> int:
    there = RosterEntry.objects.filter(pk__in=erased)
    old = [entry.pk for entry in there if entry.created_at <= erased[entry.pk]]
    return RosterEntry.objects.filter(pk__in=old).forget()
