"""The question: the text of the search box, cut into parts that must all match.

Words narrow one another; "quotes" ask for words in this order; a minus before a word excludes it.
Words that stand in every text (`the`) say nothing: a question of nothing else is like an empty
one, and finds everything. Signs between words say nothing either; of signs only, nothing is found.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from itertools import groupby, pairwise

from . import synonyms
from .documents import NUMBER, NumberPattern, kinds
from .synonyms import Synonyms
from .text import pinyin
from .text.words import GRAM, STOPWORDS, Token, american, chains, grams, lexeme, tokens

# A longer question is cut.
LONGEST_TEXT = 1000
MOST_PARTS = 40
LONGEST_RUN = 40

SHORTEST_BEGINNING = 3
SHORTEST_SPLIT = 5
SHORTEST_HALF = 3
SHORT_HALVES = {"e", "co", "re", "up"}

QUOTES = str.maketrans(dict.fromkeys("“”„‟«»「」『』〝〞", '"'))
ITEM = re.compile(r'(?P<minus>(?<!\S)[-−]+)?(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"]+))')


@dataclass(frozen=True)
class QueryPart:
    """One thing that is asked for.

    `own`, `exact` and `phrase` are in PostgreSQL's language of text search: `exact` without the
    words that are only begun; `phrase` is another way to meet the part, words side by side. The
    rest is what the database knows more of: words that begin with `beginning`, `splits` of which
    both halves are words, names in `pinyin`.
    """

    own: str
    exact: str
    is_excluded: bool = False
    phrase: str = ""
    beginning: str = ""
    splits: tuple[tuple[str, str, str], ...] = ()
    pinyin: tuple[str, ...] = ()
    # What to mark: units in this order; None stands for any word.
    units: tuple[tuple[str | None, ...], ...] = ()
    typed: str = ""
    # A word that may be mistyped, or a run of Chinese that may be several words.
    token: Token | None = None


@dataclass(frozen=True)
class Query:
    text: str
    parts: tuple[QueryPart, ...] = field(default=())
    is_loose: bool = False

    @property
    def is_empty(self) -> bool:
        """Return whether nothing is asked for, so that everything is found."""
        return not self.parts and (not self.text.strip(' "') or any(tokens(self.text)))

    @property
    def is_only_signs(self) -> bool:
        """Return whether something is asked for that is no word, so that nothing is found."""
        return not self.parts and not self.is_empty

    @property
    def wanted(self) -> list[QueryPart]:
        return [part for part in self.parts if not part.is_excluded]


@dataclass(frozen=True)
class QueryPiece:
    """A stretch of the text: in quotes or not, excluded or not."""

    start: int
    text: str
    is_quoted: bool
    is_excluded: bool


def parse(text: str, *, is_loose: bool = False) -> Query:
    """Read a question; any text is one.

    `is_loose` reads it more generously: a hyphen is a space. Words of need ("who can", 有没有) are
    left out unless nothing else is asked for.
    """
    return parse_with(text, is_loose, synonyms.current())


@lru_cache(maxsize=512)
def parse_with(text: str, is_loose: bool, _synonyms: Synonyms) -> Query:
    text = unicodedata.normalize("NFKC", text).translate(QUOTES)[:LONGEST_TEXT]
    parts: list[QueryPart] = []
    for leaves_out in (True, False):
        parts = [
            part
            for piece in pieces(text)
            for part in (
                quoted(piece) if piece.is_quoted else unquoted(piece, text, is_loose, leaves_out)
            )
        ]
        if any(not part.is_excluded for part in parts):
            break
    return Query(text, tuple(parts[:MOST_PARTS]), is_loose)


def pieces(text: str) -> Iterator[QueryPiece]:
    """Cut a text at its quotes and exclusions; what stands between them stays together."""
    if text.count('"') % 2:
        # The last quote is not closed: it is ignored.
        before, _, after = text.rpartition('"')
        text = f"{before} {after}"
    start = end = 0
    for match in ITEM.finditer(text):
        if match["minus"] or match["quoted"] is not None:
            yield QueryPiece(start, text[start : match.start()], False, False)
            name = "bare" if match["quoted"] is None else "quoted"
            yield QueryPiece(match.start(name), match[name], name == "quoted", bool(match["minus"]))
            start = match.end()
        end = match.end()
    yield QueryPiece(start, text[start:end], False, False)


def quoted(piece: QueryPiece) -> Iterator[QueryPart]:
    """Read a phrase: its words side by side, in this order."""
    found = list(tokens(piece.text))
    own = sequence(found)
    if own:
        yield QueryPart(own, own, piece.is_excluded, units=(units(found),), typed=piece.text)


def unquoted(piece: QueryPiece, text: str, is_loose: bool, leaves_out: bool) -> Iterator[QueryPart]:
    """Read words and numbers; what follows a minus is one part, whatever it holds."""
    if piece.is_excluded:
        yield from excluded(piece)
        return
    last = piece.start + len(piece.text.rstrip()) == len(text.rstrip())
    end = 0
    for match in numbers_pattern().finditer(piece.text):
        yield from words(piece, end, match.start(), False, is_loose, leaves_out)
        yield number(match)
        end = match.end()
    yield from words(piece, end, len(piece.text), last, is_loose, leaves_out)


def excluded(piece: QueryPiece) -> Iterator[QueryPart]:
    if match := numbers_pattern().fullmatch(piece.text):
        yield replace(number(match), is_excluded=True)
        return
    found = [chain_part(chain) for chain in chains(piece.text)]
    if len(found) == 1:
        yield replace(found[0], is_excluded=True, token=None)
    elif found:
        own = " & ".join(f"({part.own}{' | ' * bool(part.phrase)}{part.phrase})" for part in found)
        yield QueryPart(f"({own})", f"({own})", is_excluded=True)


@cache
def numbers() -> list[NumberPattern]:
    return [number for documents in kinds.values() for number in documents.numbers]


@cache
def numbers_pattern() -> re.Pattern:
    return re.compile("|".join(f"(?:{n.pattern.pattern})" for n in numbers()), re.IGNORECASE)


def number(match: re.Match) -> QueryPart:
    """Return the part for exactly this number of a record."""
    text = match[0]
    keys = (f"{n.kind}={n.write(found)}" for n in numbers() if (found := n.pattern.fullmatch(text)))
    key = next(keys)
    name, own = key.removeprefix(f"{NUMBER}="), quote(key)
    marked = (units(list(tokens(name))), units(list(tokens(text))))
    return QueryPart(own, own, units=marked, typed=text)


# ---------------------------------------------------------------------- words


def words(
    piece: QueryPiece, start: int, end: int, is_last: bool, is_loose: bool, leaves_out: bool
) -> list[QueryPart]:
    """Read the words between two places; `is_last`: the last may be a prefix."""
    offset = piece.start + start
    found = [
        [token._replace(start=token.start + offset, end=token.end + offset) for token in chain]
        for chain in chains(piece.text[start:end])
    ]
    if is_loose:
        found = [[token] for chain in found for token in chain]
    # "the" asks for nothing, nor does "in-": only what is left may be begun.
    found = [c for c in found if any(t.is_han or t.text not in STOPWORDS for t in c)]
    if leaves_out:
        before = found[-1:]
        found = list(saying_something(found))
        is_last = is_last and found[-1:] == before
    last = len(found) - 1 if is_last else None
    parts = [chain_part(chain, n == last and may_begin(chain[-1])) for n, chain in enumerate(found)]
    join_neighbours(found, parts, last)
    add_synonyms(found, parts)
    add_pinyin(found, parts, last)
    return parts


def saying_something(found: list[list[Token]]) -> Iterator[list[Token]]:
    """Leave out the words of need; a run of Chinese is cut where it has some."""
    known, n = synonyms.current(), 0
    while n < len(found):
        if found[n][0].is_han:
            yield from around_need(found[n][0])
        else:
            for end in range(min(n + known.longest_silent, len(found)), n, -1):
                term = [token for chain in found[n:end] for token in chain]
                if synonyms.key_of(term) in known.silent:
                    n = end - 1
                    break
            else:
                yield found[n]
        n += 1


def around_need(run: Token) -> Iterator[list[Token]]:
    start = 0
    matches = synonyms.current().silent_chinese.finditer(run.text)
    for first, end in [*(match.span() for match in matches), (len(run.text), 0)]:
        if start < first:
            text = run.text[start:first]
            yield [run._replace(text=text, start=run.start + start, end=run.start + first)]
        start = end


def may_begin(token: Token) -> bool:
    """Return whether a word is long enough to begin others; K0 of a number is."""
    word = token.text
    is_part_of_number = not word.isalpha() and len(word) > 1
    is_long = len(word) >= SHORTEST_BEGINNING or is_part_of_number
    return is_long and not token.is_han and not word.isdecimal()


def chain_part(chain: list[Token], is_begun: bool = False) -> QueryPart:
    """Return the part for a word, a run of Chinese, or hyphenated words."""
    chain = [t._replace(text=t.text[:LONGEST_RUN]) for t in chain]
    if chain[0].is_han:
        return run_part(chain[0])
    whole = "".join(token.text for token in chain)
    is_one = len(chain) == 1
    return QueryPart(
        word_query(whole, is_begun),
        word_query(whole),
        phrase="" if is_one else sequence(chain, is_begun),
        beginning=whole if is_begun else "",
        splits=tuple(splits(whole)) if is_one else (),
        units=(units(chain), (lexeme(whole),)),
        typed="-".join(token.text for token in chain),
        token=chain[0] if is_one else None,
    )


def run_part(token: Token) -> QueryPart:
    own = run_query(token.text)
    return QueryPart(own, own, units=(tuple(token.text),), typed=token.text, token=token)


def join_neighbours(found: list[list[Token]], parts: list[QueryPart], last: int | None) -> None:
    """Let two words also match one that joins them: viet nam, Vietnam."""
    for n, (chain, following) in enumerate(pairwise(found)):
        (first, *more), (second, *others) = chain, following
        if more or others or first.is_han or second.is_han or first.text.isdecimal():
            continue
        whole = first.text + second.text
        is_begun = n + 1 == last and may_begin(second)
        for place in (n, n + 1):
            part = parts[place]
            parts[place] = replace(
                part,
                own=f"{part.own} | {word_query(whole, is_begun)}",
                exact=f"{part.exact} | {word_query(whole)}",
                units=(*part.units, (lexeme(whole),)),
            )


def add_synonyms(found: list[list[Token]], parts: list[QueryPart]) -> None:
    """Let each word of a term that has synonyms also match them, so that they match the term."""
    longest = synonyms.current().longest
    for start in range(len(found)):
        term: list[Token] = []
        for end, chain in enumerate(found[start : start + longest], start + 1):
            term = [*term, *chain]
            parts[start:end] = [widened(part, term) for part in parts[start:end]]


def widened(part: QueryPart, term: list[Token]) -> QueryPart:
    """Let a part also match what means the same as the term."""
    others = synonyms.current().others.get(synonyms.key_of(term), ())
    words = [chain_part(other) for other in others if len(other) == 1]
    phrases = [sequence(other) for other in others if len(other) > 1]
    return replace(
        part,
        own=" | ".join([part.own, *(word.own for word in words)]),
        exact=" | ".join([part.exact, *(word.exact for word in words)]),
        phrase=" | ".join(filter(None, [part.phrase, *phrases])),
        units=(*part.units, *map(units, others)),
    )


def add_pinyin(found: list[list[Token]], parts: list[QueryPart], last: int | None) -> None:
    """Let words that may be syllables also match a Chinese name, one by one or together."""
    for is_spelled, group in groupby(range(len(found)), key=lambda n: may_be_pinyin(found[n])):
        places = list(group) if is_spelled else []
        texts = {n: [token.text for token in found[n]] for n in places}
        run = [text for n in places for text in texts[n]]
        whole = pinyin.pattern(run, is_last=last in places) if run else ""
        for n in places:
            patterns = dict.fromkeys((pinyin.pattern(texts[n], is_last=n == last), whole))
            parts[n] = replace(parts[n], pinyin=tuple(filter(None, patterns)))


def may_be_pinyin(chain: list[Token]) -> bool:
    return all(not token.is_han and pinyin.without_tones(token.text) for token in chain)


def splits(word: str) -> Iterator[tuple[str, str, str]]:
    """Return the ways to write a word as two: egovernment, e government."""
    if len(word) < SHORTEST_SPLIT or not (word.isascii() and word.isalpha()):
        return
    for n in range(1, len(word) - SHORTEST_HALF + 1):
        first, second = word[:n], word[n:]
        if (n >= SHORTEST_HALF or first in SHORT_HALVES) and first not in STOPWORDS:
            yield first, second, f"({quote(lexeme(first))} <-> {quote(lexeme(second))})"


# ---------------------------------------------------------------------- PostgreSQL's language


def quote(text: str) -> str:
    """Write a lexeme; words hold letters and digits only, so that nothing needs escaping."""
    return f"'{text}'"


def word_query(word: str, is_begun: bool = False) -> str:
    own = quote(lexeme(word))
    return f"({own} | {quote(american(word))}:*)" if is_begun else own


def run_query(run: str) -> str:
    """Return the query of a run of Chinese: its lexemes of three characters imply their order."""
    operands = run_operands(run)
    return operands[0] if len(run) < GRAM else f"({' & '.join(operands)})"


def sequence(found: list[Token], is_begun: bool = False) -> str:
    """Return the query of tokens side by side; a word that is not indexed takes its place."""
    text, place, before = "", 0, 0
    for n, token in enumerate(found):
        if token.is_han:
            operands = run_operands(token.text[:LONGEST_RUN])
        elif token.text in STOPWORDS:
            place += 1
            continue
        else:
            operands = [word_query(token.text, is_begun and n == len(found) - 1)]
        for shift, operand in enumerate(operands):
            distance = place + shift - before
            text = f"{text} <{distance}> {operand}" if text else operand
            before = place + shift
        place += len(token.text) if token.is_han else 1
    return f"({text})" if text else ""


def run_operands(run: str) -> list[str]:
    if len(run) < GRAM:
        return [f"{quote(run)}:*"]
    return [quote(gram) for gram in grams(run) if len(gram) == GRAM]


def units(found: Iterable[Token]) -> tuple[str | None, ...]:
    """Return what marking compares: a word's lexeme, each character of Chinese."""
    result: list[str | None] = []
    for token in found:
        if token.is_han:
            result.extend(token.text)
        else:
            result.append(None if token.text in STOPWORDS else lexeme(token.text))
    return tuple(result)
