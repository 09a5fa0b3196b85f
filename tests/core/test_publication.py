from functools import partial

import pghistory
import pytest

from members.models import Institution
from projects.models import Project
from secretariat.models import Page
from sscnet.changes import publication
from sscnet.changes.publication import TRANSITIONS, confirm_classification, judge, steps_for, take
from sscnet.core.models import State
from tests import make
from tests.meetings.test_places_at_once import at_once

FACTORIES = {Project: make.Project, Institution: make.Institution, Page: make.Page}


def publisher(model):
    label = model._meta.app_label, model._meta.model_name
    return make.User(permissions=["{}.change_{}".format(*label), "{}.publish_{}".format(*label)])


def complete(model, state):
    record = FACTORIES[model](state=state)
    make.Source(record=record)
    return record


def names(steps):
    return [step.name for step in steps]


@pytest.mark.django_db
@pytest.mark.parametrize("model", FACTORIES)
def test_each_state_has_its_steps_for_every_public_record(model):
    user = publisher(model)
    for state, steps in {
        State.DRAFT: ["mark_ready"],
        State.READY: ["return_to_draft", "publish"],
        State.PUBLISHED: ["withdraw"],
        State.WITHDRAWN: ["mark_ready"],
    }.items():
        record = complete(model, state)
        possible = [n for n, step in TRANSITIONS.items() if judge(record, step, user).is_possible]
        assert names(steps_for(record, user)) == possible == steps


@pytest.mark.django_db
def test_who_may_only_change_marks_ready_and_does_not_publish():
    record = complete(Project, State.READY)
    editor = make.User(permissions=["projects.change_project"])

    assert names(steps_for(record, editor)) == ["return_to_draft"]
    [verdict] = take(TRANSITIONS["publish"], [record], editor)

    assert verdict.reasons == ["You have no permission to do this."]
    assert Project.objects.get().state == State.READY


@pytest.mark.django_db
def test_only_a_missing_title_and_source_block_publishing():
    project = make.Project(title="", programme="", state=State.READY)
    user = publisher(Project)

    verdict = judge(project, TRANSITIONS["publish"], user)

    assert verdict.reasons == [
        "It has neither a title nor a number from the Fund.",
        "It has no source.",
    ]
    project.title = "Bamboo"
    make.Source(record=project)
    assert judge(project, TRANSITIONS["publish"], user).is_possible


@pytest.mark.django_db
def test_a_project_of_the_fund_whose_title_is_not_known_may_be_published():
    project = make.Project(title="", numbers=["INT/20/K03"], state=State.READY)
    make.Source(record=project)

    assert judge(project, TRANSITIONS["publish"], publisher(Project)).is_possible
    assert "The title is not known: the public sees the code instead." in [
        str(gap.message) for gap in project.gaps()
    ]


@pytest.mark.django_db
def test_first_publication_is_dated_once_and_withdrawing_is_dated_each_time():
    project, user = complete(Project, State.READY), publisher(Project)

    take(TRANSITIONS["publish"], [project], user)
    first = Project.objects.get().published_at
    take(TRANSITIONS["withdraw"], [project], user)
    withdrawn = Project.objects.get()
    take(TRANSITIONS["mark_ready"], [project], user)
    take(TRANSITIONS["publish"], [project], user)
    again = Project.objects.get()

    assert first is not None
    assert withdrawn.withdrawn_at >= first
    assert (again.state, again.published_at, again.withdrawn_at) == ("published", first, None)


@pytest.mark.django_db
def test_what_was_public_keeps_its_address_on_the_way_to_be_published_again():
    project, user = complete(Project, State.READY), publisher(Project)
    for name in ("publish", "withdraw", "mark_ready", "return_to_draft"):
        take(TRANSITIONS[name], [project], user)

    [project] = Project.objects.with_address()

    assert project.state == State.DRAFT
    assert project.is_withdrawn


@pytest.mark.django_db
def test_many_records_each_get_a_verdict():
    good, titleless = complete(Project, State.READY), complete(Project, State.READY)
    draft = complete(Project, State.DRAFT)
    Project.objects.filter(pk=titleless.pk).update(title="")

    verdicts = take(TRANSITIONS["publish"], [draft, titleless, good], publisher(Project))

    assert [(v.record.pk, v.reasons) for v in verdicts] == [
        (good.pk, []),
        (titleless.pk, ["It has neither a title nor a number from the Fund."]),
        (draft.pk, ["This step is not possible in the state “draft”."]),
    ]
    assert list(Project.objects.published()) == [good]


@pytest.mark.django_db
def test_queries_of_a_step_do_not_grow_with_the_gaps_looked_at(django_assert_max_num_queries):
    user = publisher(Project)
    projects = [complete(Project, State.READY) for _ in range(10)]

    with django_assert_max_num_queries(12 + len(projects)):
        take(TRANSITIONS["publish"], projects, user)


@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_take_a_step_once():
    project, user = complete(Project, State.READY), publisher(Project)

    taken = at_once(*[partial(take, TRANSITIONS["publish"], [project], user)] * 2)

    assert sorted(verdict.is_possible for [verdict] in taken) == [False, True]


class TestSecondPerson:
    @pytest.fixture(autouse=True)
    def _setting(self, settings, db):
        settings.PUBLISHING_NEEDS_SECOND_PERSON = True

    def written_by(self, user):
        with pghistory.context(user=user.pk):
            return complete(Project, State.READY)

    def test_who_wrote_it_does_not_publish_it_but_somebody_else_does(self, settings):
        user = publisher(Project)
        project = self.written_by(user)

        verdict = judge(project, TRANSITIONS["publish"], user)

        assert verdict.reasons == [
            "You changed it last, so somebody else must look at it and publish it."
        ]
        assert judge(project, TRANSITIONS["publish"], publisher(Project)).is_possible
        # Without the setting one person is enough.
        settings.PUBLISHING_NEEDS_SECOND_PERSON = False
        assert judge(project, TRANSITIONS["publish"], user).is_possible

    # Changes are put in order by the moment of their transaction.
    @pytest.mark.django_db(transaction=True)
    def test_a_link_counts_as_a_change(self):
        writer, second = publisher(Project), publisher(Project)
        project = self.written_by(writer)
        with pghistory.context(user=second.pk):
            make.Source(record=project)

        assert not judge(project, TRANSITIONS["publish"], second).is_possible

    def test_marking_ready_and_confirming_is_looking_not_writing(self):
        writer, second = publisher(Project), publisher(Project)
        project = self.written_by(writer)
        Project.objects.update(state=State.DRAFT)
        with pghistory.context(user=second.pk):
            take(TRANSITIONS["mark_ready"], [project], second)
            confirm_classification(project, second)
        project.refresh_from_db()

        assert judge(project, TRANSITIONS["publish"], second).is_possible
        assert not judge(project, TRANSITIONS["publish"], writer).is_possible

    def test_what_a_command_loaded_anybody_may_publish(self):
        with pghistory.context(command="load_network"):
            project = complete(Project, State.READY)

        assert judge(project, TRANSITIONS["publish"], publisher(Project)).is_possible


@pytest.mark.django_db
def test_confirming_a_classification_says_when_and_who():
    project, user = complete(Project, State.DRAFT), make.User()

    confirm_classification(project, user)

    project.refresh_from_db()
    assert project.classification_confirmed_by == user
    assert project.classification_confirmed_on is not None


def test_every_step_says_what_it_does():
    assert all(step.label and step.effect for step in publication.TRANSITIONS.values())
