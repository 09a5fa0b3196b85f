"""The rows of a file of projects: the same in CSV, Excel and JSON."""

from collections.abc import Iterable, Iterator

from ..fields import FIELDS
from ..models import Project

PER_COUNTRY = "country"


def country_columns() -> list[str]:
    return ["country", "country_en", "country_zh", "country_role"]


def headers(base: str, rows_of: str = "") -> list[str]:
    """Name the columns of a file; of one row a project and country, the country's come first."""
    names = [column.name for column in FIELDS.export_columns(base)]
    return country_columns() + names if rows_of == PER_COUNTRY else names


def rows(projects: Iterable[Project], base: str, rows_of: str = "") -> Iterator[list]:
    """Return the rows of a file: one a project, or one a project and country."""
    all_columns = FIELDS.export_columns(base)
    for project in projects:
        row = [column.value(project) for column in all_columns]
        if rows_of != PER_COUNTRY:
            yield row
            continue
        links = project.project_countries.all()
        for link in links:
            country = link.country
            yield [country.iso2, country.name, country.name_zh_hans, link.role, *row]
        if not links:
            yield [None, None, None, None, *row]
