"""Finding records: which match a question.

One statement does it all, for as many kinds of record as are asked for: it adds to each part of the
question what the documents know (words that begin so, names of what they are linked to), then
asks for the records.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from sscnet.core.database.sql import fetch
from sscnet.core.records import samples

from . import spelling, synonyms
from .documents import EVERYTHING, kinds
from .found import NOTHING, Found, Questions
from .query import Query, parse, quote, sequence
from .renewal import STATE, RenewalState, refresh
from .spelling import Spellings
from .text.words import american, tokens

# How much a word counts in a title, and where it is the name of something linked, or of a country
# or goal itself: that is only a way to an answer.
IN_TITLE, BY_LINK = 1.5, 0.5
# What comes as close as this to the closest is shown.
CLOSE = 0.4
# Of so many that have rare words it is compared how well they have them.
MOST_CLOSE = 200
LONGEST_IN_ADDRESS = 200

# Words side by side an index finds only roughly, and then doubts all it found nearby: so they are
# asked for apart.
PARTS = f"""
WITH part AS (
    SELECT * FROM jsonb_to_recordset(%(parts)s::jsonb) AS part (
        n int, own text, exact text, phrase text, is_excluded bool, beginning text, american text,
        splits jsonb, pinyin text[]
    )
), known AS NOT MATERIALIZED (
    SELECT word, lexeme FROM search_word WHERE is_sample <= %(with_samples)s
), worded AS (
    SELECT n, is_excluded, exact, pinyin,
        coalesce(nullif(phrase, ''), (
            SELECT string_agg(split ->> 2, ' | ') FROM jsonb_array_elements(splits) AS split
            WHERE EXISTS (SELECT FROM known WHERE word = split ->> 0)
                AND EXISTS (SELECT FROM known WHERE word = split ->> 1)
        )) AS phrases,
        own || coalesce((
            SELECT string_agg(DISTINCT ' | ' || quote_literal(lexeme), '') FROM known
            WHERE beginning <> '' AND word >= beginning AND word < beginning || chr(1114111)
                AND NOT starts_with(lexeme, american)
        ), '') AS own
    FROM part
), named AS (
    SELECT n, string_agg(quote_literal(kind || '=' || key), ' | ') AS keys,
        string_agg(quote_literal(kind || '=' || key), ' | ') FILTER (WHERE kind = %(leading)s)
            AS first_keys
    FROM worded JOIN search_document ON kind = ANY (%(asked)s) AND names IS NOT NULL
        AND is_sample <= %(with_samples)s AND (
        names @@ concat_ws(' | ', own, phrases)::tsquery
        OR search_document.pinyin <> '' AND search_document.pinyin ~ ANY (worded.pinyin)
    )
    GROUP BY n
), complete AS (
    SELECT n, is_excluded, phrases, first_keys,
        concat_ws(' | ', own, phrases) AS in_text,
        concat_ws(' | ', exact, phrases, keys) AS exact,
        prefix || '(' || concat_ws(' | ', own, phrases, keys) || ')' AS whole,
        prefix || '(' || concat_ws(' | ', own, CASE WHEN is_excluded THEN phrases END, keys)
            || ')' AS without_phrases
    FROM worded LEFT JOIN named USING (n),
        LATERAL (SELECT CASE WHEN is_excluded THEN '!' ELSE '' END AS prefix) AS sign
), asked AS (
    SELECT concat_ws(' & ', string_agg(without_phrases, ' & '),
            CASE WHEN bool_and(is_excluded) THEN '''{EVERYTHING}''' END)::tsquery AS plain,
        ARRAY(
            SELECT concat_ws(' & ', '(' || one.phrases || ')', (
                SELECT string_agg(whole, ' & ') FROM complete AS other WHERE other.n <> one.n
            ))::tsquery
            FROM complete AS one WHERE phrases IS NOT NULL AND NOT is_excluded
        ) AS phrases
    FROM complete
)
"""  # noqa: S608
FIND = f"""
{PARTS}, questions AS (
    SELECT string_agg(whole, ' & ') AS words, string_agg('(' || exact || ')', ' & ') AS exact,
        string_agg('(' || in_text || ')', ' & ') AS titles,
        CASE WHEN count(*) = count(first_keys) THEN string_agg('(' || first_keys || ')', ' & ') END
            AS leading
    FROM complete WHERE NOT is_excluded
)
SELECT {STATE}, found.kind, found.keys, questions.*
FROM questions CROSS JOIN asked
LEFT JOIN search_found(%(kinds)s, plain, phrases, %(with_samples)s) AS found ON true
"""  # noqa: S608

# Of each record that has some of the words: how rare these are together, and which they are. A word
# counts more in a title, and less where only the name of what the record is linked to has it: a
# project in 38 countries says little of each.
CLOSEST = f"""
{PARTS}, hit AS MATERIALIZED (
    SELECT n, found.kind, found.keys
    FROM complete, search_found(%(kinds)s, whole::tsquery, '{{}}', %(with_samples)s) AS found
    WHERE NOT is_excluded
), rare AS (
    SELECT n, ln(1 + (
        SELECT count(*) FROM search_document WHERE kind = ANY (%(kinds)s) AND words IS NOT NULL
    )::float / sum(cardinality(keys))) AS rarity
    FROM hit GROUP BY n
), candidate AS (
    SELECT kind, key, sum(rarity) AS total
    FROM hit JOIN rare USING (n), unnest(keys) AS key
    GROUP BY kind, key ORDER BY total DESC, kind, key LIMIT {MOST_CLOSE}
)
SELECT kind, key, array_agg(n ORDER BY n), sum(rarity * CASE
    WHEN titles @@ in_text::tsquery THEN {IN_TITLE} WHEN words @@ in_text::tsquery THEN 1
    ELSE {BY_LINK} END * CASE WHEN kind = ANY (%(ways)s) THEN {BY_LINK} ELSE 1 END) AS score
