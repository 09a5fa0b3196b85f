"""A project in a sentence or two: of its own summary, or else made from its facts.

A sentence made from facts is the first pattern all of whose facts are stated, so that none says
what no fact says.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext

from sscnet.core.i18n.texts import comma_separated, translated

from ..models import ProjectCountry, ProjectInstitution
from .amounts import usd

# So many countries are named; of more, the number is given.
MOST_NAMED = 4
WHO_AND_WHERE = (
    _("A project led by %(institution)s in %(countries)s."),
    _("A project led by %(institution)s."),
    _("A project in %(countries)s."),
)
WHEN_AND_MONEY = (
    _(
        "It was approved in %(year)s with a grant of %(granted)s from the Perez-Guerrero Trust"
        " Fund; other inputs came to %(others)s."
    ),
    _(
        "It was approved in %(year)s with a grant of %(granted)s from the Perez-Guerrero Trust"
        " Fund."
    ),
    _("The Perez-Guerrero Trust Fund granted %(granted)s."),
    _("It was approved in %(year)s."),
)


def from_stated(project, countries: list, institutions: list) -> str:
    """Return one or two sentences made from the facts, or nothing if they make none.

    `countries` and `institutions` are the links of the project to them.
    """
    stated_words = stated(project, countries, institutions)
    first, second = sentence(WHO_AND_WHERE, stated_words), sentence(WHEN_AND_MONEY, stated_words)
    if not (first and second):
        return first
    both = pgettext("two sentences, one after the other", "%(first)s %(second)s")
    return both % {"first": first, "second": second}


def sentence(patterns, stated_words: dict[str, str]) -> str:
    """Return the first pattern that needs none but these facts, filled in."""
    for pattern in patterns:
        try:
            return str(pattern) % stated_words
        except KeyError:
            continue
    return ""


def stated(project, countries: list, institutions: list) -> dict[str, str]:
    """Return the facts a sentence may name that are stated, in words of the page's language."""
    lead = ProjectInstitution.Role.SUBMITTER
    leads = [translated(one.institution, "name") for one in institutions if one.role == lead]
    stated_words = {
        "institution": comma_separated(name for name in leads if not name.is_other),
        "countries": in_words(countries),
        "year": project.year_approved,
        "granted": project.granted_usd is not None and usd(project.granted_usd),
        "others": project.other_inputs_usd is not None and usd(project.other_inputs_usd),
    }
    return {name: words for name, words in stated_words.items() if words}


def in_words(countries: list) -> str:
    if ProjectCountry.is_lead_alone(countries):
        return ""
    n = len(countries)
    if n > MOST_NAMED:
        return ngettext("%(n)s country", "%(n)s countries", n) % {"n": n}
    return comma_separated(link.country for link in countries)
