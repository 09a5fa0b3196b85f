"""Making the letters and certificates that officers issued: one a transaction, then the mails."""

import logging

from django.db import transaction
from django.utils import timezone

from sscnet.core.personal_data import encryption
from sscnet.outbox import due
from sscnet.papers.typesetting import NoFont, NotMade, NotShown

from ..models import Attendance, Delegate, IssuedDocument
from . import mails, pdf
from .people import missing
from .texts import initials_of, paper_of

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
    mails.tell_of_documents()


@transaction.atomic
def make_next(queued: IssuedDocument) -> None:
    """Make the PDF of one, unless another worker does, and note it or why it could not be made."""
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
    """Write the PDF; return why it could not be made, or an empty text."""
    if missing(document.person, document.kind):
        return Problem.MISSING
    try:
        made = pdf.make(paper_of(document))
    except NoFont:
        return Problem.NO_FONT
    except NotShown:
        return Problem.SIGNS
    except NotMade:
        logger.exception("document %s could not be made", document.pk)
        return Problem.FAILED
    document.initials = initials_of(document.person)
    document.content = encryption.fernet().encrypt(made)
    return Problem.NONE
