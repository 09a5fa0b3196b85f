"""The mails about calls, proposals and reports, to those who act for the institution.

The receipt of a proposal is the institution's own doing: `projects.calls.proposals.sending`.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext

from members.mails import write_to_institution
from projects.catalogue.amounts import usd
from sscnet.core.i18n.dates import in_both_time_zones
from sscnet.core.i18n.texts import guessed
from sscnet.outbox import post
from sscnet.outbox.wordings import register

from ..models import Call, Payment, Proposal, ProposalState, ProposalStep, Reading, ReportDue
from ..privacy import from_who_handles_none, of_hidden_proposals


def remarks_of(step: ProposalStep) -> str:
    """Return the remarks of a step, each after its section."""
    return "\n\n".join(
        gettext("%(section)s: %(text)s") % {"section": one.get_section_display(), "text": one.text}
        for one in step.remarks.all()
    )


# Said in the language of each mail.
usd_in_words, times_in_words = lazy(usd, str), lazy(in_both_time_zones, str)
remarks_in_words = lazy(remarks_of, str)
# What only the mail about one kind of step says.
MORE_WORDS: dict[ProposalState, dict[str, Callable[[ProposalStep], Any]]] = {
    ProposalState.RETURNED: {
        "answer_by": lambda step: step.proposal.answer_by_on,
        "remarks": remarks_in_words,
    },
    ProposalState.NOT_RECOMMENDED: {"ground": lambda step: ProposalStep.Ground(step.ground).label},
    ProposalState.APPROVED: {
        "meeting": lambda step: guessed(step.proposal.approval_meeting),
        "amount": lambda step: usd_in_words(step.proposal.granted_usd),
    },
}


OF_PROPOSAL = ("proposal", "institution", "call")
OF_STEP = (*OF_PROPOSAL, "day", "words")
# Steps that only an institution takes.
OWN_STEPS = (ProposalState.DRAFT, ProposalState.RECEIVED)


def key_of(state: ProposalState) -> str:
    """Return the kind of mail about a step; when an institution does it itself, it gets another."""
    return f"proposal-now-{state.replace('_', '-')}"


for state in [one for one in ProposalState if one not in OWN_STEPS]:
    more_words = MORE_WORDS.get(state, {})
    register(key_of(state), *OF_STEP, *more_words, hidden_from=of_hidden_proposals)
register("proposal-step-undone", *OF_PROPOSAL, "before", "after", hidden_from=of_hidden_proposals)
register("award-letter", *OF_PROPOSAL, "amount", hidden_from=of_hidden_proposals)
OF_PAYMENT = ("amount", "day", "received", "granted", "note")
register("payment-noted", *OF_PROPOSAL, *OF_PAYMENT, hidden_from=of_hidden_proposals)
OF_CALL = ("call", "institution", "closes", "before")
register("call-extended", *OF_CALL, hidden_from=from_who_handles_none)
register("reading-assigned", "call", "reference", hidden_from=of_hidden_proposals)
OF_REPORT = ("report", "proposal", "institution", "due", "words")
for kind in ("due", "overdue", "missing", "arrived", "accepted", "returned"):
    is_weekly = kind == "due"
    register(f"report-{kind}", *OF_REPORT, hidden_from=of_hidden_proposals, is_weekly=is_weekly)


def tell_about_proposal(kind: str, proposal: Proposal, key: str, /, *, link="", **words) -> None:
    words |= {
        "proposal": proposal,
        "institution": proposal.institution,
        "call": proposal.call,
    }
    write_to_institution(
        kind,
        proposal.institution,
        key,
        reference=proposal.reference,
        link=link or proposal.get_absolute_url(),
        words=words,
    )


def tell_step(step: ProposalStep) -> None:
    """Write about a step that the Secretariat took."""
    more = {name: say(step) for name, say in MORE_WORDS.get(ProposalState(step.after), {}).items()}
    words = more | {"day": step.on, "words": guessed(step.words)}
    tell_about_proposal(key_of(step.after), step.proposal, f"{step.pk}", **words)


def tell_undone(step: ProposalStep) -> None:
    tell_about_proposal(
        "proposal-step-undone",
        step.proposal,
        f"{step.pk}",
        before=ProposalState(step.before).label,
        after=ProposalState(step.after).label,
    )


def tell_letter(proposal: Proposal) -> None:
    amount = usd_in_words(proposal.granted_usd)
    tell_about_proposal("award-letter", proposal, f"{proposal.award_letter_id}", amount=amount)


def tell_payment(payment: Payment) -> None:
    proposal = payment.proposal
    tell_about_proposal(
        "payment-noted",
        proposal,
        f"{payment.pk}",
        amount=usd_in_words(payment.amount_usd),
        day=payment.paid_on,
        received=usd_in_words(proposal.received_usd),
        granted=usd_in_words(proposal.granted_usd),
        note=guessed(payment.note),
    )


def tell_extended(call: Call, before: datetime) -> None:
    """Write to every institution with a draft that it has more time; once for each new moment."""
    drafts = Proposal.objects.filter(call=call, state=ProposalState.DRAFT)
    by_institution = {draft.institution_id: draft for draft in drafts.select_related("institution")}
    for draft in by_institution.values():
        write_to_institution(
            "call-extended",
            draft.institution,
            f"{call.pk}:{call.closes_at.isoformat()}:{draft.institution_id}",
            link=draft.get_absolute_url(),
            words={
                "call": call,
                "institution": draft.institution,
                "closes": times_in_words(call.closes_at),
                "before": times_in_words(before),
            },
        )


def tell_reader(reading: Reading) -> None:
    post.write(
        "reading-assigned",
        to=reading.reader.email,
        key=f"reading-assigned:{reading.pk}",
        about=reading,
        reference=reading.proposal.reference,
        link=reverse("admin:calls_reading_change", args=[reading.pk]),
        words={"call": reading.proposal.call, "reference": reading.proposal.reference},
    )


def about_report(report: ReportDue, words: str) -> dict:
    return {
        "report": ReportDue.Kind(report.kind).label,
        "proposal": report.proposal,
        "institution": report.proposal.institution,
        "due": report.due_on,
        "words": guessed(words),
    }


def tell_of_report(kind: str, report: ReportDue, key: str) -> None:
    proposal = report.proposal
    link = reverse("calls:reports", args=[proposal.institution.slug, proposal.pk])
    tell_about_proposal(kind, proposal, key, link=link, **about_report(report, report.answer))


def tell_secretariat(kind: str, report: ReportDue, key: str) -> None:
    """Write that a report arrived, or is missing."""
    post.write_to_secretariat(
        kind,
        key=f"{kind}:{report.pk}:{key}",
        about=report.proposal.institution,
        reference=report.proposal.reference,
        link=reverse("admin:calls_proposal_change", args=[report.proposal.pk]),
        words=about_report(report, report.words),
    )
