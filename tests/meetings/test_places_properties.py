"""Whatever happens to places, and in whatever order: the rules hold after each step.

80 examples; with PROOF=1, 5,000.
"""

import os
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from meetings import places
from meetings.models import (
    TAKEN,
    Delegate,
    Delegation,
    InstitutionQuota,
    Meeting,
    Offer,
    WorkshopPlace,
)
from meetings.places.audit import disagreements
from tests import make

from .conftest import NOW

EXAMPLES = 5000 if os.environ.get("PROOF") else 25
STEPS = 12
FEW = st.integers(0, 5)
RULES = st.sampled_from(Delegation.Rule.values)
WORKSHOPS = st.sets(st.integers(0, 1))
# Points to one of the rows there are, however many.
ANY = st.integers(0, 999)


def pick(rows, n):
    rows = list(rows.order_by("pk"))
    return rows[n % len(rows)] if rows else None


class Lines:
    """All rows of a meeting as the tables have them, and what an onlooker can say of them."""

    def __init__(self, meeting):
        self.meeting = Meeting.objects.get(pk=meeting.pk)
        self.workshops = {workshop.pk: workshop for workshop in self.meeting.workshops.all()}
        people = Delegate.objects.filter(delegation__meeting=meeting).exclude(place="")
        wishes = WorkshopPlace.objects.filter(workshop__meeting=meeting).exclude(place="")
        self.people = list(people.select_related("delegation"))
        self.wishes = list(wishes.select_related("delegate__delegation"))
        self.quotas = dict(
            InstitutionQuota.objects.filter(meeting=meeting).values_list("institution", "quota")
        )

    def rows(self, line):
        return [w for w in self.wishes if w.workshop_id == line] if line else self.people

    def holder(self, line):
        return self.workshops[line] if line else self.meeting

    def taken(self, line):
        return sum(row.is_taken for row in self.rows(line))

    def free(self, line):
        return self.holder(line).capacity - self.taken(line)

    def quota_left(self, delegation):
        quota = self.quotas.get(delegation.institution_id, self.meeting.quota)
        held = sum(p.is_taken for p in self.people if p.delegation_id == delegation.pk)
        return 999 if quota is None else quota - held

    def groups(self, line):
        """Give those who wait as groups that go together, each with its first number in line."""
        groups = {}
        for row in sorted(self.rows(line), key=lambda row: (row.line, row.pk)):
            delegation = delegation_of(row)
            if row.is_waiting:
                groups.setdefault(delegation.pk if delegation.is_all_together else row, []).append(
                    row
                )
        return list(groups.values())

    def may_take(self, line, group):
        """Tell whether nothing but missing places keeps them waiting."""
        if line:
            return all(row.delegate.is_confirmed for row in group)
        is_approved = all(person.approved_at for person in group)
        return is_approved and self.quota_left(group[0].delegation) >= len(group)


def delegation_of(row):
    return row.delegate.delegation if isinstance(row, WorkshopPlace) else row.delegation


