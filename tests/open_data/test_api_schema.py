"""Whatever the document of the API allows is answered as it says: asked by schemathesis."""

import os

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from sscnet.wsgi import application
from tests.factories import (
    CountryFactory,
    DatedFigureFactory,
    InstitutionFactory,
    MeetingFactory,
    ProjectFactory,
    SDGFactory,
    SectorFactory,
)

EXAMPLES = 200 if os.environ.get("PROOF") else 8


@pytest.fixture
def document(db, settings):
    settings.API_REQUESTS_A_MINUTE = 10**6
    country, sector, goal = CountryFactory(iso2="VN"), SectorFactory(), SDGFactory(number=7)
    submitter = InstitutionFactory()
    for title in ("Biogas", "沼气"):
        ProjectFactory(
            title=title, countries=[country], sectors=[sector], sdgs=[goal], submitter=submitter
        )
    MeetingFactory()
    DatedFigureFactory()
    # As Django's own test client does: the test's one connection outlives its requests.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_answer_is_as_the_document_says(document, mode):
    """Ask each address with what the document allows, then with what it does not."""
    asked = 0
    for result in document.get_all_operations():
        operation = result.ok()
        if mode is GenerationMode.NEGATIVE and not operation.query:
            continue
        ask_as_described(operation.as_strategy(generation_mode=mode))
        asked += 1
    assert asked >= (7 if mode is GenerationMode.NEGATIVE else 13)


def ask_as_described(strategy):
    @given(case=strategy)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case):
        case.call_and_validate()

    ask()
