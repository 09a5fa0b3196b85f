"""What follows an award: the project of the catalogue, the letter of award, and payments.

The proposal becomes a draft of the catalogue, and what grant, steps and final report say of it
later goes there by one click: nothing is typed twice.
"""

from datetime import date
from functools import partial

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from members.models import User
from projects.catalogue.amounts import usd
from sscnet.changes.parts import Part, parts_in_form
from sscnet.changes.saving import store_or_propose
from sscnet.changes.state import Change, RecordState, as_json, write_changes
from sscnet.core.i18n.dates import BEIJING, partial_date
from sscnet.core.i18n.labels import each_language
from sscnet.core.i18n.languages import Language
from sscnet.core.i18n.texts import guessed
from sscnet.core.models import ProposedVersion, Source
from sscnet.papers.fields import PaperKind
from sscnet.papers.issuing import issue

from ...models import FundNumber, Project, ProjectInstitution
from ..form import FORM
from ..models import AWARDED, Payment, Proposal, ProposalPartner, ProposalState, ReportDue
from ..steps import lock
from . import mails
from .reports import last_month, today

Role = ProjectInstitution.Role
# What the Secretariat writes into the proposal when it is approved.
OF_APPROVAL = ("approved_on", "granted_usd")
STATUS = {
    ProposalState.APPROVED: Project.Status.PIPELINE,
    ProposalState.UNDER_WAY: Project.Status.ONGOING,
    ProposalState.EXTENDED: Project.Status.ONGOING,
    ProposalState.COMPLETED: Project.Status.COMPLETED,
    ProposalState.CLOSED: Project.Status.COMPLETED,
}


@transaction.atomic
def make_project(proposal: Proposal, by: User) -> Project:
    """Make the catalogue's draft from an awarded proposal, and link the two."""
    stored = lock(proposal)
    if stored.state not in AWARDED:
        raise ValidationError(_("Only an approved proposal becomes a project."))
    if stored.project_id:
        raise ValidationError(_("A project has already been made from it."))
    stored = Proposal.objects.for_form().get(pk=stored.pk)
    project = Project.objects.create(**values_of(stored))
    link_rows(stored, project)
    Source.objects.create(record=project, **source_of(stored))
    Proposal.objects.filter(pk=stored.pk).update(project=project)
    proposal.project = project
    return project


def values_of(proposal: Proposal) -> dict:
    values = {name: getattr(proposal, name) for name in OF_APPROVAL}
    for one in FORM:
        if one.becomes and one.is_text:
            pairs = zip(each_language(one.name), each_language(one.becomes), strict=True)
            values |= {there: getattr(proposal, here) or "" for here, there in pairs}
        elif one.becomes:
            values[one.becomes] = getattr(proposal, one.name)
    return values | {
        field_for("approval_meeting", proposal.approval_meeting): proposal.approval_meeting,
        "programme": proposal.call.programme,
        "year_approved": proposal.approved_on.year if proposal.approved_on else None,
        "planned_start_on": proposal.starts_in,
        "participants_as_stated": sum(row.takes_part for row in proposal.proposal_countries.all()),
        "other_inputs_usd": proposal.other_usd,
        "other_cash_usd": proposal.cash_usd,
        "other_kind_usd": proposal.kind_usd,
        "contact": User.objects.filter(email__iexact=proposal.contact_email).first(),
        "note": note_of(proposal),
        "is_sample": proposal.call.is_sample,
        **values_of_steps(proposal),
    }


def values_of_steps(proposal: Proposal) -> dict:
    """Return what the steps since the approval say of the project."""
    steps = proposal.steps.filter(undone_at=None, after__in=AWARDED)
    days = {step.after: step.on for step in steps}
    started, ended = days.get(ProposalState.UNDER_WAY), days.get(ProposalState.COMPLETED)
    return {
        "status": STATUS[ProposalState(proposal.state)],
        "status_declared_on": days.get(proposal.state),
        "planned_end_on": last_month(proposal),
        "actual_start_on": started.isoformat() if started else "",
        "actual_end_on": ended.isoformat() if ended else "",
    }


def field_for(name: str, text: str) -> str:
    """Return the field of the text's language: who writes it may write either."""
    english, chinese = each_language(name)
    return chinese if guessed(text).language == Language.CHINESE else english


def note_of(proposal: Proposal) -> str:
    """Return what the catalogue has no field for: partners that are not in the directory."""
    others = [row for row in proposal.partners.all() if not row.institution]
    lines = [_("Made from the proposal %(reference)s.") % {"reference": proposal.reference}]
    return "\n".join([*lines, *(line_of(row) for row in others)])


def line_of(partner: ProposalPartner) -> str:
    words = {"name": partner.name, "role": partner.get_role_display(), "country": partner.country}
    if partner.country:
        text = _("Partner not in the directory: %(name)s (%(country)s), %(role)s")
    else:
        text = _("Partner not in the directory: %(name)s, %(role)s")
    return text % words


def link_rows(proposal: Proposal, project: Project) -> None:
    for row in proposal.proposal_countries.all():
        project.project_countries.create(country=row.country, role=row.role)
    project.project_institutions.create(institution=proposal.institution, role=Role.SUBMITTER)
    for row in proposal.partners.all():
        if row.institution:
            project.project_institutions.get_or_create(institution=row.institution, role=row.role)


