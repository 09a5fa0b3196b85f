"""What a step or an extension would write: it is done, its mails are read, and all is undone."""

from collections.abc import Callable

from django.db import transaction

from sscnet.outbox import post
from sscnet.outbox.models import Message


def mails_of(change: Callable[[], object]) -> list[Message]:
    """Return the mails that a change would write. Raise what the change raises."""
    with transaction.atomic(), post.collecting() as mails:
        change()
        transaction.set_rollback(True)
    return mails
