"""Reports on /my/: what is due for an institution."""

from django.urls import reverse
from django.utils.translation import gettext as _

from members.models import Institution

from .models import ReportDue


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
