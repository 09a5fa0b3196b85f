"""The mails about reports: due, overdue, arrived, accepted, returned."""

from dataclasses import replace

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sscnet.core.i18n.texts import guessed
from sscnet.outbox import post
from sscnet.outbox.wordings import Wording, register

from ..models import ReportDue
from ..privacy import of_hidden_proposals
from . import mails

WORDS = {
    "report": _("which report: progress, final, or a request for an extension"),
    "proposal": _("the title of the proposal"),
    "institution": _("the institution"),
    "due": _("the day on which it is due"),
    "words": _("message from the other side; may be empty"),
}
UPLOAD = _("Open the reports")


def register_report(key, label, subject, body, link_label=UPLOAD):
    wording = Wording(
        key=key, label=label, subject=subject, body=body, words=WORDS, link_label=link_label
    )
    register(replace(wording, hidden_from=of_hidden_proposals))


register_report(
    "report-due",
    _("report due"),
    _("Due on {due}: {report}"),
    _("The {report} on “{proposal}” of {institution} is due on {due}. Please upload it by then."),
)
register_report(
    "report-overdue",
    _("report overdue"),
    _("Overdue since {due}: {report}"),
    _(
        "The {report} on “{proposal}” of {institution} was due on {due} and has not arrived. "
        "Please upload it, or ask for an extension."
    ),
)
register_report(
    "report-missing",
    _("report overdue, to the Secretariat"),
    _("Overdue since {due}: {report} of {institution}"),
    _("The {report} on “{proposal}” of {institution} was due on {due} and has not arrived."),
    link_label=mails.OPEN_PROPOSAL,
)
register_report(
    "report-arrived",
    _("report received, to the Secretariat"),
    _("Received: {report} of {institution}"),
    _("{institution} has uploaded the {report} on “{proposal}”.\n\n{words}"),
    link_label=mails.OPEN_PROPOSAL,
)
register_report(
    "report-accepted",
    _("report accepted"),
    _("Accepted: {report}"),
    _("The Secretariat has accepted the {report} on “{proposal}” of {institution}.\n\n{words}"),
)
register_report(
    "report-returned",
    _("report returned"),
    _("Please correct: {report}"),
    _(
        "The Secretariat has returned the {report} on “{proposal}” of {institution}. Please "
        "correct it and upload it again.\n\n{words}"
    ),
)


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
    mails.tell_institution(
        kind,
        proposal.institution,
        key,
        reference=proposal.reference,
        link=reverse("calls:reports", args=[proposal.institution.slug, proposal.pk]),
        words=words_about(report, report.answer),
    )


def tell_secretariat(kind: str, report: ReportDue, key: str) -> None:
    """Write to the Secretariat's mailbox, where one is set."""
    if to := settings.SECRETARIAT_MAILBOX:
        post.write(
            kind,
            to=to,
            key=f"{kind}:{report.pk}:{key}",
            about=report.proposal.institution,
            reference=report.proposal.reference,
            link=reverse("admin:calls_proposal_change", args=[report.proposal.pk]),
            words=words_about(report, report.words),
        )
