"""The tables of the bundle: columns and rows of what is published, without samples."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import override

from meetings.models import Meeting
from meetings.programme.fields import FIELDS as MEETINGS
from members.fields import FIELDS as INSTITUTIONS
from members.models import Institution
from projects.fields import FIELDS as PROJECTS
from projects.models import Project
from sscnet.codelists.fields import AREAS, COUNTRIES, SDGS, SECTORS
from sscnet.exchange import FieldKind
from sscnet.exchange.fields import ExportColumn

from ..fields import FIGURES
from ..models import DatedFigure

AT_ONCE = 500


@dataclass(frozen=True)
class DataTable:
    """`key`: the column by which other tables name a row. `records` are read anew at each call."""

    name: str
    title: str
    key: str
    columns: list[ExportColumn]
    records: Callable[[], Iterable]

    @property
    def headers(self) -> list[str]:
        return [column.name for column in self.columns]

    def rows(self) -> Iterator[list]:
        with override("en"):
            for record in self.records():
                yield [column.value(record) for column in self.columns]


def tables() -> list[DataTable]:
    base = settings.PORTAL_ADDRESS
    return [
        DataTable(
            "projects",
            "Projects",
            "code",
            PROJECTS.export_columns(base),
            lambda: records(Project.objects.with_links(), "code"),
        ),
        DataTable(
            "institutions",
            "Members and partners",
            "slug",
            INSTITUTIONS.export_columns(base),
            lambda: records(Institution.objects.listed().for_file(), "slug"),
        ),
        DataTable(
            "meetings",
            "Meetings",
            "slug",
            MEETINGS.export_columns(base),
            lambda: records(Meeting.objects.prefetch_related("sources"), "slug"),
        ),
        code_list("countries", "Countries and areas", COUNTRIES),
        code_list("sectors", "Sectors of the Network", SECTORS),
        code_list("areas", "Priority areas of the Fund", AREAS),
        code_list("sdgs", "Sustainable Development Goals", SDGS),
        DataTable(
            "figures",
            "Dated figures of the Network",
            "",
            FIGURES.export_columns(),
            lambda: DatedFigure.objects.order_by("pk"),
        ),
    ]


def real(records):
    return records.filter(is_sample=False).published()


def records(queryset, key: str):
    return real(queryset).order_by(key).iterator(AT_ONCE)


def code_list(name, title, fields) -> DataTable:
    columns = fields.export_columns()
    return DataTable(
        name, title, columns[0].name, columns, lambda: fields.model.objects.order_by("pk")
    )


TYPES = {
    FieldKind.YES_NO: {"type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]},
    FieldKind.NUMBER: {"type": "integer"},
    FieldKind.AMOUNT: {"type": "number"},
    FieldKind.DATE: {"type": "date"},
}


def type_of(column: ExportColumn) -> dict:
    """Describe a column as a Frictionless table schema does."""
    return TYPES.get(column.kind, {"type": "string"})


def schema_of(table: DataTable) -> dict:
    columns = [{"name": column.name} | type_of(column) for column in table.columns]
    key: Iterable = {"primaryKey": [table.key]} if table.key else {}
    return {"fields": columns, "missingValues": [""]} | dict(key)
