"""Words that mean the same, and words that say nothing, as officers keep them (`models.Synonym`).

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

from .text.words import HAN, STOPWORDS, Token, lexeme, tokens

SYNONYMS = "SELECT words, says_nothing FROM search_synonym ORDER BY id"
COMMA = re.compile("[,，、;；]")
HAN_ONLY = re.compile(f"[{HAN}]+$")
# What words are known by: their lexemes, one after the other.
Key = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Synonyms:
    """For each term, the other terms that mean the same, cut into tokens; terms of need."""

    stamp: str = ""
    others: Mapping[Key, list[list[Token]]] = field(default_factory=dict)
    silent: frozenset[Key] = frozenset()

    @cached_property
    def longest(self) -> int:
        return max(map(len, self.others), default=0)

    @cached_property
    def longest_silent(self) -> int:
        return max(map(len, self.silent), default=0)

    @cached_property
    def silent_chinese(self) -> re.Pattern:
        """Find the Chinese terms of need in a run, the longest first."""
        terms = sorted((key[0] for key in self.silent if HAN_ONLY.match(key[0])), key=len)
        return re.compile("|".join(reversed(terms)) or "(?!)")


kept = Synonyms()


def current() -> Synonyms:
    return kept


def renew(stamps: Mapping[str, str]) -> bool:
    """Read the synonyms again if these stamps say that they may have changed; return whether."""
    global kept
    stamp = stamp_of([WORDS], stamps)
    if kept.stamp == stamp:
        return False
    rows = [(terms_of(words), says_nothing) for words, says_nothing in fetch(SYNONYMS)]
    silent = {key_of(tokens(term)) for terms, is_silent in rows if is_silent for term in terms}
    kept = Synonyms(
        stamp, others_of(terms for terms, is_silent in rows if not is_silent), frozenset(silent)
    )
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
