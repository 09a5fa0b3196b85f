"""IATI files, written piece by piece while they are sent."""

from collections.abc import Iterable, Iterator
from datetime import UTC
from itertools import batched, chain
from xml.etree.ElementTree import Element, tostring

from django.utils import timezone
from django.utils.translation import override

from ..models import Project
from .activity import LACKS, activity, add_link, add_publisher, lacking
from .elements import LANG, add, add_text, reverse_in_english
from .publisher import Publisher
from .words import ORGANISATION_PAGE

VERSION = "2.03"
AT_ONCE = 50
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def stream_activities(
    projects: Iterable[Project], publisher: Publisher, base: str
) -> Iterator[bytes] | None:
    """Write the projects as activities, in their order; None when no project can be one.

    In place of a project that is no activity stands a comment that says what it lacks.
    """
    parts = parts_of(projects, publisher, base)
    before = []
    for is_activity, part in parts:
        before.append(part)
        if is_activity:
            return framed(chain(before, (part for _is_activity, part in parts)))
    return None


def parts_of(projects, publisher, base) -> Iterator[tuple[bool, str]]:
    for project in projects:
        if lacks := lacking(project):
            yield False, f"<!-- {left_out(project, lacks)} -->\n"
        else:
            yield True, tostring(activity(project, publisher, base), encoding="unicode") + "\n"


def left_out(project: Project, lacks: list[str]) -> str:
    with override("en"):
        return f"{project.code} is left out. Not stated: {'; '.join(str(LACKS[n]) for n in lacks)}."


def framed(parts: Iterable[str]) -> Iterator[bytes]:
    moment = timezone.now().astimezone(UTC).replace(microsecond=0).isoformat()
    start = f'<iati-activities version="{VERSION}" generated-datetime="{moment}">\n'
    yield (DECLARATION + start).encode()
    for some in batched(parts, AT_ONCE):
        yield "".join(some).encode()
    yield b"</iati-activities>\n"


def organisation_file(publisher: Publisher, base: str) -> bytes:
    """Return who reports. Budgets and spending of the organisation are not known here."""
    root = Element("iati-organisations", {"version": VERSION})
    organisation = add(root, "iati-organisation", default_currency="USD")
    organisation.set(LANG, "en")
    add_text(organisation, "organisation-identifier", publisher.ref)
    add(organisation, "name", (publisher.name, publisher.name_zh))
    add_publisher(organisation, publisher)
    # In this file an organisation reports on itself.
    organisation.find("reporting-org").attrib.pop("secondary-reporter", None)
    page = f"{base}{reverse_in_english('secretariat:about')}"
    add_link(organisation, page, "text/html", ("About the Network", ""), ORGANISATION_PAGE, "en")
    return (DECLARATION + tostring(root, encoding="unicode") + "\n").encode()
