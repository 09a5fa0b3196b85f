"""Words that mean the same, as officers keep them (`models.Synonym`): read by every question.

A process keeps them with the stamp of the log of changes that they are true of. Every search reads
the stamps with its answer, so they are read again only where they may have changed.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from sscnet.core.database.sql import fetch
from sscnet.core.database.stamps import WORDS, stamp_of

from .text.words import STOPWORDS, Token, lexeme, tokens

SYNONYMS = "SELECT words FROM search_synonym ORDER BY id"
COMMA = re.compile("[,，、;；]")
# What words are known by: their lexemes, one after the other.
Key = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Synonyms:
    """For each term, the other terms that mean the same, cut into tokens."""

    stamp: str = ""
    others: Mapping[Key, list[list[Token]]] = field(default_factory=dict)

    @cached_property
    def longest(self) -> int:
        return max(map(len, self.others), default=0)


kept = Synonyms()


def current() -> Synonyms:
    return kept


def renew(stamps: Mapping[str, str]) -> bool:
    """Read the synonyms again if these stamps say that they may have changed; return whether."""
    global kept
    stamp = stamp_of([WORDS], stamps)
    if kept.stamp == stamp:
        return False
    kept = Synonyms(stamp, others_of(terms_of(words) for (words,) in fetch(SYNONYMS)))
    return True


def terms_of(words: str) -> list[str]:
    """Cut what an officer wrote at its commas; what holds no word is no term."""
    return [term for term in COMMA.split(words) if key_of(tokens(term))]


def others_of(groups: Iterable[list[str]]) -> dict[Key, list[list[Token]]]:
    found = defaultdict(list)
    for group in groups:
        terms = [list(tokens(term)) for term in group]
        for term in terms:
            found[key_of(term)] += [other for other in terms if key_of(other) != key_of(term)]
    return found


def key_of(words: Iterable[Token]) -> Key:
    return tuple(
        word.text if word.is_han else lexeme(word.text)
        for word in words
        if word.is_han or word.text not in STOPWORDS
    )
