"""Passports go by the clock, first of all that is held of people, and again after a restore."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from sscnet.core.personal_data import encryption, erasure_log, retention

from ..models import IssuedDocument, Passport
from . import passports


@retention.rule("passports", _("passports of travellers"))
def delete_passports() -> int:
    """Delete the passports no longer needed, and the letters that show their numbers."""
    shown_numbers().update(content=b"")
    return passports.no_longer_needed().erase()


def shown_numbers() -> QuerySet[IssuedDocument]:
    letters = IssuedDocument.objects.letters().exclude(content=b"")
    return letters.filter(passports.of_past("meeting"))


@erasure_log.repeats("passport")
def delete_again(erased: erasure_log.Erased) -> int:
    there = Passport.objects.filter(pk__in=erased)
    old = [one.pk for one in there if one.created_at <= erased[one.pk]]
    count, _numbers = there.filter(pk__in=old).delete()
    return count


@encryption.rotates(_("passports, letters and certificates"))
def encrypt_again() -> int:
    return Passport.objects.encrypt_again() + IssuedDocument.objects.encrypt_again()
