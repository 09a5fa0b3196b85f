"""The made-up institutions and projects, imported from `data/sample/` as real ones are."""

import json

import pgtrigger
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils import timezone

from members.models import Institution
from members.resources import InstitutionResource
from projects.models import Project
from projects.resources import ProjectResource
from sscnet.core.models import State
from sscnet.exchange import RecordResource
from sscnet.outbox.models import Message

from ..loading import FOLDER, LoadingOutcome, import_rows, read


def mark(record) -> None:
    record.sources.create(name="Sample data, made by the command make_sample")


def remove_mails_about(rows: QuerySet) -> None:
    kind = ContentType.objects.get_for_model(rows.model)
    keys = [str(key) for key in rows.values_list("pk", flat=True)]
    Message.objects.filter(content_type=kind, object_id__in=keys).delete()


def read_sample() -> dict:
    """Return what is made up of the meeting, the call and the news."""
    return json.loads((FOLDER / "sample" / "records.json").read_text(encoding="utf-8"))


def sample_institutions() -> list[Institution]:
    """Return them in the order of their file; make those that are missing."""
    import_missing("institutions.csv", InstitutionResource(), "slug")
    return list(Institution.objects.filter(is_sample=True).order_by("pk"))


def make_sample_projects() -> None:
    """Make those that are missing: each status and state; of one hardly anything is known."""
    sample_institutions()
    import_missing("projects.csv", ProjectResource(), "code")
    left = Q(state=State.WITHDRAWN, withdrawn_at=None)
    now = timezone.now()
    Project.objects.filter(left, is_sample=True).update(published_at=now, withdrawn_at=now)


@pgtrigger.ignore()
def import_missing(name: str, resource: RecordResource, key: str) -> None:
    """Import the rows of which there is no record, without a history of what nobody did."""
    outcome, records = LoadingOutcome(), resource.field_list.model.objects
    sheet = read(FOLDER / "sample" / name, resource.fields, outcome)
    there = set(records.values_list(key, flat=True))
    sheet.rows = [row for row in sheet.rows if row.cells[key] not in there]
    import_rows(FOLDER / "sample" / name, sheet, resource, outcome, keys_are_given=True)
    made = [row.cells[key] for row in sheet.rows]
    records.filter(**{f"{key}__in": made}).update(is_sample=True)
    if outcome.problems:
        raise ValueError("\n".join(outcome.problems))
