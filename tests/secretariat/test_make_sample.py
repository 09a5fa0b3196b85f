from datetime import date
from io import StringIO

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone, translation

from meetings import places
from meetings.models import Delegation, Meeting, PlaceEvent
from meetings.places.audit import disagreements
from members.affiliations import may_edit
from members.models import Institution, User
from projects.calls.checks.precheck import blocking
from projects.calls.models import Call, Endorsement
from projects.models import FundNumber, Project, ProjectInstitution
from secretariat.setup.demo import make_demo_accounts
from secretariat.setup.sample.call import make_sample_call
from secretariat.setup.sample.meeting import make_sample_meeting
from secretariat.setup.sample.stock import make_sample, remove_sample
from sscnet.core.database.triggers import tracked_models
from sscnet.core.models import OldSlug
from sscnet.core.records import samples
from sscnet.outbox.models import Message
from sscnet.search import matching
from sscnet.search import renewal as search_index
from tests import make
from tests.search import index_check

pytestmark = pytest.mark.django_db

# What tells processes to look again grows with every change, removals included; a word that is
# searched for stays as long as another with its stem does.
NOT_COMPARED = {"projects_change", "core_change", "search_word"}


def test_says_what_to_do_when_the_code_lists_are_missing():
    """It stands first: it wants a database without the records that the others share."""
    with pytest.raises(CommandError, match="run load_network first"):
        call_command("make_sample", in_production=True)


def test_a_server_of_production_makes_none_by_mistake():
    with pytest.raises(CommandError, match="--in-production"):
        call_command("make_sample")


def run(**options):
    output = StringIO()
    call_command("make_sample", stdout=output, in_production=True, **options)
    return output.getvalue()


def row_counts():
    with connection.cursor() as cursor:
        counts = {}
        for table in set(connection.introspection.table_names(cursor)) - NOT_COMPARED:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
        return counts


def changed_since(before):
    """Name the tables that have other numbers of rows, with both numbers."""
    return {t: (before[t], n) for t, n in row_counts().items() if n != before[t]}


def last_code():
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM project_code")
        return cursor.fetchone()[0]


@pytest.fixture
def development(network, settings, tmp_path):
    settings.DEBUG, settings.MEDIA_ROOT = True, tmp_path


@pytest.mark.usefixtures("development")
class TestAll:
    def test_each_thing_is_there_in_each_state_and_says_that_it_is_made_up(self):
        printed = run()

        projects = Project.objects.filter(is_sample=True)
        assert set(projects.values_list("status", flat=True)) == set(Project.Status.values)
        assert set(projects.values_list("state", flat=True)) == set(Project.State.values)
        for record in [*projects, *Institution.objects.filter(is_sample=True)]:
            record.full_clean()
            assert (str(record)[:7], record.slug[:7]) == ("Sample:", "sample-")
            with translation.override("zh-hans"):
                assert str(record).startswith("示例：")
            assert record.sources.get().name.startswith("Sample data")
        for meeting in Meeting.objects.filter(is_sample=True):
            assert disagreements(meeting) == []
            assert meeting.get_absolute_url() in printed
        assert "/calls/sample-call/" in printed

    def test_again_makes_nothing_but_what_was_deleted(self):
        run()
        before = row_counts()
        Project.objects.get(code="SAMPLE-000007").delete()
        run()

        # The deletion is in the history.
        assert changed_since(before).keys() == {"core_sourceevent", "projects_projectevent"}

    def test_real_records_and_their_codes_are_left_alone(self):
        make.Project(title="Mine", planned_start_on=date(2024, 1, 1))
        search_index.rebuild()
        before, code = row_counts(), last_code()
        real = list(Project.objects.order_by("pk").values())

        run()
        assert last_code() == code
        assert list(Project.objects.filter(is_sample=False).order_by("pk").values()) == real
        assert not FundNumber.objects.filter(
            project__is_sample=True, number__regex=r"^INT/([013]|8[3-9]|9)"
        )
        assert not Endorsement.objects.exists(), "who makes it on a server may write no files"
        said = run(remove=True)

        assert said == (
            "1 sample pages and news, 1 sample calls, 1 sample meetings, 12 sample projects,"
            " 10 sample institutions removed.\n"
        )
        assert list(Project.objects.order_by("pk").values()) == real
        assert changed_since(before) == {}


@pytest.fixture
def sample(development):
    make_sample()
    return Project.objects.filter(is_sample=True)


