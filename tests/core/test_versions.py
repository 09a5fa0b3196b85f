"""Editors propose, publishers release: what is public changes only by release."""

import threading
from datetime import date, time, timedelta
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from projects.models import Project, ProjectCountry
from secretariat.back_office import groups
from sscnet.changes import versions
from sscnet.changes.history import history_page
from sscnet.changes.state import Change
from sscnet.changes.versions import compare
from sscnet.core.database.triggers import tracked_models
from sscnet.core.models import ImportBatch, ProposedVersion, State
from sscnet.outbox import due
from sscnet.outbox.models import Message
from tests import make
from tests.admin_forms import add_row, errors, filled
from tests.pages import plain

pytestmark = pytest.mark.django_db

Waits = ProposedVersion.State
Event, CountryEvent = tracked_models()[Project], tracked_models()[ProjectCountry]
COUNTRIES = "project_countries"
SOURCES = "core-source-content_type-object_id"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def officer(group, name):
    user = make.User(is_staff=True, name=name)
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def editor():
    return officer(groups.HELPER, "Chen Editor")


@pytest.fixture
def publisher():
    return officer(groups.OFFICER, "Li Publisher")


def of(user):
    client = Client()
    client.force_login(user)
    return client


def address(record, view="change", *args):
    opts = record._meta
    page = reverse(f"admin:{opts.app_label}_{opts.model_name}_{view}", args=[record.pk, *args])
    return f"{page}?tab=all" if view == "change" else page


def save(user, record, **typed):
    client = of(user)
    data = filled(client.get(address(record))) | typed
    return client.post(address(record), data, follow=True)


def proposed(user, record, **typed):
    response = save(user, record, **typed)
    assert response.redirect_chain, errors(response)
    return ProposedVersion.objects.latest("pk")


def decide(user, version, button, **data):
    """Press a button on the page of a version, with what is ticked there."""
    client, page = of(user), address(version.record, "version", version.pk)
    shown = client.get(page)
    ticked = [c.number for c in shown.context["changes"] if not c.is_clash]
    sent = {"stamp": shown.context["stamp"], "change": ticked, "answer": "", button: "1"} | data
    return client.post(page, sent, follow=True)


def table(version):
    return [(c.label, c.before, c.now, c.after) for c in compare(version)]


def told(record):
    return [(act.who, [plain(one) for one in act.sentences]) for act in history_page(record)]


# ------------------------------------------------------------------ an editor's change


RECORDS = {
    "project": (make.Project, {"title": "New name"}),
    "institution": (make.Institution, {"name": "New name"}),
    "meeting": (make.Meeting, {"title": "New name"}),
    "call": (make.Call, {"title": "New name"}),
    "page": (make.Page, {"title": "New name"}),
}


@pytest.mark.parametrize("kind", RECORDS)
def test_what_an_editor_saves_of_a_public_record_waits_until_released(
    kind, client, editor, publisher
):
    create, typed = RECORDS[kind]
    record = create(state=State.PUBLISHED)
    page = record.get_absolute_url()

    version = proposed(editor, record, **typed)

    assert (version.state, version.made_by, version.record) == (Waits.WAITING, editor, record)
    assert "New name" not in client.get(page).content.decode()
    assert "Chen Editor" not in [who for who, _sentences in told(record)]

    decide(publisher, version, "_release")

    assert "New name" in client.get(page).content.decode()
    who = f"Li Publisher, releasing version no. {version.pk} of Chen Editor"
    assert who in [by for by, _sentences in told(record)]


