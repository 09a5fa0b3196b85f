"""The countries and sectors of an activity: in even parts, for no source divides a project."""

from xml.etree.ElementTree import Element

from ..models import Project, ProjectCountry
from . import words
from .elements import add, both, reverse_in_english, with_shares


def add_countries(element: Element, project: Project) -> None:
    """Write the countries, in even parts that add up to 100 %: no source divides the project.

    Where no country or only the lead is known, who benefits is not stated: a region says so, and no
    country stands for the whole.
    """
    links = project.country_links
    if scope := scope_of(project, links):
        add(element, "activity-scope", code=scope)
    if not links or ProjectCountry.is_lead_alone(links):
        region = {"code": words.DEVELOPING_COUNTRIES, "vocabulary": "1"}
        note = lead_alone(links[0].country) if links else words.COUNTRIES_NOT_STATED
        add(element, "recipient-region", note, **region)
        return
    for code, share, link in with_shares(links, lambda link: link.country_id):
        role = words.COUNTRY_ROLES[link.role]
        if len(links) == 1:
            add(element, "recipient-country", role, code=code)
        else:
            notes = joined(role, words.EVEN_PART)
            add(element, "recipient-country", notes, code=code, percentage=share)


def lead_alone(country) -> tuple:
    both_names = zip(words.LEAD_ALONE, both(country, "name"), strict=True)
    leads = (text.format(name=name or country, code=country.pk) for text, name in both_names)
    return joined(tuple(leads), words.OTHERS_NOT_STATED)


def joined(first: tuple, second: tuple) -> tuple:
    """Put one note after another, in each language; what is missing stays so."""
    signs = ("; ", "；")
    return tuple(
        f"{one}{sign}{two}" if one else ""
        for one, sign, two in zip(first, signs, second, strict=True)
    )


def scope_of(project: Project, links: list) -> str | None:
    """Return the scope where several countries show it; of one country alone nothing follows."""
    if max(len(links), project.participants_as_stated or 0) < 2:
        return None
    regions = {link.country.region for link in links}
    is_regional = len(links) > 1 and len(regions) == 1 and "" not in regions
    return words.REGIONAL if is_regional else words.MULTI_NATIONAL


def add_sectors(element: Element, project: Project, base: str) -> None:
    """Write the DAC's codes and our own, in each vocabulary even parts that add up to 100 %."""
    sectors = list(project.sectors.all())
    vocabulary, dac_sectors, note = dac_sectors_of(sectors)
    for code, share, dac in with_shares(dac_sectors, lambda dac: dac.code):
        sector = {"vocabulary": vocabulary, "code": code, "percentage": share}
        add(element, "sector", joined((dac.name, ""), note) if note else (dac.name, ""), **sector)
    uri = f"{base}{reverse_in_english('api-1:sectors')}"
    for code, share, first in with_shares(sectors, lambda sector: sector.slug):
        ours = {"vocabulary": words.OUR_SECTORS, "vocabulary_uri": uri, "code": code}
        add(element, "sector", both(first, "name"), **ours, percentage=share)


def dac_sectors_of(sectors: list) -> tuple:
    """Return the vocabulary and the DAC's codes of a project's sectors, and a note on them.

    Their usual purposes, if each has one, so that one vocabulary tells of all of them; else their
    categories.
    """
    if all(sector.dac_purpose for sector in sectors):
        return words.DAC_PURPOSE, [sector.dac_purpose for sector in sectors], words.OF_SECTOR
    return words.DAC_CATEGORY, [sector.dac_category for sector in sectors], None
