"""Passports: keeping one, what of it makes a letter out of date, and when they go.

They go by the clock, first of all that is held of people, and again after a restore.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.core import context
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sscnet.core.personal_data import erasure_log, retention
from sscnet.core.personal_data.security_log import log_security
from sscnet.papers.files import handed_out
from sscnet.papers.models import Paper

from ..models import Delegate, IssuedDocument, Passport, PassportData, PassportLook, PlaceState


@transaction.atomic
def keep(delegate: Delegate, data: PassportData) -> None:
    """Keep the passport of a traveller; letters that say otherwise are out of date."""
    Delegate.objects.select_for_update(no_key=True).get(pk=delegate.pk)
    found = Passport.objects.filter(delegate=delegate).first() or Passport(delegate=delegate)
    before = found.data if found.pk else None
    if before == data:
        return
    found.data = data
    found.save()
    letters = IssuedDocument.objects.letters().issued().filter(delegate=delegate)
    # The expiry does not stand in a letter.
    if before is None or in_letter(before) != in_letter(data):
        letters.outdate()


def in_letter(data: PassportData) -> tuple[str, str, str]:
    return data.name, data.number, data.nationality


@transaction.atomic
def forget(delegate: Delegate) -> None:
    """Erase the passport, and letters that show its number, because it is wished so."""
    Delegate.objects.select_for_update(no_key=True).get(pk=delegate.pk)
    Passport.objects.filter(delegate=delegate).erase()
    IssuedDocument.objects.letters().filter(delegate=delegate).outdate()


def data_of(delegate: Delegate) -> PassportData | None:
    """Return the passport for the portal's own use; a page shows what `seen_of` returns."""
    passport = getattr(delegate, "passport", None)
    return passport and passport.data


def seen_of(delegates: Iterable[Delegate], meeting) -> list[tuple[Delegate, PassportData | None]]:
    """Return the passports of these people, and note who looks at whose."""
    found = [(one, data_of(one)) for one in delegates if hasattr(one, "passport")]
    note_seen([one.pk for one, _data in found], meeting.pk)
    return found


def note_seen(delegates: list[int], meeting: int) -> None:
    """Write the security log, and for the person who looked; by the own link it is nobody."""
    if not delegates:
        return
    log_security("passports_seen", meeting=meeting, delegates=delegates)
    user = getattr(context.request, "user", None)
    if user and user.is_authenticated:
        PassportLook.objects.bulk_create(PassportLook(delegate_id=pk, by=user) for pk in delegates)


@receiver(handed_out)
def note_letter_seen(paper, **kwargs) -> None:
    for letter in IssuedDocument.objects.letters().filter(paper=paper):
        note_seen([letter.delegate_id], letter.meeting_id)


def no_longer_needed() -> QuerySet[Passport]:
    """Return the passports of people who do not come, and of meetings that are past."""
    ended = Q(delegate__place__in=[PlaceState.DECLINED, PlaceState.WITHDRAWN])
    return Passport.objects.filter(ended | of_past("delegate__delegation__meeting"))


def of_past(meeting: str) -> Q:
    """Return the condition that a meeting is so long past, or was cancelled so long ago."""
    day = timezone.localdate() - timedelta(days=settings.PASSPORT_DAYS)
    return Q(**{f"{meeting}__ends_on__lt": day}) | Q(**{f"{meeting}__cancelled_at__date__lt": day})


# ------------------------------------------------------------------ by the clock


@retention.rule("passports", _("passports of travellers"))
def delete_passports() -> int:
    """Delete the passports no longer needed, and the letters that show their numbers."""
    past = IssuedDocument.objects.letters().filter(of_past("meeting"))
    letters = Paper.objects.filter(issued_document__in=past)
    letters.exclude(word=b"", pdf=b"", sealed=b"").update(word=b"", pdf=b"", sealed=b"")
    return no_longer_needed().erase()


@erasure_log.repeats("passport", Passport, "created_at")
def delete_again(passport: Passport, _at: datetime) -> int:
    return Passport.objects.filter(pk=passport.pk).erase()