def test_rows_links_and_texts_in_both_languages_wait_together(client, editor, publisher):
    project = make.Project(title="Bamboo", title_zh_hans="竹子")
    kenya = make.ProjectCountry(project=project, country=make.Country(name="Kenya"))
    ghana = make.Country(name="Ghana")
    browser = of(editor)
    data = filled(browser.get(address(project))) | {
        "title_zh_hans": "竹屋",
        "granted_usd": "1200.50",
        "approved_on": "2019-05-12",
        f"{COUNTRIES}-0-role": "lead",
    }
    add_row(data, COUNTRIES, country=ghana.pk, role="participating")
    add_row(data, SOURCES, name="Group of 77", address="https://www.g77.org/")
    response = browser.post(address(project), data)
    assert response.status_code == 302, errors(response)
    version = ProposedVersion.objects.get()

    assert table(version) == [
        ("Title (Chinese)", "竹子", "竹子", "竹屋"),
        ("Approved on", "", "", "12 May 2019"),
        ("Granted by the PGTF, US$", "", "", "1,200.50"),
        ("Country Kenya: role", "participating", "participating", "lead"),
        ("Country", "", "", "Ghana (participating)"),
        ("Source", "", "", "Group of 77 (address: https://www.g77.org/)"),
    ]
    assert list(project.project_countries.all()) == [kenya]

    decide(publisher, version, "_release")

    project = Project.objects.get()
    assert (project.title, project.title_zh_hans) == ("Bamboo", "竹屋")
    assert [(c.country.name, c.role) for c in project.project_countries.order_by("pk")] == [
        ("Kenya", "lead"),
        ("Ghana", "participating"),
    ]
    assert str(project.granted_usd) == "1200.50"
    assert project.sources.get().name == "Group of 77"
    version.refresh_from_db()
    assert (version.state, version.decided_by) == (Waits.RELEASED, publisher)


def test_a_row_that_goes_and_a_file_that_comes_wait_too(client, editor, publisher):
    project = make.Project()
    source = make.Source(record=project)
    browser = of(editor)
    data = filled(browser.get(address(project))) | {f"{SOURCES}-0-DELETE": "on"}
    pdf = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nstartxref\n9\n%%EOF\n"
    place = add_row(data, "documents", kind="final_report", title="Report")
    data[f"{place}-file"] = SimpleUploadedFile("report.pdf", pdf)
    response = browser.post(address(project), data)
    assert response.status_code == 302, errors(response)
    version = ProposedVersion.objects.get()

    assert project.sources.get() == source
    assert not project.documents.exists()
    file = address(project, "version_file", version.pk, 1)
    assert [c.has_file for c in compare(version)] == [False, True]
    assert b"".join(of(publisher).get(file).streaming_content) == pdf
    assert client.get(file).status_code == 302
    other = address(project, "version_file", version.pk, 0)
    assert of(publisher).get(other).status_code == 404

    decide(publisher, version, "_release")

    assert not project.sources.exists()
    document = project.documents.get()
    with document.file.open() as file:
        assert (document.title, file.read()) == ("Report", pdf)


def test_what_is_wrong_is_said_beside_its_field_and_nothing_waits(editor):
    project = make.Project()

    response = save(editor, project, year_approved="1700")

    assert errors(response) == ["The Fund was set up in 1983: enter a year from then on."]
    assert not ProposedVersion.objects.exists()


def test_a_form_saved_unchanged_proposes_nothing(editor):
    save(editor, make.Project())

    assert not ProposedVersion.objects.exists()


@pytest.mark.parametrize("state", [State.DRAFT, State.READY])
def test_what_never_was_public_an_editor_changes_at_once(editor, state):
    project = make.Project(state=state, published_at=None)

    save(editor, project, title="New name")

    assert Project.objects.get().title == "New name"
    assert not ProposedVersion.objects.exists()


def test_what_was_withdrawn_has_a_notice_with_its_name_so_it_waits(editor):
    project = make.Project(state=State.DRAFT, title="Old", published_at=timezone.now())

    proposed(editor, project, title="New name")

    assert Project.objects.get().title == "Old"


def test_officers_change_at_once_what_they_may_publish(publisher):
    project, meeting = make.Project(), make.Meeting()

    save(publisher, project, title="New name")
    save(officer(groups.OFFICER, "Wang"), meeting, title="New name")

    project.refresh_from_db()
    meeting.refresh_from_db()
    assert (project.title, meeting.title) == ("New name", "New name")
    assert not ProposedVersion.objects.exists()


def test_a_publisher_may_keep_a_change_as_a_version(publisher):
    project = make.Project(title="Old")

    version = proposed(publisher, project, title="New name", _as_version="1")

    assert Project.objects.get().title == "Old"
    assert version.is_waiting


def test_a_step_is_not_taken_with_what_waits(editor):
    project = make.Project(state=State.WITHDRAWN, title="Old")

    response = save(editor, project, title="New name", _step="mark_ready")
    assert Project.objects.get().state == State.WITHDRAWN
    assert "“Mark ready” was not done" in response.content.decode()

    save(editor, project, _step="mark_ready")
    assert Project.objects.get().state == State.READY


