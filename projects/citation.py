"""How to cite a project: a line, and BibTeX. Its address by code goes on working for ever."""

import re

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

# What TeX reads as something else than itself.
SPECIAL = re.compile(r"[\\{}$&#^_%~]")
IN_TEX = {
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}


def cite(project) -> dict[str, str]:
    """Return the line and the entry; the day is that of the record's last change."""
    address = settings.PORTAL_ADDRESS + reverse("projects:by_code", args=[project.code])
    return {
        "address": address,
        "line": line(project, address),
        "bibtex": bibtex(project, address),
    }


def line(project, address: str) -> str:
    text = _("%(network)s: %(title)s (%(code)s). As of %(day)s. %(address)s")
    return text % {
        "network": _("China South-South Cooperation Network"),
        "title": project,
        "code": project.code,
        "day": day_of(project),
        "address": address,
    }


def bibtex(project, address: str) -> str:
    day, note = day_of(project), _("Project %(code)s, as of %(day)s")
    fields = {
        "author": f"{{{escaped(_('China South-South Cooperation Network'))}}}",
        "title": f"{{{escaped(str(project))}}}",
        "year": str(day.year),
        "note": escaped(note % {"code": project.code, "day": day}),
        "url": address,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@misc{{{project.code},", *lines, "}"])


def day_of(project):
    return timezone.localdate(project.updated_at)


def escaped(text: str) -> str:
    return SPECIAL.sub(lambda found: IN_TEX.get(found[0], f"\\{found[0]}"), text)
