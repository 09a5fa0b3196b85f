"""The countries and sectors of an activity: in even parts, for no source divides a project.

Also what all of an activity is made with: texts in two languages, addresses.
"""

from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils.translation import override

from ..models import Project, ProjectCountry
from . import words

# A text in English and in Chinese, either of which may be missing.
Both = tuple[str | None, str | None]


def both(record, field: str) -> Both:
    """Return a translated text as it is in each language, none standing in."""
    return getattr(record, field), getattr(record, f"{field}_zh_hans")


def headed(heads: Both, texts: Both) -> Both:
    """Put a head before each text that is there."""
    return tuple(
        f"{head}{colon}{text}" if text else ""
        for head, colon, text in zip(heads, (": ", "："), texts, strict=True)
    )


def joined(first: Both, second: Both) -> Both:
    """Put one note after another, in each language; what is missing stays so."""
    signs = ("; ", "；")
    return tuple(
        f"{one}{sign}{two}" if one else ""
        for one, sign, two in zip(first, signs, second, strict=True)
    )


def with_shares(rows: Iterable, code) -> Iterator[tuple[str, str, object]]:
    """Return each code, its share of 100 % by how many rows carry it, and the first row."""
    rows = list(rows)
    of_code: dict[str, list] = {}
    for row, part in zip(rows, even_parts(len(rows)), strict=True):
        of_code.setdefault(code(row), []).append((row, part))
    for key, some in of_code.items():
        hundredths = sum(part for _row, part in some)
        yield key, f"{hundredths // 100}.{hundredths % 100:02}", some[0][0]


def even_parts(number: int) -> list[int]:
    """Divide 100 % evenly, in hundredths, so that the parts add up to the whole."""
    each, rest = divmod(10_000, number or 1)
    return [each + (n >= number - rest) for n in range(number)]


def reverse_in_english(name: str, *args) -> str:
    with override("en"):
        return reverse(name, args=args)


def countries_of(links: list) -> Iterator[tuple[str, str | None, Both]]:
    """Return code, share and notes of each country, the shares even and 100 % together.

    None where no country or only the lead is known: who benefits is not stated then, and no country
    stands for the whole.
    """
    if ProjectCountry.is_lead_alone(links):
        return
    for code, share, link in with_shares(links, lambda link: link.country_id):
        role = words.COUNTRY_ROLES[link.role]
        is_only = len(links) == 1
        yield code, None if is_only else share, role if is_only else joined(role, words.EVEN_PART)


def region_note(links: list) -> Both:
    """Return what is said of the region that stands where no countries do."""
    if not links:
        return words.COUNTRIES_NOT_STATED
    country = links[0].country
    both_names = zip(words.LEAD_ALONE, both(country, "name"), strict=True)
    leads = (text.format(name=name or country, code=country.pk) for text, name in both_names)
    return joined(tuple(leads), words.OTHERS_NOT_STATED)


def scope_of(project: Project, links: list) -> str | None:
    """Return the scope where several countries show it; of one country alone nothing follows."""
    if max(len(links), project.participants_as_stated or 0) < 2:
        return None
    regions = {link.country.region for link in links}
    is_regional = len(links) > 1 and len(regions) == 1 and "" not in regions
    return words.REGIONAL if is_regional else words.MULTI_NATIONAL


def sectors_of(project: Project, base: str) -> Iterator[tuple[dict, Both]]:
    """Return attributes and names: the DAC's codes and our own, each vocabulary 100 % together.

    Of the DAC the usual purposes of the sectors, if each has one, so that one vocabulary tells of
    all of them; else their categories.
    """
    sectors = list(project.sectors.all())
    has_purposes = all(sector.dac_purpose for sector in sectors)
    vocabulary = words.DAC_PURPOSE if has_purposes else words.DAC_CATEGORY
    codes = [sector.dac_purpose if has_purposes else sector.dac_category for sector in sectors]
    for code, share, dac in with_shares(codes, lambda dac: dac.code):
        texts = (dac.name, "")
        texts = joined(texts, words.OF_SECTOR) if has_purposes else texts
        yield {"vocabulary": vocabulary, "code": code, "percentage": share}, texts
    uri = f"{base}{reverse_in_english('api-1:sectors')}"
    for code, share, first in with_shares(sectors, lambda sector: sector.slug):
        ours = {"vocabulary": words.OUR_SECTORS, "vocabulary-uri": uri, "code": code}
        yield ours | {"percentage": share}, both(first, "name")