class Places(RuleBasedStateMachine):
    institutions = []

    def __init__(self):
        super().__init__()
        # Undone in the end: an example leaves nothing behind for the next.
        self.example = transaction.atomic()
        self.example.__enter__()
        self.now = NOW

    def teardown(self):
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    @initialize(
        capacity=FEW,
        quota=st.none() | st.integers(0, 3),
        workshops=st.tuples(FEW, FEW),
        giving=st.sampled_from(Meeting.Giving.values),
        approval=st.sampled_from(Meeting.Approval.values),
        ends_in=st.none() | st.integers(1, 200),
    )
    def open_meeting(self, capacity, quota, workshops, giving, approval, ends_in):
        self.meeting = make.Meeting(
            capacity=capacity,
            quota=quota,
            giving=giving,
            approval=approval,
            waiting_list_ends_at=ends_in and self.now + timedelta(hours=ends_in),
            name_by_on=(self.now + timedelta(days=4)).date(),
        )
        self.workshops = [make.Workshop(meeting=self.meeting, capacity=n) for n in workshops]
        self.before = Lines(self.meeting)

    def do(self, function, *args, **kwargs):
        """Call a function of places; a refusal is an answer too."""
        with suppress(places.PlacesError):
            function(*args, now=self.now, **kwargs)

    @property
    def delegations(self):
        return Delegation.objects.filter(meeting=self.meeting)

    @property
    def delegates(self):
        return Delegate.objects.filter(delegation__meeting=self.meeting)

    @property
    def wishes(self):
        return WorkshopPlace.objects.filter(workshop__meeting=self.meeting)

    def any_of(self, kind, n):
        return pick(
            {"delegation": self.delegations, "delegate": self.delegates, "wish": self.wishes}[kind],
            n,
        )

    # -------------------------------------------------------------- what institutions do

    @rule(people=st.lists(WORKSHOPS, min_size=1, max_size=4), unnamed=st.booleans(), way=RULES)
    def submit(self, people, unnamed, way):
        institution = self.institutions[self.delegations.count()]
        delegation = make.Delegation(meeting=self.meeting, institution=institution, rule=way)
        for n, wishes in enumerate(people):
            make.Delegate(
                delegation=delegation,
                position=n,
                to_be_named=unnamed and n == 0,
                workshops=[self.workshops[wish] for wish in sorted(wishes)],
            )
        self.do(places.submit, delegation)

    @precondition(lambda self: self.delegations.exists())
    @rule(n=ANY, wishes=WORKSHOPS)
    def submit_one_more(self, n, wishes):
        delegation = pick(self.delegations, n)
        make.Delegate(
            delegation=delegation, position=9, workshops=[self.workshops[w] for w in wishes]
        )
        self.do(places.submit, delegation)

    @precondition(lambda self: self.delegations.exists())
    @rule(kind=st.sampled_from(["delegation", "delegate", "delegate", "wish"]), n=ANY)
    def withdraw(self, kind, n):
        if what := self.any_of(kind, n):
            self.do(places.withdraw, what)

    @precondition(lambda self: self.delegations.exists())
    @rule(n=ANY, wishes=WORKSHOPS)
    def choose_workshops(self, n, wishes):
        chosen = [self.workshops[wish] for wish in wishes]
        self.do(places.choose_workshops, pick(self.delegates, n), chosen)

    @precondition(lambda self: self.delegations.exists())
    @rule(n=ANY, is_swap=st.booleans())
    def another_person(self, n, is_swap):
        change = places.swap if is_swap else places.name
        self.do(change, pick(self.delegates, n), {"family_name": "Other"})

    @precondition(lambda self: Offer.objects.filter(answer="").exists())
    @rule(n=ANY, accept=st.booleans())
    def answer_offer(self, n, accept):
        offers = Offer.objects.filter(delegate__delegation__meeting=self.meeting)
        self.do(places.answer_offer, pick(offers, n), accept)

    # -------------------------------------------------------------- what officers do

    @rule(line=st.integers(0, 2), capacity=FEW)
    def set_capacity(self, line, capacity):
        self.do(places.set_capacity, [self.meeting, *self.workshops][line], capacity)

    @rule(n=ANY, quota=st.none() | st.integers(0, 4), is_for_all=st.booleans())
    def set_quota(self, n, quota, is_for_all):
        delegation = None if is_for_all else pick(self.delegations, n)
        institution = delegation and delegation.institution
        self.do(places.set_quota, self.meeting, quota, institution=institution)

    @precondition(lambda self: self.delegations.exists())
    @rule(kind=st.sampled_from(["delegation", "delegate"]), n=ANY)
    def approve(self, kind, n):
        self.do(places.approve, self.any_of(kind, n))

    @precondition(lambda self: self.delegations.exists())
    @rule(
        change=st.sampled_from([places.decline, places.undo]),
        kind=st.sampled_from(["delegation", "delegate", "wish"]),
        n=ANY,
    )
    def decline_or_undo(self, change, kind, n):
        if what := self.any_of(kind, n):
            self.do(change, what)

    @rule(hours=st.sampled_from([1, 20, 30, 80]))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)
        self.do(places.tend, self.meeting)

    # -------------------------------------------------------------- what always holds

    @invariant()
    def rules_hold(self):
        lines = Lines(self.meeting)
        for line in [None, *lines.workshops]:
            assert lines.free(line) >= 0
            assert lines.holder(line).taken == lines.taken(line)
            self.check_order(lines, line)
        for person in lines.people:
            assert lines.quota_left(person.delegation) >= 0
        for wish in lines.wishes:
            assert not wish.is_taken or wish.delegate.is_confirmed
            assert not wish.is_active or wish.delegate.is_active
        assert disagreements(self.meeting) == []
        self.before = lines

    def check_order(self, lines, line):
        """Nobody waits whom free places fit, nobody was overtaken who could have gone, and of those
        who go all together none went alone."""
        ends = lines.meeting.waiting_list_ends_at
        is_closed = ends is not None and ends <= self.now
        waited = {row.pk: row.place == "waiting" for row in self.before.rows(line)}
        given = [row.line for row in lines.rows(line) if row.place in TAKEN and waited.get(row.pk)]
        assert not (is_closed and given)
        held = {row.pk for row in self.before.rows(line) if row.is_taken}
        got_some = {
            delegation_of(row).pk for row in lines.rows(line) if row.is_taken and row.pk not in held
        }
        for group in lines.groups(line):
            delegation = delegation_of(group[0])
            assert not (delegation.is_all_together and delegation.pk in got_some)
            if is_closed or not lines.may_take(line, group):
                continue
            assert len(group) > lines.free(line)
            could_before = self.before.may_take(line, group) and len(group) == 1
            if could_before and waited.get(group[0].pk):
                assert all(number < group[0].line for number in given)


@pytest.mark.django_db
def test_whatever_happens_the_rules_hold():
    Places.institutions = make.Institution.create_batch(STEPS)
    run_state_machine_as_test(
        Places,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
