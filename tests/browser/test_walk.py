"""Every kind of page is opened, and asked everything there is to ask of any page.

Each page comes in one of the eight combinations of language, scheme and width, another one each
time; with PROOF=1 it comes in all of them, and twice it is asked all.
"""

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import quote
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse

from secretariat.back_office.groups import GROUPS, READER
from tests.browser.keys import Keys
from tests.browser.pages import follow
from tests.browser.questions import axe, chinese, forms, html, large, media
from tests.browser.walk import MORE, PARTS, PREFIXES_SCHEMES_WIDTHS, PROOF, STOPS, Walk
from tests.english import names_without_chinese

pytestmark = pytest.mark.django_db(transaction=True)

CHINESE = "/zh-hans"
HEIGHTS = {1280: 800, 390: 844}
FORMS = [
    stop
    for part in ("public", "accounts", "my", "registration", "proposals")
    for stop in STOPS[part]
]
# Pages for when something is wrong with the request or with us.
WITHOUT_A_VIEW = ["400.html", "413.html", "429.html", "500.html", "503.html", "507.html"]
MAINTENANCE = settings.BASE_DIR / "static" / "maintenance.html"
# To press Tab through a page and back takes a third of the walk: half of the combinations, of each
# language, scheme and width as many.
WITH_KEYS = (0, 3, 5, 6)
WRONG = '<!doctype html><html lang="en"><title>Tea</title><ul><p>Tea</p></ul>'


def looks(number):
    """Give the combinations in which a page is opened, each with whether it is asked all."""
    if not PROOF:
        return [(PREFIXES_SCHEMES_WIDTHS[number % 8], True)]
    whole = [("", "light", 1280), (CHINESE, "dark", 390)]
    return [(look, look in whole) for look in PREFIXES_SCHEMES_WIDTHS]


class Asked:
    """A walk that asks each page; `faults` says of which page what is wrong."""

    def __init__(self, open_page, address):
        self.walk = Walk(open_page, self.listen, reduced_motion="reduce")
        self.names = names_without_chinese()
        self.address = address
        self.faults, self.html = [], {"wrong": WRONG}

    def listen(self, page):
        """Note what a page asks other hosts for, and what the policy for contents stops."""

        def note(what):
            self.faults.append(f"{page.url}, other hosts: {what}")

        own = (f"{self.address}/", "data:", "blob:")
        page.on("request", lambda request: request.url.startswith(own) or note(request.url))
        page.on(
            "console",
            lambda message: "Content Security Policy" in message.text and note(message.text),
        )

    def ask(self, where, question, faults):
        self.faults += [f"{where}, {question}: {fault}" for fault in faults]

    def stop(self, stop, number):
        for look, is_whole in looks(number):
            prefix, scheme, width = look
            page = self.walk.page_of(stop.who)
            size = {"width": width, "height": HEIGHTS[width]}
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)
            self.walk.open(stop, prefix)
            where = f"{prefix}{stop}, {scheme}, {width}"
            has_errors = stop.with_errors and stop in FORMS
            if has_errors:
                self.ask(where, "errors", forms.faults_of_focus(page))
            if is_whole:
                self.html[f"{prefix}{stop}"] = self.walk.answer.text()
                self.ask(where, "motion", page.evaluate(media.MOVES))
                if stop.status == 200 and not stop.path.startswith("/admin/"):
                    self.ask(where, "paper", media.printed(page))
                if stop in FORMS:
                    self.ask(where, "fields", forms.faults_of_fields(page, stop))
                if prefix:
                    self.ask(where, "English", chinese.english(page, stop, self.names))
                    self.ask(where, "Chinese type", chinese.faults_of_type(page))
                self.ask(where, "large", large.faults_when_large(page, stop))
                page.set_viewport_size(size)
                # A sheet for paper has one way out or none.
                if "print" not in stop.path and (PROOF or number % 8 in WITH_KEYS):
                    self.ask(where, "keyboard", Keys(page).faults_of_round())
            self.ask(where, "axe", axe.violations(page))
            if is_whole and has_errors:
                self.ask(where, "errors", forms.faults_of_errors(page, prefix))

    def form(self, stop, number):
        """Open a page for the sake of its fields and errors."""
        prefix = CHINESE if number % 2 else ""
        page = self.walk.open(stop, prefix)
        if stop.with_errors:
            self.ask(f"{prefix}{stop}", "errors", forms.faults_of_focus(page))
        self.ask(f"{prefix}{stop}", "fields", forms.faults_of_fields(page, stop))
        if prefix:
            self.ask(f"{prefix}{stop}", "English", chinese.english(page, stop, self.names))
        if stop.with_errors:
            self.ask(f"{prefix}{stop}", "errors", forms.faults_of_errors(page, prefix))

    def chinese(self, stop):
        self.ask(stop, "English", chinese.english(self.walk.open(stop, CHINESE), stop, self.names))

    def lists_and_forms_of_the_admin(self):
        """Open the list of every model, its empty form and one of a record; some without PROOF."""
        page = self.walk.page_of("officer")
        addresses = [address for model in admin.site._registry for address in pages_of(model)]
        for address in addresses if PROOF else addresses[::24]:
            # What nobody may add has no empty form.
            if page.goto(address).status != 403:
                page.wait_for_load_state()
                self.ask(address, "axe", axe.violations(page))

    def english_of_models(self, who):
        """Open every page of the admin that somebody may see of a model, and what follows its
        actions."""
        page = self.walk.page_of(who)
        request = RequestFactory().get("/")
        request.user = self.walk.site.people[who]
        # All but groups and tasks, for which no group of officers has a permission.
        left_out = ("auth", "django_tasks_database")
        models = [
            one for one in admin.site._registry.values() if one.opts.app_label not in left_out
        ]
        for model_admin in models if PROOF else models[:2]:
            for address in map(CHINESE.__add__, addresses_of(model_admin, request)):
                if is_page(page, address):
                    page.goto(address)
                    self.ask(f"{who}: {address}", "English", english_of(page, self.names))
            for where in actions_of(page, f"{CHINESE}{list_of(model_admin)}"):
                self.ask(f"{who}: {where}", "English", english_of(page, self.names))


