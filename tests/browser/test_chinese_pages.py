"""A person who reads only Chinese meets no English where a page says no, and in a failed import.

What counts as English says `tests/english.py`; every other page is asked in the walk.
"""

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from sscnet.core.models import State
from tests import make
from tests.browser.pages import follow
from tests.browser.questions.chinese import english
from tests.english import english_in, names_without_chinese

pytestmark = pytest.mark.django_db(transaction=True)

CHINESE = "/zh-hans"


def test_no_english_where_a_page_is_closed_or_gone(open_page):
    viewer = make.Affiliation(role="viewer", institution__name_zh_hans="竹子中心")
    gone = {"state": State.WITHDRAWN, "withdrawn_at": timezone.now()}
    project = make.Project(title="", title_zh_hans="竹子", **gone)
    institution = make.Institution(name="", name_zh_hans="茶叶研究所", **gone)
    visitor, reader = open_page(locale="zh-CN"), open_page(viewer.user, locale="zh-CN")
    found = []

    for page, status, address in (
        (visitor, 404, "/nowhere/"),
        (visitor, 200, f"/projects/{project.slug}/"),
        (visitor, 200, f"/members/{institution.slug}/"),
        (reader, 403, f"/my/{viewer.institution.slug}/people/invite/"),
        (reader, 404, "/my/nothing/"),
    ):
        answer = page.goto(CHINESE + address)
        assert answer.status == status, address
        faults = english(page, address, names_without_chinese())
        found += [f"{address}: {fault}" for fault in faults]

    assert not found, "\n".join(found)


def test_pages_that_know_no_language_say_it_in_both_and_the_api_is_in_english(page):
    """The first are shown when finding out the reader's language may be what failed."""
    for name in ("400", "429", "500"):
        page.set_content(render_to_string(f"{name}.html"))
        chinese = page.locator("main [lang=zh-Hans]")
        assert page.locator("html").get_attribute("lang") == "en", name
        assert chinese.count() == 1, name
        assert english_in(chinese.inner_text()) == [], name

    page.goto("/api/v1/docs")
    assert page.locator("html").get_attribute("lang") == "en"


def test_no_english_in_an_import_that_has_mistakes(open_page):
    page = open_page(make.Administrator(), locale="zh-CN")
    sheet = "title_zh_hans,year_approved,status,lead_country,size\n竹子,1066,nothing,Nowhere,5\n"
    page.goto(f"{CHINESE}/admin/projects/project/import/")

    page.locator("input[type=file]").set_input_files(
        {"name": "sheet.csv", "mimeType": "text/csv", "buffer": sheet.encode()}
    )
    follow(page.locator("main [type=submit], #content-main [type=submit]").first)

    assert page.get_by_text("1066").count()
    assert [*english(page, "/admin/", ["nothing", "Nowhere", "size"])] == []
