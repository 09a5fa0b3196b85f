"""Requests to start from: ready-made ones (`secretariat/data/requests.json`), and former ones.

An institution that asked to join becomes a candidate: its record, and the draft of the vote on it.
"""

import json
import re
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from members.models import Institution
from members.similar import similar_to
from sscnet.core.i18n.texts import guessed
from sscnet.core.records.copying import copy_to

from ..enquiries.models import Enquiry
from .models import Request, RequestQuestion

READY_MADE = Path(__file__).parents[1] / "data" / "requests.json"
COPIED = [
    "title",
    "text",
    "seen_by",
    "wants_slip",
    "remind_days",
    "rule",
    "quorum_percent",
    "i18n",
]
WEBSITE = re.compile(r"https?://[\w./~-]*[\w/]", re.ASCII)


def ready_made() -> list[dict]:
    return json.loads(READY_MADE.read_text(encoding="utf-8"))


@transaction.atomic
def from_ready_made(number: int, **values) -> Request:
    """Make a draft of a ready-made request, with other values where some are given."""
    values = ready_made()[number] | values
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


@transaction.atomic
def candidate_of(enquiry: Enquiry) -> Request:
    """Return the draft of the vote on who asked, made once; an institution of a like name is taken.

    Who asked stays with the question: the contact is not copied. Raise ValidationError while the
    address is not confirmed.
    """
    enquiry = Enquiry.objects.select_for_update().get(pk=enquiry.pk)
    if made := enquiry.requests.first():
        return made
    if enquiry.email and not enquiry.email_confirmed_at:
        raise ValidationError(_("Who asked has not confirmed the email address yet."))
    name = guessed(enquiry.organisation or enquiry.reference)
    if alike := similar_to([str(name)]):
        candidate = alike[0]
    else:
        field = "name_zh_hans" if name.language == "zh-hans" else "name"
        website = WEBSITE.search(enquiry.question)
        values = {field: str(name), "website": website[0][:300] if website else ""}
        candidate = Institution.objects.create(note=enquiry.reference, **values)
    [vote] = [n for n, one in enumerate(ready_made()) if one.get("rule")]
    return from_ready_made(
        vote,
        title=f"Admission of {candidate.name or name}"[:200],
        title_zh_hans=f"接纳{candidate.name_zh_hans or name}为成员单位"[:200],
        text=enquiry.question,
        text_zh_hans="",
        candidate=candidate,
        enquiry=enquiry,
    )
