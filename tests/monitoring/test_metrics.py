import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.core.management import CommandError
from django.db import DatabaseError, connection
from django.utils import timezone
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from sscnet.monitoring import watch
from sscnet.monitoring.state import PortalState
from sscnet.outbox.models import Message
from tests import make
from tests.tls import certificate, https_server, robot_server

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


@pytest.fixture
def troubles(monkeypatch):
    """What is to do, by cause; the test says it."""
    found = {}
    monkeypatch.setattr(watch, "troubles", lambda: dict(found))
    return found


def test_the_operator_is_told_once_and_when_it_is_over(troubles):
    troubles["mail late"] = "Mail: one waits"
    watch.look()
    watch.look()
    troubles.clear()
    watch.look()
    watch.look()

    begun, over = mail.outbox
    assert begun.to == ["operator@example.org"]
    assert begun.subject.startswith("Mail: one waits (")
    assert begun.body == "Wrong since now / 新出现的问题:\nMail: one waits"
    assert over.body == "No longer wrong / 已恢复:\nMail: one waits"


def test_another_fault_is_another_cause_and_both_languages_name_it(settings, tmp_path):
    with https_server(certificate(tmp_path)[0]) as (server, settings.PORTAL_ADDRESS):
        assert "pages" not in " ".join(watch.troubles())
        server.status = 503
        first = watch.troubles()
        server.status = 500
        second = watch.troubles()

    assert "pages 503" in first
    assert "pages 500" in second
    assert "HTTP Error 503" in first["pages 503"]
    assert "Pages:" in first["pages 503"]
    assert "页面:" in first["pages 503"]


def test_what_is_not_known_is_not_over(troubles, operations):
    (operations / "watch.json").write_text(json.dumps({"wrong": {"mail failed": "One failed."}}))
    troubles["database"] = "Database: it does not answer"
    watch.look()

    [told] = mail.outbox
    assert "One failed." not in told.body


def test_the_end_of_the_certificate_is_a_number(client, settings, tmp_path):
    assert ("sscnet_certificate_seconds",) not in numbers(client)
    with https_server(certificate(tmp_path, days=22)[0]) as (_server, settings.PORTAL_ADDRESS):
        seconds = numbers(client)["sscnet_certificate_seconds",]
    assert seconds == pytest.approx(22 * 86400, abs=60)


@pytest.fixture
def robot(settings):
    """What a robot of WeChat Work or DingTalk, and a heartbeat's address, have heard."""
    with robot_server() as server:
        settings.OPERATOR_ROBOT = f"http://127.0.0.1:{server.server_port}/send?key=secret-of-it"
        settings.HEARTBEAT_URL = f"http://127.0.0.1:{server.server_port}/beat"
        yield server


def test_a_robot_hears_of_troubles_where_no_mail_goes_out(
    robot, settings, troubles, operations, monkeypatch, caplog
):
    monkeypatch.setattr(watch, "DAILY_HOUR", 24)
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend"}}
    settings.MAILERS["default"]["OPTIONS"] = {"host": "127.0.0.1", "port": 1}
    troubles["mail server"] = "Mail server: cannot be reached"
    watch.look()
    watch.look()

    texts = [json.loads(body)["text"]["content"] for path, body in robot.heard if body]
    assert len(texts) == 1
    assert "Mail server: cannot be reached" in texts[0]
    assert [path for path, _body in robot.heard].count("/beat") == 2
    # A robot that refuses is none: mail and robot fail, and it is tried again.
    robot.answer = b'{"errcode": 93000}'
    troubles["disk"] = "Disk: full"
    with pytest.raises(CommandError, match="could not be told"):
        watch.look()
    assert "disk" not in json.loads((operations / "watch.json").read_text())["wrong"]
    assert "93000" in caplog.text
    assert "secret-of-it" not in caplog.text


def test_a_robot_hears_once_a_day_that_all_is_well(robot, troubles, monkeypatch):
    monkeypatch.setattr(watch, "DAILY_HOUR", 0)
    watch.look()
    watch.look()

    texts = [json.loads(body)["text"]["content"] for _path, body in robot.heard if body]
    assert [text.partition("\n")[2] for text in texts] == ["All is well. / 一切正常。"]