FROM candidate JOIN search_document USING (kind, key)
    JOIN complete ON NOT is_excluded AND words @@ whole::tsquery JOIN rare USING (n)
WHERE NOT EXISTS (
    SELECT FROM complete AS other WHERE is_excluded AND NOT words @@ other.whole::tsquery
)
GROUP BY kind, key ORDER BY score DESC, max(total) DESC, kind, key::text
"""  # noqa: S608

ALL = f"""
SELECT {STATE}, found.kind, found.keys
FROM (SELECT) AS once LEFT JOIN (
    SELECT kind, array_agg(key) AS keys FROM search_document
    WHERE kind = ANY (%(kinds)s) AND words IS NOT NULL AND is_sample <= %(with_samples)s
    GROUP BY kind
) AS found ON true
"""  # noqa: S608

ANY = f"""
SELECT {STATE}, asked.n - 1, found.kind, found.keys
FROM unnest(%(questions)s::text[]) WITH ORDINALITY AS asked (question, n)
LEFT JOIN LATERAL (
    SELECT * FROM search_found(%(kinds)s, question::tsquery, '{{}}', %(with_samples)s)
    UNION ALL
    SELECT kind, array_agg(key) FROM search_document
    WHERE kind = ANY (%(kinds)s) AND names @@ question::tsquery AND words IS NOT NULL
        AND is_sample <= %(with_samples)s
    GROUP BY kind
) AS found ON true
"""  # noqa: S608


def matching(text: str, kind: str) -> Found:
    """Find the public records of a kind that meet the question; any text is one, none raises."""
    return matching_each(text, [kind])[kind]


def matching_each(text: str, wanted: Collection[str]) -> dict[str, Found]:
    """Find the public records of several kinds that meet the question.

    Looked for in turn, until something of any kind is found: what was asked; the same read
    generously (see `parse`), Chinese words written together taken apart; words nearly like those
    asked for. Records that changed are read first; see `renewal.refresh`.
    """
    query = parse(text)
    found = ask(query, wanted)
    if has_ids(found) or not query.parts:
        return found
    return generously(query, wanted) or corrected(parse(text, is_loose=True), wanted) or found


def generously(query: Query, wanted: Collection[str]) -> dict[str, Found] | None:
    for other in (parse(query.text, is_loose=True), spelling.split_chinese(query)):
        if other and other.parts != query.parts and has_ids(found := ask(other, wanted)):
            return found
    return None


def closest(
    text: str, wanted: Collection[str]
) -> tuple[list[tuple[str, Any, list[str]]], list[str]]:
    """Return the records that have the rarest of the words, best first: kind, key, its words.

    And all words that were asked for. It is for a question that finds nothing as a whole, so that
    the documents were renewed just now.
    """
    text = next(Spellings.of(parse(text, is_loose=True)).nearest(is_near=True), text)
    query = parse(text, is_loose=True)
    query = spelling.split_chinese(query, may_skip=True) or query
    if not query.wanted:
        return [], []
    asked = list(dict.fromkeys(name for kind in wanted for name in kinds[kind].asked))
    values = {"kinds": list(wanted), "asked": asked, "leading": "", "parts": parts(query)}
    values |= {"ways": [kind for kind in wanted if not kinds[kind].is_answer]}
    rows = fetch(CLOSEST, values | {"with_samples": samples.are_shown()})
    words = [part.typed for part in query.parts]
    hits = [
        (kind, kinds[kind].key(key), [words[n] for n in places])
        for kind, key, places, score in rows
        if score >= rows[0][3] * CLOSE
    ]
    return hits, [part.typed for part in query.wanted]


def has_ids(found: dict[str, Found]) -> bool:
    return any(one.ids for one in found.values())


def corrected(query: Query, wanted: Collection[str]) -> dict[str, Found] | None:
    """Search for the nearest spelling that finds something, or only offer it.

    Where no spelling does, offer the question without the words that no record has.
    """
    spellings = Spellings.of(query)
    for is_near in (True, False):
        for text in spellings.nearest(is_near=is_near):
            found = ask(parse(text), wanted)
            if has_ids(found) and is_near:
                said = {"is_corrected": True, "suggestion": text}
                return {kind: replace(one, **said) for kind, one in found.items()}
            if has_ids(found):
                return offered(query, text, wanted)
    fewer = spellings.without_unknown()
    if fewer and has_ids(ask(parse(fewer), wanted)):
        return offered(query, fewer, wanted)
    return None


def offered(query: Query, text: str, wanted: Collection[str]) -> dict[str, Found]:
    return {kind: Found(query.text, kind, suggestion=text) for kind in wanted}


def ask(query: Query, wanted: Collection[str]) -> dict[str, Found]:
    """Find what meets the question exactly as it was read."""
    if query.is_only_signs:
        return {kind: Found(query.text, kind) for kind in wanted}
    asked = list(dict.fromkeys(name for kind in wanted for name in kinds[kind].asked))
    rows = fetch_found(query, wanted, asked)
    state = RenewalState.read(rows[0][0])
    if has_new_words := synonyms.renew(state.stamps):
        query = parse(query.text, is_loose=query.is_loose)
    if is_stale := bool(state.stale(asked)):
        refresh(asked)
    if is_stale or has_new_words:
        rows = fetch_found(query, wanted, asked)
    keys = {kind: keys for _state, kind, keys, *_questions in rows}
    return {
        kind: Found(
            query.text,
            kind,
            list(map(kinds[kind].key, keys.get(kind) or ())),
            is_everything=query.is_empty,
            questions=questions_of(kind, rows[0][3:]),
        )
        for kind in wanted
    }


def fetch_found(query: Query, wanted: Collection[str], asked: list[str]) -> list[tuple]:
    """Return a row for each kind that has hits, or one without; the first column is the state."""
    leading = next(filter(None, (kinds[kind].leading for kind in wanted)), "")
    values = {"kinds": list(wanted), "asked": asked, "leading": leading, "parts": parts(query)}
    values |= {"with_samples": samples.are_shown()}
    return fetch(ALL if query.is_empty else FIND, values)


def questions_of(kind: str, columns: tuple) -> Questions:
    questions = Questions(*(question or "" for question in columns))
    return questions if kinds[kind].leading else replace(questions, leading="")


def parts(query: Query) -> str:
    """Return what `FIND` takes of each part, as JSON."""
    names = ("own", "exact", "phrase", "is_excluded", "beginning", "splits", "pinyin")
    return json.dumps(
        [
            {name: getattr(part, name) for name in names}
            | {"n": n, "american": american(part.beginning)}
            for n, part in enumerate(query.parts)
        ]
    )


def having_any(
    groups: Iterable[tuple[str, Iterable[str]]], wanted: Collection[str]
) -> list[dict[str, set]]:
    """Find for each group the public records that have one of its words or links.

    A group is words with commas between them, taken literally, and links such as `sector=3`. Return
    the keys by kind, group by group.
    """
    parts = [
        [*(sequence(list(tokens(term))) for term in synonyms.terms_of(words)), *map(quote, links)]
        for words, links in groups
    ]
    values = {"questions": [" | ".join(these) or NOTHING for these in parts]}
    values |= {"kinds": list(wanted), "with_samples": samples.are_shown()}
    rows = fetch(ANY, values)
    if rows and RenewalState.read(rows[0][0]).stale(wanted):
        refresh(wanted)
        rows = fetch(ANY, values)
    found: list[dict[str, set]] = [{kind: set() for kind in wanted} for _these in parts]
    for _state, n, kind, keys in rows:
        if kind:
            found[n][kind].update(map(kinds[kind].key, keys))
    return found


# ---------------------------------------------------------------------- the search of a plain list


def text_of(request) -> str:
    """Return the words in an address, without what no page can hold; too many are cut."""
    text = request.GET.get("q", "").replace("\0", "")
    return " ".join(text.split())[:LONGEST_IN_ADDRESS]


def found_for(request, kind: str) -> Found | None:
    """Return what the words in the address find of a kind; None without any."""
    text = text_of(request)
    return matching(text, kind) if text else None
