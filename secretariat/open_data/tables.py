"""The tables of the bundle: columns and rows of what is published, without samples."""

from collections.abc import Callable, Iterable
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
    """`key`: the column by which other tables name a row. `rows` are read anew at each call.

    `fields` describes the columns as a Frictionless table schema does.
    """

    name: str
    title: str
    key: str
    fields: list[dict]
    rows: Callable[[], Iterable[list]]

    @property
    def headers(self) -> list[str]:
        return [field["name"] for field in self.fields]

    @property
    def schema(self) -> dict:
        key = {"primaryKey": [self.key]} if self.key else {}
        return {"fields": self.fields, "missingValues": [""]} | key


def tables() -> list[DataTable]:
    """List the files that `load_network` loads."""
    return [table_of(name.removesuffix(".csv"), resource) for name, resource in resources()]


def table_of(name: str, resource: RecordResource) -> DataTable:
    columns = resource.public_columns()
    if name == "named_institutions":
        columns = [resource.fields[column] for column in ("slug", "name_en", "name_zh")]
    key = resource.key[0] if len(resource.key) == 1 else ""

    def rows():
        with override("en"):
            records = resource.for_exchange(records_of(name, resource.field_list.model))
            yield from (resource.row(columns, record) for record in records.iterator(AT_ONCE))

    with override("en"):
        fields = [described(column) for column in columns]
    return DataTable(name, TITLES[name], key, fields, rows)


def described(column: FieldColumn) -> dict:
    field = {"name": column.column_name, "type": column.type, "title": str(column.label)}
    if column.type == "boolean":
        field |= {"trueValues": ["yes"], "falseValues": ["no"]}
    if column.readonly:
        field["description"] = "Follows from other columns or from the portal; no import reads it."
    return field


def records_of(name: str, model: type[models.Model]) -> models.QuerySet:
    if name == "named_institutions":
        projects = models.Q(project_institutions__project__in=real(Project.objects))
        meetings = models.Q(meeting_institutions__meeting__in=real(Meeting.objects))
        others = model.objects.filter(projects | meetings).exclude(pk__in=real(model.objects))
        return others.order_by("slug").distinct()
    if issubclass(model, PublicRecord):
        return real(model.objects).order_by("code" if model is Project else "slug")
    records = model.objects.order_by("pk")
    return records.filter(level=LEVELS[name]) if name in LEVELS else records


def real(records):
    return records.filter(is_sample=False).published()
