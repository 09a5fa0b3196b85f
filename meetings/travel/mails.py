"""The mails about letters and certificates: one an institution for all that came of one decision.

A person who gave an e-mail is told too. No mail holds a paper or anything of a passport: a link
leads to it.
"""

from itertools import groupby
from operator import attrgetter

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy

from sscnet.outbox import due
from sscnet.outbox.wordings import register

from ..models import Delegate, DelegateLink, Delegation, IssuedDocument
from ..places.mails import language_of, send, write

WORDS = ("meeting", "institution", "people")
register("letter-ready", *WORDS)
register("letter-outdated", *WORDS)
register("certificate-ready", *WORDS)
# Who has the link acts for the person.
register("letter-yours", *WORDS, holds_secret=True)
register("certificate-yours", *WORDS, holds_secret=True)


@due.register
def tell_of_documents() -> None:
    """Tell of what was issued, and of letters that are out of date; each once."""
    rows = IssuedDocument.objects.issued().filter(delegate__isnull=False)
    tell(rows.current().filter(sent_at=None), "sent_at", "ready")
    outdated = rows.letters().exclude(outdated_at=None).exclude(sent_at=None)
    outdated = outdated.filter(outdated_notified_at=None, withdrawn_at=None)
    tell(outdated, "outdated_notified_at", "outdated")


def tell(documents, stamp: str, what: str) -> None:
    """Write a mail for each delegation and kind of these documents, and stamp them."""
    with transaction.atomic():
        found = documents.select_for_update(skip_locked=True, of=("self",)).select_related(
            "delegate__delegation__meeting", "delegate__delegation__institution"
        )
        found = found.order_by("delegate__delegation", "kind", "pk")
        key = attrgetter("delegate.delegation", "kind")
        for (delegation, kind), group in groupby(found, key):
            mailed = list(group)
            people = in_lines([document.delegate for document in mailed])
            write(delegation, f"{kind}-{what}", f"{mailed[-1].pk}", [], people=people)
            if what == "ready":
                write_to_people(delegation, f"{kind}-yours", mailed)
            keys = [document.pk for document in mailed]
            IssuedDocument.objects.filter(pk__in=keys).update(**{stamp: timezone.now()})


def write_to_people(delegation: Delegation, kind: str, mailed: list[IssuedDocument]) -> None:
    for document in mailed:
        if address := document.delegate.email:
            link = DelegateLink.path_for_mail(document.delegate)
            words, language = in_lines([document.delegate]), language_of(document.delegate)
            people = {"people": words}
            send(delegation, kind, address, document.pk, [], link, people, language=language)


def in_lines(people: list[Delegate]):
    return format_lazy("\n".join("{}" for _person in people), *people)
