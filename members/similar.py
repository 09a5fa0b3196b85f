"""Institutions whose name looks like another's: the same one twice, more often than not."""

import re
from collections.abc import Iterable

from sscnet.exchange.codes import fold
from sscnet.search.text.pinyin import spelled
from sscnet.search.text.words import simplify

from .models import Institution, InstitutionName

# Words that many institutions share say nothing of which one it is.
COMMON = {"the", "of", "for", "and", "in", "china", "chinese", "institute", "center", "centre"}


def similar_to(names: Iterable[str], besides: Institution | None = None) -> list[Institution]:
    """List the institutions that have a name written or spelt alike, in whatever order of words."""
    asked = {key for name in names if name for key in keys_of(name)}
    alike = {pk for pk, name in all_names() if not asked.isdisjoint(keys_of(name))}
    return list(Institution.objects.filter(pk__in=alike).exclude(pk=besides and besides.pk))


def all_names() -> Iterable[tuple[int, str]]:
    """Return every name there is. A merged record has none of its own any more."""
    rows = Institution.objects.filter(merged_into=None).order_by()
    for pk, english, chinese in rows.values_list("pk", "name", "name_zh_hans"):
        yield from ((pk, name) for name in (english, chinese) if name)
    yield from InstitutionName.objects.order_by().values_list("institution", "name")


def keys_of(name: str) -> set[str]:
    """Return what a name is known by: its letters, its telling words, its Chinese in pinyin."""
    words = re.findall(r"\w+", fold(simplify(name)).replace("-", ""))
    telling = sorted(word for word in words if word not in COMMON)
    pinyin = filter(str.isalpha, spelled(name))
    return {"".join(words), " ".join(telling), "".join(pinyin)} - {""}
