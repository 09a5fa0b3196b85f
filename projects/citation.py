"""How to cite a project: a line, BibTeX and RIS. Its address by code goes on working for ever."""

import re

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sscnet.core.i18n.texts import language_tag

# What TeX reads as something else than itself.
SPECIAL = re.compile(r"[\\{}$&#^_%~]")
IN_TEX = {
    "\\": r"\textbackslash{}",
    # BibTeX counts braces, those after a backslash too.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}


def line(project) -> str:
    text = _("%(network)s: %(title)s (%(code)s). As of %(day)s. %(address)s")
    return text % {
        "network": _("China South-South Cooperation Network"),
        "title": title_of(project),
        "code": project.code,
        "day": day_of(project),
        "address": address_of(project),
    }


def bibtex(project) -> str:
    fields = {
        "author": f"{{{escaped(_('China South-South Cooperation Network'))}}}",
        "title": f"{{{escaped(title_of(project))}}}",
        "year": str(day_of(project).year),
        "note": escaped(note(project)),
        "url": address_of(project),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@misc{{{project.code},", *lines, "}\n"])


def ris(project) -> str:
    """Write an entry of RIS: a line a field, each ended as the format's description asks."""
    day = day_of(project)
    fields = [
        ("TY", "ELEC"),
        ("AU", _("China South-South Cooperation Network")),
        ("TI", title_of(project)),
        ("PY", str(day.year)),
        ("DA", f"{day:%Y/%m/%d}"),
        ("N1", note(project)),
        ("LA", language_tag(get_language())),
        ("UR", address_of(project)),
        ("ER", ""),
    ]
    return "".join(f"{name}  - {value}\r\n" for name, value in fields)


def address_of(project) -> str:
    return settings.PORTAL_ADDRESS + reverse("projects:by_code", args=[project.code])


def title_of(project) -> str:
    """Return the title in one line: a line of its own would be a field of its own."""
    return " ".join(str(project).split())


def note(project) -> str:
    return _("Project %(code)s, as of %(day)s") % {
        "code": project.code,
        "day": day_of(project),
    }


def day_of(project):
    """Return the day of the record's last change."""
    return timezone.localdate(project.updated_at)


def escaped(text: str) -> str:
    return SPECIAL.sub(lambda found: IN_TEX.get(found[0], f"\\{found[0]}"), text)
