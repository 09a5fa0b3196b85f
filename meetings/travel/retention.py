"""Passports go by the clock, first of all that is held of people, and again after a restore."""

from django.utils.translation import gettext_lazy as _

from sscnet.core.personal_data import erasure_log, retention
from sscnet.papers.models import Paper

from ..models import IssuedDocument, Passport
from . import passports


@retention.rule("passports", _("passports of travellers"))
def delete_passports() -> int:
    """Delete the passports no longer needed, and the letters that show their numbers."""
    past = IssuedDocument.objects.letters().filter(passports.of_past("meeting"))
    letters = Paper.objects.filter(issued_document__in=past)
    letters.exclude(word=b"", pdf=b"", sealed=b"").update(word=b"", pdf=b"", sealed=b"")
    return passports.no_longer_needed().erase()


@erasure_log.repeats("passport")
def delete_again(erased: erasure_log.Erased) -> int:
    there = Passport.objects.filter(pk__in=erased)
    old = [one.pk for one in there if one.created_at <= erased[one.pk]]
    count, _numbers = there.filter(pk__in=old).delete()
    return count
