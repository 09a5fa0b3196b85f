"""What came of a project goes from its final report to the catalogue, by one click."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sscnet.core.dates import BEIJING
from sscnet.core.i18n.labels import each_language, field_label
from sscnet.core.i18n.languages import Language
from sscnet.core.i18n.texts import guessed

from ...models import Project
from ..models import Proposal, ReportDue


@dataclass(frozen=True)
class FieldChange:
    """A field of the project: what it holds, and what it would hold."""

    name: str
    before: str
    after: str

    @property
    def label(self) -> str:
        return str(field_label(Project._meta.get_field(self.name)))

    @property
    def changes(self) -> bool:
        return self.before != self.after


def final_report(proposal: Proposal) -> ReportDue | None:
    """Return the final report that was accepted, or None."""
    accepted = proposal.reports_due.filter(kind=ReportDue.Kind.FINAL, accepted_at__isnull=False)
    return accepted.last()


def changes_of(proposal: Proposal) -> list[FieldChange]:
    """Return what the accepted final report would write to the project."""
    report = final_report(proposal)
    if report is None or proposal.project is None:
        return []
    after = {"final_report_on": timezone.localdate(report.uploaded_at, BEIJING).isoformat()}
    if report.words:
        english, chinese = each_language("outcome")
        is_chinese = guessed(report.words).language == Language.CHINESE
        after[chinese if is_chinese else english] = report.words
    project = proposal.project
    return [FieldChange(name, getattr(project, name) or "", text) for name, text in after.items()]


@transaction.atomic
def write(proposal: Proposal) -> list[FieldChange]:
    """Write the outcome and the day of the final report to the project; return what changed."""
    projects = Project.objects.select_for_update(no_key=True, of=("self",))
    project = projects.filter(pk=proposal.project_id).first()
    if project is None:
        raise ValidationError(_("The proposal has no project yet."))
    proposal.project = project
    changes = [change for change in changes_of(proposal) if change.changes]
    if not changes:
        raise ValidationError(_("The project has it already."))
    for change in changes:
        setattr(project, change.name, change.after)
    project.save()
    return changes
