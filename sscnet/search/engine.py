"""Finding records: which match a question, and in what order.

One statement does it all: it adds to each part of the question what the documents know (words that
begin so, names of countries and institutions), then asks for the records.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from sscnet.core import samples
from sscnet.core.sql import fetch

from . import numbers, spelling
from .documents import EVERYTHING, kinds
from .query import Query, parse
from .renewal import STATE, RenewalState, refresh
from .words import american

# Comparing hits costs five microseconds each: so many are compared, the rest stays as it is.
MOST_RANKED = 200
# A lexeme that no document has.
NOTHING = "'=none'"

# Words side by side an index finds only roughly, and then doubts all it found nearby: so they are
# asked for apart.
FIND = f"""
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
SELECT {STATE}, (SELECT search_found(%(kind)s, plain, phrases, %(with_samples)s) FROM asked),
    string_agg(whole, ' & '), string_agg('(' || exact || ')', ' & '),
    string_agg('(' || in_text || ')', ' & '),
    CASE WHEN count(*) = count(first_keys) THEN string_agg('(' || first_keys || ')', ' & ') END
FROM complete WHERE NOT is_excluded
"""  # noqa: S608

ALL = f"""
SELECT {STATE}, (
    SELECT array_agg(key) FROM search_document
    WHERE kind = %(kind)s AND words IS NOT NULL AND is_sample <= %(with_samples)s
)
"""  # noqa: S608

# Of what was found, so of samples only where they are shown.
HITS = "SELECT search_found(%s, %s::tsquery, '{}', true)"
TITLE_HITS = "SELECT search_found_in_titles(%s, %s::tsquery)"

RANK = """
SELECT array_agg(key ORDER BY
    words @@ %(numbers)s::tsquery DESC,
    titles @@ %(titles)s::tsquery DESC,
    words @@ %(leading)s::tsquery DESC,
    ts_rank(titles, %(titles)s::tsquery, 1)
        + ts_rank(words, %(exact)s::tsquery) * 2 + ts_rank(words, %(words)s::tsquery) DESC,
    place
)
FROM search_document
JOIN unnest(%(keys)s::text[]) WITH ORDINALITY AS given (key, place) USING (key)
WHERE kind = %(kind)s AND words IS NOT NULL
"""


@dataclass(frozen=True)
class Questions:
    """A question in PostgreSQL's words: as it was asked, and of parts of a document."""

    words: str = ""
    # Without the words that are only begun.
    exact: str = ""
    titles: str = ""
    # Of what leading names alone meet; empty when they do not.
    leading: str = ""


@dataclass(frozen=True)
class Found:
    """What a search found.

    `ids` are the records' keys, in no order. `text` is what was searched for: with `is_corrected`
    another spelling than the one given, because that one finds nothing. `suggestion` is a spelling
    that finds something, the one searched for or, when nothing was found, one to offer.
    `is_everything`: the question is empty. `is_behind`: many changes wait
    to be read (see `renewal.refresh`): do not keep the answer.
    """

    text: str
    ids: list = field(default_factory=list)
    is_everything: bool = False
    is_corrected: bool = False
    is_behind: bool = False
    suggestion: str = ""
    questions: Questions = Questions()
    kind: str = "project"

    def ranked(self, ids: Iterable, *, enough: int | None = None) -> list:
        """Put these records (found ones) in order of relevance: number, title, leading name, rest.

        Hits that are alike stay in the order given. At most MOST_RANKED are compared closely: all,
        or the hits in titles, or none. `enough` is how many of the order are shown; when
        titles fill that, names are not asked for.
        """
        ids = list(ids)
        if len(ids) <= MOST_RANKED:
            return self.compared(ids)
        titles, rest = parted(ids, set(self.title_ids))
        if len(titles) <= MOST_RANKED:
            titles = self.compared(titles)
        if enough is not None and len(titles) >= enough:
            return titles + rest
        by_name, rest = parted(rest, set(self.institution_ids))
        return titles + by_name + rest

    @property
    def title_ids(self) -> list:
        """Return the records that match in their titles alone."""
        titles = self.questions.titles
        return self.ask(TITLE_HITS, [self.kind, titles]) if titles else []

    @property
    def institution_ids(self) -> list:
        """Return the records that match in the names of the leading kind alone."""
        leading = self.questions.leading
        return self.ask(HITS, [self.kind, leading]) if leading else []

    def compared(self, ids: list) -> list:
        if len(ids) < 2 or not self.questions.words:
            return ids
        wanted = [part.own for part in parse(self.text).wanted]
        values = {
            "kind": self.kind,
            "keys": [str(key) for key in ids],
            "numbers": " | ".join(own for own in wanted if own.startswith("'n=")) or NOTHING,
            "titles": self.questions.titles,
            "leading": self.questions.leading or NOTHING,
            "exact": self.questions.exact,
            "words": self.questions.words,
        }
        ranked = self.ask(RANK, values)
        # A record whose document went meanwhile.
        return ranked + parted(ids, set(ranked))[1]

    def ask(self, sql: str, values) -> list:
        [(keys,)] = fetch(sql, values)
        return ids_of(self.kind, keys)


