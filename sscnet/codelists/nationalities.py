"""Countries as choices of forms: of nationality, China and its regions first; of projects."""

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


def countries_by_group() -> list[tuple]:
    """Return the choices of a form: none, the members of the Group of 77, then other countries."""
    rows = [one for one in Country.objects.all() if one.pk == CHINA or one.pk not in OF_CHINA]
    rows.sort(key=lambda one: sort_key(str(one)))
    members = [(one.pk, str(one)) for one in rows if one.g77]
    others = [(one.pk, str(one)) for one in rows if not one.g77]
    groups = [(_("Members of the Group of 77"), members), (_("Other countries"), others)]
    return [("", "---------"), *groups]


def nationality_in_words(code: str) -> str:
    if code in OF_CHINA:
        return str(OF_CHINA[code])
    return str(Country.objects.filter(pk=code).first() or code)


def crosses_border(nationality: str, host: str | None) -> bool:
    """Return whether a citizen needs a passport for the host country; not known, one may.

    A meeting without a country is held in China.
    """
    return (CHINA if nationality in OF_CHINA else nationality) != (host or CHINA)
