"""What a profile consists of: how it is read from an institution, and each part written back.

Values are plain (text, or lists of text), as forms give them and JSON keeps them.
"""

from typing import Any

from sscnet.codelists.models import Sector

from ..models import Institution, InstitutionName, Service

TEXTS = (
    *("name", "name_zh_hans", "kind", "city", "city_zh_hans", "province", "website"),
    *("role_mailbox", "phone", "founded", "summary", "summary_zh_hans"),
    *("description", "description_zh_hans", "un_origin", "un_origin_zh_hans"),
)
NAMES = {
    "acronyms": InstitutionName.Kind.ACRONYM,
    "aliases": InstitutionName.Kind.ALIAS,
    "former_names": InstitutionName.Kind.FORMER,
}
OF_SERVICE = (
    *("kind", "title", "title_zh_hans", "description", "description_zh_hans"),
    *("for_whom", "for_whom_zh_hans"),
)


def profile_of(institution: Institution) -> dict[str, Any]:
    """Return the profile as it stands today."""
    names = list(institution.names.all())
    return {
        **texts_of(institution, TEXTS),
        **{part: [row.name for row in names if row.kind == NAMES[part]] for part in NAMES},
        "sectors": sorted(institution.sectors.values_list("slug", flat=True)),
        "services": [
            {"id": str(one.pk), **texts_of(one, OF_SERVICE)} for one in institution.services.all()
        ],
        "logo": institution.logos.filter(is_current=True).values_list("pk", flat=True).first(),
    }


def texts_of(record, names) -> dict[str, str]:
    return {name: getattr(record, name) or "" for name in names}


def write(institution: Institution, part: str, value: Any) -> None:
    """Write a part of the profile to the rows of the institution, or to itself, unsaved."""
    if part in NAMES:
        institution.names.filter(kind=NAMES[part]).exclude(name__in=value).delete()
        for name in value:
            institution.names.update_or_create(name=name, defaults={"kind": NAMES[part]})
    elif part == "sectors":
        institution.sectors.set(Sector.objects.filter(slug__in=value))
    elif part == "services":
        write_services(institution, value)
    elif part == "logo":
        institution.logos.filter(is_current=True).update(is_current=False)
        institution.logos.filter(pk=value).update(is_current=True)
    else:
        setattr(institution, part, value)


def write_services(institution: Institution, rows: list[dict[str, str]]) -> None:
    known = {str(service.pk): service for service in institution.services.all()}
    institution.services.exclude(pk__in=known.keys() & {row["id"] for row in rows}).delete()
    for row in rows:
        service = known.get(row["id"]) or Service(institution=institution)
        for name in OF_SERVICE:
            setattr(service, name, row.get(name, ""))
        service.save()
