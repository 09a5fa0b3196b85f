"""Calls, proposals and reports on /my/: what is due for an institution."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Institution, Membership
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


def calls_for(institution: Institution) -> list[tuple[Call, Proposal | None]]:
    """Return the calls that take the institution's proposals now, each with the one it has."""
    own = {one.call_id: one for one in reversed(proposals_of(institution))}
    own = {pk: one for pk, one in own.items() if one.state != ProposalState.WITHDRAWN}
    is_member = institution.memberships.current().filter(state=Membership.State.MEMBER).exists()
    return [
        (call, own.get(call.pk))
        for call in Call.objects.open()
        if is_member or call.proposers == Call.Proposers.ALL
    ]


def proposals_of(institution: Institution) -> list[Proposal]:
    """Return the institution's proposals, those to the newest call first."""
    rows = Proposal.objects.of_institution(institution).select_related("institution")
    return list(rows.order_by("-call__year", "-created_at", "-pk"))


def due(institution: Institution) -> list[dict]:
    """Return what the institution should do: rows with `label`, `url` and `by`, a day or None."""
    rows = [
        to_write(institution, call, own)
        for call, own in calls_for(institution)
        if not own or own.state == ProposalState.DRAFT
    ]
    returned = Proposal.objects.of_institution(institution).filter(state=ProposalState.RETURNED)
    return rows + [to_answer(institution, one) for one in returned]


def to_write(institution: Institution, call: Call, draft: Proposal | None) -> dict:
    text = _("Write a proposal for %(call)s")
    url = reverse("calls:proposal_start", args=[institution.slug, call.slug])
    if draft:
        text = _("Send the proposal for %(call)s, which is a draft")
        url = reverse("calls:proposal", args=[institution.slug, draft.pk])
    by = call.closes_at.astimezone(BEIJING).date()
    return {"label": text % {"call": call}, "url": url, "by": by}


def to_answer(institution: Institution, proposal: Proposal) -> dict:
    text = _("Answer the Secretariat’s remarks on the proposal %(reference)s")
    return {
        "label": text % {"reference": proposal.reference},
        "url": reverse("calls:proposal", args=[institution.slug, proposal.pk]),
        "by": proposal.answer_by_on,
    }
