"""What a file of the directory holds, column by column: the same in CSV and Excel."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import chain

from django.http import StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header

from sscnet.codelists.choices import Province
from sscnet.exchange.writers import STREAMS
from sscnet.facets.listing import Listing

from .models import Institution, InstitutionName

AT_ONCE = 500
LANGUAGES = {"en": "en", "zh": "zh-hans"}
KINDS_OF_NAMES = {
    "acronyms": [InstitutionName.Kind.ACRONYM],
    "other_names": [InstitutionName.Kind.ALIAS, InstitutionName.Kind.OTHER_LANGUAGE],
    "former_names": [InstitutionName.Kind.FORMER],
}

Columns = dict[str, Callable[[Institution], object]]


def file(listing: Listing, extension: str, base: str) -> StreamingHttpResponse:
    """Send exactly the list as a file, in its order; `base` is the address of the portal."""
    columns = columns_of(base)
    content_type, stream = STREAMS[extension]
    response = StreamingHttpResponse(
        stream(list(columns), rows(listing, columns)), content_type=content_type
    )
    day = timezone.localdate().isoformat()
    name = f"institutions-{listing.count}-{day}.{extension}"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def rows(listing: Listing, columns: Columns) -> Iterator[list]:
    queryset = listing.filterset.for_list()
    pieces = listing.ids.chunks(AT_ONCE)
    institutions = chain.from_iterable(listing.records(ids, queryset) for ids in pieces)
    return ([value(institution) for value in columns.values()] for institution in institutions)


def columns_of(base: str) -> Columns:
    return {
        "slug": lambda i: i.slug,
        "name_en": lambda i: i.name,
        "name_zh": lambda i: i.name_zh_hans,
        **{name: names_of(kinds) for name, kinds in KINDS_OF_NAMES.items()},
        "standing": lambda i: i.standing or None,
        "member_since": lambda i: i.current_membership and i.current_membership.since,
        **choice("kind", Institution.Kind),
        "city_en": lambda i: i.city,
        "city_zh": lambda i: i.city_zh_hans,
        **choice("province", Province),
        "country": lambda i: i.country_id,
        "website": lambda i: i.website,
        "role_mailbox": lambda i: i.role_mailbox,
        "sectors": lambda i: [sector.slug for sector in i.sectors.all()],
        "sectors_en": lambda i: [sector.name for sector in i.sectors.all()],
        "sectors_zh": lambda i: [sector.name_zh_hans or "" for sector in i.sectors.all()],
        "services": lambda i: sorted({service.kind for service in i.services.all()}),
        **{f"services_{end}": service_titles(language) for end, language in LANGUAGES.items()},
        "working_languages": lambda i: i.working_languages,
        "description_en": lambda i: i.description,
        "description_zh": lambda i: i.description_zh_hans,
        **{f"page_{end}": page_of(base, language) for end, language in LANGUAGES.items()},
        "last_changed_on": lambda i: timezone.localdate(i.updated_at),
        "is_sample": lambda i: i.is_sample,
    }


def names_of(kinds: Iterable[str]):
    return lambda i: [name.name for name in i.names.all() if name.kind in kinds]


def service_titles(language: str):
    name = "title" if language == "en" else "title_zh_hans"
    return lambda i: [getattr(service, name) or "" for service in i.services.all()]


@cache
def labels(choices: type, language: str) -> dict:
    with translation.override(language):
        return {choice.value: str(choice.label) for choice in choices if choice.value}


def choice(name: str, choices: type) -> Columns:
    """Make the columns of a choice: its code, and its label in both languages."""
    code = {name: lambda i: getattr(i, name) or None}
    return code | {f"{name}_{end}": label(name, choices, LANGUAGES[end]) for end in LANGUAGES}


def label(name: str, choices: type, language: str):
    return lambda i: labels(choices, language).get(getattr(i, name))


def page_of(base: str, language: str):
    with translation.override(language):
        start, end = reverse("members:detail", args=["slug"]).split("slug")
    return lambda i: f"{base}{start}{i.slug}{end}"
