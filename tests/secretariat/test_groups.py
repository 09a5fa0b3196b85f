"""What each group may and may not do, asked through the addresses of the admin."""

import io

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils.html import strip_tags

from members.models import Institution, User
from projects.models import Project
from secretariat.back_office import groups
from secretariat.setup.demo import ACCOUNTS, PASSWORD
from sscnet.changes.history import history_page
from sscnet.core.models import State
from tests import make
from tests.admin_forms import add_row, errors, filled

pytestmark = pytest.mark.django_db

SOURCES = "core-source-content_type-object_id"
FACTORIES = {
    "projects_project": make.Project,
    "members_institution": make.Institution,
    "secretariat_page": make.Page,
}


@pytest.fixture
def reader(client):
    user = make.Officer(group=groups.READER)
    client.force_login(user)
    return user


def address(model, view, *args):
    return reverse(f"admin:{model}_{view}", args=args)


def complete(model, state):
    record = FACTORIES[model](state=state)
    make.Source(record=record)
    return record


# ------------------------------------------------------------------ the story of issue and table


def test_an_editor_enters_a_whole_project_and_a_publisher_publishes_it(client, editor):
    add = address("projects_project", "add")
    data = filled(client.get(add)) | {
        "title": "Bamboo",
        "title_zh_hans": "竹子",
        "programme": "pgtf",
        "outcome": "Two hundred people trained.",
        "outcome_zh_hans": "培训二百人。",
        "contact": editor.pk,
    }
    add_row(data, "fund_numbers", number="INT/18/K08")
    add_row(data, "project_countries", country=make.Country(name="China").pk, role="lead")
    add_row(data, "project_countries", country=make.Country(name="Kenya").pk, role="participating")
    add_row(data, "project_institutions", institution=make.Institution().pk, role="submitter")
    add_row(data, "project_sectors", sector=make.Sector().pk)
    add_row(data, "project_sdgs", sdg=make.SDG(number=7).pk, place="0", reason="Bamboo burns.")
    add_row(data, SOURCES, name="Group of 77", address="https://www.g77.org/")
    response = client.post(add, data)
    assert response.status_code == 302, errors(response)

    project = Project.objects.get()
    change = address("projects_project", "change", project.pk)
    form = filled(client.get(change))
    client.post(change, form | {"_confirm_classification": "1"})
    client.post(change, form | {"_step": "mark_ready"})
    project.refresh_from_db()
    assert project.state == State.READY
    assert project.classification_confirmed_by == editor

    page = client.get(change).content.decode()
    assert 'value="publish"' not in page
    assert client.post(change, form | {"_step": "publish"}).status_code == 403
    publish = address("projects_project", "step", project.pk, "publish")
    assert client.get(publish).status_code == 403
    assert client.post(publish).status_code == 403
    project.refresh_from_db()
    assert project.state == State.READY

    client.force_login(make.Officer(group=groups.OFFICER, name="Li Publisher"))
    assert 'value="publish"' in client.get(change).content.decode()
    client.post(publish)
    project.refresh_from_db()
    assert project.state == State.PUBLISHED

    told = {
        (act.who, strip_tags(sentence))
        for act in history_page(project)
        for sentence in act.sentences
    }
    assert ("Chen Editor", "Country added: Kenya (participating)") in told
    assert ("Chen Editor", "Outcome (Chinese): 培训二百人。") in told
    assert ("Chen Editor", "State changed from draft to ready") in told
    assert ("Li Publisher", "State changed from ready to published") in told


@pytest.mark.parametrize("model", FACTORIES)
def test_editors_change_every_record_and_publish_none(client, editor, model):
    record = complete(model, State.READY)

    assert client.get(address(model, "add")).status_code == 200
    assert client.get(address(model, "change", record.pk)).status_code == 200
    assert client.get(address(model, "history", record.pk)).status_code == 200
    for step in ("publish", "withdraw"):
        assert client.post(address(model, "step", record.pk, step)).status_code == 403
    assert client.post(address(model, "delete", record.pk), {"post": "yes"}).status_code == 403

    # Nor by an action of the list.
    lists = address(model, "changelist")
    page = client.get(lists).content.decode()
    for action in ("publish", "withdraw", "delete_selected"):
        data = {"action": action, "_selected_action": [record.pk], "_confirmed": "1", "post": "yes"}
        client.post(lists, data)
        assert f'<option value="{action}">' not in page

    record.refresh_from_db()
    assert record.state == State.READY
    assert '<option value="mark_ready">' in page


@pytest.mark.parametrize("model", FACTORIES)
def test_publishers_publish_withdraw_and_delete_drafts_only(client, publisher, model):
    record, draft = complete(model, State.READY), complete(model, State.DRAFT)

    client.post(address(model, "step", record.pk, "publish"))
    record.refresh_from_db()
    assert record.state == State.PUBLISHED
    client.post(address(model, "delete", record.pk), {"post": "yes"})
    client.post(address(model, "step", record.pk, "withdraw"))
    record.refresh_from_db()
    assert record.state == State.WITHDRAWN

    client.post(address(model, "delete", draft.pk), {"post": "yes"})
    assert list(type(record).objects.all()) == [record]


def test_a_text_that_one_may_only_read_says_its_language(client, reader):
    project = make.Project(title="Bamboo", title_zh_hans="竹子", subtitle="")
    english = address("projects_project", "change", project.pk)
    assert "<div>Bamboo</div>" in client.get(english).content.decode()
    chinese = client.get(f"/zh-hans{english}").content.decode()
    assert '<div lang="en">Bamboo</div>' in chinese
    assert "<div>-</div>" in chinese


