"""What changes for a whole meeting: capacity, quotas, and what is free."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from members.models import Institution
from sscnet.core.i18n.texts import comma_separated

from ..models import Delegation, InstitutionQuota, Meeting, Workshop
from .allocation import Allocation, Kind
from .errors import BelowTaken
from .persistence import operation


@operation
def set_capacity(allocation: Allocation, holder: Meeting | Workshop, capacity: int) -> None:
    """Change the number of places of a meeting or workshop; new ones go to the line at once.

    A capacity below what is taken is refused: no place given is ever taken away, and a number that
    does not hold would leave nothing to hold on to. To shrink further, end the waiting list first,
    so that no one is moved up, and lower it as people withdraw. Raise BelowTaken, Busy.
    """
    line = holder.pk if isinstance(holder, Workshop) else None
    found = allocation.holder(line)
    if capacity < found.taken:
        text = ngettext_lazy(
            "%(taken)d place is taken; the number cannot be lower.",
            "%(taken)d places are taken; the number cannot be lower.",
            found.taken,
        )
        raise BelowTaken(text % {"taken": found.taken})
    if capacity != found.capacity:
        allocation.change(found, capacity=capacity)
        allocation.note(Kind.CAPACITY, workshop_id=line, count=capacity)
        allocation.freed.add(line)


@operation
def set_quota(
    allocation: Allocation,
    meeting: Meeting,
    quota: int | None,
    *,
    institution: Institution | None = None,
) -> None:
    """Change the places an institution may have, for all or for one; who waits moves up at once.

    None for all is no limit; None for one ends its exception. A quota below what an institution
    holds is refused, as no place is taken away: make an exception for that institution first.
    Raise BelowTaken, Busy.
    """
    holding = Delegation.objects.filter(pk__in=allocation.held_before)
    before = {one: allocation.quota(one) for one in holding.select_related("institution")}
    if institution is None:
        allocation.change(allocation.meeting, quota=quota)
    else:
        set_exception(allocation, institution, quota)
    check_quotas(allocation, before)
    allocation.note(Kind.QUOTA, institution_id=institution and institution.pk, count=quota)
    allocation.reconsidered.add(None)


def set_exception(allocation: Allocation, institution: Institution, quota: int | None) -> None:
    exception = allocation.exceptions.pop(institution.pk, None)
    if quota is None:
        allocation.changes.removed += [exception] if exception else []
        return
    if exception:
        allocation.change(exception, quota=quota)
    else:
        exception = InstitutionQuota(
            meeting=allocation.meeting, institution=institution, quota=quota
        )
        allocation.changes.made.append(exception)
    allocation.exceptions[institution.pk] = exception


def check_quotas(allocation: Allocation, before: dict[Delegation, int | None]) -> None:
    """Raise BelowTaken where a quota was lowered below what is held; two merged may hold more."""
    over = [
        str(delegation.institution)
        for delegation, former in before.items()
        if (most := allocation.quota(delegation)) is not None
        and allocation.held(delegation) > most
        and (former is None or most < former)
    ]
    if over:
        text = _(
            "Some institutions hold more places than that: %(institutions)s. No place is taken "
            "away."
        )
        raise BelowTaken(text % {"institutions": comma_separated(over)})
