"""Letters of invitation and certificates: asked for, issued in bulk, taken back."""

from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from sscnet.papers import issuing

from ..models import Attendance, Delegate, IssuedDocument
from .people import Holder, documents_of, meeting_of, missing
from .texts import language_for, values_of

Kind = IssuedDocument.Kind


@transaction.atomic
def ask(delegate: Delegate) -> None:
    """Ask for a letter, or for the next version of one that is outdated; twice is once."""
    document = current_or_new(locked(delegate), Kind.LETTER)
    if document.asked_at is None:
        document.asked_at = timezone.now()
        document.save()


@transaction.atomic
def issue(holders: Iterable[Holder], kind: str, by) -> int:
    """Issue these and return how many; who lacks something, or has a valid one, is left out.

    Raise ValidationError, and issue none, where the officers' template cannot be filled.
    """
    return sum(issue_to(locked(holder), kind, by) for holder in holders)


def issue_to(holder: Holder, kind: str, by) -> bool:
    if missing(holder, kind):
        return False
    document = current_or_new(holder, kind)
    if document.paper:
        return False
    values = partial(values_of, document)
    document.paper = issuing.issue(kind, language_for(document), values, by)
    document.save()
    return True


def current_or_new(holder: Holder, kind: str) -> IssuedDocument:
    """Return the document that holds today, or a new one: the next version of what was issued."""
    rows = documents_of([holder], kind)
    if found := rows.current().first():
        return found
    whose = {"attendance" if isinstance(holder, Attendance) else "delegate": holder}
    return IssuedDocument(kind=kind, meeting=meeting_of(holder), **whose)


def locked(holder: Holder) -> Holder:
    """Lock the person's row first, as a swap does, and return what stands in it."""
    return type(holder).objects.select_for_update(no_key=True).get(pk=holder.pk)


@receiver(issuing.taken_back)
def withdraw_taken_back(paper, **kwargs) -> None:
    """Withdraw the letter or certificate whose paper was taken back in the register."""
    IssuedDocument.objects.filter(paper=paper).withdraw()
