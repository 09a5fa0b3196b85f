"""Whose citizen a person is: countries and regions, China first, with the state's own names."""

from django.utils.translation import gettext_lazy as _

from sscnet.core.i18n.collation import sort_key

from .choices import CHINA
from .models import Country

OF_CHINA = {
    CHINA: _("China"),
    "HK": _("Hong Kong, China"),
    "MO": _("Macao, China"),
    "TW": _("Taiwan, China"),
}


def nationalities() -> list[tuple[str, str]]:
    """Return the choices of a form: none, China and its regions, the others as the page sorts."""
    others = [(one.pk, str(one)) for one in Country.objects.exclude(pk__in=OF_CHINA)]
    first = [("", _("Choose a country or region")), *OF_CHINA.items()]
    return [*first, *sorted(others, key=lambda one: sort_key(one[1]))]


def nationality_in_words(code: str) -> str:
    if code in OF_CHINA:
        return str(OF_CHINA[code])
    return str(Country.objects.filter(pk=code).first() or code)


def crosses_border(nationality: str, host: str | None) -> bool:
    """Return whether a citizen needs a passport for the host country; not known, one may.

    A meeting without a country is held in China.
    """
    return (CHINA if nationality in OF_CHINA else nationality) != (host or CHINA)
