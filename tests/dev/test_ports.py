import socket

import pytest

from sscnet.dev import DevError, ports


@pytest.fixture
def taken_port():
    with socket.create_server((ports.HOST, 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_is_told_with_another_to_choose(taken_port):
    with pytest.raises(DevError, match=rf"Port {taken_port} cannot be used .* `make run PORT=\d+`"):
        ports.check_free(taken_port)


def test_a_port_is_free_again_after_its_server_ended(taken_port):
    with socket.create_server((ports.HOST, 0)) as server:
        port = server.getsockname()[1]
    ports.check_free(port)


def test_the_port_is_taken_from_the_environment_unless_given(monkeypatch):
    monkeypatch.delenv("PORT", raising=False)
    assert ports.chosen_port() == 8000
    monkeypatch.setenv("PORT", "8010")
    assert ports.chosen_port() == 8010
    assert ports.chosen_port("8020") == 8020

    for text in ("abc", "0", "65536", "-1", "80.5", "٨٠"):
        with pytest.raises(DevError, match="give a number from 1 to 65535"):
            ports.chosen_port(text)