def parted(ids: list, those: Collection) -> tuple[list, list]:
    """Split ids into those and the others, each in their order."""
    return [n for n in ids if n in those], [n for n in ids if n not in those]


def exact(text: str) -> int | None:
    """Return the id of the project whose code or number of the Fund the text is, if it has a page.

    Any kind of record that has such numbers is asked; today only projects have.
    """
    code, fund_number = numbers.code(text), numbers.fund_number(text)
    if not code and not fund_number:
        return None
    found = (documents.exact(code, fund_number) for documents in kinds.values())
    return next((key for key in found if key is not None), None)


def matching(text: str, kind: str = "project") -> Found:
    """Find the public records of a kind that meet the question; any text is one, none raises.

    Looked for in turn, until something is found: what was asked; the same read generously (see
    `parse`), Chinese words written together taken apart; words nearly like those asked for. Records
    that changed are read first; see `renewal.refresh`.
    """
    query = parse(text)
    found = ask(query, kind)
    if found.ids or not query.parts:
        return found
    for other in (parse(text, is_loose=True), spelling.split_chinese(query)):
        if other and other.parts != query.parts and (loosely := ask(other, kind)).ids:
            return loosely
    return corrected(query, kind) or found


def matching_each(text: str, wanted: Iterable[str]) -> dict[str, Found]:
    """Find the public records of several kinds.

    Other spellings are looked for only where no kind has what was asked.
    """
    query = parse(text)
    found = {kind: ask(query, kind) for kind in wanted}
    if query.parts and not any(one.ids for one in found.values()):
        return {kind: matching(text, kind) for kind in found}
    return found


def corrected(query: Query, kind: str) -> Found | None:
    """Search for the nearest spelling that finds something, or only offer it.

    Where no spelling does, offer the question without the words that no record has.
    """
    for is_near in (True, False):
        for text in spelling.nearest(query, is_near=is_near):
            found = ask(parse(text), kind)
            if found.ids and is_near:
                return replace(found, is_corrected=True, suggestion=text)
            if found.ids:
                return Found(query.text, suggestion=text, kind=kind)
    fewer = spelling.without_unknown(query)
    if fewer and ask(parse(fewer), kind).ids:
        return Found(query.text, suggestion=fewer, kind=kind)
    return None


def ask(query: Query, kind: str) -> Found:
    """Find what meets the question exactly as it was read."""
    if query.is_only_signs:
        return Found(query.text, kind=kind)
    asked = kinds[kind].asked
    sql = ALL if query.is_empty else FIND
    values = {"kind": kind, "asked": asked, "leading": kinds[kind].leading, "parts": parts(query)}
    values |= {"with_samples": samples.are_shown()}
    [(state, keys, *questions)] = fetch(sql, values)
    is_behind = False
    if (looked := RenewalState.read(state)).stale(asked):
        is_behind = refresh(asked, looked)
        [(_, keys, *questions)] = fetch(sql, values)
    return Found(
        query.text,
        ids_of(kind, keys),
        is_everything=query.is_empty,
        is_behind=is_behind,
        questions=Questions(*(question or "" for question in questions)),
        kind=kind,
    )


def ids_of(kind: str, keys: list[str] | None) -> list:
    return list(map(kinds[kind].key, keys or []))


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
