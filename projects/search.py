"""Finding projects by words: each must stand somewhere in a project or in what it links to."""

from functools import reduce
from operator import or_

from django.db.models import Q

LINKED = [
    ["fund_numbers__number"],
    ["countries__name", "countries__i18n__name_zh_hans"],
    ["institutions__name", "institutions__i18n__name_zh_hans", "institutions__names__name"],
]


def containing(projects, word: str, fields: list[str]) -> Q:
    """Ask for the projects with a word in one of the fields, in English or Chinese.

    `projects` is a plain queryset: one of modeltrans reads paths into `i18n` in another way.
    """
    own = ["code", *fields, *(f"i18n__{field}_zh_hans" for field in fields)]
    # A subquery for each kind of link: joined all at once, their rows would multiply.
    found = (projects.filter(any_contains(paths, word)).values("pk") for paths in (own, *LINKED))
    return reduce(or_, (Q(pk__in=subquery) for subquery in found))


def any_contains(paths: list[str], word: str) -> Q:
    return reduce(or_, (Q(**{f"{path}__icontains": word}) for path in paths))
