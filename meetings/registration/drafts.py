"""The steps of a draft: by any focal point or deputy, each saved as it is, complete or not.

Each saving names the version it began with. Where another is stored and says something else,
nothing is written (`sscnet.drafts`).
"""

from collections.abc import Iterable, Sequence
from copy import copy

from django.db import transaction
from django.db.models import Max
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meetings.models import Delegate, DelegateAnswer, Delegation, WorkshopPlace
from sscnet.core.i18n.texts import comma_separated
from sscnet.drafts.page import DraftPage, stamp

from . import roster
from .entry import DelegationEntry
from .forms import (
    BOTH,
    MOST_PEOPLE,
    DelegateForm,
    PeopleFormSet,
    RuleForm,
    WhoComesForm,
    WorkshopsForm,
)

PREFIX = "people"
# Filled in beforehand: a form that has nothing else is nobody.
PROPOSED = "nationality"


def lock(entry: DelegationEntry) -> Delegation:
    """Return the delegation, made if need be, locked until the end of the transaction."""
    Delegation.objects.get_or_create(meeting=entry.meeting, institution=entry.institution)
    rows = Delegation.objects.select_for_update(of=("self",)).select_related("saved_by")
    delegation = rows.get(meeting=entry.meeting, institution=entry.institution)
    entry.renew(delegation)
    return delegation


class StepPage(DraftPage):
    """A step of the registration, and where its buttons lead to."""

    step = ""
    # Where to go on once it is saved; empty where the page is to be shown again.
    leads_to = ""

    def __init__(self, entry: DelegationEntry, data=None, files=None, **asked):
        super().__init__(entry, data, files, **asked)
        self.action = "continue" if data is None else data.get("then", "continue")
        # What was not kept as it was typed, in words.
        self.notices: list[str] = []

    def name_of(self, form) -> str:
        return str(getattr(form, "delegate", ""))

    def lock(self) -> DelegationEntry:
        lock(self.draft)
        return self.draft

    @property
    def record(self) -> Delegation:
        return self.draft.delegation

    def save(self, version: str) -> "StepPage":
        page = super().save(version)
        if not page.conflict:
            page.leads_to = page.address_after()
        return page

    def store(self, entry: DelegationEntry) -> None:
        self.write(entry.delegation)
        stamp(entry.delegation, entry.user)

    def address_after(self) -> str:
        entry = self.draft
        if self.action == "draft":
            return entry.address()
        if self.action == "sheet":
            return entry.address("sheet")
        if self.action != "continue":
            return entry.address(self.step) + ("#last" if self.action == "add" else "")
        return entry.after(self.step) if self.is_valid() else entry.address(self.step) + "?check=1"


# ------------------------------------------------------------------ people


class PeoplePage(StepPage):
    """The people not sent yet."""

    step, row_key, row_label = "people", "delegate", _("Person")

    # What was stored of them.
    people: Sequence[dict] = ()

    @property
    def forms(self) -> list:
        return [self.growing]

    @cached_property
    def growing(self):
        entry = self.draft
        asked = {"meeting": entry.meeting, "country": entry.country, "prefix": PREFIX}
        if self.data is not None:
            return PeopleFormSet(self.data, **asked)
        return PeopleFormSet(initial=[values_of(one) for one in entry.unsent], **asked)

    @cached_property
    def coming(self) -> WhoComesForm:
        form = WhoComesForm(self.data, entry=self.draft, number=len(self.growing.forms))
        form.full_clean()
        return form

    def with_blank(self) -> "PeoplePage":
        """Return the page with a form for the first person, where nobody can be ticked."""
        entry = self.draft
        is_empty = not entry.unsent and not entry.is_submitted
        if is_empty and (entry.is_on_paper or not roster.known(entry.delegation)):
            self.growing.extra = 1
        return self

    def checked(self) -> "PeoplePage":
        page = super().checked()
        page.coming = self.coming
        return page

    def name_of(self, form) -> str:
        return str(Delegate(**{name: form[name].value() or "" for name in roster.FIELDS[:3]}))

    def is_expected(self, form) -> bool:
        ticked = {one.pk for one in self.coming.ticked}
        rows = {str(one.pk): one.roster_entry_id for one in self.draft.unsent}
        return rows[self.key_of(form)] in ticked

    def is_valid(self) -> bool:
        # Those who were only ticked have no form.
        return super().is_valid() or bool(self.people and not self.growing.forms)

    def write(self, delegation: Delegation) -> None:
        """Make the people not sent yet those of the page, in this order, after those sent."""
        self.say_what_was_not_kept()
        self.people = self.people_to_write()
        there = {delegate.pk: delegate for delegate in delegation.delegates.not_asked()}
        first = next_position(delegation.delegates.exclude(pk__in=there))
        for position, values in enumerate(self.people, first):
            delegate = there.pop(values.pop("delegate", None), None)
            delegate = delegate or Delegate(delegation=delegation)
            for name, value in values.items():
                setattr(delegate, name, value)
            delegate.position = position
            delegate.save()
        remove(delegation.delegates.filter(pk__in=there))

    def people_to_write(self) -> list[dict]:
        """Return the people typed and ticked, with what the button asks for done."""
        people = [form.draft() for form in self.growing.forms if form is not self.removed]
        people += [
            roster.values_of(one) for one in self.coming.ticked if one in self.coming.offered
        ]
        missing = (self.coming.cleaned_data.get("how_many") or 0) - len(people)
        if self.action == "add":
            people.append({})
        elif self.action == "sheet":
            # The form that waits for the first person is nobody.
            people = [one for one in people if is_anybody(one)]
        elif self.action in ("continue", "how_many") and missing > 0:
            people += [{} for _person in range(missing)]
            self.action = "how_many"
        if len(people) > MOST_PEOPLE:
            text = gettext(
                "At most %(most)d people can be sent at a time; the last ones were not added."
            )
            self.notices.append(text % {"most": MOST_PEOPLE})
        return people[:MOST_PEOPLE]

    def say_what_was_not_kept(self) -> None:
        """Say what was not understood, or cut."""
        for message in self.coming.errors.get("how_many", ()):
            self.notices.append(f"{self.coming.fields['how_many'].label} {message}")
        for n, form in enumerate(self.growing.forms, 1):
            fields = [field for field in form if form.has_error(field.name, "max_length")]
            if cut := [str(field.label) for field in fields]:
                text = gettext("Person %(n)d: too long and therefore cut: %(fields)s.")
                self.notices.append(text % {"n": n, "fields": comma_separated(cut)})


