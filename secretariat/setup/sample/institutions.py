"""The made-up institutions: members, one suspended, one that left, and two that never were one."""

import csv
from pathlib import Path

from django.utils import timezone

from members.models import Institution, InstitutionName, Membership, Service
from sscnet.codelists.models import Sector
from sscnet.core.models import State

FOLDER = Path(__file__).resolve().parents[2] / "data" / "sample"


def read(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def mark(record) -> None:
    record.sources.create(name="Sample data, made by the command make_sample")


def address_of(number: int | str) -> str:
    return f"sample-institution-{number}"


def sample_institutions() -> list[Institution]:
    """Return them in the order of their file; make those that are missing."""
    return [institution(n, row) for n, row in enumerate(read("institutions.csv"), 1)]


def institution(number: int, row: dict[str, str]) -> Institution:
    if made := Institution.objects.filter(slug=address_of(number)).first():
        return made
    own = ("kind", "city", "city_zh_hans", "province", "description", "description_zh_hans")
    made = Institution.objects.create(
        slug=address_of(number),
        is_sample=True,
        state=State.PUBLISHED,
        published_at=timezone.now(),
        name=f"Sample: {row['name']}",
        name_zh_hans=f"示例：{row['name_zh_hans']}",
        country_id="CN",
        website=f"https://sample-{number}.example.org",
        working_languages=["zh-hans", "en"],
        **{name: row[name] for name in own},
    )
    mark(made)
    made.sectors.set(Sector.objects.filter(slug__in=row["sectors"].split()))
    if row["acronym"]:
        made.names.create(name=row["acronym"], kind=InstitutionName.Kind.ACRONYM)
    if row["membership"]:
        Membership.objects.create(institution=made, state=row["membership"])
    if row["service"]:
        made.services.create(
            kind=Service.Kind.TRAINING,
            title=row["service"],
            title_zh_hans=row["service_zh_hans"],
        )
    return made
