"""All that is public in one dated file: tables in CSV, their description, licence, sources.

The tables are those that `load_network` loads: columns and rows of what is published, without
samples.
"""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path

from django.conf import settings
from django.db import models
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from meetings.models import Meeting
from projects.models import Project
from sscnet.codelists.models import DACSector
from sscnet.core.models import PublicRecord
from sscnet.core.uploads.storage import whole_or_gone
from sscnet.exchange import FieldColumn, RecordResource
from sscnet.exchange.writing.formats import stream_csv

from ..setup.loading import resources

NAME = "sscnet-data-{}.zip"
KEPT = 12
AT_ONCE = 500
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
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


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "bundles"


def make_if_due() -> None:
    """Make it each week, on Monday after the night's backup."""
    now = timezone.localtime()
    monday = now.date() - timedelta(days=now.weekday())
    is_made = any(day >= monday for day in days())
    if not is_made and (now.weekday(), now.time()) >= (0, time(3, 30)):
        make()


def make() -> Path:
    """Write the bundle of today, in place of an earlier one of today; keep the last ones."""
    folder().mkdir(parents=True, exist_ok=True)
    day = timezone.localdate()
    path = folder() / NAME.format(day.isoformat())
    unfinished = path.with_suffix(".part")
    with (
        whole_or_gone(unfinished),
        zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as bundle,
    ):
        described = about(day, [write_table(bundle, table) for table in tables()])
        bundle.writestr("datapackage.json", json.dumps(described, indent=2))
        words = {"day": day, "licence": licence(), **described}
        for name in ("README.txt", "LICENCE.txt"):
            bundle.writestr(name, render_to_string(f"secretariat/bundle/{name}", words))
    # Whoever takes it meanwhile gets a whole file, the old one or the new.
    unfinished.replace(path)
    for old in days()[KEPT:]:
        path_of(old).unlink()
    return path


def write_table(bundle: zipfile.ZipFile, table) -> dict:
    with bundle.open(f"{table.name}.csv", "w") as file:
        names = [column.column_name for column in table.columns]
        for piece in stream_csv(names, table.rows()):
            file.write(piece.removeprefix(BYTE_ORDER_MARK))
    return {
        "name": table.name,
        "title": TITLES[table.name],
        "path": f"{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": table.schema,
    }


def about(day: date, resources: list[dict]) -> dict:
    described = {
        "name": "china-south-south-cooperation-network",
        "title": "Open data of the China South-South Cooperation Network",
        "homepage": f"{settings.PORTAL_ADDRESS}/about/data/",
        "version": day.isoformat(),
        "created": f"{day.isoformat()}T00:00:00Z",
        "resources": resources,
    }
    return described | ({"licenses": [chosen]} if (chosen := licence()) else {})


def licence() -> dict | None:
    """Return the licence that the Secretariat chose, if it did."""
    title, path = settings.DATA_LICENCE_NAME, settings.DATA_LICENCE_ADDRESS
    return {"title": title, "path": path} if title and path else None


def days() -> list[date]:
    """List the days of which there is a bundle, the newest first."""
    names = (path.name for path in folder().glob(NAME.format("*")))
    return sorted((date.fromisoformat(name[-14:-4]) for name in names), reverse=True)


def path_of(day: date) -> Path:
    return folder() / NAME.format(day.isoformat())


# ------------------------------------------------------------------ the tables


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
