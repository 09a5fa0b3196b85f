"""Today in a real browser: who changed a text is three clicks away; what waits is decided."""

import pghistory
import pytest

from meetings import places
from meetings.models import ChangeRequest, Delegate
from sscnet.core.models import ProposedVersion, State
from sscnet.outbox.models import Message
from tests import make
from tests.browser.pages import fits, follow

pytestmark = pytest.mark.django_db(transaction=True)
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
BOTH_LANGUAGES = pytest.mark.parametrize(
    ("prefix", "size"),
    [("/zh-hans", PHONE), pytest.param("", DESK, marks=pytest.mark.proof)],
    ids=["Chinese phone", "English desk"],
)


@pytest.fixture
def today(open_page):
    """Open Today as an officer, without scripts, in a language and a size of screen."""

    def open_today(prefix, size):
        officer = make.Administrator(name="赵华")
        page = open_page(officer, viewport=size, java_script_enabled=False)
        page.goto(f"{prefix}/admin/")
        return page

    return open_today


@pytest.mark.parametrize(
    ("prefix", "changed"),
    [
        pytest.param("", "Outcome (English) changed from", marks=pytest.mark.proof),
        ("/zh-hans", "成果"),
    ],
)
def test_who_changed_the_outcome_is_three_clicks_from_today(today, prefix, changed):
    """On a phone, and without scripts."""
    project = make.Project(title="Bamboo", title_zh_hans="竹子", outcome="Thirty wells")
    with pghistory.context(user=make.User(name="李明").pk):
        project.outcome = "Forty wells"
        project.save()
    make.Project(title="Tea", title_zh_hans="茶叶")
    page = today(prefix, PHONE)

    follow(page.locator(f'.object-tools a[href="{prefix}/admin/changes/"]'))
    line = page.get_by_role("row").filter(has_text="李明")
    follow(line.get_by_role("link", name="竹子" if prefix else "Bamboo"))

    told = page.get_by_role("row").filter(has_text="Forty wells").inner_text()
    assert "李明" in told
    assert changed in " ".join(told.split())
    assert fits(page, "tr:has-text('Forty wells')")


@BOTH_LANGUAGES
def test_a_version_is_released_from_today(today, prefix, size):
    project = make.Project(title="Bamboo", state=State.PUBLISHED, outcome="Thirty wells")
    change = {"model": "projects.project", "key": str(project.pk), "field": "outcome"}
    changes = [change | {"before": "Thirty wells", "after": "Forty wells"}]
    ProposedVersion.objects.create(record=project, made_by=make.User(), changes=changes)
    page = today(prefix, size)

    follow(page.locator(".waits-for a[href*=proposedversion]"))
    follow(page.locator("#result_list tbody th a"))
    assert "Forty wells" in page.get_by_role("row").last.inner_text()
    assert fits(page, "input[name=_release]")
    page.locator("input[name=_release]").click()

    page.locator(".messagelist .success").wait_for()
    project.refresh_from_db()
    assert project.outcome == "Forty wells"


@BOTH_LANGUAGES
def test_the_request_of_an_institution_is_decided_from_today(today, prefix, size):
    delegation = make.Delegation(people=2)
    make.Affiliation(institution=delegation.institution)
    places.submit(delegation)
    Message.objects.all().delete()
    who = delegation.delegates.first()
    person = {"family_name": "Chen", "given_names": "Hua"}
    ChangeRequest.objects.create(delegation=delegation, delegate=who, change="swap", after=person)
    page = today(prefix, size)

    follow(page.locator(".waits-for a[href*=changerequest]"))
    page.locator(".action-select").check()
    page.locator("select[name=action]").select_option("accept")
    page.locator(".actions button[type=submit]").click()
    assert fits(page, "button[name=_confirmed]")
    page.locator("button[name=_confirmed]").click()

    page.locator(".messagelist .success, .messagelist .info").first.wait_for()
    assert ChangeRequest.objects.get().state == "accepted"
    assert Delegate.objects.get(pk=who.pk).family_name == "Chen"
    assert Message.objects.count() == 1