def test_confirming_a_public_classification_is_publishing(editor, publisher):
    project = make.Project()

    save(editor, project, _confirm_classification="1")
    assert Project.objects.get().classification_confirmed_on is None

    save(publisher, project, _confirm_classification="1")
    assert Project.objects.get().classification_confirmed_by == publisher


def test_a_form_that_is_sent_twice_is_kept_once(editor):
    project, client = make.Project(title="Old"), of(editor)
    data = filled(client.get(address(project))) | {"title": "New"}
    add_row(data, COUNTRIES, country=make.Country().pk, role="participating")

    first, second = (client.post(address(project), data) for _ in range(2))

    assert first.url == second.url
    assert ProposedVersion.objects.count() == 1


def test_a_record_that_was_merged_takes_no_version(editor, publisher):
    institution = make.Institution(name="Old")
    version = proposed(editor, institution, name="New")
    institution.merged_into = make.Institution()
    institution.save()

    with pytest.raises(versions.ValidationError, match="merged into another one"):
        versions.release(version, publisher)


# ------------------------------------------------------------------ deciding


def test_a_date_is_taken_away_by_a_version(editor, publisher):
    project = make.Project(planned_end_on="2020-05-01")
    version = proposed(editor, project, planned_end_on="")

    decide(publisher, version, "_release")

    assert Project.objects.get().planned_end_on == ""


def test_a_time_of_day_waits_and_is_released(editor, publisher):
    meeting = make.Meeting()
    meeting.agenda_items.create(day=date(2026, 9, 1), begins=time(9), title="Opening")
    version = proposed(editor, meeting, **{"agenda_items-0-begins": "10:30"})

    decide(publisher, version, "_release")

    assert meeting.agenda_items.get().begins == time(10, 30)


def test_released_in_part_the_rest_waits_no_more(editor, publisher):
    project = make.Project(title="Old", summary="Old text")
    version = proposed(editor, project, title="New", summary="New text")
    [title] = [c.number for c in compare(version) if c.label.startswith("Title")]

    decide(publisher, version, "_release", change=[title])

    project.refresh_from_db()
    version.refresh_from_db()
    assert (project.title, project.summary) == ("New", "Old text")
    assert (version.state, version.released) == (Waits.PARTLY_RELEASED, [title])


def test_returned_with_a_remark_that_its_author_reads(editor, publisher):
    project = make.Project(title="Old")
    version = proposed(editor, project, title="New")

    refused = decide(publisher, version, "_return")
    assert "Say briefly why it is returned." in refused.content.decode()
    decide(publisher, version, "_return", answer="Which source says so?")

    version.refresh_from_db()
    assert (version.state, version.answer) == (Waits.RETURNED, "Which source says so?")
    assert "Which source says so?" in of(editor).get(address(project)).content.decode()
    assert Project.objects.get().title == "Old"
    again = decide(publisher, version, "_release")
    assert "This version is no longer waiting." in again.content.decode()


def test_an_editor_decides_nothing_but_takes_their_own_back(editor):
    project = make.Project(title="Old")
    version = proposed(editor, project, title="New")

    for button in ("_release", "_return", "_set_time"):
        assert decide(editor, version, button, answer="x").status_code == 403
    other = officer(groups.HELPER, "Another")
    assert decide(other, version, "_take_back").status_code == 403
    decide(editor, version, "_take_back")

    version.refresh_from_db()
    assert version.state == Waits.TAKEN_BACK
    assert Project.objects.get().title == "Old"


def test_with_a_second_person_nobody_releases_their_own(settings, publisher):
    project = make.Project(title="Old")
    version = proposed(publisher, project, title="New", _as_version="1")
    settings.PUBLISHING_NEEDS_SECOND_PERSON = True

    page = decide(publisher, version, "_release").content.decode()
    assert "somebody else must look at it" in page
    decide(officer(groups.OFFICER, "Second"), version, "_release")

    assert Project.objects.get().title == "New"


# ------------------------------------------------------------------ changed meanwhile


