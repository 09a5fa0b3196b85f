"""What the directory shows of institutions: plain rows, read by a statement that is written once.

Loading fifty institutions as records takes longer than all else of the page.
"""

from dataclasses import dataclass
from functools import lru_cache

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.fields.json import KT

from sscnet.facets.engine import Index
from sscnet.records.addresses import address_of
from sscnet.records.labels import each_language
from sscnet.records.statements import Statement, read, statement_of
from sscnet.records.texts import Text, chosen

from .filters import InstitutionFilter
from .models import InstitutionName, InstitutionSector, Membership

NAMED = ("kind", "province", "sector")
NAMES = each_language("name")
CITIES = each_language("city")


@dataclass(frozen=True)
class Result:
    """What the directory shows of an institution, in the page's language."""

    slug: str
    name: Text
    acronym: str
    city: Text
    province: str
    kind: str
    sectors: list[str]
    is_sample: bool
    is_suspended: bool
    membership_unconfirmed: bool

    @property
    def address(self) -> str:
        return address_of("members:detail", self.slug)


def results(index: Index, ids: list[int]) -> list[Result]:
    """Read the results in one query, in this order; the names of codes are in memory already."""
    if not ids:
        return []
    filters = index.filterset.base_filters
    words = {name: index.labels(filters[name]) for name in NAMED}
    found = {pk: result_of(columns, words) for pk, *columns in read(statement(), ids)}
    return [found[id] for id in ids if id in found]


def result_of(columns: list, words: dict) -> Result:
    slug, acronym, province, kind, sectors, is_sample, is_suspended, unconfirmed, *texts = columns
    return Result(
        slug,
        chosen(texts[: len(NAMES)]),
        acronym or "",
        chosen(texts[len(NAMES) :]),
        words["province"].get(province, province),
        words["kind"].get(kind, kind),
        [words["sector"].get(code, code) for code in sectors],
        is_sample,
        is_suspended,
        unconfirmed,
    )


@lru_cache(maxsize=1)
def statement() -> Statement:
    """Write once what is read of some institutions."""
    this = {"institution": OuterRef("pk")}
    acronyms = InstitutionName.objects.filter(kind=InstitutionName.Kind.ACRONYM, **this)
    sectors = InstitutionSector.objects.filter(**this).order_by("sector__name")
    suspended = Membership.objects.current().filter(state=Membership.State.SUSPENDED, **this)
    columns = [
        *("pk", "slug", Subquery(acronyms.order_by("pk").values("name")[:1]), "province", "kind"),
        ArraySubquery(sectors.values_list("sector__slug")),
        *("is_sample", Exists(suspended), "membership_unconfirmed"),
        *(
            text
            for first, *others in (NAMES, CITIES)
            for text in (first, *map(translation, others))
        ),
    ]
    return statement_of(InstitutionFilter.listed().order_by().values_list(*columns))


def translation(field: str) -> KT:
    return KT(f"i18n__{field}")
