"""A made-up call that is open, with two proposals: a draft and one that was sent.

The draft is of the institution for which the demo focal point acts: it lacks what the rules of the
call ask for, so that they can be tried.
"""

from datetime import timedelta

import pgtrigger
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from members.models import Institution
from projects.calls.models import Call, Endorsement, Proposal, ReportDue
from projects.calls.proposals.sending import send
from sscnet.codelists.models import PGTFArea
from sscnet.core.models import State
from sscnet.outbox.models import Message

from .meeting import SIZES
from .records import mark, sample_institutions

SLUG = "sample-call"
OPEN_DAYS, FUND_DAYS = 40, 60
RULES = [rule for rule in Call.Rule if rule != Call.Rule.GROUP_OF_77]
SENT = {
    "title": "Sample: biogas for mountain villages",
    "title_zh_hans": "示例：山村沼气",
    "scope": Proposal.Scope.REGIONAL,
    "beneficiaries": "Sample: farmers of ten villages, and those who learn from them.",
    "beneficiaries_zh_hans": "示例：十个村庄的农民及其学习者。",
    "beneficiaries_number": 1200,
    "situation": "Sample: wood is short in the hills, and manure lies unused.",
    "situation_zh_hans": "示例：山区柴火不足，粪便未得到利用。",
    "strategy": "Sample: three institutes build digesters together and train masons.",
    "strategy_zh_hans": "示例：三家研究所共同建设沼气池并培训工匠。",
    "intended_outcome": "Sample: villages cook with biogas.",
    "intended_outcome_zh_hans": "示例：村庄用沼气做饭。",
    "outcome_indicator": "Sample: number of digesters in use after a year.",
    "outcome_indicator_zh_hans": "示例：一年后使用中的沼气池数量。",
    "contact_name": "Sample Person",
    "contact_email": "sample@example.org",
}
DRAFT = {
    "title": "Sample: reading rivers together",
    "title_zh_hans": "示例：共同观测河流",
    "contact_name": "Sample Focal Point",
    "contact_email": "focalpoint@example.org",
}


def make_sample_call() -> tuple[Call, bool]:
    """Return the sample call, and say if it was made now; one that closed opens again.

    No history is written of what nobody did.
    """
    with pgtrigger.ignore():
        call = Call.objects.filter(is_sample=True, slug=SLUG).first()
        is_new = call is None
        if is_new:
            call = make_call()
            institutions = sample_institutions()
            make_draft(call, institutions[len(SIZES)])
            make_sent(call, institutions[0], **SENT)
            ask_for_letters(call)
        elif call.closes_at <= timezone.now():
            Call.objects.filter(pk=call.pk).update(**times())
    call.refresh_from_db()
    return call, is_new


def times() -> dict:
    """Return when the call closes: at the last second of a day in Beijing, the portal's time."""
    today = timezone.localtime().replace(hour=23, minute=59, second=59, microsecond=0)
    return {
        "closes_at": today + timedelta(days=OPEN_DAYS),
        "fund_closes_at": today + timedelta(days=FUND_DAYS),
    }


def make_call() -> Call:
    closing = times()
    call = Call.objects.create(
        slug=SLUG,
        is_sample=True,
        state=State.PUBLISHED,
        published_at=timezone.now(),
        year=closing["closes_at"].year,
        title="Sample: call to try a proposal with",
        title_zh_hans="示例：试写项目建议书的征集",
        summary="Everything here is made up; write what you like.",
        summary_zh_hans="此处内容均为虚构，可随意填写。",
        ceiling_usd=35_000,
        least_other_inputs_percent=100,
        least_countries=3,
        proposers=Call.Proposers.ALL,
        languages=["en", "fr", "es", "ar"],
        binding_rules=[*RULES],
        progress_report_months=6,
        final_report_months=3,
        **closing,
    )
    call.areas.set(PGTFArea.objects.all())
    mark(call)
    return call


def make_sent(call: Call, institution: Institution, **values) -> Proposal:
    proposal = make_proposal(call, institution, "LA", "NP", **values, area=call.areas.first())
    year = call.year + 1
    proposal.starts_in, proposal.ends_in = f"{year}-01", f"{year}-12"
    proposal.save()
    output = proposal.outputs.create(
        name="Sample: ten digesters",
        name_zh_hans="示例：十座沼气池",
        activities="Sample: training, building, measuring.",
        activities_zh_hans="示例：培训、建设、测量。",
        inputs="Sample: bricks, masons, travel.",
        inputs_zh_hans="示例：砖、工匠、差旅。",
    )
    proposal.budget_lines.create(
        output=output, purpose="Bricks", purpose_zh_hans="砖", fund_usd=30_000, cash_usd=12_000
    )
    proposal.budget_lines.create(
        output=output, purpose="Staff", purpose_zh_hans="人员", kind_usd=24_000
    )
    send(proposal, by=None)
    return proposal


def ask_for_letters(call: Call) -> None:
    """Ask for endorsement letters from here on; the proposals sent before bring none.

    Who makes the sample on a server (`deploy/lib.sh`) may write no files.
    """
    call.required_papers.create(
        name="Endorsement letter",
        name_zh_hans="支持函",
        note="On paper of the institution, with name, position and signature of who endorses.",
        note_zh_hans="须用该机构信笺，写明签署人的姓名和职务并签字。",
        each_country=True,
    )


def make_draft(call: Call, institution: Institution) -> None:
    proposal = make_proposal(call, institution, "VN", **DRAFT)
    proposal.budget_lines.create(purpose="Gauges", purpose_zh_hans="水位计", fund_usd=36_000)
    proposal.budget_lines.create(purpose="Staff", purpose_zh_hans="人员", kind_usd=20_000)


def make_proposal(call: Call, institution: Institution, *others: str, **values) -> Proposal:
    proposal = Proposal.objects.create(call=call, institution=institution, **values)
    proposal.proposal_countries.create(country_id="CN", role="lead")
    for country in others:
        proposal.proposal_countries.create(country_id=country)
    return proposal


def remove_proposals() -> None:
    """Remove what keeps sample calls from going: proposals, their papers, and mails about them."""
    proposals = Proposal.objects.filter(call__is_sample=True)
    for model in (Endorsement, ReportDue):
        for row in model.objects.filter(proposal__in=proposals).exclude(file=""):
            row.file.delete(save=False)
    kind = ContentType.objects.get_for_model(Institution)
    institutions = Institution.objects.filter(is_sample=True).values_list("pk", flat=True)
    keys = [str(key) for key in institutions]
    Message.objects.filter(content_type=kind, object_id__in=keys).delete()
    with pgtrigger.ignore():
        proposals.delete()
