"""The links by which delegates see, correct and erase what is held of them: made and revoked.

An address is a token with its seal, as those of calendars are: the database alone opens nothing.
"""

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from sscnet.core.personal_data.encryption import with_seal, without_seal

from .models import Delegate, DelegateLink

# What the seals of these addresses are for.
PURPOSE = "meetings.delegate_links"


def path_of(link: DelegateLink, page: str = "own_data", *more) -> str:
    return reverse(f"meetings:{page}", args=[with_seal(link.token, PURPOSE), *more])


def find(text: str) -> DelegateLink | None:
    """Return the link whose address ends in this text, unless it has ended or was revoked."""
    rows = DelegateLink.objects.valid().filter(delegate__erased_at=None)
    rows = rows.select_related("delegate__delegation__meeting", "delegate__delegation__institution")
    return rows.filter(token=without_seal(text, PURPOSE)).first()


def valid_link(delegate: Delegate) -> DelegateLink | None:
    return delegate.links.valid().first()


def link_for_mail(delegate: Delegate) -> str:
    """Return the path of the person's link in English, made if there is none that still opens."""
    with override("en"):
        return path_of(valid_link(delegate) or new_link(delegate))


def new_link(delegate: Delegate) -> DelegateLink:
    """Make a new link; the former one ends. Of two at once both get the first one's.

    The person's row is not locked: who gives places holds it, and waits for what we hold.
    """
    try:
        with transaction.atomic():
            revoke(delegate)
            return delegate.links.create()
    except IntegrityError:
        return delegate.links.valid().get()


def revoke(delegate: Delegate) -> None:
    delegate.links.filter(revoked_at=None).update(revoked_at=timezone.now())
