"""Every action of the admin is pressed on sample records: no place and no constraint is broken.

A robot fills in what an action asks and goes on until it is done; each is taken back before the
next. The long form also presses the buttons of the pages that lead on from each record.
"""

from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import lxml.html
import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from meetings.models import Meeting
from meetings.places.audit import disagreements
from members.models import Institution
from secretariat.setup.sample.stock import make_sample
from tests import make
from tests.members.everything import meeting_of_everything, with_everything

MOST_STEPS = 5


@pytest.fixture(scope="module")
def officer(network, django_db_blocker, tmp_path_factory):
    """The sample records, loaded once, and who may do everything with them."""
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.MEDIA_ROOT", tmp_path_factory.mktemp("media"))
        make_sample()
        meeting, call, person = (
            meeting_of_everything(),
            make.Call(binding_rules=[]),
            make.User(),
        )
        for institution in (make.Member(), make.Member()):
            with_everything(institution, meeting, call, person)
        client = Client()
        client.force_login(make.Administrator())
        yield client
        transaction.set_rollback(True)


def listed(model):
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    return reverse(f"{name}_changelist")


def registered():
    return [model for model in apps.get_models() if admin.site.is_registered(model)]


def rows_of(model):
    """Give the keys of two records, in different states where there are any; of institutions those
    that registered."""
    rows = model._default_manager.order_by("-pk")
    if model is Institution:
        rows = rows.filter(delegations__delegates__isnull=False).distinct()
    rows = list(rows)
    others = [row for row in rows if getattr(row, "state", 0) != getattr(rows[0], "state", 0)]
    return [row.pk for row in [*rows[:1], *others[:1], *rows[1:2]][:2]]


# ------------------------------------------------------------------ the robot


def forms_in(page):
    """Give the forms of a page's content that send something."""
    if not page["Content-Type"].startswith("text/html"):
        return []
    main = lxml.html.fromstring(page.content).get_element_by_id("content", None)
    forms = main.iter("form") if main is not None else []
    return [form for form in forms if form.method == "POST" and button_of(form) is not None]


def fill_in(form, button, *, only_required):
    """Give what a person would send who fills in what is empty and presses the button."""
    texts = {
        "text": "Because.",
        "date": str(timezone.localdate() + timedelta(days=30)),
        "time": "09:00",
        "number": "9",
        "email": "somebody@example.org",
    }
    for field in form.iter("input", "select", "textarea"):
        is_asked = "required" in field.attrib or not only_required
        if not field.name or field.value or not is_asked:
            continue
        if field.tag == "textarea":
            field.value = "Because."
        elif field.tag == "select" and not field.multiple:
            field.value = next(filter(None, field.value_options), "")
        elif field.tag == "input" and field.type in texts:
            field.value = texts[field.type]
    pressed = [(button.get("name"), button.get("value", ""))] if button.get("name") else []
    data = {}
    for name, value in [*form.form_values(), *pressed]:
        data.setdefault(name, []).append(value)
    return data


def button_of(form):
    buttons = [one for one in form.iter("button", "input") if one.get("type") in (None, "submit")]
    return next((one for one in buttons if "default" in one.classes), next(iter(buttons), None))


def go_on(client, page):
    """Press the button of each page that follows, until one leads back to a list or a record."""
    for step in range(MOST_STEPS):
        is_over = page.status_code != 200 or "cl" in (page.context or ())
        forms = [] if is_over else forms_in(page)
        # Of several the one that does it is the last; its button is marked.
        forms.sort(key=lambda form: "default" in button_of(form).classes)
        if not forms or (step and "original" in page.context):
            return page, step
        form = forms[-1]
        address = page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"]
        sent = fill_in(form, button_of(form), only_required=step < 2)
        page = client.post(urljoin(address, form.action or ""), sent, follow=True)
    return page, MOST_STEPS


def assert_all_holds():
    for meeting in Meeting.objects.exclude(capacity=None):
        assert disagreements(meeting) == []
    connection.check_constraints()


# ------------------------------------------------------------------ what is pressed


def test_every_action_leaves_places_and_constraints_whole(officer):
    pressed = {}
    for model in registered():
        page, chosen = officer.get(listed(model)), rows_of(model)
        form = (page.context or {}).get("action_form") if chosen else None
        for action, _label in form.fields["action"].choices if form else ():
            if action:
                with transaction.atomic():
                    sent = {"action": action, "_selected_action": chosen, "index": 0}
                    page = officer.post(listed(model), sent, follow=True)
                    page, pressed[model._meta.label, action] = go_on(officer, page)
                    assert page.status_code == 200, (model, action)
                    assert_all_holds()
                    transaction.set_rollback(True)
    # So many pages were gone through until it was done.
    assert pressed["members.Institution", "merge"] == 1
    assert pressed["meetings.Delegation", "decline"] == pressed["meetings.Delegate", "decline"] == 2
    assert sum(steps > 0 for steps in pressed.values()) > 20


@pytest.mark.proof
def test_every_page_of_a_record_leaves_places_and_constraints_whole(officer):
    pressed = {}
    for model in registered():
        for key in rows_of(model):
            start = f"{listed(model)}{key}/"
            page = officer.get(f"{start}change/", follow=True)
            if page.status_code == 200:
                for address in [f"{start}change/", *links_below(page, start)]:
                    with transaction.atomic():
                        page, steps = go_on(officer, officer.get(address, follow=True))
                        pressed[address] = steps
                        assert page.status_code < 500, address
                        assert_all_holds()
                        transaction.set_rollback(True)
    assert sum(steps > 0 for steps in pressed.values()) > 50


def links_below(page, start):
    links = lxml.html.fromstring(page.content).iter("a")
    found = {urlsplit(link.get("href", "")).path for link in links}
    return sorted(
        one for one in found if one.startswith(start) and not one.endswith(("/change/", "/letter/"))
    )