def test_a_page_opened_before_somebody_saved_releases_nothing(editor, publisher):
    project = make.Project(title="Old")
    version = proposed(editor, project, title="New")
    page = address(project, "version", version.pk)
    client = of(publisher)
    stamp = client.get(page).context["stamp"]
    save(publisher, project, title="Newer")

    response = client.post(page, {"stamp": stamp, "change": [0], "_release": "1"})

    assert "has changed since this page was opened" in response.content.decode()
    assert Project.objects.get().title == "Newer"


def test_a_value_changed_meanwhile_is_shown_three_times_and_released_knowingly(editor, publisher):
    project = make.Project(title="Old", summary="Old text")
    version = proposed(editor, project, title="New", summary="New text")
    save(publisher, project, title="Newer")

    [title, summary] = compare(version)
    assert (title.before, title.now, title.after, title.is_clash) == ("Old", "Newer", "New", True)
    assert not summary.is_clash
    with pytest.raises(versions.ValidationError, match="has been changed in the meantime"):
        versions.release(version, publisher)
    decide(publisher, version, "_release")
    project.refresh_from_db()
    assert (project.title, project.summary) == ("Newer", "New text")

    second = proposed(editor, project, title="Third")
    save(publisher, project, title="Fourth")
    decide(publisher, second, "_release", change=[0])
    assert Project.objects.get().title == "Third"


def test_two_versions_of_one_record_are_compared_and_neither_is_lost(editor, publisher):
    project = make.Project(title="Old", summary="Old text")
    first = proposed(editor, project, title="First")
    second = proposed(officer(groups.HELPER, "Zhou"), project, title="Second", summary="Text")

    page = of(publisher).get(address(project, "versions")).content.decode()
    assert str(first) in page
    assert str(second) in page

    decide(publisher, first, "_release")
    [title, summary] = compare(second)
    assert (title.now, title.is_clash, summary.is_clash) == ("First", True, False)


def test_the_same_row_proposed_twice_comes_once(editor, publisher):
    project, kenya = make.Project(), make.Country(name="Kenya")
    versions = []
    for _ in range(2):
        client = of(editor)
        data = filled(client.get(address(project)))
        add_row(data, COUNTRIES, country=kenya.pk, role="participating")
        client.post(address(project), data)
        versions.append(ProposedVersion.objects.latest("pk"))

    for version in versions:
        decide(publisher, version, "_release")

    assert project.project_countries.get().country == kenya
    assert set(ProposedVersion.objects.values_list("state", flat=True)) == {Waits.RELEASED}


def test_what_the_record_refuses_is_said_and_the_version_waits_on(editor, publisher):
    project = make.Project(planned_start_on="2020-01-01", planned_end_on="2021-01-01")
    version = proposed(editor, project, planned_end_on="2020-06-01")
    save(publisher, project, planned_start_on="2020-12-01")

    page = decide(publisher, version, "_release").content.decode()

    assert "The planned end is before the planned start." in page
    version.refresh_from_db()
    assert version.is_waiting


# ------------------------------------------------------------------ at a set time


def at(moment):
    local = timezone.localtime(moment)
    return {"release_at_0": f"{local:%Y-%m-%d}", "release_at_1": f"{local:%H:%M:%S}"}


@pytest.fixture
def clock(monkeypatch):
    """Move the clock that releases go by."""
    now = timezone.now()

    def move(**by):
        monkeypatch.setattr(versions.timezone, "now", lambda: now + timedelta(**by))

    return move


def test_a_timed_version_is_released_once_and_not_before(editor, publisher, clock):
    project = make.Project(title="Old")
    version = proposed(editor, project, title="New")
    decide(publisher, version, "_set_time", **at(timezone.now() + timedelta(days=1)))
    version.refresh_from_db()
    assert version.scheduled_by == publisher

    assert due.run_registered() == []
    assert Project.objects.get().title == "Old"
    clock(days=1, minutes=1)
    for _ in range(2):
        assert due.run_registered() == []

    assert Project.objects.get().title == "New"
    version.refresh_from_db()
    assert (version.state, version.decided_by) == (Waits.RELEASED, publisher)
    words = f"Li Publisher, releasing version no. {version.pk} of Chen Editor"
    assert [who for who, _sentences in told(project)].count(words) == 1


