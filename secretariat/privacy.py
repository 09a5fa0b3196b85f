"""What is held about people who ask, and of people in the answers of institutions."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sscnet.core.personal_data import retention
from sscnet.core.personal_data.fields import Ground, days, declare, erase, no_one

from .models import (
    Enquiry,
    Need,
    PaperVote,
    Request,
    Response,
    ResponseAnswer,
    Submission,
    SubmittedAnswer,
    SubmittedSlip,
)
from .requests import submissions

OF_ASKERS = {
    "whose": _("people who ask a question"),
    "why": _("to answer the question"),
    "ground": Ground.ASKED_FOR,
    "kept": days(_("{days} days after the answer"), "ENQUIRY_RETENTION_DAYS"),
}
TO_INSTITUTION = {
    "seen_by": _("the institution that the question is passed on to"),
    "goes_to": _("the institution that the question is passed on to, whichever country it is in"),
}

declare(
    Enquiry,
    "name",
    "organisation",
    permission="secretariat.change_enquiry",
    **TO_INSTITUTION,
    **OF_ASKERS,
)
declare(Enquiry, "email", permission="secretariat.change_enquiry", **OF_ASKERS)
declare(
    Need,
    "contact",
    permission="secretariat.change_need",
    seen_by=_("institutions that accepted the introduction"),
    goes_to=_("institutions that accepted the introduction"),
    **OF_ASKERS | {"kept": days(_("{days} days after the need ended"), "ENQUIRY_RETENTION_DAYS")},
)
# Made of all that was typed: who has it can try out who asked.
declare(
    Enquiry,
    "sent_key",
    called=_("a fingerprint of the form that was sent"),
    permission=no_one,
    **OF_ASKERS,
)

OF_INSTITUTIONS = {
    "whose": _("people whom an institution names in an answer"),
    "why": _("to take the institution’s answer to a request of the Secretariat"),
    "ground": Ground.ASKED_FOR,
    "kept": days(_("{days} days after the request closed"), "REQUEST_RETENTION_DAYS"),
    "seen_by": _("their own institution; where the request says so, the members"),
}
declare(ResponseAnswer, "text", "rows", "file", **OF_INSTITUTIONS)
declare(Response, "reason", "remark", "slip", **OF_INSTITUTIONS)
# What was sent is only added to: an owner's function alone empties it (`requests.submissions`).
declare(SubmittedAnswer, "text", "rows", "file", **OF_INSTITUTIONS)
declare(SubmittedSlip, "file", **OF_INSTITUTIONS)
declare(PaperVote, "slip", "reason", permission="secretariat.view_response", **OF_INSTITUTIONS)
declare(
    Submission,
    "sent_by_name",
    **OF_INSTITUTIONS | {"whose": _("people who send the answer of their institution")},
)


@retention.rule("requests", _("answers to requests"))
@transaction.atomic
def erase_answers() -> int:
    """Empty what may name people in old requests; who answered, choices and results stay."""
    last = timezone.now() - timedelta(days=settings.REQUEST_RETENTION_DAYS)
    old = Request.objects.filter(state=Request.State.CLOSED, closed_at__lte=last)
    submissions.forget(old)
    responses = Response.objects.filter(request__in=list(old))
    ResponseAnswer.objects.filter(response__in=responses).erase()
    declined = When(state=Response.State.DECLINED, then=Value("–"))
    erase(responses, reason=Case(declined, default=Value("")))
    return old.update(state=Request.State.ARCHIVED)
