"""Taking back what a delegate agreed to: what was held by the consent goes with it."""

from django.db import transaction

from ..models import SENSITIVE, ChangeRequest, Delegate
from ..registration import roster

LISTED = "listed"
KEPT = "kept"


@transaction.atomic
def withdraw_consent(delegate: Delegate, what: str) -> None:
    """Take back the consent to be named in public, to be registered again, or to keep a
    sensitive field.
    """
    found = Delegate.objects.select_for_update(no_key=True).get(pk=delegate.pk)
    if what == LISTED:
        found.may_be_listed = False
    elif what == KEPT:
        found.may_be_kept = False
        roster.keep([found])
    elif what in SENSITIVE:
        setattr(found, what, "")
        found.consented_to = [name for name in found.consented_to if name != what]
        for request in found.change_requests.exclude(change=ChangeRequest.Change.ADD):
            forget(request, what)
    found.save(update_fields=["may_be_listed", "may_be_kept", "consented_to", *SENSITIVE])


def forget(request: ChangeRequest, what: str) -> None:
    """Leave a field out of a change that was asked for; after a swap it is another person's."""
    sides = ["before"] if request.change == ChangeRequest.Change.SWAP else ["before", "after"]
    for side in sides:
        values = getattr(request, side)
        values.pop(what, None)
        if what in values.get("consented_to", ()):
            values["consented_to"].remove(what)
    request.save(update_fields=sides)
