"""The tables of the bundle: columns and rows of what is published, without samples."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import override

from meetings.models import Meeting
from meetings.programme.fields import FIELDS as MEETINGS
from members.fields import FIELDS as INSTITUTIONS
from members.models import Institution
from projects.fields import FIELDS as PROJECTS
from projects.models import Project
from sscnet.codelists.fields import AREAS, COUNTRIES, SDGS, SECTORS
from sscnet.core.models import Source
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
            lambda: records(Project.objects.with_links("sources"), "code"),
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
            lambda: records(Meeting.objects, "slug"),
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
        DataTable("sources", "Sources of the records", "", SOURCES, sources),
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


def sources() -> Iterator[list]:
    """Return which record each source belongs to, by its table and key there."""
    for table, records, key in (
        ("projects", real(Project.objects), "code"),
        ("institutions", real(Institution.objects.listed()), "slug"),
        ("meetings", real(Meeting.objects), "slug"),
    ):
        keys = {str(pk): value for pk, value in records.values_list("pk", key)}
        kind = ContentType.objects.get_for_model(records.model)
        for source in Source.objects.filter(content_type=kind).order_by("pk").iterator(AT_ONCE):
            if source.object_id in keys:
                values = source.name, source.address, source.supports, source.read_on
                values += source.supports_zh_hans, source.name_zh_hans
                yield [table, keys[source.object_id], *values]


SOURCES = [
    *(
        ExportColumn(name, lambda row, n=n: row[n])
        for n, name in enumerate(("table", "key", "name", "address", "supports"))
    ),
    ExportColumn("read_on", lambda row: row[5], FieldKind.DATE),
    ExportColumn("supports_zh", lambda row: row[6]),
    ExportColumn("name_zh", lambda row: row[7]),
]

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
