"""Finding institutions by any of their names, in Chinese, pinyin or Latin letters.

Every word asked for must stand somewhere in the names. Case, accents and width do not matter, nor
whether Chinese is written in simplified or traditional characters.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from django.db.models.fields.json import KT
from opencc import OpenCC
from pypinyin import lazy_pinyin

from sscnet.exchange.codes import fold
from sscnet.search import Found

from .models import Institution, InstitutionName

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
RUN = re.compile(f"[{HAN}]+")
SIMPLE = OpenCC("t2s")
# Between the syllables of a name in pinyin: |zhao|qi|.
BREAK = "|"
# One syllable alone is an English word as often: he, an, long. A long one is not.
LONG = 5


def matching(text: str) -> Found:
    """Find the institutions that have every word asked for in their names; no other spelling."""
    question = Question(text)
    ids = [pk for pk, names in names_of().items() if question.finds(names)]
    return Found(text, ids)


def names_of(institutions: Iterable[int] | None = None) -> dict[int, list[str]]:
    """Return every name of these institutions or of all: official, former, acronyms and others."""
    records, others = Institution.objects.order_by(), InstitutionName.objects.order_by()
    if institutions is not None:
        records = records.filter(pk__in=institutions)
        others = others.filter(institution__in=institutions)
    official = records.values_list("pk", "name", KT("i18n__name_zh_hans"))
    names = {pk: [name for name in both if name] for pk, *both in official}
    for pk, name in others.values_list("institution", "name"):
        names[pk].append(name)
    return names


class Question:
    def __init__(self, text: str):
        self.words = plain(text).split()
        self.pinyin = letters("".join(self.words))

    def finds(self, names: Iterable[str]) -> bool:
        written = "\n".join(plain(name) for name in names)
        spoken = "\n".join(spelled(name) for name in names)
        if self.pinyin and is_spoken(self.pinyin, spoken):
            return True
        return all(word in written or is_spoken(letters(word), spoken) for word in self.words)


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    return fold("".join(SIMPLE.convert(character) for character in text))


@lru_cache(maxsize=20_000)
def spelled(name: str) -> str:
    """Spell the Chinese of a name, its syllables set apart; empty without any."""
    runs = (lazy_pinyin(SIMPLE.convert(run)) for run in RUN.findall(name))
    return " ".join(BREAK + BREAK.join(letters(fold(s)) for s in run) + BREAK for run in runs)


def letters(word: str) -> str:
    """Return the letters of a folded word that may be pinyin: zhao3qi4 without tones, ü as u."""
    word = re.sub(r"(?<=[a-z])[1-5]", "", word.replace("'", "")).replace("v", "u")
    return word if word.isascii() and word.isalpha() else ""


def is_spoken(asked: str, spoken: str) -> bool:
    """Return whether syllables one after the other begin with what was asked."""
    match = asked and re.search(re.escape(BREAK) + r"\|?".join(asked), spoken)
    return bool(match) and (len(asked) >= LONG or BREAK in match[0][1:])
