"""What is held of people in the answers of institutions."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sscnet.core.personal_data import retention
from sscnet.core.personal_data.fields import Ground, days, declare, erase

from .models import Request, Response, ResponseAnswer

OF_INSTITUTIONS = {
    "whose": _("people whom an institution names in an answer"),
    "why": _("to take the institution’s answer to a request of the Secretariat"),
    "ground": Ground.ASKED_FOR,
    "kept": days(_("{days} days after the request closed"), "REQUEST_RETENTION_DAYS"),
    "seen_by": _("their own institution; where the request says so, the members"),
}
declare(ResponseAnswer, "text", "rows", "file", **OF_INSTITUTIONS)
declare(Response, "reason", "remark", "slip", **OF_INSTITUTIONS)


@retention.rule("requests", _("answers to requests"))
@transaction.atomic
def erase_answers() -> int:
    """Empty what may name people in old requests; who answered, choices and results stay."""
    last = timezone.now() - timedelta(days=settings.REQUEST_RETENTION_DAYS)
    old = Request.objects.filter(state=Request.State.CLOSED, closed_at__lte=last)
    responses = Response.objects.filter(request__in=list(old))
    ResponseAnswer.objects.filter(response__in=responses).erase()
    declined = When(state=Response.State.DECLINED, then=Value("–"))
    erase(responses, reason=Case(declined, default=Value("")))
    return old.update(state=Request.State.ARCHIVED)
