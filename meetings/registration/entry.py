"""What each page of a registration begins with: the meeting, the institution and the person."""

from dataclasses import dataclass
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from meetings.models import Delegate, Delegation, Meeting, MeetingQuestion, PaperRequest
from meetings.models.delegation import SEES_NEEDS
from members import affiliations
from members.models import Institution, User
from sscnet.codelists.nationalities import CHINA

# An officer who enters a delegation reads and writes all that it holds.
ENTERING = (
    *("meetings.enter_delegation", "meetings.change_delegate", SEES_NEEDS),
    "meetings.view_delegateanswer",
)

STEPS = {
    "people": _("People"),
    "workshops": _("Workshops"),
    "questions": _("Questions"),
    "check": _("Check answers"),
}


@dataclass
class DelegationEntry:
    """A delegation in the making, or one that was sent; not stored before something is saved."""

    meeting: Meeting
    institution: Institution
    user: User
    delegation: Delegation
    # Entered by an officer for the institution, which wrote by fax, WeChat or mail.
    is_on_paper: bool = False

    @property
    def is_new(self) -> bool:
        return self.delegation.pk is None

    @property
    def country(self) -> str:
        """The nationality that is proposed: of most who come from there."""
        return self.institution.country_id or ""

    @property
    def is_submitted(self) -> bool:
        return self.delegation.state == Delegation.State.SUBMITTED

    @property
    def may_add(self) -> bool:
        """Whether people can be sent: in the window, and later by those who are registered."""
        if self.lacks_approval:
            return False
        if self.is_submitted:
            return self.meeting.takes_changes
        return self.meeting.is_open_for_registration

    @cached_property
    def lacks_approval(self) -> bool:
        """Whether they come from abroad, and the approval was refused, taken back or has ended."""
        is_at_home = self.country in ("", self.meeting.country_id or CHINA)
        return not is_at_home and bool(self.meeting.reason_not_to_open())

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
        if self.questions:
            rows = rows.prefetch_related("answers__question")
        for delegate in (rows := list(rows)):
            delegate.delegation = self.delegation
        return rows

    def renew(self, delegation: Delegation) -> None:
        """Go on with the delegation as somebody else saved it."""
        delegation.meeting, delegation.institution = self.meeting, self.institution
        self.delegation = delegation
        self.__dict__.pop("unsent", None)

    @cached_property
    def paper_requests(self) -> list[PaperRequest]:
        return [] if self.is_new else list(self.delegation.paper_requests.all())

    @property
    def paper_request(self) -> PaperRequest | None:
        """The last request by which this officer acts for the institution."""
        own = [one for one in self.paper_requests if one.entered_by_id == self.user.pk]
        return own[-1] if self.is_on_paper and own else None

    @property
    def may_edit(self) -> bool:
        if self.is_on_paper:
            return bool(self.paper_request and self.paper_request.is_valid)
        return affiliations.may_edit(self.user, self.institution)

    @cached_property
    def workshops(self) -> list:
        return list(self.meeting.workshops.filter(cancelled_at=None))

    @cached_property
    def questions(self) -> list[MeetingQuestion]:
        """The meeting's own questions to each person."""
        return list(self.meeting.questions.asked())

    @property
    def steps(self) -> dict[str, str]:
        shown = {"workshops": self.workshops, "questions": self.questions}
        return {name: label for name, label in STEPS.items() if shown.get(name, True)}

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


def find(
    user: User, slug: str, institution: Institution, *, is_on_paper: bool = False
) -> DelegationEntry:
    meeting = get_object_or_404(meetings_of_today().for_slug(slug))
    delegation = meeting.delegations.filter(institution=institution).first()
    delegation = delegation or Delegation(meeting=meeting, institution=institution)
    delegation.meeting, delegation.institution = meeting, institution
    return DelegationEntry(meeting, institution, user, delegation, is_on_paper)


def may_enter(user: User) -> bool:
    """Return whether the person may enter delegations for institutions."""
    return user.is_staff and user.has_perms(ENTERING)


def find_on_paper(user: User, slug: str, institution: str) -> DelegationEntry | None:
    """Return the entry for an officer who may enter for it, and is none of its people."""
    acts_for_it = Institution.objects.readable_by(user).filter(slug=institution)
    if not may_enter(user) or acts_for_it.exists():
        return None
    found = get_object_or_404(Institution, slug=institution, merged_into=None)
    return find(user, slug, found, is_on_paper=True)


def with_entry(find_institution, *, takes_paper=True, needs_request=True):
    """Return a decorator: the view gets the entry of its address, where the person may have it.

    With `takes_paper` an officer may have it too; for a change the request must be noted first.
    What is posted by an older request is still taken, so that nothing typed is lost.
    """

    def decorate(view):
        @login_required
        @wraps(view)
        def wrapped(request, slug, institution, *args, **kwargs):
            entry = takes_paper and find_on_paper(request.user, slug, institution)
            if not entry:
                found = find_institution(request.user, institution)
                entry = find(request.user, slug, found)
            elif needs_request and not may_go_on(request, entry):
                return redirect(entry.address("paper"))
            return view(request, entry, *args, **kwargs)

        return wrapped

    return decorate


def may_go_on(request, entry):
    return entry.may_edit or (request.method == "POST" and entry.paper_request)


entry_to_read = with_entry(affiliations.institution_to_read, needs_request=False)
entry_to_edit = with_entry(affiliations.institution_to_edit)
# What is for the institution's own people: links of delegates, passports.
entry_of_institution = with_entry(affiliations.institution_to_edit, takes_paper=False)


def while_open(view):
    """Answer outside the window with when it opens, or whom to ask; what was typed is kept."""

    @wraps(view)
    def wrapped(request, entry, *args, **kwargs):
        if not entry.may_add and request.method != "POST":
            return closed(request, entry)
        response = view(request, entry, *args, **kwargs)
        # What was saved leads on only while the next step is open.
        is_saved = request.method == "POST" and response.status_code == 302
        return closed(request, entry) if is_saved and not entry.may_add else response

    return wrapped


def closed(request, entry):
    opens = entry.meeting.registration_opens_at
    is_early = bool(opens and opens > timezone.now())
    context = {"entry": entry, "is_early": is_early, "forms": []}
    return render(request, "meetings/register/closed.html", context)
