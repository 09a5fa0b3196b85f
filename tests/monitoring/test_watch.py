import json

import pytest
from django.core import mail
from django.core.management import CommandError

from sscnet.monitoring import watch
from tests.tls import certificate, https_server, robot_server

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def operations(settings, tmp_path):
    settings.OPERATIONS_FOLDER = tmp_path
    settings.OPERATOR_MAIL = "operator@example.org"
    return tmp_path


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
        assert "pages" not in [cause.split()[0] for cause in watch.troubles()]
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
