"""The tables of the bundle: columns and rows of what is published, without samples."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models
from django.utils.translation import override

from meetings.models import Meeting
from projects.models import Project
from sscnet.codelists.models import DACSector
from sscnet.core.models import PublicRecord
from sscnet.exchange import FieldColumn, RecordResource

from ..setup.loading import resources

AT_ONCE = 500
TITLES = {
    "countries": "Countries and areas",
    "dac_categories": "Sector categories of the OECD DAC",
    "dac_purposes": "Purpose codes of the OECD DAC",
    "topics": "Topics",
    "sectors": "Sectors of the Network",
    "sdgs": "Sustainable Development Goals",
    "areas": "Priority areas of the Fund",
    "institutions": "Members and partners",
    "named_institutions": "Institutions without a page, named by other records",
    "projects": "Projects",
    "meetings": "Meetings",
    "publications": "Publications",
    "figures": "Dated figures of the Network",
    "synonyms": "Words that a search takes for one another",
    "pages": "Pages and news of the Secretariat",
}
LEVELS = {"dac_categories": DACSector.Level.CATEGORY, "dac_purposes": DACSector.Level.PURPOSE}


@dataclass(frozen=True)
class DataTable:
    """A file of the bundle; its rows are read anew each time."""

    name: str
    resource: RecordResource

    @property
    def columns(self) -> list[FieldColumn]:
        if self.name == "named_institutions":
            return [self.resource.fields[name] for name in ("slug", "name_en", "name_zh")]
        return self.resource.public_columns()

    @property
    def schema(self) -> dict:
        """Describe the columns as a Frictionless table schema does."""
        with override("en"):
            fields = [described(column) for column in self.columns]
        return {"fields": fields, "missingValues": [""], "primaryKey": list(self.resource.key)}

    def rows(self) -> Iterator[list]:
        with override("en"):
            records = self.resource.for_exchange(records_of(self.name, self.resource))
            columns = self.columns
            yield from (self.resource.row(columns, record) for record in records.iterator(AT_ONCE))


def tables() -> list[DataTable]:
    """List the files that `load_network` loads."""
    return [DataTable(name.removesuffix(".csv"), resource) for name, resource in resources()]


def described(column: FieldColumn) -> dict:
    field = {"name": column.column_name, "type": column.type, "title": str(column.label)}
    if column.type == "boolean":
        field |= {"trueValues": ["yes"], "falseValues": ["no"]}
    if column.readonly:
        field["description"] = "Follows from other columns or from the portal; no import reads it."
    return field


def records_of(name: str, resource: RecordResource) -> models.QuerySet:
    model = resource.field_list.model
    if name == "named_institutions":
        projects = models.Q(project_institutions__project__in=real(Project.objects))
        meetings = models.Q(meeting_institutions__meeting__in=real(Meeting.objects))
        others = model.objects.filter(projects | meetings).exclude(pk__in=real(model.objects))
        return others.order_by("slug").distinct()
    if issubclass(model, PublicRecord):
        return real(model.objects).order_by(*resource.key)
    records = model.objects.order_by("pk")
    return records.filter(level=LEVELS[name]) if name in LEVELS else records


def real(records):
    return records.filter(is_sample=False).published()