@pytest.mark.parametrize("model", FACTORIES)
def test_readers_see_and_touch_nothing(client, reader, model):
    record = complete(model, State.DRAFT)
    page = client.get(address(model, "change", record.pk))

    assert page.status_code == 200
    assert "_step" not in page.content.decode()
    assert client.get(address(model, "changelist")).status_code == 200
    assert client.get(address(model, "history", record.pk)).status_code == 200
    assert client.get(record.get_absolute_url()).status_code == 200
    assert client.get(address(model, "add")).status_code == 403
    assert client.post(address(model, "change", record.pk), {"title": "Mine"}).status_code == 403
    assert client.post(address(model, "delete", record.pk), {"post": "yes"}).status_code == 403
    for step in ("mark_ready", "publish", "withdraw"):
        assert client.post(address(model, "step", record.pk, step)).status_code == 403
    if model != "secretariat_page":
        assert client.get(address(model, "import")).status_code == 403


@pytest.mark.parametrize("group", groups.GROUPS)
def test_no_group_makes_accounts_or_gives_rights(client, group):
    user = make.Officer(group=group)
    client.force_login(user)

    assert client.get(address("members_user", "add")).status_code == 403
    change = address("members_user", "change", user.pk)
    assert client.post(change, {"is_superuser": "on"}).status_code == 403


def test_editors_see_who_people_are_and_no_rights_and_readers_no_accounts(client, editor):
    page = client.get(address("members_user", "change", make.User(name="Zhao").pk))
    main = page.content.decode().partition("<main")[2]

    assert "Zhao" in main
    assert not [word for word in ("field-password", "field-groups", "superuser") if word in main]

    client.force_login(make.Officer(group=groups.READER))
    assert client.get(address("members_user", "changelist")).status_code == 403


def test_figures_are_public_at_once_so_they_are_for_publishers(client, editor):
    figure = address("secretariat_datedfigure", "change", make.DatedFigure().pk)
    assert client.post(figure, {}).status_code == 403

    client.force_login(make.Officer(group=groups.OFFICER))
    assert client.post(figure, {}).status_code == 200


def test_only_officers_invite_people_to_act_for_an_institution(client, editor):
    institution = make.Affiliation().institution
    add = address("members_invitation", "add")
    data = {"institution": institution.pk, "email": "zhao@example.org", "role": "deputy"}

    def invited():
        status = client.post(add, data).status_code
        return status, institution.invitations.exists()

    assert invited() == (403, False)
    client.force_login(make.Officer(group=groups.OFFICER))
    assert invited() == (302, True)


def test_who_is_no_officer_does_not_enter(client):
    client.force_login(make.User())

    assert client.get("/admin/").status_code == 302


# ------------------------------------------------------------------ making the groups


def names_of(group):
    return {f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.all()}


@pytest.mark.parametrize("name", groups.GROUPS)
def test_groups_are_there_after_migrating_with_all_their_permissions(name):
    assert names_of(Group.objects.get(name=name)) == groups.GROUPS[name]


def test_an_upgrade_gives_and_takes_what_a_role_may_and_leaves_other_groups_alone():
    extra = Permission.objects.get(codename="add_user")
    editors = Group.objects.get(name=groups.HELPER)
    editors.permissions.add(extra)
    editors.permissions.remove(Permission.objects.get(codename="change_project"))
    own = Group.objects.create(name="Interns")
    own.permissions.add(extra)

    groups.make_groups(apps=apps)

    assert names_of(editors) == groups.HELPER_MAY
    assert names_of(own) == {"members.add_user"}


def test_every_model_of_the_admin_belongs_to_a_group():
    tracked = {model._meta.label_lower for model in history_models()}
    # An institution's own, until it is sent.
    tracked.remove("members.profileproposal")

    named = {name for names in (groups.RECORDS, groups.PARTS, groups.CODE_LISTS) for name in names}
    named |= {*groups.QUOTAS, *groups.REPORTS, *groups.TOPICS, "papers.papersettings"}
    named |= {*groups.REQUESTS, *groups.OF_REQUESTS, *groups.NEEDS}
    assert tracked == named | {*groups.FIGURES, *groups.SYNONYMS, *groups.WORDINGS, *groups.PEOPLE}


def history_models():
    from sscnet.core.database.triggers import tracked_models

    return tracked_models()


# ------------------------------------------------------------------ demo accounts


CODE = "975310"


def sign_in(client, email, password):
    after = {"next": address("projects_project", "changelist")}
    data = {"login": email, "password": password, **after}
    return client.post(reverse("account_login"), data)


def make_demo_accounts():
    out = io.StringIO()
    call_command("make_demo_accounts", stdout=out)
    return out.getvalue()


def test_demo_accounts_are_printed_and_work(client, settings):
    settings.DEBUG = True
    settings.MFA_TOTP_INSECURE_BYPASS_CODE = CODE

    printed = make_demo_accounts()

    assert CODE in printed
    for account in ACCOUNTS:
        assert account.email in printed
        response = sign_in(client, account.email, PASSWORD)
        if account.is_staff:
            assert response.url == reverse("mfa_authenticate")
            response = client.post(response.url, {"code": CODE})
        assert response.url == address("projects_project", "changelist")
        assert client.get(response.url).status_code == (200 if account.is_staff else 302)
        client.logout()
    assert User.objects.get(email="admin@example.org").is_superuser
    assert User.objects.filter(is_superuser=True).count() == 1


@pytest.mark.proof
def test_demo_accounts_made_twice_change_nothing(settings):
    settings.DEBUG = True
    make_demo_accounts()
    before = list(User.objects.values())

    make_demo_accounts()

    assert list(User.objects.values()) == before


def test_demo_accounts_are_refused_in_production(settings):
    settings.DEBUG = False

    with pytest.raises(CommandError, match="DEBUG=true"):
        make_demo_accounts()
    assert not User.objects.exists()
    assert not Institution.objects.exists()
