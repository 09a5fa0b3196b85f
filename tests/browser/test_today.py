"""Today in a real browser: who changed a text is three clicks away."""

import pghistory
import pytest

from tests.factories import ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("prefix", "changed"),
    [
        pytest.param("", "Outcome changed from Thirty wells", marks=pytest.mark.proof),
        ("/zh-hans", "成果"),
    ],
)
def test_who_changed_the_outcome_is_three_clicks_from_today(open_page, prefix, changed):
    """On a phone, and without scripts."""
    officer = UserFactory(name="赵华", is_staff=True, is_superuser=True)
    project = ProjectFactory(title="Bamboo", title_zh_hans="竹子", outcome="Thirty wells")
    with pghistory.context(user=UserFactory(name="李明").pk):
        project.outcome = "Forty wells"
        project.save()
    ProjectFactory(title="Tea", title_zh_hans="茶叶")
    size = {"width": 390, "height": 844}
    page = open_page(officer, viewport=size, java_script_enabled=False)
    page.goto(f"{prefix}/admin/")

    page.locator(f'.object-tools a[href="{prefix}/admin/changes/"]').click()
    line = page.get_by_role("row").filter(has_text="李明")
    line.get_by_role("link", name="竹子" if prefix else "Bamboo").click()

    told = page.get_by_role("row").filter(has_text="Forty wells").inner_text()
    assert "李明" in told
    assert changed in " ".join(told.split())
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
