"""The mails about reports: due, overdue, arrived, accepted, returned."""

from django.urls import reverse

from sscnet.core.i18n.texts import guessed
from sscnet.outbox import post
from sscnet.outbox.wordings import register

from ..models import ReportDue
from ..privacy import of_hidden_proposals
from .mails import tell_about_proposal

WORDS = ("report", "proposal", "institution", "due", "words")
for kind in ("due", "overdue", "missing", "arrived", "accepted", "returned"):
    is_weekly = kind == "due"
    register(f"report-{kind}", *WORDS, hidden_from=of_hidden_proposals, is_weekly=is_weekly)


def words_about(report: ReportDue, words: str) -> dict:
    return {
        "report": ReportDue.Kind(report.kind).label,
        "proposal": report.proposal,
        "institution": report.proposal.institution,
        "due": report.due_on,
        "words": guessed(words),
    }


def tell_institution(kind: str, report: ReportDue, key: str) -> None:
    proposal = report.proposal
    link = reverse("calls:reports", args=[proposal.institution.slug, proposal.pk])
    tell_about_proposal(kind, proposal, key, link=link, **words_about(report, report.answer))


def tell_secretariat(kind: str, report: ReportDue, key: str) -> None:
    post.write_to_secretariat(
        kind,
        key=f"{kind}:{report.pk}:{key}",
        about=report.proposal.institution,
        reference=report.proposal.reference,
        link=reverse("admin:calls_proposal_change", args=[report.proposal.pk]),
        words=words_about(report, report.words),
    )
