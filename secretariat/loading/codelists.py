"""Countries, sectors, goals and areas."""

from django.utils.text import slugify

from sscnet.codelists.models import SDG, Country, DACSector, PGTFArea, Sector

from .facts import SOURCES, Fact, LoadingOutcome, Writer
from .files import Files, source

OURS = "The Network’s own list, made for this portal; to be confirmed by the Secretariat"
GALAXY = "South-South Galaxy, solution page of the China South-South Cooperation Network"


def load_countries(files: Files, outcome: LoadingOutcome) -> None:
    tiles = {
        row.text("iso2"): row for row in files.rows("country_tiles.csv", "iso2", "column", "row")
    }
    writer = Writer(Country, (SOURCES,), outcome)
    for row in files.rows("countries.csv", "iso2", "iso3", "m49", "name_en", "name_zh", "source"):
        tile = tiles.get(row.text("iso2"))
        values = {
            "iso2": row.required("iso2"),
            "iso3": row.required("iso3"),
            "m49": row.required("m49"),
            "name": row.required("name_en"),
            "name_zh_hans": row.text("name_zh"),
            "region": slugify(row.text("region")),
            "subregion": slugify(row.text("subregion")),
            "g77": row.yes_no("g77"),
            "ldc": row.yes_no("ldc"),
            "lldc": row.yes_no("lldc"),
            "sids": row.yes_no("sids"),
            "note": row.text("note"),
            "tile_column": tile and tile.integer("column"),
            "tile_row": tile and tile.integer("row"),
        }
        links = {"sources": row.sources()}
        writer.write(Fact((row,), values["iso2"], values, links, find={"iso2": values["iso2"]}))


def load_dac_sectors(files: Files, outcome: LoadingOutcome) -> None:
    writer = Writer(DACSector, (SOURCES,), outcome)
    rows = list(files.rows("dac_sectors.csv", "code", "level", "parent", "name_en", "source"))
    # A purpose names its category, so the categories come first.
    for row in sorted(rows, key=lambda row: row.text("level") != DACSector.Level.CATEGORY):
        values = {
            "code": row.required("code"),
            "level": row.required("level"),
            "parent": row.text("parent") or None,
            "name": row.required("name_en"),
            "name_fr": row.text("name_fr"),
            "is_active": row.text("status") == "active",
        }
        links = {"sources": row.sources()}
        writer.write(Fact((row,), values["code"], values, links, find={"code": values["code"]}))


def load_sectors(files: Files, outcome: LoadingOutcome) -> None:
    writer = Writer(Sector, (SOURCES,), outcome)
    known = {code: code for code in DACSector.objects.values_list("code", flat=True)}
    cure = "Write a code of dac_sectors.csv."
    for row in files.rows(
        "network_sectors.csv", "slug", "name_en", "name_zh", "dac_category", "basis"
    ):
        values = {
            "slug": row.required("slug"),
            "name": row.required("name_en"),
            "name_zh_hans": row.text("name_zh"),
            "dac_category": row.one_of("dac_category", known, cure),
            "dac_purpose": row.one_of("dac_purpose", known, cure),
        }
        links = {"sources": [source(OURS if row.text("basis") == "ours" else GALAXY)]}
        writer.write(Fact((row,), values["slug"], values, links, find={"slug": values["slug"]}))


def load_sdgs(files: Files, outcome: LoadingOutcome) -> None:
    writer = Writer(SDG, (SOURCES,), outcome)
    for row in files.rows(
        "sdgs.csv", "number", "short_en", "short_zh", "full_en", "full_zh", "color_hex"
    ):
        values = {
            "number": row.integer("number"),
            "name": row.required("short_en"),
            "name_zh_hans": row.text("short_zh"),
            "full_name": row.required("full_en"),
            "full_name_zh_hans": row.text("full_zh"),
            "color": row.text("color_hex"),
        }
        links = {"sources": [named_source(part) for part in row.required("source").split("; ")]}
        key = row.text("number")
        writer.write(Fact((row,), key, values, links, find={"number": values["number"]}))


def named_source(text: str) -> dict:
    """Make a source of `names: https://…`: what stands before the address is what it supports."""
    what, _colon, rest = text.partition(": ")
    return source(rest, supports=what) if rest.startswith("http") else source(text)


def load_pgtf_areas(files: Files, outcome: LoadingOutcome) -> None:
    writer = Writer(PGTFArea, (SOURCES,), outcome)
    for row in files.rows("pgtf_areas.csv", "slug", "name_en", "name_zh", "source"):
        values = {
            "slug": row.required("slug"),
            "name": row.required("name_en"),
            "name_zh_hans": row.text("name_zh"),
        }
        links = {"sources": row.sources()}
        writer.write(Fact((row,), values["slug"], values, links, find={"slug": values["slug"]}))