def test_a_timed_version_that_is_refused_waits_on_and_says_why(editor, publisher, clock):
    project = make.Project(title="Old")
    version = proposed(editor, project, title="New")
    decide(publisher, version, "_set_time", **at(timezone.now() + timedelta(days=1)))
    save(publisher, project, title="Newer")
    clock(days=2)

    assert due.run_registered() == []

    version.refresh_from_db()
    assert (version.is_waiting, version.release_at) == (True, None)
    page = of(publisher).get(address(project, "version", version.pk)).content.decode()
    assert "has been changed in the meantime" in page
    assert Project.objects.get().title == "Newer"


def test_who_set_the_time_must_still_be_allowed_to(editor, publisher, clock):
    project = make.Project(title="Old")
    version = proposed(editor, project, title="New")
    decide(publisher, version, "_set_time", **at(timezone.now() + timedelta(days=1)))
    publisher.groups.clear()
    clock(days=2)

    due.run_registered()

    version.refresh_from_db()
    assert version.obstacle == "You have no permission to do this."
    assert Project.objects.get().title == "Old"


def test_numbers_of_places_are_no_versions_once_there_are_delegations(editor, publisher):
    meeting = make.Meeting(capacity=50)
    version = proposed(editor, meeting, capacity="60")
    make.Delegation(meeting=meeting)

    page = decide(publisher, version, "_release").content.decode()

    assert "Numbers of places are changed with" in page
    meeting.refresh_from_db()
    assert meeting.capacity == 50


@pytest.mark.parametrize("number", ["0", "9" * 17, "9" * 30])
def test_a_version_that_is_not_there_is_no_page_and_fills_in_no_form(publisher, number):
    project = make.Project(title="Old")

    assert of(publisher).get(f"{address(project, 'versions')}{number}/").status_code == 404
    data = filled(of(publisher).get(f"{address(project)}&version={number}"))
    assert data["title"] == "Old"


@pytest.mark.parametrize("moment", [{}, {"release_at_0": "2020-01-01", "release_at_1": "10:00"}])
def test_a_time_that_is_past_or_missing_is_refused(editor, publisher, moment):
    version = proposed(editor, make.Project(), title="New")

    page = decide(publisher, version, "_set_time", **moment).content.decode()

    assert "Give a " in page
    version.refresh_from_db()
    assert version.release_at is None


