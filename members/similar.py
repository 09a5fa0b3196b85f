"""Institutions whose name looks like another's: the same one twice, more often than not."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache

from sscnet.exchange.codes import fold
from sscnet.search.text.pinyin import spelled
from sscnet.search.text.words import simplify

from .models import Institution, InstitutionName

ALIKE = 0.9
# Words that many institutions share say nothing of which one it is.
COMMON = {"the", "of", "for", "and", "in", "china", "chinese", "institute", "center", "centre"}


def similar_to(names: Iterable[str], besides: Institution | None = None) -> list[Institution]:
    """List the institutions that have a name written, spelt or abbreviated alike, closest first."""
    asked = [Compared(name) for name in names if name]
    closeness: dict[int, float] = {}
    for pk, name in all_names():
        if besides is None or pk != besides.pk:
            other = Compared(name)
            closest = max((one.closeness(other) for one in asked), default=0)
            closeness[pk] = max(closest, closeness.get(pk, 0))
    alike = [pk for pk, value in closeness.items() if value >= ALIKE]
    rows = Institution.objects.in_bulk(alike)
    return [rows[pk] for pk in sorted(alike, key=lambda pk: (-closeness[pk], pk))]


def all_names() -> Iterable[tuple[int, str]]:
    """Return every name there is. A merged record has none of its own any more."""
    rows = Institution.objects.filter(merged_into=None).order_by()
    for pk, english, chinese in rows.values_list("pk", "name", "name_zh_hans"):
        yield from ((pk, name) for name in (english, chinese) if name)
    yield from InstitutionName.objects.order_by().values_list("institution", "name")


class Compared:
    """A name as it is compared: its letters, its telling words, its Chinese in pinyin."""

    def __init__(self, name: str):
        self.text = plain(name)
        self.words = re.findall(r"\w+", self.text)
        self.telling = " ".join(sorted(word for word in self.words if word not in COMMON))
        self.pinyin = in_pinyin(name)
        self.is_acronym = len(self.words) == 1 and name.isupper()

    def closeness(self, other: "Compared") -> float:
        if "".join(self.words) == "".join(other.words):
            return 1
        if self.pinyin and self.pinyin == other.pinyin:
            return 1
        if self.is_acronym or other.is_acronym or not (self.telling and other.telling):
            return 0
        return SequenceMatcher(None, self.telling, other.telling, autojunk=False).ratio()


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    return fold(simplify(text))


@lru_cache(maxsize=20_000)
def in_pinyin(name: str) -> str:
    """Spell the Chinese of a name as one word; empty without any."""
    return "".join(filter(str.isalpha, spelled(name)))