def source_of(proposal: Proposal) -> dict:
    text = _("Proposal %(reference)s of %(institution)s, as it was sent")
    words = {"reference": proposal.reference, "institution": proposal.institution}
    return {
        "name": text % words,
        "confidence": Source.Confidence.HIGH,
        "read_on": timezone.localdate(),
    }


@transaction.atomic
def add_fund_number(proposal: Proposal, number: str, by: User) -> ProposedVersion | None:
    """Give the project of a proposal its number of the Fund; the version where that waits."""
    if not proposal.project_id:
        raise ValidationError(_("Make the project first."))
    row = FundNumber(project=proposal.project, number=number.strip().upper())
    row.full_clean()
    parts = parts_in_form(Project, {FundNumber})
    return store_or_propose(proposal.project, parts, row.save, by)


# ------------------------------------------------------------------ what became of it


def own_fields() -> list[Part]:
    return parts_in_form(Project, set())


def values_of_final_report(proposal: Proposal) -> dict:
    """Return what the accepted final report says of the project, if there is one."""
    accepted = proposal.reports_due.filter(kind=ReportDue.Kind.FINAL, accepted_at__isnull=False)
    report = accepted.last()
    if report is None:
        return {}
    values = {"final_report_on": timezone.localdate(report.uploaded_at, BEIJING).isoformat()}
    if report.words:
        values[field_for("outcome", report.words)] = report.words
    return values


def changes_of(proposal: Proposal) -> list[Change]:
    """Return what would be written to the project; not a status older than the one it has."""
    if proposal.project is None or proposal.state not in AWARDED:
        return []
    values = values_of_steps(proposal) | values_of_final_report(proposal)
    # Of an award without a sum what the project has stays.
    if proposal.granted_usd not in (None, proposal.project.granted_usd):
        values["granted_usd"] = proposal.granted_usd
    declared = proposal.project.status_declared_on or date.min
    if (values["status_declared_on"] or date.min) < declared:
        del values["status"], values["status_declared_on"]
    before = RecordState.of(proposal.project, own_fields())
    [(row, stored)] = before.rows.items()
    after = {name: as_json(value) for name, value in values.items()}
    return before.changes_to(RecordState(before.parts, {row: stored | after}))


@transaction.atomic
def write_outcome(proposal: Proposal, by: User) -> ProposedVersion | None:
    """Write it to the project; the version where somebody else must release that."""
    projects = Project.objects.select_for_update(no_key=True, of=("self",))
    proposal.project = projects.filter(pk=proposal.project_id).first()
    if proposal.project is None:
        raise ValidationError(_("The proposal has no project yet."))
    changes = changes_of(proposal)
    if not changes:
        raise ValidationError(_("The project already has it."))
    return store_or_propose(proposal.project, own_fields(), partial(write_changes, changes), by)


# ------------------------------------------------------------------ the letter of award


@transaction.atomic
def issue_letter(proposal: Proposal, by: User) -> None:
    """Issue the letter of award with the conditions of this proposal, and write to the institution.

    Raise ValidationError where the proposal is not approved, or has a letter that is valid.
    """
    stored = lock(proposal)
    if stored.state not in AWARDED or stored.granted_usd is None:
        raise ValidationError(_("Only an approved proposal gets a letter of award."))
    if stored.has_letter:
        text = _("There is a letter of award: take it back in the register of papers first.")
        raise ValidationError(text)
    stored.conditions = proposal.conditions
    values = partial(values_of_letter, stored)
    stored.award_letter = issue(PaperKind.AWARD, Language.CHINESE, values, by)
    stored.save(update_fields=["conditions", "award_letter"])
    mails.tell_letter(stored)


def values_of_letter(proposal: Proposal) -> dict:
    budget = proposal.reports_due.missing().filter(kind=ReportDue.Kind.BUDGET).first()
    alike = ("institution", "call", "reference", "approval_meeting", "conditions", "fund_numbers")
    months = [month for month in (proposal.starts_in, last_month(proposal)) if month]
    return {
        "subject": _("Letter of award: %(proposal)s") % {"proposal": proposal},
        "to": proposal.institution,
        "project": proposal,
        **{name: getattr(proposal, name) for name in alike},
        "granted": usd(proposal.granted_usd),
        "approved_on": date_format(proposal.approved_on) if proposal.approved_on else "",
        "period": " – ".join(partial_date(month) for month in months),
        "budget_due": date_format(budget.due_on) if budget else "",
    }


# ------------------------------------------------------------------ payments


@transaction.atomic
def pay(payment: Payment, by: User) -> None:
    """Note a payment of the Fund, with a minus sign a refund or a correction, and write about it.

    Raise ValidationError where more would be received than was granted, or less than nothing.
    """
    if payment.paid_on > today():
        raise ValidationError({"paid_on": _("This day is in the future.")})
    lock(payment.proposal)
    payment.entered_by = by
    try:
        with transaction.atomic():
            payment.save()
    except IntegrityError as error:
        text = _("More would be received than was granted, or less than nothing.")
        raise ValidationError({"amount_usd": text}) from error
    mails.tell_payment(payment)
