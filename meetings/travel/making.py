"""Making the letters and certificates that officers issued, then their PDFs, then the mails."""

import logging
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from sscnet.outbox import due
from sscnet.papers import issuing

from ..models import Attendance, Delegate, IssuedDocument
from . import mails
from .people import missing
from .texts import initials_of, language_for, values_of

logger = logging.getLogger(__name__)

Problem = IssuedDocument.Problem


@due.register
def make_queued() -> None:
    """Make all that is queued; what fails once is not tried again before the next time."""
    tried: set[int] = set()
    queued = IssuedDocument.objects.queued().order_by("pk")
    while found := queued.exclude(pk__in=tried).first():
        tried.add(found.pk)
        make_next(found)
    issuing.make_pdfs()
    mails.tell_of_documents()


@transaction.atomic
def make_next(queued: IssuedDocument) -> None:
    """Make the paper of one, unless another worker does, or note why it could not be made."""
    # The person first, as a swap does: whose name it shows cannot change meanwhile.
    person = Delegate if queued.delegate_id else Attendance
    key = queued.delegate_id or queued.attendance_id
    person.objects.select_for_update(no_key=True).filter(pk=key).first()
    rows = IssuedDocument.objects.queued().select_for_update(skip_locked=True, of=("self",))
    document = (
        rows.select_related(
            "meeting", "delegate__delegation__institution", "delegate__passport", "attendance"
        )
        .filter(pk=queued.pk)
        .first()
    )
    if document is None:
        return
    document.issued_at = timezone.now()
    document.problem = write(document)
    if document.problem:
        document.issued_at = document.queued_at = None
    document.save()


def write(document: IssuedDocument) -> str:
    """Issue the paper; return why it could not be made, or an empty text."""
    if missing(document.person, document.kind):
        return Problem.MISSING
    values, language = partial(values_of, document), language_for(document)
    try:
        document.paper = issuing.issue(document.kind, language, values, document.issued_by)
    except ValidationError:
        # An officer's template of another release.
        logger.exception("document %s could not be made", document.pk)
        return Problem.FAILED
    document.initials = initials_of(document.person)
    return Problem.NONE
