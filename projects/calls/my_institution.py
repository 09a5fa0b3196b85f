"""Calls, proposals and reports on /my/: what is due for an institution."""

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Institution
from sscnet.core.i18n.dates import BEIJING

from .handling.reports import REMIND_DAYS
from .models import Call, Proposal, ProposalState, ReportDue


def reports_due(institution: Institution) -> list[dict]:
    """Return the reports to upload soon, as reminded of: rows with `label`, `url` and `by`."""
    soon = timezone.localdate(timezone=BEIJING) + timedelta(days=max(REMIND_DAYS))
    missing = ReportDue.objects.missing().filter(proposal__institution=institution)
    missing = missing.filter(due_on__lte=soon)
    text = _("Upload the %(report)s on “%(proposal)s”")
    return [
        {
            "label": text % {"report": report.get_kind_display(), "proposal": report.proposal},
            "url": reverse("calls:reports", args=[institution.slug, report.proposal_id]),
            "by": report.due_on,
        }
        for report in missing.select_related("proposal")
    ]


@dataclass(frozen=True)
class CallForInstitution:
    """A call that an institution can send to, and its proposal if it has one."""

    call: Call
    proposal: Proposal | None


def calls_for(institution: Institution) -> list[CallForInstitution]:
    """Return the calls that take proposals of the institution now, the first to close first."""
    own = {one.call_id: one for one in reversed(proposals_of(institution))}
    own = {pk: one for pk, one in own.items() if one.state != ProposalState.WITHDRAWN}
    return [
        CallForInstitution(call, own.get(call.pk))
        for call in Call.objects.open()
        if call.may_propose(institution)
    ]


def proposals_of(institution: Institution) -> list[Proposal]:
    """Return the institution's proposals, those to the newest call first."""
    rows = Proposal.objects.of_institution(institution).select_related("institution")
    return list(rows.order_by("-call__year", "-created_at", "-pk"))


def due(institution: Institution) -> list[dict]:
    """Return what the institution should do: rows with `label`, `url` and `by`, a day or None."""
    rows = [to_write(institution, one) for one in calls_for(institution)]
    returned = Proposal.objects.of_institution(institution).filter(state=ProposalState.RETURNED)
    return [row for row in rows if row] + [to_answer(institution, one) for one in returned]


def to_write(institution: Institution, one: CallForInstitution) -> dict | None:
    if one.proposal and one.proposal.state != ProposalState.DRAFT:
        return None
    text = _("Write a proposal for %(call)s")
    url = reverse("calls:proposal_start", args=[institution.slug, one.call.slug])
    if one.proposal:
        text = _("Send the proposal for %(call)s, which is a draft")
        url = reverse("calls:proposal", args=[institution.slug, one.proposal.pk])
    return {
        "label": text % {"call": one.call},
        "url": url,
        "by": one.call.closes_at.astimezone(BEIJING).date(),
    }


def to_answer(institution: Institution, proposal: Proposal) -> dict:
    text = _("Answer the Secretariat’s remarks on the proposal %(reference)s")
    return {
        "label": text % {"reference": proposal.reference},
        "url": reverse("calls:proposal", args=[institution.slug, proposal.pk]),
        "by": proposal.answer_by_on,
    }
