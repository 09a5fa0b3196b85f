"""Two saves at the very same moment, on real threads: one is stored, the other one is told."""

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from projects.models import Project
from sscnet.core.models import ImportBatch
from sscnet.exchange import undo
from tests import make
from tests.admin_forms import add_row, filled
from tests.pages import whole

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works):
    barrier = threading.Barrier(len(works))

    def run(work):
        try:
            connection.ensure_connection()
            barrier.wait()
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def officers(n):
    clients = []
    for _ in range(n):
        clients.append(Client())
        clients[-1].force_login(make.User(is_staff=True, is_superuser=True))
    return clients


def test_of_four_saves_of_one_version_at_once_exactly_one_is_stored():
    for _ in range(3):
        project = make.Project(title="Before")
        address = whole(project)
        works = []
        for n, client in enumerate(officers(4)):
            data = filled(client.get(address)) | {"title": f"Title {n}"}
            add_row(data, "project_countries", country=make.Country().pk, role="participating")
            works.append(partial(client.post, address, data))

        answers = at_once(*works)

        stored = [n for n, answer in enumerate(answers) if answer.status_code == 302]
        assert len(stored) == 1
        assert Project.objects.get(pk=project.pk).title == f"Title {stored[0]}"
        assert project.project_countries.count() == 1
        for n, answer in enumerate(answers):
            if n not in stored:
                assert f'value="Title {n}"' in answer.content.decode()


def test_an_import_undone_by_two_at_once_is_undone_once(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    one, other = officers(2)
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("title_en\nOne\nTwo\n")
    with sheet.open("rb") as file:
        preview = one.post(reverse("admin:projects_project_import"), {"file": file})
    confirm = reverse("admin:projects_project_process_import")
    data = {"preview": preview.context["token"], "source_name": "Report of 2026"}
    one.post(confirm, data)
    batch = ImportBatch.objects.get()

    def undo_as(user):
        def work():
            try:
                return len(undo.Undoing(ImportBatch.objects.get()).undo(user))
            except undo.AlreadyUndone:
                return "already"

        return work

    users = [make.User(), make.User()]
    assert sorted(at_once(*map(undo_as, users)), key=str) == [2, "already"]
    assert not Project.objects.exists()
    batch.refresh_from_db()
    assert batch.undone_by in users
    assert other.get(reverse("admin:projects_project_imports")).status_code == 200
