"""Other readings of a question that finds nothing: similar words, Chinese split."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sscnet.core.database.sql import fetch
from sscnet.core.records import samples

from .query import Query, QueryPart, run_part, widened
from .text.words import lexeme

# By length of the word: how many mistakes are forgiven, and how many only lead to a suggestion.
FORGIVEN = ((8, 2), (4, 1))
OFFERED = ((8, 3), (5, 2), (3, 1))
MOST_TRIED = 4
LONGEST_PIECE = 8

UNKNOWN = """
SELECT n FROM unnest(%s::int[], %s::text[]) AS part (n, own)
WHERE NOT search_finds_any(own::tsquery, %s)
    AND NOT EXISTS (
        SELECT FROM search_document
        WHERE names IS NOT NULL AND names @@ own::tsquery AND is_sample <= %s
    )
"""
NEAR = """
SELECT word, levenshtein_less_equal(word, %(word)s, %(far)s) FROM search_word
WHERE is_sample <= %(with_samples)s AND word !~ '[0-9]'
    AND length(word) BETWEEN %(length)s - %(far)s AND %(length)s + %(far)s
    AND levenshtein_less_equal(word, %(word)s, %(far)s) <= %(far)s
"""


def nearest(query: Query, *, is_near: bool) -> Iterator[str]:
    """Return the question with its unknown words replaced by known ones, the likeliest first.

    `is_near`: by words so near that they are taken to be meant.
    """
    limits = FORGIVEN if is_near else OFFERED
    wrong = [part for part in unknown(query.wanted) if is_word(part)]
    choices = [(part, near_words(part.token.text, limits)) for part in wrong]
    choices = [(part, words) for part, words in choices if words]
    if not choices or (is_near and len(choices) < len(wrong)):
        return
    # The first choice of every word, then the others of the first word that has any.
    yield replaced(query, [(part, words[0]) for part, words in choices])
    for n, (part, words) in enumerate(choices):
        firsts = [(p, w[0]) for m, (p, w) in enumerate(choices) if m != n]
        for word in words[1:MOST_TRIED]:
            yield replaced(query, sorted([*firsts, (part, word)], key=lambda pair: pair[0].token))


def without_unknown(query: Query) -> str:
    """Return the question without the words that no record has; empty when none is left."""
    left_out = [(part, "") for part in unknown(query.wanted) if part.token]
    return replaced(query, left_out) if len(left_out) < len(query.wanted) else ""


def unknown(parts: Sequence[QueryPart]) -> list[QueryPart]:
    """Return the parts that stand in no document and no name, whatever the others are."""
    shown = samples.are_shown()
    rows = fetch(UNKNOWN, [list(range(len(parts))), [part.own for part in parts], shown, shown])
    return [parts[n] for (n,) in sorted(rows)]


def is_word(part: QueryPart) -> bool:
    return bool(part.token) and part.token.text.isalpha() and not part.token.is_han


def near_words(word: str, limits: tuple) -> list[str]:
    """Return the known words within the mistakes the length allows, the nearest first."""
    far = next((mistakes for length, mistakes in limits if len(word) >= length), 0)
    if not far:
        return []
    # The database counts two letters that changed places as two mistakes, we as one.
    values = {"word": word, "length": len(word), "far": max(far, 2)}
    rows = fetch(NEAR, values | {"with_samples": samples.are_shown()})
    near = [(other, n - is_swapped(word, other)) for other, n in rows]
    ranked = sorted(
        (mistakes, other[:1] != word[:1], abs(len(other) - len(word)), other)
        for other, mistakes in near
    )
    found = {}
    for mistakes, is_other_letter, _, other in ranked:
        # Two mistakes in five letters, the first among them, and it is another word.
        if mistakes <= far and not (is_other_letter and mistakes > len(word) // 4):
            found.setdefault(lexeme(other), other)
    return list(found.values())


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


def split_chinese(query: Query) -> Query | None:
    """Split runs of Chinese into words of the index: 越南竹子 is 越南 竹子."""
    parts = []
    for part in query.parts:
        is_run = part.token and part.token.is_han and not part.is_excluded
        parts.extend(pieces_of(part) if is_run else [part])
    return replace(query, parts=tuple(parts)) if parts != list(query.parts) else None


def pieces_of(part: QueryPart) -> list[QueryPart]:
    run = part.token.text
    spans = [
        (start, end)
        for start in range(len(run))
        for end in range(start + 2, min(start + LONGEST_PIECE, len(run)) + 1)
    ]
    tokens = {span: part.token._replace(text=run[slice(*span)]) for span in spans}
    made = {span: widened(run_part(token), [token]) for span, token in tokens.items()}
    wrong = set(unknown(list(made.values())))
    known = {span for span, piece in made.items() if piece not in wrong}
    best: dict[int, list] = {0: []}
    for end in range(2, len(run) + 1):
        ways = [best[s] + [(s, end)] for s in range(end) if s in best and (s, end) in known]
        if ways:
            # The fewest pieces, and of these the longest first one.
            best[end] = min(ways, key=lambda way: (len(way), -way[0][1]))
    return [made[span] for span in best.get(len(run), [])] or [part]