class TestRemove:
    def test_takes_the_history_of_what_staff_changed(self, sample):
        remove_sample()
        before = row_counts()
        make_sample()
        project = sample.first()
        project.title, project.slug = "Sample: changed", "sample-changed"
        project.save()
        project.project_countries.first().delete()
        project.sources.create(name="Another source")
        Institution.objects.filter(is_sample=True).first().names.create(name="Sample alias")
        events = tracked_models()[Project].objects.filter(pgh_obj_id=project.pk)
        assert events.exists()
        assert OldSlug.objects.filter(object_id=project.pk).exists()

        remove_sample()

        assert changed_since(before) == {}

    def test_is_found_while_it_is_there(self, sample):
        published = sample.published().filter(title__icontains="biogas")
        with samples.shown(True):
            found = set(matching("biogas", "project").ids)

        assert {project.pk for project in published} <= found
        assert list(index_check.check()) == []

        remove_sample()

        with samples.shown(True):
            found = set(matching("biogas", "project").ids)
            assert not {project.pk for project in published} & found
        assert list(index_check.check()) == []

    def test_removes_nothing_while_a_real_project_points_to_a_sample_institution(self, sample):
        institution = Institution.objects.filter(is_sample=True).first()
        link = ProjectInstitution.objects.create(project=make.Project(), institution=institution)
        real = make.Institution()
        ProjectInstitution.objects.create(project=sample.first(), institution=real)

        with pytest.raises(CommandError, match="nothing was removed: real records point"):
            run(remove=True)
        assert sample.count() == 12
        assert Institution.objects.filter(is_sample=True).count() == 10

        # A real institution survives.
        link.delete()
        remove_sample()
        assert sample.count() == 0
        assert Institution.objects.filter(pk=real.pk).exists()


class TestMeeting:
    @pytest.fixture
    def meeting(self, network):
        make_demo_accounts()
        return make_sample_meeting()

    def test_is_open_marked_and_has_two_places_left_at_small_hydropower(self, meeting):
        workshop = meeting.workshops.get(title="Small hydropower")

        assert meeting.is_sample
        assert meeting.is_published
        assert meeting.is_open_for_registration
        assert (meeting.title[:7], meeting.title_zh_hans[:3]) == ("Sample:", "示例：")
        assert (workshop.capacity, workshop.taken, meeting.quota) == (30, 28, 5)
        now = meeting.registration_closes_at.date()
        assert now < meeting.name_by_on < meeting.freeze_on < meeting.starts_on
        assert meeting.waiting_list_ends_at.date() < meeting.starts_on
        assert meeting.sources.exists()
        meeting.full_clean()
        for institution in Institution.objects.filter(is_sample=True):
            assert str(institution).startswith("Sample: ")
            assert institution.sources.exists()

    def test_the_focal_point_registers_four_of_whom_two_wait(self, meeting):
        user = User.objects.get(email="focal@example.org")
        institution = Institution.objects.editable_by(user).get(is_sample=True)
        delegation = make.Delegation(
            meeting=meeting,
            institution=institution,
            people=4,
            people__workshops=[meeting.workshops.get(title="Small hydropower")],
        )

        places.submit(delegation, actor=user)

        standing = [d.workshop_places.get().place for d in delegation.delegates.all()]
        assert standing == ["confirmed", "confirmed", "waiting", "waiting"]
        assert user.check_password("south-south")
        assert not user.is_staff

    def test_again_makes_nothing(self, meeting):
        before = row_counts()

        assert make_sample_meeting() == meeting
        assert changed_since(before) == {}

    def test_no_account_with_a_known_password_is_made(self, network):
        make_sample_meeting()

        assert not User.objects.filter(email="focal@example.org").exists()

    def test_remove_leaves_every_table_as_it_was(self, network, settings):
        settings.DEBUG = True
        search_index.rebuild()
        make_demo_accounts()
        before = row_counts()
        meeting = make_sample_meeting()
        meeting.title = "Sample: changed"
        meeting.save()
        # Real institutions may try the sample, too.
        delegation = make.Delegation(
            meeting=meeting, institution=Institution.objects.first(), people=2
        )
        places.submit(delegation)
        places.set_capacity(meeting, 90)
        about = {
            "content_type": ContentType.objects.get_for_model(Delegation),
            "object_id": delegation.pk,
        }
        Message.objects.create(
            key="x", kind="x", to="a@example.org", next_try_at=timezone.now(), **about
        )
        assert PlaceEvent.objects.exists()

        said = run(remove=True)

        assert said == (
            "0 sample pages and news, 0 sample calls, 1 sample meetings, 0 sample projects,"
            " 10 sample institutions removed.\n"
        )
        assert changed_since(before) == {}


class TestCall:
    @pytest.fixture
    def call(self, network, settings):
        settings.DEBUG = True
        make_demo_accounts()
        make_sample_meeting()
        return make_sample_call()

    def test_is_open_and_marked_with_a_draft_and_one_that_was_sent(self, call):
        draft, sent = (call.proposals.get(state=state) for state in ("draft", "received"))

        assert (call.is_sample, call.sources.exists()) == (True, True)
        assert list(Call.objects.open()) == [call]
        assert (call.title[:7], call.title_zh_hans[:3]) == ("Sample:", "示例：")
        call.full_clean()
        assert (draft.state, sent.state) == ("draft", "received")
        assert sent.reference.startswith("PGTF-")
        assert sent.versions.get().content["en"]["title"].startswith("Sample: ")
        assert [rule.rule for rule in blocking(sent)] == ["endorsements"]
        assert {rule.rule for rule in blocking(draft)} == {
            *("complete", "countries", "ceiling", "other_inputs", "endorsements", "area")
        }
        focal_point = User.objects.get(email="focal@example.org")
        assert may_edit(focal_point, draft.institution)

    def test_again_makes_nothing(self, call):
        before = row_counts()
        assert make_sample_call() == call
        assert changed_since(before) == {}
