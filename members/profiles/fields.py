"""What a profile consists of: how each part is read from an institution, and written back.

Values are plain (text, or lists of text), as forms give them and JSON keeps them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sscnet.codelists.models import Sector

from ..models import Institution, InstitutionName, InstitutionSector, Service

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

    read: Callable[[Institution], Any]
    write: Callable[[Institution, Any], None]


def profile_of(institution: Institution) -> dict[str, Any]:
    """Return the profile as it stands today."""
    return {name: part.read(institution) for name, part in PARTS.items()}


# ------------------------------------------------------------------ texts and choices


def text(name: str) -> ProfilePart:
    return ProfilePart(
        lambda institution: getattr(institution, name) or "",
        lambda institution, value: setattr(institution, name, value),
    )


def names(kind: Kind) -> ProfilePart:
    def read(institution):
        return [row.name for row in institution.names.all() if row.kind == kind]

    def write(institution, lines):
        for row in institution.names.filter(kind=kind).exclude(name__in=lines):
            row.delete()
        for line in lines:
            institution.names.update_or_create(name=line, defaults={"kind": kind})

    return ProfilePart(read, write)


# ------------------------------------------------------------------ expertise, services, logo


def read_sectors(institution):
    return sorted(institution.sectors.values_list("slug", flat=True))


def write_sectors(institution, slugs):
    for row in institution.institution_sectors.exclude(sector__slug__in=slugs):
        row.delete()
    missing = Sector.objects.filter(slug__in=slugs).exclude(institutions=institution)
    for sector in missing:
        InstitutionSector.objects.create(institution=institution, sector=sector)


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


def read_logo(institution):
    return institution.logos.filter(is_current=True).values_list("pk", flat=True).first()


def write_logo(institution, key):
    for logo in institution.logos.filter(is_current=True):
        logo.is_current = False
        logo.save(update_fields=["is_current"])
    for logo in institution.logos.filter(pk=key):
        logo.is_current = True
        logo.save(update_fields=["is_current"])


PARTS = {
    **{name: text(name) for name in TEXTS},
    "acronyms": names(Kind.ACRONYM),
    "aliases": names(Kind.ALIAS),
    "former_names": names(Kind.FORMER),
    "sectors": ProfilePart(read_sectors, write_sectors),
    "services": ProfilePart(read_services, write_services),
    "logo": ProfilePart(read_logo, write_logo),
}