def english_of(page, names):
    return chinese.english(page, "/admin/", names)


@pytest.mark.parametrize("part", [*PARTS, *(["the rest"] if PROOF else [])])
def test_nothing_is_wrong_with_any_page(open_page, live_server, tmp_path, part):
    walk = Asked(open_page, live_server.url)
    stops = PARTS.get(part, [])
    for number, stop in enumerate(stops):
        walk.stop(stop, number)
    if not PROOF or part == "the rest":
        asked = [stop for stop in FORMS if stop.with_errors or stop.path in forms.OWN]
        for number, stop in enumerate(stop for stop in asked if not PROOF and stop not in stops):
            walk.form(stop, number)
        for stop in MORE if PROOF else MORE[::8]:
            walk.chinese(stop)
        walk.lists_and_forms_of_the_admin()
        for who in ("officer", *(GROUPS if PROOF else [READER])):
            walk.english_of_models(who)
    walk.html |= {name: render_to_string(name) for name in WITHOUT_A_VIEW}
    walk.html["maintenance"] = MAINTENANCE.read_text(encoding="utf-8")
    invalid = html.faults_of_pages(walk.html, tmp_path)

    # That the checker finds it shows that it has read them all.
    assert invalid.pop("wrong", None)
    faults = walk.faults + [f"{page}, HTML: {fault}" for page in invalid for fault in invalid[page]]
    assert not faults, "\n".join(dict.fromkeys(faults))


def pages_of(model):
    """Give the list of a model in the admin, its empty form, and the form of a record."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    yield reverse(f"{name}_changelist")
    yield reverse(f"{name}_add")
    if record := model._default_manager.first():
        yield reverse(f"{name}_change", args=[record.pk])


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
    return answer.ok and bool(answer.body()) and "html" in answer.headers["content-type"]


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
            yield f"{address} {action}"
