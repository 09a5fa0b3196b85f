"""Names that people type and the lists may lack: everyday ones, official ones."""

import csv
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import override

from .choices import CHINA, Region


@cache
def aliases() -> dict[str, list[str]]:
    """Return the names by the codes of countries."""
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        return {row["iso2"]: row["names"].split("; ") for row in csv.DictReader(file)}


# Of the Association of Southeast Asian Nations; the UN's list does not have it.
ASEAN = {"BN", "ID", "KH", "LA", "MM", "MY", "PH", "SG", "TH", "TL", "VN"}
ADJECTIVES = {Region.AFRICA: "African", Region.ASIA: "Asian", Region.EUROPE: "European"}


def words_of_groups(country) -> list[str]:
    """Return the words of the regions and groups that a country belongs to.

    China has none: it takes part in all, so that Asia would be everywhere.
    """
    if country.pk == CHINA:
        return []
    words = [ADJECTIVES.get(country.region, "")]
    for code, _name in settings.LANGUAGES:
        with override(code):
            words += [country.get_region_display(), country.get_subregion_display()]
    groups = {
        "ASEAN, 东盟": country.pk in ASEAN,
        "LDC, least developed countries, 最不发达国家": country.ldc,
        "LLDC, landlocked developing countries, 内陆发展中国家": country.lldc,
        "SIDS, small island developing states, 小岛屿发展中国家, 小岛屿国家, 岛国": country.sids,
    }
    return [*filter(None, words), *(group for group, is_member in groups.items() if is_member)]


def names_besides(record) -> list[str]:
    """Return what a country or goal is called besides its names in the list."""
    if record._meta.model_name == "sdg":
        n = record.number
        return [f"SDG {n}", f"goal {n}", f"可持续发展目标{n}"]
    return aliases().get(record.pk, [])
