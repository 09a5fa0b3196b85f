"""Requests to start from: ready-made ones (`secretariat/data/requests.json`), and former ones."""

import json
from pathlib import Path

from django.db import transaction

from sscnet.core.records.copying import copy_to

from .models import Request, RequestQuestion

READY_MADE = Path(__file__).parents[1] / "data" / "requests.json"
COPIED = ["title", "text", "seen_by", "wants_slip", "remind_days", "rule", "quorum", "i18n"]


def ready_made() -> list[dict]:
    return json.loads(READY_MADE.read_text(encoding="utf-8"))


@transaction.atomic
def from_ready_made(number: int) -> Request:
    """Make a draft of a ready-made request."""
    values = ready_made()[number]
    questions = values.pop("questions")
    made = Request.objects.create(**values)
    for position, question in enumerate(questions):
        RequestQuestion.objects.create(request=made, position=position, **question)
    return made


@transaction.atomic
def copy(asked: Request) -> Request:
    """Make a draft like a former request: its texts, rules and questions."""
    made = Request.objects.create(**{name: getattr(asked, name) for name in COPIED})
    for question in asked.questions.asked():
        copy_to(made, question, "request")
    return made
