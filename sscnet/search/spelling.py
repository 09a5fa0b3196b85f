"""Other readings of a question that finds nothing: similar words, Chinese split."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sscnet.core.database.sql import fetch
from sscnet.core.records import samples

from . import synonyms
from .query import Query, QueryPart, run_part, widened
from .text.words import lexeme

# By length of the word: how many mistakes are forgiven, and how many only lead to a suggestion.
FORGIVEN = ((8, 2), (4, 1))
OFFERED = ((8, 3), (5, 2), (3, 1))
# Another letter in a shorter word makes another word, and a letter more or less another name: rice
# is not (Costa) Rica, a woman not Oman.
SHORTEST_NAME = 6
MOST_TRIED = 4
LONGEST_PIECE = 8
# Most words of Chinese are no longer; names may be.
LONGEST_WORD = 4

ASKED = """
SELECT n FROM unnest(%(places)s::int[], %(own)s::text[]) AS part (n, own), LATERAL (
    SELECT EXISTS (
        SELECT FROM search_document
        WHERE names IS NOT NULL AND names @@ own::tsquery AND is_sample <= %(with_samples)s
    ) AS is_name
) AS named
"""
NAMES = f"{ASKED} WHERE is_name"
UNKNOWN = f"{ASKED} WHERE NOT is_name AND NOT search_finds_any(own::tsquery, %(with_samples)s)"
NEAR = """
SELECT asked.word, near.word, levenshtein_less_equal(near.word, asked.word, far), EXISTS (
    SELECT FROM search_document WHERE names @@ quote_literal(lexeme)::tsquery
)
FROM unnest(%(words)s::text[], %(far)s::int[]) AS asked (word, far) JOIN search_word AS near
    ON is_sample <= %(with_samples)s AND near.word !~ '[0-9]'
    AND length(near.word) BETWEEN length(asked.word) - far AND length(asked.word) + far
    AND levenshtein_less_equal(near.word, asked.word, far) <= far
