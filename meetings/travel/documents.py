"""Letters of invitation and certificates: asked for, issued in bulk, withdrawn.

Issuing only notes what is to be made; the worker makes it (`making.py`), so no page waits.
"""

from collections.abc import Iterable

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from sscnet.papers import issuing

from ..models import Attendance, Delegate, IssuedDocument
from .people import Holder, documents_of, meeting_of, missing
from .tasks import make_documents

Kind = IssuedDocument.Kind


@transaction.atomic
def ask(delegate: Delegate) -> None:
    """Ask for a letter, or for the next version of one that is outdated; twice is once."""
    lock(delegate)
    document = current_or_new(delegate, Kind.LETTER)
    if document.asked_at is None:
        document.asked_at = timezone.now()
        document.save(update_fields=["asked_at"])


@transaction.atomic
def issue(holders: Iterable[Holder], kind: str, by) -> int:
    """Note that the worker makes these now; return how many. Who lacks something is left out."""
    count = 0
    for holder in holders:
        lock(holder)
        if not missing(holder, kind):
            count += queue(current_or_new(holder, kind), by)
    if count:
        transaction.on_commit(make_documents.enqueue, robust=True)
    return count


def queue(document: IssuedDocument, by) -> bool:
    """Note that a document is to be made, unless it is; return whether it was new."""
    if document.issued_at or document.queued_at:
        return False
    document.queued_at, document.issued_by, document.problem = timezone.now(), by, ""
    document.save(update_fields=["queued_at", "issued_by", "problem"])
    return True


def current_or_new(holder: Holder, kind: str) -> IssuedDocument:
    """Return the document that holds today, or a new one: the next version of what was issued."""
    rows = documents_of([holder], kind)
    if found := rows.current().first():
        return found
    whose = {"attendance" if isinstance(holder, Attendance) else "delegate": holder}
    return IssuedDocument.objects.create(kind=kind, meeting=meeting_of(holder), **whose)


def lock(holder: Holder) -> None:
    """Lock the person's row first, as a swap does."""
    type(holder).objects.select_for_update(no_key=True).get(pk=holder.pk)


@transaction.atomic
def withdraw(holders: Iterable[Holder], kind: str) -> int:
    """Take back what these people were given or asked for; return how many were given."""
    holders = list(holders)
    for holder in holders:
        lock(holder)
    return documents_of(holders, kind).withdraw()


@receiver(issuing.taken_back)
def withdraw_taken_back(paper, **kwargs) -> None:
    """Withdraw the letter or certificate whose paper was taken back in the register."""
    IssuedDocument.objects.filter(paper=paper).withdraw()
