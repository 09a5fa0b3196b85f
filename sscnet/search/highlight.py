"""Marking in a text what a question asks for."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from sscnet.core.i18n.texts import cut_at_word

from . import synonyms
from .query import SHORTEST_HALF, Query, parse
from .synonyms import Synonyms
from .text.words import HAN, HYPHEN, american, lexeme, simplify, tokens

# Plain letters, Chinese characters, and signs: nothing that is compared in another spelling.
PLAIN = re.compile(f"[\\x00-\\x7f\\u2010-\\u2027\\u3001-\\u301b{HAN}]*")
BETWEEN = r"[\W_]"

# A piece of a text, and whether it is what was asked for.
Pieces = list[tuple[str, bool]]


class Unit(NamedTuple):
    """A word or one Chinese character of a text."""

    start: int
    end: int
    # What it is compared by, and how it is written.
    text: str
    word: str
    is_han: bool


class Marks(NamedTuple):
    """What to mark: sequences of units, by the first of them; beginnings of words."""

    sequences: dict[str, list[tuple]]
    beginnings: tuple[str, ...]
    # Finds where one of the sequences may begin, by its first letters.
    starts: re.Pattern


def highlights(text: str, query: str) -> Pieces:
    """Cut a text into pieces that the question asks for, or not.

    A phrase is marked where its words stand side by side, words by their stem, the last word also
    where it begins another, Chinese in both kinds of characters; what is found by pinyin is not.
    """
    text, pieces, end = text or "", [], 0
    for start, stop in merged(spans(text, marks_of(query or ""))):
        pieces += [(text[end:start], False), (text[start:stop], True)]
        end = stop
    return [piece for piece in [*pieces, (text[end:], False)] if piece[0]]


def snippet(text: str, query: str, length: int = 160) -> Pieces:
    """Cut out what stands around the first place that is marked; nothing without one."""
    if not may_show(text or "", query):
        return []
    text = " ".join((text or "").split())
    first, _end = next(spans(text, marks_of(query or "")), (None, None))
    if first is None:
        return []
    start = max(0, first - length // 3)
    # Begin and end with a whole word where there are spaces.
    start = text.find(" ", start, first) + 1 or start if start else 0
    cut = cut_at_word(text[start:], length)
    before, pieces, after = start > 0, highlights(cut, query), start + len(cut) < len(text)
    return [("…", False)] * before + pieces + [("…", False)] * after


def may_show(text: str, query: str) -> bool:
    """Return quickly whether anything could be marked: most texts need not be taken apart.

    Of words in plain letters a marked one begins alike, whatever its ending and its spelling.
    """
    marks = marks_of(query or "")
    if not text.isascii():
        if not PLAIN.fullmatch(text):
            return True
        text = simplify(text)
    return marks.starts.search(text.lower()) is not None


def marks_of(text: str) -> Marks:
    return marks_with(text, synonyms.current())


@lru_cache(maxsize=512)
def marks_with(text: str, _synonyms: Synonyms) -> Marks:
    query = parse(text)
    sequences = defaultdict(list)
    for part in query.wanted:
        for sequence in part.units:
            while sequence and sequence[0] is None:
                sequence = sequence[1:]
            if sequence:
                sequences[sequence[0]].append(sequence)
    beginnings = {american(part.beginning) for part in query.wanted if part.beginning}
    plain = {part.beginning for part in query.wanted if part.beginning}
    return Marks(dict(sequences), tuple(sorted(beginnings | plain)), starts_of(query))


def starts_of(query: Query) -> re.Pattern:
    words = [word for part in query.wanted for units in part.units for word in units[:1]]
    starts = {f"{BETWEEN}*".join((word or "")[:3]) for word in words}
    # An empty question marks nothing.
    return re.compile("|".join(sorted(starts)) if starts else "(?!)")


def units(text: str) -> Iterator[Unit]:
    for token in tokens(text):
        if token.is_han:
            for n, character in enumerate(token.text, token.start):
                yield Unit(n, n + 1, character, character, True)
        else:
            yield Unit(token.start, token.end, lexeme(token.text), token.text, False)


def spans(text: str, marks: Marks) -> Iterator[tuple[int, int]]:
    found = list(units(text))
    for n, unit in enumerate(found):
        for sequence in marks.sequences.get(unit.text, ()):
            if stands_at(found, n, sequence):
                yield unit.start, found[n + len(sequence) - 1].end
        if unit.is_han:
            continue
        if begins(unit.word, marks.beginnings):
            yield unit.start, unit.end
        if n + 1 < len(found) and is_one_word(unit, found[n + 1], text, marks):
            yield unit.start, found[n + 1].end


def stands_at(found: list[Unit], n: int, sequence: tuple) -> bool:
    there = found[n : n + len(sequence)]
    return (
        len(there) == len(sequence)
        and all(w is None or u.text == w for u, w in zip(there, sequence, strict=True))
        # Chinese characters of one word stand side by side.
        and all(a.end == b.start for a, b in pairwise(there) if a.is_han and b.is_han)
    )


def begins(word: str, beginnings: tuple[str, ...]) -> bool:
    return bool(beginnings) and (
        word.startswith(beginnings) or american(word).startswith(beginnings)
    )


def is_one_word(unit: Unit, following: Unit, text: str, marks: Marks) -> bool:
    """Return whether two words stand for one that is asked for: e-government for egovernment."""
    gap = text[unit.end : following.start]
    # Fewer letters are an ending that the stem goes without: "cote d" is not "coted".
    if following.is_han or len(following.word) < SHORTEST_HALF:
        return False
    if gap != " " and not HYPHEN.fullmatch(gap):
        return False
    whole = unit.word + following.word
    longer = tuple(b for b in marks.beginnings if len(b) > len(unit.word))
    return (lexeme(whole),) in marks.sequences.get(lexeme(whole), ()) or begins(whole, longer)


def merged(found: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join spans that overlap."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if result and start < result[-1][1]:
            result[-1] = result[-1][0], max(result[-1][1], end)
        else:
            result.append((start, end))
    return result
