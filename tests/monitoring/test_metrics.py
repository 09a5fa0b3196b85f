import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.utils import timezone
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from sscnet.monitoring import alarms
from sscnet.monitoring.state import PortalState
from sscnet.outbox.models import Message
from tests import make
from tests.tls import certificate, https_server

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def operations(settings, tmp_path):
    settings.OPERATIONS_FOLDER = tmp_path
    settings.OPERATOR_MAIL = "operator@example.org"
    return tmp_path


def numbers(client, **extra):
    text = client.get("/metrics", **extra).content.decode()
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def late_mail(**fields):
    at = timezone.now() - timedelta(hours=1)
    fields = {"created_at": at, "next_try_at": at} | fields
    return Message.objects.create(key=uuid4(), to="a@example.org", **fields)


def test_metrics_count_requests_and_say_how_things_stand(client, operations):
    make.Meeting()
    late_mail()
    late_mail(failed_at=timezone.now())
    yesterday = timezone.now() - timedelta(days=1)
    drill = {"finished_at": yesterday.isoformat(), "equal": False}
    (operations / "drill.json").write_text(json.dumps(drill))
    before = numbers(client).get(("sscnet_requests_total", "200", "healthz"), 0)
    client.get("/healthz")

    found = numbers(client)

    assert found["sscnet_requests_total", "200", "healthz"] == before + 1
    assert found["sscnet_mail_waiting",] == 1
    assert found["sscnet_mail_failed",] == 1
    assert found["sscnet_mail_oldest_seconds",] == pytest.approx(3600, abs=60)
    assert found["sscnet_drill_age_seconds",] == pytest.approx(86400, abs=60)
    assert found["sscnet_drill_equal",] == 0
    assert ("sscnet_backup_age_seconds",) not in found


def test_metrics_are_for_the_inside(client, settings):
    outside = {"REMOTE_ADDR": "192.0.2.7"}
    for extra, status in (
        ({}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": ""}, 200),
        (outside, 404),
        ({"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 404),
        ({"HTTP_X_FORWARDED_PROTO": "https"}, 404),
        (outside | {"HTTP_AUTHORIZATION": "Bearer for-the-test"}, 200),
        (outside | {"HTTP_AUTHORIZATION": "Bearer "}, 404),
    ):
        settings.METRICS_TOKEN = "for-the-test" if "for-the-test" in str(extra) else ""
        assert client.get("/metrics", **extra).status_code == status, extra


def test_metrics_say_that_the_database_is_away(client, monkeypatch):
    def refuse(*args, **kwargs):
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", refuse)
    found = numbers(client)

    assert found["sscnet_database_up",] == 0
    assert ("sscnet_mail_waiting",) not in found
    assert any(name == "sscnet_disk_free_ratio" for name, *_labels in found)


def test_each_rule_names_numbers_that_are_there(settings):
    text = (settings.BASE_DIR / "deploy" / "prometheus-alerts.yaml").read_text()
    named = set(re.findall(r"sscnet_\w+", text))
    kinds = {"_total", "_bucket", "_sum", "_count"}
    counted = {family.name + kind for family in REGISTRY.collect() for kind in kinds if family.name}
    known = counted | {family.name for family in PortalState().collect()}
    assert named - known == set()
    watched = {name for name, *_rule in alarms.RULES}
    assert watched - named == set()


def test_an_archive_that_stopped_is_told():
    nothing = {name: {} for name, *_rule in alarms.RULES} | {
        name: {(): 1} for name in alarms.EXPECTED
    }
    for seconds, is_mailed in ((800, False), (1000, True)):
        found = nothing | {"sscnet_archive_age_seconds": {(): seconds}}
        said = [text for _cause, text in alarms.alarms(found)]
        assert ("The database's log is not archived." in said) == is_mailed


def test_the_operator_is_told_once_and_when_it_is_over(monkeypatch, operations):
    monkeypatch.setattr(alarms, "unanswered", list)
    monkeypatch.setattr(alarms, "EXPECTED", {})
    late = late_mail()
    call_command("watch")
    call_command("watch")
    Message.objects.filter(pk=late.pk).update(sent_at=timezone.now())
    call_command("watch")
    call_command("watch")

    begun, over = mail.outbox
    assert begun.to == ["operator@example.org"]
    assert begun.body.startswith("Wrong since now:\nA mail waits for 3600 s.")
    assert over.body.startswith("Over:\nA mail waits for 3600 s.")


def test_what_is_not_known_is_not_over(monkeypatch, operations):
    (operations / "watch.json").write_text(json.dumps({"sscnet_mail_failed": "One was given up."}))
    monkeypatch.setattr(alarms, "current", lambda: {"sscnet_database_up": "It does not answer."})
    call_command("watch")

    assert [one.body for one in mail.outbox] == ["Wrong since now:\nIt does not answer.\n"]


def test_the_end_of_the_certificate_is_a_number_and_told_three_weeks_before(
    client, settings, tmp_path, monkeypatch
):
    monkeypatch.setattr(alarms, "EXPECTED", {})
    assert ("sscnet_certificate_seconds",) not in numbers(client)
    with https_server(certificate(tmp_path, days=22)[0]) as (_server, settings.PORTAL_ADDRESS):
        seconds = numbers(client)["sscnet_certificate_seconds",]
        assert "sscnet_certificate_seconds" not in alarms.current()
    with https_server(certificate(tmp_path, days=20)[0]) as (_server, settings.PORTAL_ADDRESS):
        told = alarms.current()

    assert seconds == pytest.approx(22 * 86400, abs=60)
    assert told["sscnet_certificate_seconds"] == "The certificate ends within 21 days."


def test_a_fault_behind_a_certificate_that_is_not_trusted_is_told_too(
    settings, tmp_path, monkeypatch
):
    monkeypatch.setattr(alarms, "EXPECTED", {})
    with https_server(certificate(tmp_path)[0]) as (server, settings.PORTAL_ADDRESS):
        call_command("watch")
        server.status = 503
        call_command("watch")
        call_command("watch")
        server.status = 500
        call_command("watch")

    first, second, third = mail.outbox
    assert "CERTIFICATE_VERIFY_FAILED" in first.body
    assert "HTTP Error 503" in second.body
    assert "Wrong since now:" in second.body
    assert "HTTP Error 500" in third.body
    assert "CERTIFICATE" not in second.body + third.body
