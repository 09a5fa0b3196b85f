"""All that is public in one dated file: tables in CSV, their description, licence, sources."""

import json
import zipfile
from datetime import date, time, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from sscnet.core.uploads.storage import whole_or_gone
from sscnet.exchange.writing.rows import stream_csv

from .tables import TITLES, tables

NAME = "sscnet-data-{}.zip"
KEPT = 12
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
README = """Open data of the China South-South Cooperation Network, state of {day}

One CSV table a kind of record: UTF-8, commas, the first row names the columns; several values of
one cell stand with "; " between them. What is empty is not stated, never "none" or "no".
datapackage.json describes every column (Frictionless Data Package).
The column "sources" names where each record comes from, "basis" how its values are known: the page
explains them. figures.csv holds totals of the Network as somebody
stated them, each right on its date: the number of rows in a table is never such a total.
The page {address} explains the other formats.
"""


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
        resources = [write_table(bundle, table) for table in tables()]
        bundle.writestr("datapackage.json", json.dumps(about(day, resources), indent=2))
        address = f"{settings.PORTAL_ADDRESS}/about/data/"
        bundle.writestr("README.txt", README.format(day=day, address=address))
        bundle.writestr("LICENCE.txt", licence_text())
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
    if settings.DATA_LICENCE_NAME and settings.DATA_LICENCE_ADDRESS:
        licence = {"title": settings.DATA_LICENCE_NAME, "path": settings.DATA_LICENCE_ADDRESS}
        described["licenses"] = [licence]
    return described


def licence_text() -> str:
    if settings.DATA_LICENCE_NAME and settings.DATA_LICENCE_ADDRESS:
        return f"{settings.DATA_LICENCE_NAME}\n{settings.DATA_LICENCE_ADDRESS}\n"
    return (
        "The Secretariat has not chosen a licence yet. Ask it before you publish these data anew:\n"
        f"{settings.PORTAL_ADDRESS}/ask/\n"
    )


def days() -> list[date]:
    """List the days of which there is a bundle, the newest first."""
    names = (path.name for path in folder().glob(NAME.format("*")))
    return sorted((date.fromisoformat(name[-14:-4]) for name in names), reverse=True)


def path_of(day: date) -> Path:
    return folder() / NAME.format(day.isoformat())
