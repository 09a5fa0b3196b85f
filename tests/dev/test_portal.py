import socket

import pytest
from django.core.management import get_commands, load_command_class

from sscnet.dev import DevError, portal


@pytest.fixture
def closed_port():
    """A port that is bound, so that no other program gets it, but on which nobody listens."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]


def test_a_database_that_does_not_answer_is_a_sentence_without_the_password(closed_port):
    with pytest.raises(DevError) as caught:
        portal.check_reachable(f"postgresql://office:tea-at-5@127.0.0.1:{closed_port}/portal")
    sentence = str(caught.value)
    assert "cannot be reached" in sentence
    assert "unset DATABASE_URL" in sentence
    assert "tea-at-5" not in sentence
    assert "\n" not in sentence


def test_another_database_than_postgresql_and_an_address_that_cannot_be_read_are_refused():
    for url in ("mysql://localhost/portal", "portal", "sqlite:///portal.db"):
        with pytest.raises(DevError, match="must begin with postgresql://"):
            portal.check_reachable(url)
    with pytest.raises(DevError, match="special characters of its password"):
        portal.check_reachable("postgresql://office:a/b@[host/portal")


def test_an_example_reports_to_iati_where_nobody_is_named():
    for given in ({}, {"IATI_REPORTING_ORG_NAME": ""}):
        example = portal.publisher(given)
        assert example["IATI_REGISTRATION_AGENCY"] == "XI-ROR"
        assert "xample" in example["IATI_REPORTING_ORG_NAME"]
    assert "IATI_REGISTRATION_AGENCY" not in portal.publisher({"IATI_X": "y"})


def test_the_portal_runs_with_a_worker_beside_it():
    names = []
    for _python, manage, name, *arguments in portal.programs(8010):
        command = load_command_class(get_commands()[name], name)
        # It refuses arguments that the command does not know.
        command.create_parser(manage, name).parse_args(arguments)
        names.append(name)

    assert names == ["runserver", "worker"]
