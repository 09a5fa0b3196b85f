"""What each page of a registration begins with: the meeting, the institution and the person."""

from dataclasses import dataclass
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from meetings import places
from meetings.models import Delegate, Delegation, Meeting
from members import affiliations
from members.models import Institution, User

STEPS = {
    "people": _("People"),
    "workshops": _("Workshops"),
    "rule": _("Waiting list"),
    "check": _("Check answers"),
}


@dataclass
class DelegationEntry:
    """A delegation in the making, or one that was sent; not stored before something is saved."""

    meeting: Meeting
    institution: Institution
    user: User
    delegation: Delegation

    @property
    def is_new(self) -> bool:
        return self.delegation.pk is None

    @property
    def is_submitted(self) -> bool:
        return self.delegation.state == Delegation.State.SUBMITTED

    @property
    def may_add(self) -> bool:
        """Whether people can be sent: in the window, and later by those who are registered."""
        if self.is_submitted:
            return self.meeting.takes_changes
        return self.meeting.is_open_for_registration

    @property
    def needs_request(self) -> bool:
        """Whether a change is a request to the Secretariat: after the freeze day it is."""
        return self.is_submitted and self.meeting.is_frozen

    @cached_property
    def unsent(self) -> list[Delegate]:
        """The people who are written down but not sent yet."""
        if self.is_new:
            return []
        rows = self.delegation.delegates.not_asked().prefetch_related("workshop_places__workshop")
        for delegate in (rows := list(rows)):
            delegate.delegation = self.delegation
        return rows

    def renew(self, delegation: Delegation) -> None:
        """Go on with the delegation as somebody else saved it."""
        delegation.meeting, delegation.institution = self.meeting, self.institution
        self.delegation = delegation
        for name in ("unsent", "would_wait"):
            self.__dict__.pop(name, None)

    @cached_property
    def workshops(self) -> list:
        return list(self.meeting.workshops.filter(cancelled_at=None))

    @cached_property
    def would_wait(self) -> bool:
        """Whether somebody would wait in a line if the delegation were sent now."""
        if self.is_submitted or not self.unsent:
            return False
        return any(line.waiting for line in places.preview(self.delegation))

    @property
    def steps(self) -> dict[str, str]:
        letter = self.meeting.asks_for_letter
        shown = {"workshops": self.workshops, "rule": letter or self.would_wait}
        steps = {name: label for name, label in STEPS.items() if shown.get(name, True)}
        if letter:
            steps["rule"] = _("Nomination letter")
        return steps

    def after(self, step: str) -> str:
        """Return the address of the step after this one."""
        later = list(STEPS)[list(STEPS).index(step) + 1 :]
        return self.address(next(name for name in later if name in self.steps))

    def before(self, step: str) -> str:
        """Return the address of the step before this one; of the first, the meeting's page."""
        earlier = [name for name in list(STEPS)[: list(STEPS).index(step)] if name in self.steps]
        return self.address(earlier[-1]) if earlier else self.meeting.get_absolute_url()

    def address(self, page: str = "delegation", *more) -> str:
        name = "meetings:delegation" if page == "delegation" else f"meetings:register_{page}"
        return reverse(name, args=[self.meeting.slug, self.institution.slug, *more])


def meetings_of_today():
    """Return the meetings that have registration pages."""
    return Meeting.objects.published().filter(capacity__isnull=False)


def find(user: User, slug: str, institution: Institution) -> DelegationEntry:
    meeting = get_object_or_404(meetings_of_today().for_slug(slug))
    delegation = meeting.delegations.filter(institution=institution).first()
    delegation = delegation or Delegation(meeting=meeting, institution=institution)
    delegation.meeting, delegation.institution = meeting, institution
    return DelegationEntry(meeting, institution, user, delegation)


def with_entry(find_institution):
    """Return a decorator: the view gets the entry of its address, where the person may have it."""

    def decorate(view):
        @login_required
        @wraps(view)
        def wrapped(request, slug, institution, *args, **kwargs):
            found = find_institution(request.user, institution)
            return view(request, find(request.user, slug, found), *args, **kwargs)

        return wrapped

    return decorate


entry_to_read = with_entry(affiliations.institution_to_read)
entry_to_edit = with_entry(affiliations.institution_to_edit)


def while_open(view):
    """Answer outside the window with when it opens, or whom to ask; what was typed is kept."""

    @wraps(view)
    def wrapped(request, entry, *args, **kwargs):
        if request.method == "POST" or entry.may_add:
            return view(request, entry, *args, **kwargs)
        return closed(request, entry)

    return wrapped


def closed(request, entry):
    opens = entry.meeting.registration_opens_at
    is_early = bool(opens and opens > timezone.now())
    context = {"entry": entry, "is_early": is_early, "forms": []}
    return render(request, "meetings/register/closed.html", context)