@pytest.mark.django_db(transaction=True)
def test_two_who_release_at_once_release_once(editor, publisher):
    project = make.Project(title="Old")
    change = Change(Project, str(project.pk), "title", "Old", "New")
    version = versions.propose(project, [change], editor)
    barrier, refused = threading.Barrier(2), []

    def release():
        barrier.wait()
        try:
            versions.release(version, publisher)
        except versions.ValidationError as error:
            refused.extend(error.messages)
        connection.close()

    threads = [threading.Thread(target=release) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refused == ["This version is no longer waiting."]
    assert Event.objects.filter(title="New").count() == 1


# ------------------------------------------------------------------ going on, going back


def test_an_editor_goes_on_with_what_was_returned(editor, publisher):
    project = make.Project(title="Old", summary="Old text")
    ghana = make.Country(name="Ghana")
    client = of(editor)
    data = filled(client.get(address(project))) | {"title": "New"}
    add_row(data, COUNTRIES, country=ghana.pk, role="participating")
    client.post(address(project), data)
    first = ProposedVersion.objects.get()
    decide(publisher, first, "_return", answer="The summary too, please.")

    form = f"{address(project)}&version={first.pk}"
    data = filled(client.get(form))
    assert (data["title"], data[f"{COUNTRIES}-0-country"]) == ("New", str(ghana.pk))
    wrong = client.post(form, data | {"year_approved": "1700"})
    assert errors(wrong) == ["The Fund was set up in 1983: enter a year from then on."]
    assert Project.objects.get().title == "Old"
    client.post(form, data | {"summary": "New text"})

    first.refresh_from_db()
    second = ProposedVersion.objects.latest("pk")
    assert (first.state, second.replaces) == (Waits.REPLACED, first)
    assert [row[-1] for row in table(second)] == ["New", "New text", "Ghana (participating)"]
    project.refresh_from_db()
    assert (project.title, project.project_countries.count()) == ("Old", 0)
    decide(publisher, second, "_release")
    assert project.project_countries.get().country == ghana


def test_who_proposed_a_version_is_told_once_what_became_of_it(editor, publisher):
    project = make.Project(title="Bamboo", title_zh_hans="竹子")
    returned = proposed(editor, project, title="New")
    decide(publisher, returned, "_return", answer="Which sites?")
    released = proposed(editor, project, title="Newer", summary="Text")
    decide(publisher, released, "_release", change=["0"])
    decide(editor, proposed(editor, project, title="Newest"), "_take_back")
    decide(publisher, proposed(publisher, project, title="Mine", _as_version="1"), "_release")

    told = [(mail.kind, mail.to, mail.about) for mail in Message.objects.order_by("pk")]
    assert told == [
        ("version-returned", editor.email, project),
        ("version-released", editor.email, project),
    ]
    first, second = Message.objects.order_by("pk")
    assert "Li Publisher returned your changes to Bamboo" in first.text
    assert "Which sites?" in first.text
    assert address(project, "version", returned.pk) in first.text
    assert "released in part" in second.text
    assert "部分" in second.text


def test_a_version_that_fits_no_more_fills_in_no_form(editor, publisher):
    project = make.Project()
    link = make.ProjectCountry(project=project)
    version = proposed(editor, project, **{f"{COUNTRIES}-0-role": "lead"})
    link.delete()

    response = of(editor).get(f"{address(project)}&version={version.pk}", follow=True)

    assert response.redirect_chain == [(address(project, "version", version.pk), 302)]
    assert "is no longer there" in response.content.decode()


def test_nobody_goes_on_with_what_another_editor_wrote(editor):
    project = make.Project(title="Old")
    version = proposed(officer(groups.HELPER, "Zhou"), project, title="New")

    data = filled(of(editor).get(f"{address(project)}&version={version.pk}"))

    assert data["title"] == "Old"


def test_an_older_state_is_looked_at_and_restored_as_a_version(client, editor, publisher):
    project = make.Project(title="First", title_zh_hans="一")
    make.ProjectCountry(project=project, country=make.Country(name="Kenya"))
    then = timezone.now() - timedelta(days=1)
    # A test is one transaction, and the history goes by its moment.
    for event in (Event, CountryEvent):
        event.objects.update(pgh_created_at=then)
    data = {"title": "Second", "title_zh_hans": "二", f"{COUNTRIES}-0-DELETE": "on"}
    save(publisher, project, **data)

    state = f"{address(project, 'state')}?{urlencode({'at': then.isoformat()})}"
    shown = of(editor).get(state).context["changes"]
    assert [(c.label, c.before, c.after) for c in shown] == [
        ("Title (English)", "Second", "First"),
        ("Title (Chinese)", "二", "一"),
        ("Country", "", "Kenya (participating)"),
    ]
    of(editor).post(state)
    version = ProposedVersion.objects.get()
    assert (version.origin, version.state_of) == ("restored", then)
    assert Project.objects.get().title == "Second"
    decide(publisher, version, "_release")

    project = Project.objects.get()
    assert (project.title, project.title_zh_hans) == ("First", "一")
    assert project.project_countries.get().country.name == "Kenya"
    who = f"Li Publisher, releasing version no. {version.pk} of Chen Editor"
    assert who in [by for by, _sentences in told(project)]


@pytest.mark.parametrize("moment", ["", "yesterday", "2026-99-99", "2026-01-01T00:00:00"])
def test_a_moment_that_means_nothing_is_no_page(publisher, moment):
    state = address(make.Project(), "state")

    assert of(publisher).get(state, {"at": moment}).status_code == 404


def test_people_who_act_for_an_institution_are_in_no_older_state(publisher):
    affiliation = make.Affiliation()
    institution, then = affiliation.institution, timezone.now()
    affiliation.delete()

    state = f"{address(institution, 'state')}?{urlencode({'at': then.isoformat()})}"

    assert of(publisher).get(state).context["changes"] == []


# ------------------------------------------------------------------ imports


def bring_in(user, content, model="projects_project"):
    client = of(user)
    file = SimpleUploadedFile("sheet.csv", content.encode())
    preview = client.post(reverse(f"admin:{model}_import"), {"file": file})
    data = {"preview": preview.context["token"], "source_name": "Report of 2026"}
    done = client.post(reverse(f"admin:{model}_process_import"), data, follow=True)
    return preview, [str(message) for message in done.context["messages"]]


def test_imported_changes_of_public_records_wait_and_the_preview_says_so(editor, publisher):
    make.Country(iso2="KE", name="Kenya")
    public = make.Project(title="Old")
    draft = make.Project(title="Draft", state=State.DRAFT)
    sheet = (
        "code,title_en,participating_countries\n"
        f"{public.code},New,KE\n{draft.code},Changed,KE\n,Fresh,KE\n"
    )

    preview, said = bring_in(editor, sheet)

    counts = {"new": 1, "changed": 1, "waits": 1, "same": 0, "refused": 0}
    assert preview.context["preview"].counts() == counts
    assert "wait as versions until" in preview.content.decode()
    assert "1 public record will change when its new version is released." in said
    assert sorted(Project.objects.values_list("title", flat=True)) == ["Changed", "Fresh", "Old"]
    assert not public.project_countries.exists()
    version = ProposedVersion.objects.get()
    assert (version.record, version.origin, version.file_name) == (public, "import", "sheet.csv")
    assert [row[-1] for row in table(version)] == ["New", "Kenya (participating)"]

    decide(publisher, version, "_release")

    public.refresh_from_db()
    assert (public.title, public.project_countries.get().country.name) == ("New", "Kenya")


def test_what_the_model_refuses_is_refused_in_a_row_that_would_wait(editor):
    public = make.Project(granted_usd=10)

    preview, _said = bring_in(
        editor, f"code,women_beneficiaries_number,beneficiaries_number\n{public.code},5,3\n"
    )

    assert preview.context["preview"].counts()["refused"] == 1
    assert not ProposedVersion.objects.exists()


def test_a_publishers_import_of_public_records_is_undone_by_publishers_only(editor, publisher):
    public = make.Project(title="Old")
    bring_in(publisher, f"code,title_en\n{public.code},New\n")
    undo = reverse("admin:projects_project_undo_import", args=[ImportBatch.objects.get().pk])

    of(editor).post(undo)
    assert Project.objects.get().title == "New"
    of(publisher).post(undo)
    assert Project.objects.get().title == "Old"


# ------------------------------------------------------------------ what waits, in lists


def test_the_list_has_what_waits_and_leads_to_the_record(editor, publisher):
    first = proposed(editor, make.Project(title="Bamboo"), title="New")
    proposed(editor, make.Page(title="Rules"), title="New")
    returned = proposed(editor, make.Project(title="Biogas"), title="New")
    versions.give_back(returned, publisher, "No.")
    client, address_of_list = of(publisher), reverse("admin:core_proposedversion_changelist")

    def listed(**query):
        response = client.get(address_of_list, query)
        return [str(version.record) for version in response.context["cl"].result_list]

    assert listed() == ["Bamboo", "Rules"]
    assert listed(kind="projects.project") == ["Bamboo"]
    assert listed(state="returned") == ["Biogas"]
    assert listed(time="set") == []
    change = reverse("admin:core_proposedversion_change", args=[first.pk])
    assert client.get(change).url == address(first.record, "version", first.pk)


def test_the_start_page_counts_for_each_what_they_may_release(editor, publisher):
    proposed(editor, make.Project(), title="New")
    proposed(editor, make.Meeting(), title="New")

    def counted(user):
        page = of(user).get(reverse("admin:index"))
        sections = [numbers for _section, numbers in page.context["sections"]]
        labels = [str(row.label) for numbers in sections for row in numbers]
        return [label for label in labels if label.endswith("to release")]

    assert counted(publisher) == [
        "Changes of projects to release",
        "Changes of meetings to release",
    ]
    assert counted(editor) == []


# ------------------------------------------------------------------ pages, files and the API


def test_before_the_release_nothing_public_holds_the_change(client, editor, publisher):
    project = make.Project(title="Old")
    make.Source(record=project)
    version = proposed(editor, project, title="Unheard")
    addresses = [
        project.get_absolute_url(),
        "/projects/",
        "/projects/export.csv",
        "/projects/feed/",
        f"/api/v1/projects/{project.code}",
    ]

    def body(page):
        response = client.get(page)
        assert response.status_code == 200, page
        content = response.streaming_content if response.streaming else [response.content]
        return b"".join(content).decode()

    def holding():
        return [page for page in addresses if "Unheard" in body(page)]

    assert holding() == []
    decide(publisher, version, "_release")
    assert holding() == addresses
