"""Countries under the names of their regions."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from sscnet.core.i18n.collation import sort_key

from .choices import CHINA, Region
from .models import Country


def by_region(countries: Iterable[tuple[Country, int]]) -> list[tuple[str, list]]:
    """Return the regions that have some of these countries, each with its own, by name.

    China, whose institutions reach the others, stands by itself.
    """
    names = dict(Region.choices) | {
        "": _("Other countries and areas"),
        CHINA: _("China, the Network’s own country"),
    }
    groups: dict[str, list] = {code: [] for code in names}
    for one in sorted(countries, key=lambda one: sort_key(str(one[0]))):
        groups[CHINA if one[0].pk == CHINA else one[0].region].append(one)
    return [(names[code], group) for code, group in groups.items() if group]
