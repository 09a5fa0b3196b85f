"""What was answered so far: to the meeting's own questions, and what is missing before sending."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from meetings.models import Delegate, Delegation, PlaceState, Workshop
from sscnet.questions.forms import AnswersForm

from .drafts import PeoplePage, StepPage
from .entry import DelegationEntry


class DelegateAnswersForm(AnswersForm):
    """A person's answers. Where the place is to be named, none is needed yet."""

    def __init__(self, *args, delegate: Delegate, **options):
        is_needed = not delegate.to_be_named
        options |= {"prefix": f"delegate-{delegate.pk}", "is_needed": is_needed}
        super().__init__(*args, owner=delegate, **options)
        self.delegate = delegate

    @property
    def whose(self) -> str:
        """Return whom the form is about, for the list of what is wrong."""
        return str(self.delegate)


class QuestionsPage(StepPage):
    """What the people not sent yet answer."""

    step = "questions"

    @cached_property
    def forms(self) -> list[DelegateAnswersForm]:
        asked = {"questions": self.draft.questions}
        sent = self.data, self.files
        return [DelegateAnswersForm(*sent, delegate=one, **asked) for one in self.draft.unsent]

    def address_after(self) -> str:
        is_draft = self.action == "draft" and all(one.lacks_answers_only for one in self.forms)
        return super().address_after() if is_draft or self.is_valid() else ""

    def write(self, delegation: Delegation) -> None:
        for form in self.forms:
            form.save()


# ------------------------------------------------------------------ before it is sent


@dataclass(frozen=True)
class EntryProblem:
    """Something to put right before the delegation can be sent, and where."""

    message: str
    address: str


def workshops_to_choose(entry: DelegationEntry) -> dict[int, Workshop]:
    """Return the workshops by their keys, with how many wait for a place in each."""
    waiting = Count("workshop_places", filter=Q(workshop_places__place=PlaceState.WAITING))
    rows = entry.meeting.workshops.filter(cancelled_at=None).annotate(waiting=waiting)
    return {workshop.pk: workshop for workshop in rows}


def problems(entry: DelegationEntry) -> list[EntryProblem]:
    """Return what keeps the delegation from being sent, each with the address to put it right."""
    found = []
    if not entry.unsent and not entry.is_submitted:
        found.append(EntryProblem(_("Nobody has been added yet."), entry.address("people")))
    forms = PeoplePage(entry).checked().growing.forms
    for n, (delegate, form) in enumerate(zip(entry.unsent, forms, strict=False), 1):
        if not form.is_valid():
            text = _("Person %(n)d (%(name)s) is not complete.") % {"n": n, "name": delegate}
            found.append(EntryProblem(text, entry.address("people") + "?check=1"))
    for delegate in entry.unsent if entry.questions else ():
        if not DelegateAnswersForm(delegate=delegate, questions=entry.questions).is_complete:
            text = _("Answers of %(name)s are missing.") % {"name": delegate}
            found.append(EntryProblem(text, entry.address("questions")))
    return found


def warnings(entry: DelegationEntry) -> list[str]:
    """Return who is in the delegation twice: warnings, no mistakes, as two may share a name.

    Whom another institution registers is nobody's business here.
    """
    text = _("%(name)s is in your delegation twice, by name or email.")
    return [text % {"name": one} for one in entry.unsent if same_person(entry, one).exists()]


def same_person(entry: DelegationEntry, delegate: Delegate):
    """Return the other people of the delegation with this name or e-mail."""
    same = Q()
    if delegate.email:
        same |= Q(email__iexact=delegate.email)
    if delegate.chinese_name:
        same |= Q(chinese_name=delegate.chinese_name)
    if delegate.family_name or delegate.given_names:
        same |= Q(
            family_name__iexact=delegate.family_name, given_names__iexact=delegate.given_names
        )
    others = entry.delegation.delegates.exclude(pk=delegate.pk)
    return others.filter(same) if same else others.none()
