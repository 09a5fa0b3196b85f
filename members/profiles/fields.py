"""What a profile consists of: how each part is read from an institution, written back and shown.

Values are plain (text, or lists of text), as forms give them and JSON keeps them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sscnet.codelists.models import Sector
from sscnet.core.i18n.labels import field_label
from sscnet.core.i18n.languages import Language

from ..models import Institution, InstitutionName, InstitutionSector, Logo, Service

Kind = InstitutionName.Kind
SERVICE_TEXTS = (
    *("title", "title_zh_hans", "description", "description_zh_hans"),
    *("for_whom", "for_whom_zh_hans"),
)
TEXTS = (
    *("name", "name_zh_hans", "kind", "city", "city_zh_hans", "province", "website"),
    *("role_mailbox", "phone", "founded", "summary", "summary_zh_hans"),
    *("description", "description_zh_hans", "un_origin", "un_origin_zh_hans"),
)


@dataclass(frozen=True)
class ProfilePart:
    """A part of the profile. `write` may leave saving the institution itself to its caller."""

    name: str
    label: Any
    read: Callable[[Institution], Any]
    write: Callable[[Institution, Any], None]
    show: Callable[[Any], list[str]]


def profile_of(institution: Institution) -> dict[str, Any]:
    """Return the profile as it stands today."""
    return {part.name: part.read(institution) for part in PARTS}


# ------------------------------------------------------------------ texts and choices


def text(name: str) -> ProfilePart:
    def show(value):
        if not value:
            return []
        choices = dict(Institution._meta.get_field(name).choices or ())
        return [capfirst(str(choices[value])) if value in choices else value]

    return ProfilePart(
        name,
        label_of(name),
        lambda institution: getattr(institution, name) or "",
        lambda institution, value: setattr(institution, name, value),
        show,
    )


def label_of(name: str) -> str:
    """Name the field when it is asked for: translated fields are made after this module is."""
    return lazy(lambda: str(field_label(Institution._meta.get_field(name))), str)()


# ------------------------------------------------------------------ names


def names(name: str, kind: Kind, label) -> ProfilePart:
    def read(institution):
        return [row.name for row in institution.names.all() if row.kind == kind]

    def write(institution, lines):
        for row in institution.names.filter(kind=kind).exclude(name__in=lines):
            row.delete()
        for line in lines:
            institution.names.update_or_create(name=line, defaults={"kind": kind})

    return ProfilePart(name, label, read, write, list)


# ------------------------------------------------------------------ expertise, services, logo


def read_sectors(institution):
    return sorted(institution.sectors.values_list("slug", flat=True))


def write_sectors(institution, slugs):
    for row in institution.institution_sectors.exclude(sector__slug__in=slugs):
        row.delete()
    missing = Sector.objects.filter(slug__in=slugs).exclude(institutions=institution)
    for sector in missing:
        InstitutionSector.objects.create(institution=institution, sector=sector)


def show_sectors(slugs):
    return [str(sector) for sector in Sector.objects.filter(slug__in=slugs)]


def read_services(institution):
    return [
        {
            "id": str(service.pk),
            "kind": service.kind,
            **{name: getattr(service, name) or "" for name in SERVICE_TEXTS},
        }
        for service in institution.services.all()
    ]


def write_services(institution, rows):
    kept = {row["id"] for row in rows if row["id"]}
    known = {str(service.pk): service for service in institution.services.all()}
    for key, service in known.items():
        if key not in kept:
            service.delete()
    for row in rows:
        service = known.get(row["id"]) or Service(institution=institution)
        for name in ("kind", *SERVICE_TEXTS):
            setattr(service, name, row.get(name, ""))
        service.save()


def show_services(rows):
    kinds = dict(Service.Kind.choices)
    lines = []
    for row in rows:
        titles = " / ".join(filter(None, [row["title"], row["title_zh_hans"]]))
        words = {"kind": kinds.get(row["kind"], row["kind"]), "titles": titles}
        parts = [gettext("%(kind)s: %(titles)s") % words]
        parts += filter(None, (row.get(name) for name in SERVICE_TEXTS[2:]))
        lines.append(" · ".join(parts))
    return lines


def read_logo(institution):
    return institution.logos.filter(is_current=True).values_list("pk", flat=True).first()


def write_logo(institution, key):
    for logo in institution.logos.filter(is_current=True):
        logo.is_current = False
        logo.save(update_fields=["is_current"])
    for logo in institution.logos.filter(pk=key):
        logo.is_current = True
        logo.save(update_fields=["is_current"])


def show_logo(key):
    return [str(logo) for logo in Logo.objects.filter(pk__in=[key] if key else [])]


PARTS = [
    *(text(name) for name in TEXTS[:2]),
    names("acronyms", Kind.ACRONYM, _("Acronyms")),
    names("aliases", Kind.ALIAS, _("Other spellings and names")),
    names("former_names", Kind.FORMER, _("Former names")),
    *(text(name) for name in TEXTS[2:]),
    ProfilePart("sectors", _("Fields of expertise"), read_sectors, write_sectors, show_sectors),
    ProfilePart(
        "working_languages",
        _("Working languages"),
        lambda institution: sorted(institution.working_languages),
        lambda institution, codes: setattr(institution, "working_languages", codes),
        lambda codes: [str(Language(one).label) for one in codes if one in Language.values],
    ),
    ProfilePart("services", _("Services"), read_services, write_services, show_services),
    ProfilePart("logo", _("Logo"), read_logo, write_logo, show_logo),
]
BY_NAME = {part.name: part for part in PARTS}
