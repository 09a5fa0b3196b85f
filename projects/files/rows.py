"""The rows of a file of projects: the same in CSV, Excel and JSON."""

from collections.abc import Callable, Iterable, Iterator

from django.conf import settings
from django.utils import timezone

from ..models import Project

PER_COUNTRY = "country"
COUNTRY_COLUMNS = ["country", "country_en", "country_zh", "country_role"]


def per_country(projects: Iterable[Project], row_of: Callable[[Project], list]) -> Iterator[list]:
    """Return one row a project and country, the columns of the country first."""
    for project in projects:
        row = row_of(project)
        links = project.project_countries.all()
        for link in links:
            country = link.country
            yield [country.iso2, country.name, country.name_zh_hans, link.role, *row]
        if not links:
            yield [None, None, None, None, *row]


def about(base: str, count: int) -> dict:
    """Return what a JSON file is."""
    return {
        "publisher": "China South-South Cooperation Network",
        "portal": base,
        "made_on": timezone.localdate(),
        "languages": [code for code, _name in settings.LANGUAGES],
        "projects": count,
    }
