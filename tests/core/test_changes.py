"""The log of changes: a stamp moves whatever way a record changes, and names one state only."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone

from meetings.models import Delegate, Meeting, Workshop
from members.models import Institution
from projects.models import Project
from sscnet.codelists.models import Country
from sscnet.core.database import stamps as changes
from sscnet.core.database.stamps import (
    INSTITUTIONS,
    MEETINGS,
    NEWS,
    PAGES,
    PROJECTS,
    REGISTRATIONS,
    SOURCES,
    TOPICS,
    WORDS,
    stamps,
)
from sscnet.core.database.triggers import LogsChange
from sscnet.core.models import LoggedChange
from tests import make

OUR_APPS = ("core", "outbox", "papers", "search", "codelists")
OUR_APPS += ("members", "projects", "meetings", "secretariat")
# What no public page shows anything of, or what is made from records that are logged.
NOT_PUBLIC = {
    "core.OldSlug": "written with the record whose address changed",
    "core.LoggedChange": "the log itself",
    "core.ImportBatch": "for the Secretariat",
    "core.Withdrawal": "written with the state of the record, which is logged",
    "core.ProposedVersion": "not public before it is released",
    "core.RetentionRun": "for the Secretariat",
    "search.UnmetWord": "for the Secretariat",
    "secretariat.Request": "for the institutions asked, on pages that are never kept",
    "secretariat.RequestQuestion": "for the institutions asked, on pages that are never kept",
    "secretariat.RequestDocument": "for the institutions asked, on pages that are never kept",
    "secretariat.Introduction": "for the institution, on pages that are never kept",
    "secretariat.Response": "for the institution, and where its request says so the members",
    "secretariat.ResponseAnswer": "for the institution, and where its request says so the members",
    "secretariat.DailyCount": "for the Secretariat; a report keeps its own",
    "secretariat.Redirect": "looked up after a 404, which nobody keeps",
    "outbox.Message": "mails",
    "outbox.Attachment": "mails",
    "outbox.WordingOverride": "mails",
    "search.Document": "made from records that are logged",
    "search.Word": "made from records that are logged",
    "search.Renewal": "of which state these are true",
    "members.User": "accounts",
    "members.User_groups": "accounts",
    "members.User_user_permissions": "accounts",
    "members.Affiliation": "who acts for an institution",
    "members.Invitation": "who is asked to act for an institution",
    "members.RosterEntry": "for the institution",
    "members.ProfileProposal": "not public until an officer takes it over",
    "meetings.InstitutionQuota": "for the institution",
    "meetings.MeetingApproval": "for the Secretariat",
    "meetings.DelegateLink": "secret addresses",
    "meetings.Traveller": "for the Secretariat",
    "meetings.Passport": "for those with a right of its own",
    "meetings.PassportLook": "for the person",
    "meetings.IssuedDocument": "for the person; checked by the code on a page that is never kept",
    "papers.Paper": "for those whose it is; checked by the code on a page that is never kept",
    "papers.PaperTemplate": "for the Secretariat",
    "papers.PaperSettings": "for the Secretariat; stands in papers",
    "papers.NumberSeries": "for the Secretariat",
    "papers.Scan": "for the Secretariat",
    "meetings.MeetingPaper": "for institutions, on a page that is never kept",
    "meetings.PersonExport": "for the Secretariat",
    "meetings.PersonExport_delegates": "for the Secretariat",
    "meetings.Offer": "for the delegate; the place itself is logged",
    "meetings.ChangeRequest": "for the Secretariat; what is granted is logged",
    "meetings.PlaceEvent": "for the Secretariat; the place itself is logged",
    "meetings.Erasure": "for the Secretariat; the delegates erased are logged",
    "members.AccountChange": "accounts",
    "secretariat.Enquiry": "questions, answered by mail",
    "secretariat.EnquiryStep": "questions, answered by mail",
    "secretariat.Amendment": "seen by the institutions asked",
    "secretariat.PaperVote": "seen by officers alone",
    "secretariat.Submission": "what institutions send",
    "secretariat.SubmittedAnswer": "what institutions send",
    "secretariat.SubmittedSlip": "what institutions send",
}


def our_models():
    """List the models that have a table, those of the history aside."""
    ours = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in OUR_APPS and not model._meta.proxy and model._meta.managed
    ]
    return [model for model in ours if not hasattr(model, "pgh_tracked_model")]


def logging_triggers(model):
    return [t for t in getattr(model._meta, "triggers", []) if isinstance(t, LogsChange)]


LOGGED = [model for model in our_models() if logging_triggers(model)]


def moved(before):
    """Name the topics whose stamp is another than it was before."""
    now = stamps()
    return {topic for topic in TOPICS if now[topic] != before[topic]}


def execute(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_each_model_is_logged_or_not_public():
    found = {model._meta.label for model in our_models()}
    logged = {model._meta.label for model in LOGGED}
    assert found - logged == set(NOT_PUBLIC)


@pytest.mark.django_db
class TestEveryWayOfWriting:
    @pytest.mark.parametrize("model", LOGGED, ids=lambda model: model._meta.label)
    def test_of_any_table_moves_its_topics_and_no_other(self, model):
        table, key = model._meta.db_table, model._meta.pk.column
        topics = {topic for t in logging_triggers(model) if not t.only for topic in t.topics}
        for sql in (
            f"INSERT INTO {table} SELECT * FROM {table} WHERE false",
            f"UPDATE {table} SET {key} = {key} WHERE false",
            f"DELETE FROM {table} WHERE false",
        ):
            before = stamps()
            execute(sql)
            assert moved(before) == topics, sql

    def test_a_saved_record_moves_its_topic_and_no_other(self):
        for factory, topics in {
            make.Project: {PROJECTS},
            make.Institution: {INSTITUTIONS},
            make.Page: {PAGES, NEWS},
            make.Country: {WORDS},
        }.items():
            before = stamps()
            record = factory()
            assert moved(before) == topics
            before = stamps()
            record.save()
            assert moved(before) == topics

    def test_whatever_the_way(self):
        project, country, institution = make.Project(), make.Country(), make.Institution()
        make.ProjectCountry(project=project, country=country)
        new = Country(iso2="XA", iso3="XXA", m49="901", name="A")
        for write, topics in (
            (lambda: make.Source(record=project), {SOURCES}),
            (lambda: project.project_countries.get().delete(), {PROJECTS}),
            (lambda: make.ProjectCountry(project=project, country=country), {PROJECTS}),
            (lambda: Project.objects.update(title="Biogas"), {PROJECTS}),
            (lambda: Country.objects.bulk_create([new]), {WORDS}),
            (lambda: execute("UPDATE members_institution SET city = 'Wuhan'"), {INSTITUTIONS}),
            (lambda: list(Project.objects.select_for_update()), set()),
        ):
            before = stamps()
            write()
            assert moved(before) == topics
        before = stamps()
        Institution.objects.filter(pk=institution.pk).delete()
        # Its sources go with it: the statement is made even where there are none.
        assert moved(before) - {SOURCES} == {INSTITUTIONS}

    def test_copy_and_truncate(self):
        before = stamps()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            with cursor.copy("COPY projects_projectcountry FROM STDIN"):
                pass
        assert moved(before) == {PROJECTS}
        before = stamps()
        execute("TRUNCATE projects_projectcountry")
        assert moved(before) == {PROJECTS}


@pytest.mark.django_db
class TestARushOfRegistrations:
    @pytest.mark.parametrize(
        ("factory", "model"), [(make.Meeting, Meeting), (make.Workshop, Workshop)]
    )
    def test_places_taken_change_no_meeting(self, factory, model):
        factory(capacity=10)
        before = stamps()
        model.objects.update(taken=1)
        assert moved(before) == {REGISTRATIONS}

    def test_more_places_a_delegate_and_a_meeting_saved_as_a_whole_do(self):
        meeting = make.Delegate().delegation.meeting
        for write, topics in (
            # Its counter is written too.
            (meeting.save, {MEETINGS, REGISTRATIONS}),
            (lambda: Meeting.objects.update(capacity=5), {MEETINGS}),
            (lambda: Delegate.objects.update(may_be_listed=True), {REGISTRATIONS}),
        ):
            before = stamps()
            write()
            assert moved(before) == topics


@pytest.fixture
def elsewhere(transactional_db):
    """Call a function on another connection, the same each time."""
    with ThreadPoolExecutor(1) as thread:
        yield lambda function, *args: thread.submit(function, *args).result()
        thread.submit(lambda: connection.close()).result()  # its own, not this one


class TestTransactions:
    def test_all_connections_see_the_same_stamps(self, elsewhere):
        make.Project()
        assert elsewhere(stamps) == stamps()

    def test_what_is_not_committed_is_seen_by_oneself_alone(self, elsewhere):
        before = stamps()
        with transaction.atomic():
            make.Project()
            assert moved(before) == {PROJECTS}
            assert elsewhere(stamps) == before
        assert elsewhere(moved, before) == {PROJECTS}
        assert elsewhere(stamps) == stamps()

    def test_a_second_write_of_one_transaction_is_seen(self, elsewhere):
        with transaction.atomic():
            project = make.Project()
            before = stamps()
            project.save()
            assert moved(before) == {PROJECTS}

    def test_a_rollback_brings_the_old_stamp_back(self, elsewhere):
        make.Project()
        before = stamps()
        with transaction.atomic():
            make.Project()
            transaction.set_rollback(True)
        assert stamps() == before

    def test_a_savepoint_rolled_back_brings_the_stamp_before_it_back(self, elsewhere):
        with transaction.atomic():
            make.Project()
            before = stamps()
            with transaction.atomic():
                make.Project()
                assert moved(before) == {PROJECTS}
                transaction.set_rollback(True)
            assert stamps() == before

    def test_who_began_earlier_and_commits_later_is_seen(self, elsewhere):
        with transaction.atomic():
            make.Project()
            elsewhere(make.Project)
            before = elsewhere(stamps)
        assert elsewhere(moved, before) == {PROJECTS}

    def test_others_rows_in_place_of_those_rolled_back_are_another_state(self, elsewhere):
        """Number, newest, moment and sum of the ids are the same: only which they are is not."""
        execute("TRUNCATE core_change")

        def write(*ids):
            for id in ids:
                LoggedChange.objects.create(id=id, topic=PROJECTS)

        LoggedChange.objects.create(id=7, topic=PROJECTS, at=timezone.now() + timedelta(minutes=1))
        with transaction.atomic():
            write(1, 4)
            rolled_back = stamps()
            transaction.set_rollback(True)
        elsewhere(write, 2, 3)
        assert moved(rolled_back) == {PROJECTS}


@pytest.mark.django_db
class TestTrim:
    def fill(self, rows, age="11 minutes"):
        LoggedChange.objects.all().delete()
        execute(
            "INSERT INTO core_change (topic, at) SELECT topic, clock_timestamp() - %s::interval"
            " FROM unnest(%s::text[]) AS topic, generate_series(1, %s)",
            age,
            [PROJECTS, WORDS],
            rows,
        )

    def test_old_rows_go_but_for_the_newest_of_each_topic(self):
        self.fill(300)
        newest = set(LoggedChange.objects.order_by("topic", "-id").distinct("topic"))
        assert changes.trim() == 598
        assert set(LoggedChange.objects.all()) == newest

    @pytest.mark.parametrize(("rows", "age"), [(200, "11 minutes"), (300, "9 minutes")])
    def test_a_short_log_and_young_rows_stay(self, rows, age):
        self.fill(rows, age)
        assert changes.trim() == 0

    def test_two_at_once_do_not_wait_for_each_other(self, elsewhere):
        self.fill(300)
        with transaction.atomic():
            assert changes.trim() == 598
            elsewhere(execute, "SET lock_timeout = '1s'")
            assert elsewhere(changes.trim) == 0


@pytest.mark.django_db
class TestStamps:
    def test_a_topic_never_written_to_has_a_stamp(self):
        LoggedChange.objects.all().delete()
        assert stamps() == dict.fromkeys(TOPICS, changes.NEVER_CHANGED)

    def test_several_topics_have_one_stamp_in_whatever_order(self):
        before = changes.stamp_of([PROJECTS, WORDS])
        assert before == changes.stamp_of([WORDS, PROJECTS])
        make.Meeting()
        assert before == changes.stamp_of([PROJECTS, WORDS])
        make.Country()
        assert before != changes.stamp_of([PROJECTS, WORDS])

    def test_a_look_serves_for_several_and_a_request_looks_once(self, django_assert_num_queries):
        looked, request = stamps(), HttpRequest()
        with django_assert_num_queries(0):
            changes.stamp_of([PROJECTS], looked)
        with django_assert_num_queries(1):
            looked = changes.of_request(request)
            assert changes.of_request(request) is looked
