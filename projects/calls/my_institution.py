"""Calls, proposals and reports on /my/: what is due for an institution."""

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Institution, Membership

from .models import BEIJING, Call, Proposal, ProposalState, ReportDue


def reports_due(institution: Institution) -> list[dict]:
    """Return the reports to upload: rows with `label`, `url` and `by`."""
    missing = ReportDue.objects.missing().filter(proposal__institution=institution)
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
    """A call that an institution can send to, until when, and its proposal if it has one."""

    call: Call
    closes_at: object
    proposal: Proposal | None


def calls_for(institution: Institution) -> list[CallForInstitution]:
    """Return the calls that take proposals of the institution now, the first to close first."""
    now = timezone.now()
    late = {one.call_id: one for one in institution.late_passes.filter(closes_at__gt=now)}
    open_or_late = Q(pk__in=Call.objects.open(now)) | Q(pk__in=late)
    calls = Call.objects.published().filter(open_or_late, archived_at=None)
    own = {one.call_id: one for one in reversed(proposals_of(institution))}
    own = {pk: one for pk, one in own.items() if one.state != ProposalState.WITHDRAWN}
    is_member = institution.memberships.current().filter(state=Membership.State.MEMBER).exists()
    found = [
        CallForInstitution(call, closing_time(call, late.get(call.pk), now), own.get(call.pk))
        for call in calls
        if is_member or call.proposers == Call.Proposers.ALL
    ]
    return sorted(found, key=lambda one: one.closes_at)


def closing_time(call: Call, late_pass, now):
    return late_pass.closes_at if late_pass and call.closes_at <= now else call.closes_at


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
        "by": one.closes_at.astimezone(BEIJING).date(),
    }


def to_answer(institution: Institution, proposal: Proposal) -> dict:
    text = _("Answer the Secretariat’s remarks on the proposal %(reference)s")
    return {
        "label": text % {"reference": proposal.reference},
        "url": reverse("calls:proposal", args=[institution.slug, proposal.pk]),
        "by": proposal.answer_by_on,
    }
