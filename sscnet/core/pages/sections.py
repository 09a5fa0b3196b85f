"""Sections that an app adds to pages of the apps below it, which need not know it.

`sections.add("project", "meetings/components/dealt_with.html", meetings=meetings_with)`
"""

from collections import defaultdict
from collections.abc import Callable

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

ADDED: dict[str, list[tuple[str, dict[str, Callable]]]] = defaultdict(list)


def add(page: str, template: str, **reads: Callable) -> None:
    """Add a section to the pages of this kind.

    Its template takes what each of `reads` returns for that which the page is about.
    """
    ADDED[page].append((template, reads))


def sections_of(page: str, *about) -> SafeString:
    """Return the sections that were added to the page of this kind about these."""
    sections = (
        render_to_string(template, {name: read(*about) for name, read in reads.items()})
        for template, reads in ADDED[page]
    )
    # What Jinja2 gives is not marked as HTML.
    return mark_safe("".join(sections).strip())
