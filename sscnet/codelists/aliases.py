"""Names that people type and the lists may lack: everyday ones, official ones."""

from django.conf import settings
from django.utils.translation import override

from .choices import CHINA, Region

COUNTRY_ALIASES = {
    "AE": ["UAE"],
    "BN": ["文莱"],
    "BO": ["Bolivia", "玻利维亚"],
    "CD": ["DR Congo", "Democratic Republic of Congo", "刚果（金）"],
    "CG": ["刚果（布）"],
    "CI": ["Côte d’Ivoire", "Ivory Coast", "象牙海岸"],
    "CV": ["Cabo Verde", "Cape Verde"],
    "CZ": ["Czechia", "Czech Republic"],
    "FK": ["Falkland Islands", "Malvinas"],
    "FM": ["Micronesia"],
    "GB": ["UK", "Great Britain", "英国"],
    "ID": ["印尼"],
    "IR": ["Iran", "伊朗"],
    "KP": ["North Korea", "朝鲜"],
    "KR": ["South Korea", "韩国"],
    "LA": ["Laos", "Lao PDR", "老挝"],
    "MD": ["Moldova"],
    "MK": ["Macedonia"],
    "MM": ["Myanmar", "Burma"],
    "PS": ["Palestine", "巴勒斯坦"],
    "RU": ["Russia", "俄罗斯"],
    "SY": ["Syria", "叙利亚"],
    "SZ": ["Eswatini", "Swaziland"],
    "TL": ["Timor-Leste", "East Timor", "东帝汶"],
    "TR": ["Türkiye", "Turkey", "土耳其"],
    "TZ": ["Tanzania", "坦桑尼亚"],
    "US": ["USA", "美国"],
    "VE": ["Venezuela", "委内瑞拉"],
    "VN": ["Vietnam"],
}


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
    return COUNTRY_ALIASES.get(record.pk, [])
