"""A person who reads only Chinese meets no English, from the home page to the admin.

Nor a space between two sentences, as templates have it for English.

What counts as English says `tests/english.py`; texts in closed parts of a page count as well, for
they can be opened. With PROOF=1 the pages of every model in the admin are walked too.
"""

import re

import pytest
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from sscnet.core.models import State
from tests import make
from tests.browser.pages import follow
from tests.browser.walk import PROOF, Stop, Walk, sample_from
from tests.english import english_in, english_on, names_without_chinese

pytestmark = pytest.mark.django_db(transaction=True)

CHINESE = "/zh-hans"
SPACED_OUT = re.compile("[^\n]*[。！？；：，、][ \u00a0]+(?=[一-鿿“《])[^\n]*")
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
    Stop("/accounts/invitation/nothing/", status=404),
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
    return english_at(page, stop, walk.names) + spaced_out(page, stop)


def english_at(page, where, names):
    assert page.locator("html").get_attribute("lang").lower() in ("zh-hans", "zh-cn"), where
    return [f"{where}: {text}" for text in english_on(page, names)]


def spaced_out(page, where):
    """Name the lines of a page of the site's own that have room where a mark has its own."""
    text = "" if where.path.startswith("/admin/") else page.locator("main").inner_text()
    return [f"{where}: {line}" for line in SPACED_OUT.findall(text)]


@pytest.fixture
def walk(open_page):
    walk = Walk(open_page, locale="zh-CN")
    walk.names = names_without_chinese()
    return walk


def test_no_english_and_no_spaced_out_sentences_on_a_chinese_page(walk):
    stops = [stop for part in sample_from(2).values() for stop in part]
    stops += MORE if PROOF else MORE[::8]

    found = [text for stop in stops for text in english_of(walk, stop)]

    assert not found, "\n".join(found)


# ------------------------------------------------------------------ pages that say no


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


def test_no_english_in_an_import_that_has_mistakes(open_page):
    page = open_page(make.Administrator(), locale="zh-CN")
    sheet = "title_zh_hans,year_approved,status,lead_country,size\n竹子,1066,nothing,Nowhere,5\n"
    page.goto(f"{CHINESE}/admin/projects/project/import/")

    page.locator("input[type=file]").set_input_files(
        {"name": "sheet.csv", "mimeType": "text/csv", "buffer": sheet.encode()}
    )
    follow(page.locator("main [type=submit], #content-main [type=submit]").first)

    assert page.get_by_text("1066").count()
    assert english_at(page, "import", ["nothing", "Nowhere", "size"]) == []


def model_admins():
    """Give all but groups and tasks, for which no group of officers has a permission."""
    every = admin.site._registry.values()
    return [one for one in every if one.opts.app_label not in ("auth", "django_tasks_database")]


OF_A_RECORD = ({"object_id"}, {"pk"}, {"id"})


def addresses_of(model_admin, request):
    """Give the addresses of a model's list and of all its other pages, with its first record."""
    record = model_admin.get_queryset(request).first()
    for pattern in model_admin.get_urls():
        converters = set(pattern.pattern.converters)
        if pattern.name and not converters:
            yield reverse(f"admin:{pattern.name}")
        elif pattern.name and record and converters in OF_A_RECORD:
            yield reverse(f"admin:{pattern.name}", args=[quote(record.pk)])


def list_of(model_admin):
    return reverse(f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_changelist")


def is_page(page, address):
    answer = page.request.get(address)
    return bool(answer.body()) and "html" in answer.headers["content-type"]


def actions_of(page, address):
    """Take each action of a list with its first row, and give the page that follows."""
    page.goto(address)
    options = page.locator("select[name=action] option").evaluate_all(
        "all => all.map(o => o.value)"
    )
    for action in filter(None, options):
        page.goto(address)
        if page.locator(".action-select").count():
            page.locator(".action-select").first.check()
            page.locator("select[name=action]").select_option(action)
            if action.startswith("export"):
                continue
            follow(page.locator(".actions button[type=submit]").first)
            yield action


def test_no_english_on_any_page_of_the_admin(walk):
    """Of every model with PROOF, else of two; a sample of other pages is walked above."""
    request = RequestFactory().get("/")
    request.user = walk.site.people["officer"]
    page = walk.page_of("officer")
    found = []
    models = model_admins() if PROOF else model_admins()[:2]

    for model_admin in models:
        for address in addresses_of(model_admin, request):
            if is_page(page, CHINESE + address):
                page.goto(CHINESE + address)
                found += english_at(page, address, walk.names)
    for model_admin in models:
        address = f"{CHINESE}{list_of(model_admin)}"
        for action in actions_of(page, address):
            found += english_at(page, f"{address} {action}", walk.names)

    assert not found, "\n".join(found)
