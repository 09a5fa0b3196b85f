"""The tables of the bundle: column names and rows of what is published, without samples.

Projects and institutions come as their own files have them; the rest is declared here.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import override

from meetings.models import Meeting
from members import files as directory
from members.models import Institution
from projects import export
from projects.models import Project
from sscnet.codelists.models import SDG, Country, PGTFArea, Sector
from sscnet.core.models import Source

from ..models import DatedFigure

AT_ONCE = 500


@dataclass(frozen=True)
class DataTable:
    """`key`: the column by which other tables name a row. `rows` are made anew at each call."""

    name: str
    title: str
    key: str
    headers: list[str]
    rows: Callable[[], Iterator[list]]


def tables() -> list[DataTable]:
    base = settings.PORTAL_ADDRESS
    institutions = directory.columns_of(base)
    return [
        DataTable("projects", "Projects", "code", export.headers(base), lambda: projects(base)),
        DataTable(
            "institutions",
            "Members and partners",
            "slug",
            list(institutions),
            lambda: rows_of(Institution.objects.listed().for_list(), institutions),
        ),
        DataTable(
            "meetings", "Meetings", "slug", list(MEETING), lambda: rows_of(Meeting.objects, MEETING)
        ),
        code_list("countries", "Countries and areas", Country, COUNTRY),
        code_list("sectors", "Sectors of the Network", Sector, SECTOR),
        code_list("areas", "Priority areas of the Fund", PGTFArea, CODE),
        code_list("sdgs", "Sustainable Development Goals", SDG, GOAL),
        code_list("figures", "Dated figures of the Network", DatedFigure, FIGURE),
        DataTable("sources", "Sources of the records", "", SOURCES, sources),
    ]


def real(records):
    return records.filter(is_sample=False).published()


def projects(base: str) -> Iterator[list]:
    loaded = export.for_file(real(Project.objects)).order_by("code")
    with override("en"):
        yield from export.rows(loaded.iterator(AT_ONCE), base)


def meetings() -> Iterator[list]:
    return rows_of(Meeting.objects, MEETING)


def rows_of(records, columns) -> Iterator[list]:
    for record in real(records).order_by("slug").iterator(AT_ONCE):
        yield [value(record) for value in columns.values()]


def code_list(name, title, model, columns) -> DataTable:
    key = next(iter(columns))

    def rows():
        for row in model.objects.order_by("pk"):
            yield [value(row) for value in columns.values()]

    return DataTable(name, title, key if name != "figures" else "", list(columns), rows)


def sources() -> Iterator[list]:
    """Tell which record each source belongs to, by its table and key there."""
    for table, records, key in (
        ("projects", real(Project.objects), "code"),
        ("institutions", real(Institution.objects.listed()), "slug"),
        ("meetings", real(Meeting.objects), "slug"),
    ):
        keys = {str(pk): value for pk, value in records.values_list("pk", key)}
        kind = ContentType.objects.get_for_model(records.model)
        for source in Source.objects.filter(content_type=kind).order_by("pk").iterator(AT_ONCE):
            if source.object_id in keys:
                told = source.name, source.address, source.supports, source.read_on
                yield [table, keys[source.object_id], *told]


def fields(*names: str) -> dict:
    """Make columns of fields; one with a star is translated and makes two."""
    columns = {}
    for name in names:
        if name.endswith("*"):
            field = name[:-1]
            columns |= {f"{field}_en": plain(field), f"{field}_zh": plain(f"{field}_zh_hans")}
        else:
            columns[name] = plain(name)
    return columns


def plain(field: str) -> Callable:
    return lambda record: getattr(record, field)


def sources_of(record) -> list[str]:
    return [export.source_text(source) for source in record.sources.all()]


MEETING = fields(
    "slug",
    "kind",
    "ordinal",
    "title*",
    "theme*",
    "year",
    "starts_on",
    "ends_on",
    "dates_as_stated*",
    "city*",
    "venue*",
) | {"is_cancelled": plain("is_cancelled")}
COUNTRY = fields(
    "iso2", "iso3", "m49", "name*", "region", "subregion", "g77", "ldc", "lldc", "sids"
)
SECTOR = fields("slug", "name*") | {
    "dac_category": plain("dac_category_id"),
    "dac_purpose": plain("dac_purpose_id"),
}
CODE = fields("slug", "name*")
GOAL = fields("number", "name*", "full_name*", "color")
FIGURE = fields("figure", "label*", "value", "qualifier", "as_of") | {"sources": sources_of}
SOURCES = ["table", "key", "name", "address", "supports", "read_on"]

# The type of a column by its name; the rest is text.
WHOLE = {
    *("year", "year_approved", "ordinal", "number", "value", "participants_as_stated"),
    *("beneficiaries_number", "women_beneficiaries_number", "gender_marker", "primary_sdg"),
}
YES_NO = {
    *("is_sample", "is_cancelled", "classification_confirmed"),
    *("g77", "ldc", "lldc", "sids"),
}
PARTIAL_DATES = frozenset({"final_report_on"})


def type_of(column: str) -> dict:
    """Describe a column as a Frictionless table schema does."""
    if column in YES_NO:
        return {"type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]}
    if column in WHOLE:
        return {"type": "integer"}
    if column.endswith("_usd"):
        return {"type": "number"}
    if column.endswith("_on") and column not in PARTIAL_DATES:
        return {"type": "date"}
    return {"type": "string"}


def schema_of(table: DataTable) -> dict:
    columns = [{"name": name} | type_of(name) for name in table.headers]
    key: Iterable = {"primaryKey": [table.key]} if table.key else {}
    return {"fields": columns, "missingValues": [""]} | dict(key)
