"""A made-up call that is open, with two proposals: a draft and one that was sent.

The draft is of the institution for which the demo focal point acts: it lacks what the rules of the
call ask for, so that they can be tried.
"""

from datetime import timedelta

import pgtrigger
from django.utils import timezone

from members.models import Institution
from projects.calls.models import Call, Endorsement, Proposal, ReportDue
from projects.calls.proposals.sending import send
from sscnet.codelists.models import PGTFArea
from sscnet.core.models import State

from ..demo import let_focal_point_act_for
from .meeting import SIZES
from .records import mark, read_sample, sample_institutions

SLUG = "sample-call"
OPEN_DAYS, FUND_DAYS = 40, 60
RULES = [rule for rule in Call.Rule if rule != Call.Rule.GROUP_OF_77]


def make_sample_call() -> Call:
    """Return the sample call, and make it where it is missing.

    No history is written of what nobody did.
    """
    with pgtrigger.ignore():
        call = Call.objects.filter(is_sample=True, slug=SLUG).first()
        if call is None:
            sample, institutions = read_sample(), sample_institutions()
            call = make_call(sample["call"])
            make_draft(call, institutions[len(SIZES)], sample)
            make_sent(call, institutions[0], sample)
            # From here on: the proposal sent before brings no letters. Who makes the sample on a
            # server (`deploy/lib.sh`) may write no files.
            for paper in sample["required_papers"]:
                call.required_papers.create(**paper)
            # Who tries it out sends the Fund's form of the sent one later, when it was returned.
            let_focal_point_act_for(institutions[0])
    call.refresh_from_db()
    return call


def times() -> dict:
    """Return when the call closes: at the last second of a day in Beijing, the portal's time."""
    today = timezone.localtime().replace(hour=23, minute=59, second=59, microsecond=0)
    return {
        "closes_at": today + timedelta(days=OPEN_DAYS),
        "fund_closes_at": today + timedelta(days=FUND_DAYS),
    }


def make_call(values: dict) -> Call:
    closing = times()
    call = Call.objects.create(
        slug=SLUG,
        is_sample=True,
        state=State.PUBLISHED,
        published_at=timezone.now(),
        year=closing["closes_at"].year,
        binding_rules=[*RULES],
        **closing,
        **values,
    )
    call.areas.set(PGTFArea.objects.all())
    mark(call)
    return call


def make_sent(call: Call, institution: Institution, sample: dict) -> None:
    values = sample["sent"] | {"area": call.areas.first()}
    proposal = make_proposal(call, institution, "LA", "NP", **values)
    year = call.year + 1
    proposal.starts_in, proposal.ends_in = f"{year}-01", f"{year}-12"
    proposal.save()
    output = proposal.outputs.create(**sample["output"])
    for line in sample["output_lines"]:
        proposal.budget_lines.create(output=output, **line)
    send(proposal, by=None)


def make_draft(call: Call, institution: Institution, sample: dict) -> None:
    proposal = make_proposal(call, institution, "VN", **sample["draft"])
    for line in sample["draft_lines"]:
        proposal.budget_lines.create(**line)


def make_proposal(call: Call, institution: Institution, *others: str, **values) -> Proposal:
    proposal = Proposal.objects.create(call=call, institution=institution, **values)
    proposal.proposal_countries.create(country_id="CN", role="lead")
    for country in others:
        proposal.proposal_countries.create(country_id=country)
    return proposal


def remove_proposals() -> None:
    """Remove what keeps sample calls from going: proposals and their papers."""
    proposals = Proposal.objects.filter(call__is_sample=True)
    for model in (Endorsement, ReportDue):
        for row in model.objects.filter(proposal__in=proposals).exclude(file=""):
            row.file.delete(save=False)
    with pgtrigger.ignore():
        proposals.delete()
