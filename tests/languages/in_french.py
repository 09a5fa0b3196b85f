"""Asks a portal of three languages, and prints what it answers as JSON.

`test_third_language.py` starts it in a process of its own.
"""

import json

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db import transaction
from django.test import Client, RequestFactory
from django.test.utils import setup_test_environment
from django.utils import translation

from projects.models import Project
from sscnet.core.i18n.labels import each_language, field_label
from sscnet.outbox import wordings
from sscnet.outbox.rendering import render_parts
from tests import make

PAGES = [
    "/",
    "/projects/?q=biogas",
    "/projects/?view=table",
    "/projects/feed/",
    "/projects/export.csv",
    "/members/?sort=name",
    "/members/feed/",
    "/meetings/",
    "/meetings/calendar.ics",
    "/countries/",
    "/about/data/",
    "/ask/",
    "/accounts/login/",
    "/sitemap.xml",
]


def answer():
    setup_test_environment()
    with transaction.atomic():
        print(json.dumps(facts()))
        transaction.set_rollback(True)


def facts():
    client = Client()
    project = make.Project(title="Biogas", title_zh_hans="沼气", title_fr="Un biogaz")
    english = make.Project(title="Apples")
    make.Member(name="Tea Institute")
    meeting = make.Meeting(title="Meeting")
    with translation.override("fr"):
        address = project.get_absolute_url()
        label = str(field_label(Project._meta.get_field("title_fr")))
    return {
        "address": address,
        "page": text_of(client.get(address)),
        "english page": text_of(client.get(f"/projects/{project.slug}/")),
        "page without french": text_of(client.get(f"/fr/projects/{english.slug}/")),
        "meeting": text_of(client.get(f"/fr/meetings/{meeting.slug}/")),
        "by title": text_of(client.get("/fr/projects/?sort=title")),
        "statuses": {path: client.get(with_prefix(path)).status_code for path in PAGES},
        "robots": text_of(client.get("/robots.txt")),
        "sitemap": text_of(client.get("/sitemap.xml")),
        "fields": each_language("title"),
        "label": label,
        "form": fields_of_form(),
        "mail": [part.language for part in mail()],
    }


def with_prefix(path):
    return path if path.endswith(".xml") else f"/fr{path}"


def text_of(answer):
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def fields_of_form():
    request = RequestFactory().get("/")
    request.user = make.Administrator()
    model_admin = admin.site.get_model_admin(Project)
    return flatten_fieldsets(model_admin.get_fieldsets(request))


def mail():
    wording = wordings.WORDINGS["place-registered"]
    return render_parts(wording, dict(wording.words))
