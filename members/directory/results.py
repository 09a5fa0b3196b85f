"""What the directory shows of institutions: one statement that is written once.

Loading fifty with all their columns, and what they have in further queries, takes longer than all
else of the page.
"""

from functools import cache

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Subquery

from sscnet.core.pages.statements import RecordReader, row, rows_of

from ..models import Institution, InstitutionName, Membership, Service

COLUMNS = (
    *("slug", "kind", "name", "city", "i18n", "province", "is_sample"),
    *("relation", "summary", "description"),
)


def results(ids: list[int]) -> list[Institution]:
    """Read the institutions in this order, with `listed_acronym`, `listed_services` (codes) and
    `is_suspended`; what the list does not show is left to be loaded."""
    return reading().of_ids(ids)


@cache
def reading() -> RecordReader[Institution]:
    this = {"institution": OuterRef("pk")}
    acronyms = InstitutionName.objects.filter(kind=InstitutionName.Kind.ACRONYM, **this)
    services = Service.objects.filter(**this).order_by("kind").distinct()
    suspended = Membership.objects.current().filter(state=Membership.State.SUSPENDED, **this)
    listed = Institution.objects.published().listed().only(*COLUMNS)
    listed = listed.annotate(
        listed_acronym=Subquery(acronyms.order_by("pk").values("name")[:1]),
        listed_services=ArraySubquery(services.values_list("kind")),
        is_suspended=Exists(suspended),
    )
    return RecordReader.of(listed, {})


@cache
def table_reading() -> RecordReader[Institution]:
    """Write once what the table reads of some institutions."""
    rows = {
        "memberships": rows_of(Institution, "memberships").values_list(row("state", "until")),
        "names": rows_of(Institution, "names").values_list(row("name", "kind")),
        "sectors": rows_of(Institution, "sectors").values_list(row("slug", "name", "i18n")),
        "services": rows_of(Institution, "services").values_list(row("kind")),
    }
    return RecordReader.of(Institution.objects.published().listed(), rows)
