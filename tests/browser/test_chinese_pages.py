"""A person who reads only Chinese meets no English, from the home page to the admin.

What counts as English says `tests/english.py`; texts in closed parts of a page count as well, for
they can be opened. With PROOF=1 the pages of every model in the admin are walked too.
"""

import pytest
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from sscnet.records.models import State
from tests.browser.walk import PROOF, STOPS, Stop, Walk
from tests.english import english_in, english_on, names_without_chinese
from tests.factories import AffiliationFactory, InstitutionFactory, ProjectFactory

pytestmark = pytest.mark.django_db(transaction=True)

CHINESE = "/zh-hans"
# Beside the stops that every walk makes: pages that a reader meets on the way.
MORE = [
    Stop("/projects/{project}/g77/"),
    Stop("/projects/{project}/galaxy/"),
    Stop("/members/values/sector/"),
    Stop("/accounts/signup/"),
    Stop("/accounts/inactive/"),
    Stop("/accounts/password/reset/done/"),
    Stop("/accounts/password/reset/key/1-abc/"),
    Stop("/accounts/password/reset/key/done/"),
    Stop("/accounts/invitation/nowhere/"),
    Stop("/accounts/logout/", "focal point"),
    Stop("/accounts/2fa/webauthn/add/", "focal point"),
    Stop("/meetings/{meeting}/register/{guest}/discard/", "focal point"),
    Stop("/admin/password_change/", "officer"),
    Stop("/admin/projects/project/{ready}/delete/", "officer"),
    Stop("/admin/meetings/meeting/{meeting_key}/desk/", "officer"),
    Stop("/admin/members/institution/import/", "officer"),
]


def english_of(walk, stop):
    """Open a page and name what is English on it."""
    page = walk.open(stop, CHINESE)
    return english_at(page, stop, walk.names)


def english_at(page, where, names):
    assert page.locator("html").get_attribute("lang").lower() in ("zh-hans", "zh-cn"), where
    return [f"{where}: {text}" for text in english_on(page, names)]


@pytest.fixture
def walk(open_page):
    walk = Walk(open_page, locale="zh-CN")
    walk.names = names_without_chinese()
    return walk


def test_no_english_on_a_chinese_page(walk):
    stops = [stop for part in STOPS.values() for stop in part] + MORE

    found = [text for stop in stops for text in english_of(walk, stop)]

    assert not found, "\n".join(found)


# ------------------------------------------------------------------ pages that say no


def test_no_english_where_a_page_is_closed_or_gone(open_page):
    viewer = AffiliationFactory(role="viewer", institution__name_zh_hans="竹子中心")
    gone = {"state": State.WITHDRAWN, "withdrawn_at": timezone.now()}
    project = ProjectFactory(title="", title_zh_hans="竹子", **gone)
    institution = InstitutionFactory(name="", name_zh_hans="茶叶研究所", **gone)
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
        found += english_at(page, address, names_without_chinese())

    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", ["400", "429", "500"])
def test_pages_that_know_no_language_say_it_in_both(page, name):
    """They are shown when finding out the reader's language may be what failed."""
    page.set_content(render_to_string(f"{name}.html"))

    chinese = page.locator("main [lang=zh-Hans]")
    assert page.locator("html").get_attribute("lang") == "en"
    assert chinese.count() == 1
    assert english_in(chinese.inner_text()) == []


def test_the_page_of_the_api_says_that_it_is_in_english(page):
    page.goto("/api/v1/docs")

    assert page.locator("html").get_attribute("lang") == "en"


# ------------------------------------------------------------------ everything in the admin


def pages_of_models(user):
    """Give the pages of each model that this officer may open."""
    request = RequestFactory().get("/")
    request.user = user
    for model, model_admin in sorted(admin.site._registry.items(), key=lambda item: str(item[0])):
        opts = model._meta
        record = model_admin.get_queryset(request).first()
        views = {
            "changelist": model_admin.has_view_permission(request),
            "add": model_admin.has_add_permission(request),
            "change": record and model_admin.has_view_permission(request, record),
            "history": record and model_admin.has_view_permission(request, record),
            "delete": record and model_admin.has_delete_permission(request, record),
        }
        for name in [name for name, may in views.items() if may]:
            keys = [] if name in ("changelist", "add") else [quote(record.pk)]
            yield reverse(f"admin:{opts.app_label}_{opts.model_name}_{name}", args=keys)


@pytest.mark.skipif(not PROOF, reason="a sample of these pages is walked above")
def test_no_english_on_any_page_of_the_admin(walk):
    officer = walk.site.people["officer"]
    page = walk.page_of("officer")
    found = []

    for address in pages_of_models(officer):
        answer = page.goto(CHINESE + address)
        assert answer.status == 200, address
        found += english_at(page, address, walk.names)

    assert not found, "\n".join(found)
