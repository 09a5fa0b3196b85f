"""What grant, steps and final report say of a project goes to the catalogue, by one click."""

from datetime import date
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import User
from sscnet.changes.parts import Part, parts_in_form
from sscnet.changes.saving import store_or_propose
from sscnet.changes.state import Change, RecordState, as_json, write_changes
from sscnet.core.i18n.dates import BEIJING
from sscnet.core.models import ProposedVersion

from ...models import Project
from ..models import AWARDED, Proposal, ReportDue
from .award import field_for, values_of_steps


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
def write(proposal: Proposal, by: User) -> ProposedVersion | None:
    """Write it to the project; the version where somebody else must release that."""
    projects = Project.objects.select_for_update(no_key=True, of=("self",))
    proposal.project = projects.filter(pk=proposal.project_id).first()
    if proposal.project is None:
        raise ValidationError(_("The proposal has no project yet."))
    changes = changes_of(proposal)
    if not changes:
        raise ValidationError(_("The project already has it."))
    return store_or_propose(proposal.project, own_fields(), partial(write_changes, changes), by)
