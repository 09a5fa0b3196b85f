"""Whatever the document of the API allows is answered as it says: asked by schemathesis."""

import os
from datetime import date
from decimal import Decimal

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode

from sscnet.wsgi import application
from tests import make

EXAMPLES = 200 if os.environ.get("PROOF") else 8


# One project states everything, so that no type goes untried.
STATED = {
    "status": "completed",
    "status_declared_on": date(2020, 1, 1),
    "year_approved": 2017,
    "approved_on": date(2017, 9, 22),
    "planned_start_on": "2018",
    "actual_end_on": "2019-01",
    "final_report_on": "2019-08",
    "participants_as_stated": 9,
    "modality": "south-south",
    "gender_marker": 1,
    "beneficiaries_number": 200,
    "women_beneficiaries_number": 110,
    "granted_usd": Decimal("29000.50"),
    "other_inputs_usd": Decimal(56000),
    "other_cash_usd": Decimal(1),
}


@pytest.fixture
def document(db, settings):
    settings.API_REQUESTS_A_MINUTE = 10**6
    settings.ALLOWED_HOSTS = ["localhost"]
    country, sector, goal = make.Country(iso2="VN"), make.Sector(), make.SDG(number=7)
    submitter = make.Institution()
    links = {"countries": [country], "sectors": [sector], "sdgs": [goal], "submitter": submitter}
    make.Project(title="沼气", **links)
    make.Project(title="Biogas", numbers=["INT/18/K08"], **STATED, **links)
    make.Meeting()
    make.DatedFigure()
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
    assert asked >= (7 if mode is GenerationMode.NEGATIVE else 11)


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
