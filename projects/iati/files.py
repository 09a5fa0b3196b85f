"""IATI files, written piece by piece while they are sent."""

from collections.abc import Iterable, Iterator
from datetime import UTC
from itertools import batched, chain

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from sscnet.core.parsing.xml import writable

from ..models import Project
from . import words
from .activity import LACKS, activity, document_link, lacking
from .shares import reverse_in_english

VERSION = "2.03"
AT_ONCE = 50
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def stream_activities(projects: Iterable[Project], base: str) -> Iterator[bytes] | None:
    """Write the projects as activities, in their order; None when no project can be one.

    In place of a project that is no activity stands a comment that says what it lacks.
    """
    parts = parts_of(projects, base)
    before = []
    for is_activity, part in parts:
        before.append(part)
        if is_activity:
            return framed(chain(before, (part for _is_activity, part in parts)))
    return None


def parts_of(projects, base) -> Iterator[tuple[bool, str]]:
    for project in projects:
        if lacks := lacking(project):
            yield False, f"<!-- {left_out(project, lacks)} -->\n"
        else:
            yield True, activity(project, base) + "\n"


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


def organisation_file(base: str) -> str:
    """Return who reports. Budgets and spending of the organisation are not known here."""
    page = f"{base}{reverse_in_english('secretariat:about')}"
    about = document_link(page, words.ABOUT, words.ORGANISATION_PAGE, language="en")
    context = {"version": VERSION, "about": about}
    return writable(render_to_string("projects/iati/organisation.xml", context))