"""


@dataclass(frozen=True)
class Spellings:
    """Other spellings of a question: of its unknown parts, and the known words near each."""

    query: Query
    unknown: list[QueryPart]
    # By mistakes, the likeliest first.
    near: dict[str, list[tuple[int, str]]]

    @classmethod
    def of(cls, query: Query) -> "Spellings":
        missing = unknown(query.wanted)
        return cls(query, missing, near_words([p.token.text for p in missing if is_word(p)]))

    def nearest(self, *, is_near: bool) -> Iterator[str]:
        """Return the question with its unknown words replaced by known ones, the likeliest first.

        `is_near`: by words so near that they are taken to be meant.
        """
        limits = FORGIVEN if is_near else OFFERED
        wrong = [part for part in self.unknown if is_word(part)]
        choices = [(part, self.words_near(part.token.text, limits)) for part in wrong]
        choices = [(part, words) for part, words in choices if words]
        if not choices or (is_near and len(choices) < len(wrong)):
            return
        # The first choice of every word, then the others of the first word that has any.
        yield replaced(self.query, [(part, words[0]) for part, words in choices])
        for n, (part, words) in enumerate(choices):
            firsts = [(p, w[0]) for m, (p, w) in enumerate(choices) if m != n]
            for word in words[1:MOST_TRIED]:
                pairs = sorted([*firsts, (part, word)], key=lambda pair: pair[0].token)
                yield replaced(self.query, pairs)

    def words_near(self, word: str, limits: tuple) -> list[str]:
        """Return the known words within the mistakes the length allows, one of each stem."""
        far, found = forgiven(word, limits), {}
        for mistakes, other in self.near.get(word, ()):
            if mistakes <= far:
                found.setdefault(lexeme(other), other)
        return list(found.values())

    def without_unknown(self) -> str:
        """Return the question without the words that no record has; empty when none is left."""
        left_out = [(part, "") for part in self.unknown if part.token]
        return replaced(self.query, left_out) if len(left_out) < len(self.query.wanted) else ""


def unknown(parts: Sequence[QueryPart]) -> list[QueryPart]:
    """Return the parts that stand in no document and no name, whatever the others are."""
    return kept_by(UNKNOWN, parts)


def kept_by(sql: str, parts: Sequence[QueryPart]) -> list[QueryPart]:
    values = {"places": list(range(len(parts))), "own": [part.own for part in parts]}
    rows = fetch(sql, values | {"with_samples": samples.are_shown()})
    return [parts[n] for (n,) in sorted(rows)]


def is_word(part: QueryPart) -> bool:
    return bool(part.token) and part.token.text.isalpha() and not part.token.is_han


def forgiven(word: str, limits: tuple) -> int:
    return next((mistakes for length, mistakes in limits if len(word) >= length), 0)


def near_words(words: list[str]) -> dict[str, list[tuple[int, str]]]:
    """Return the known words near each, the nearest first, with the number of mistakes."""
    # The database counts two letters that changed places as two mistakes, we as one.
    far = {word: max(most, 2) for word in words if (most := forgiven(word, OFFERED))}
    values = {"words": list(far), "far": list(far.values()), "with_samples": samples.are_shown()}
    near = defaultdict(list)
    for word, other, distance, is_name in fetch(NEAR, values) if far else ():
        mistakes = distance - (is_swap := is_swapped(word, other))
        is_other_letter = other[:1] != word[:1]
        if is_short_guess(word, other, is_name) and not is_swap:
            continue
        # Two mistakes in five letters, the first among them, and it is another word.
        if not (is_other_letter and mistakes > len(word) // 4):
            order = (mistakes, is_other_letter, abs(len(other) - len(word)), other)
            near[word].append(order)
    return {word: [(one[0], one[-1]) for one in sorted(found)] for word, found in near.items()}


def is_short_guess(word: str, other: str, is_name: bool) -> bool:
    return len(word) < SHORTEST_NAME and (is_name or len(word) == len(other))


def is_swapped(word: str, other: str) -> bool:
    """Return whether two neighbours changed places, and nothing else."""
    swapped = (word[:n] + word[n + 1] + word[n] + word[n + 2 :] for n in range(len(word) - 1))
    return word != other and other in swapped


def replaced(query: Query, words: list[tuple[QueryPart, str]]) -> str:
    text, end = "", 0
    for part, word in words:
        text += query.text[end : part.token.start] + word
        end = part.token.end
    return " ".join((text + query.text[end:]).split())


# ---------------------------------------------------------------------- Chinese taken apart


def split_chinese(query: Query, *, may_skip: bool = False) -> Query | None:
    """Split runs of Chinese into words of the index: 越南竹子 is 越南 竹子.

    `may_skip`: into short words and names, without the characters that belong to none.
    """
    parts = []
    for part in query.parts:
        is_run = part.token and part.token.is_han and not part.is_excluded
        parts.extend(pieces_of(part, may_skip) if is_run else [part])
    return replace(query, parts=tuple(parts)) if parts != list(query.parts) else None


def cost(way: list[tuple[int, int]]) -> tuple[int, int, int]:
    return len(way) - sum(end - start for start, end in way), len(way), -way[0][1] if way else 0


def pieces_of(part: QueryPart, may_skip: bool) -> list[QueryPart]:
    run = part.token.text
    spans = [
        (start, end)
        for start in range(len(run))
        for end in range(start + 1, min(start + LONGEST_PIECE, len(run)) + 1)
        if end > start + 1 or (run[start],) in synonyms.current().others
    ]
    tokens = {span: part.token._replace(text=run[slice(*span)]) for span in spans}
    made = {span: widened(run_part(token), [token]) for span, token in tokens.items()}
    wrong = set(unknown(list(made.values())))
    known = {span for span, piece in made.items() if piece not in wrong}
    long = [one for one in known if one[1] - one[0] > LONGEST_WORD] if may_skip else []
    if long:
        names = kept_by(NAMES, [made[span] for span in long])
        known -= {span for span in long if made[span] not in names}
    best: dict[int, list] = {0: []}
    for end in range(1, len(run) + 1):
        ways = [best[s] + [(s, end)] for s in range(end) if s in best and (s, end) in known]
        if may_skip:
            ways.append(best[end - 1])
        if ways:
            # The most neighbours together in the fewest pieces, of these the longest first one.
            best[end] = min(ways, key=cost)
    return [made[span] for span in best.get(len(run), [])] or [part]