def is_anybody(values: dict) -> bool:
    """Return whether a person is known, or something was typed of one."""
    return any(values[name] for name in values if name != PROPOSED)


def values_of(delegate: Delegate) -> dict:
    """Return what the form shows of a person."""
    names = (name for name in DelegateForm.base_fields if name != "delegate")
    values = {name: getattr(delegate, name) for name in names}
    values[PROPOSED] = delegate.nationality or delegate.delegation.institution.country_id or ""
    return values | {"delegate": delegate.pk}


def remove(delegates) -> None:
    """Delete people who were not sent, with the files they answered with."""
    DelegateAnswer.objects.filter(delegate__in=delegates).throw_away_files()
    delegates.delete()


@transaction.atomic
def add_people(entry: DelegationEntry, people: Iterable[dict]) -> None:
    """Add people behind those who are there, whatever was saved meanwhile."""
    delegation = lock(entry)
    first = next_position(delegation.delegates)
    for position, values in enumerate(people, first):
        values[PROPOSED] = entry.country
        Delegate.objects.create(delegation=delegation, position=position, **values)
    stamp(delegation, entry.user)


def next_position(delegates) -> int:
    last = delegates.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


# ------------------------------------------------------------------ workshops


class WorkshopsPage(StepPage):
    """Which workshops each person not sent yet asks for."""

    step = "workshops"

    @cached_property
    def forms(self) -> list[WorkshopsForm]:
        asked = {"workshops": self.draft.workshops}
        return [WorkshopsForm(self.data, delegate=one, **asked) for one in self.draft.unsent]

    def save(self, version: str) -> StepPage:
        # Two at the same hour stay on the page until they are confirmed.
        if any(not form.is_valid() and BOTH in form.fields for form in self.forms):
            return self
        return super().save(version)

    def write(self, delegation: Delegation) -> None:
        wishes = {
            form.delegate.pk: set(form.cleaned_data["workshops"])
            for form in self.forms
            if form.is_valid()
        }
        for delegate in delegation.delegates.not_asked().filter(pk__in=wishes):
            wanted = wishes[delegate.pk]
            delegate.workshop_places.exclude(workshop__in=wanted).delete()
            there = set(delegate.workshop_places.values_list("workshop", flat=True))
            WorkshopPlace.objects.bulk_create(
                WorkshopPlace(delegate=delegate, workshop_id=pk) for pk in sorted(wanted - there)
            )


# ------------------------------------------------------------------ rule


class RulePage(StepPage):
    """How the delegation waits, asked beside the answers to check."""

    @cached_property
    def forms(self) -> list[RuleForm]:
        return [RuleForm(self.data, instance=copy(self.draft.delegation))]

    def address_after(self) -> str:
        return self.draft.address("check")

    def write(self, delegation: Delegation) -> None:
        delegation.rule = self.forms[0].cleaned_data["rule"]
        delegation.save(update_fields=["rule"])


# ------------------------------------------------------------------ all of it


@transaction.atomic
def discard(entry: DelegationEntry) -> None:
    """Throw away the people not sent yet; of a draft nothing is left."""
    delegation = Delegation.objects.select_for_update().get(pk=entry.delegation.pk)
    remove(delegation.delegates.not_asked())
    if delegation.is_draft:
        delegation.delete()
    else:
        stamp(delegation, entry.user)
