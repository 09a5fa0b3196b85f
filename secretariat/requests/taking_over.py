"""Rows of a table become records: by the import's own preview, with the institution as source."""

import csv
import io

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext

from meetings.models import Meeting
from members.models import Institution
from projects.models import Project
from sscnet.exchange.admin.records import SheetSourceForm

from .models import RequestQuestion, Response, ResponseAnswer

Becomes = RequestQuestion.Becomes
MODELS = {Becomes.PROJECTS: Project, Becomes.ACTIVITIES: Meeting, Becomes.SERVICES: Institution}


def answers():
    """Return the answers with rows that may become records, of responses that were sent."""
    rows = ResponseAnswer.objects.exclude(question__becomes=Becomes.NOTHING).exclude(rows=[])
    rows = rows.filter(response__state=Response.State.SENT)
    return rows.select_related("question", "response__request", "response__institution")


def preview(request, answer: ResponseAnswer):
    """Show what the rows would do; raise ValidationError where the columns name nothing known."""
    records = admin.site.get_model_admin(MODELS[answer.question.becomes])
    if not records.has_import_permission(request):
        raise PermissionDenied
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([column.name for column in answer.question.columns])
    writer.writerows(answer.rows_in_words)
    response = answer.response
    day = timezone.localdate(response.sent_at)
    source = SheetSourceForm(
        is_needed=True,
        initial={
            "source_name": gettext("Answer of %(institution)s to the Secretariat")
            % {"institution": response.institution},
            "source_read_on": day,
        },
    )
    name = f"{response.institution} {day}.csv"
    return records.preview(request, file.getvalue().encode(), name, source)
