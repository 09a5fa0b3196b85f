"""Finding projects: which match a question, and in what order.

One statement does it all: it adds to each part of the question what the index knows (words that
begin so, names of countries and institutions), then asks for the projects.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from django.db import connection

from . import documents, numbers, spelling
from .query import EVERYTHING, Query, parse
from .words import american

# Comparing hits costs five microseconds each: so many are compared, the rest stays as it is.
MOST_RANKED = 200

# Two things an index takes its time over. A question of a hundred alternatives: so the part that
# most names meet is asked for name by name, together with the rest. And words side by side, which
# it finds only roughly, and then doubts all it found nearby: so they are asked for apart.
FIND = """
WITH part AS (
    SELECT * FROM unnest(%(n)s::int[], %(own)s::text[], %(exact)s::text[], %(phrase)s::text[],
        %(excluded)s::bool[], %(beginning)s::text[], %(american)s::text[])
        AS part (n, own, exact, phrase, is_excluded, beginning, american)
), split AS (
    SELECT n, string_agg(phrase, ' | ') AS phrases
    FROM unnest(%(split_n)s::int[], %(first)s::text[], %(second)s::text[], %(split)s::text[])
        AS split (n, first, second, phrase)
    WHERE EXISTS (SELECT FROM projects_searchword WHERE word = first)
        AND EXISTS (SELECT FROM projects_searchword WHERE word = second)
    GROUP BY n
), spelled AS (
    SELECT n, pattern FROM unnest(%(pinyin_n)s::int[], %(pattern)s::text[]) AS spelled (n, pattern)
), worded AS (
    SELECT n, is_excluded, exact, coalesce(nullif(phrase, ''), split.phrases) AS phrases,
        own || coalesce((
            SELECT string_agg(DISTINCT ' | ' || quote_literal(lexeme), '') FROM projects_searchword
            WHERE beginning <> '' AND word >= beginning AND word < beginning || chr(1114111)
                AND NOT starts_with(lexeme, american)
        ), '') AS own
    FROM part LEFT JOIN split USING (n)
), named AS (
    SELECT n, array_agg(quote_literal(lexeme) ORDER BY name.id) AS keys,
        string_agg(quote_literal(lexeme), ' | ' ORDER BY name.id)
            FILTER (WHERE kind = 'institution') AS institutions
    FROM worded JOIN projects_searchname AS name
        ON name.words @@ concat_ws(' | ', worded.own, worded.phrases)::tsquery
        OR (name.pinyin <> '' AND EXISTS (
            SELECT FROM spelled WHERE spelled.n = worded.n AND name.pinyin ~ pattern
        ))
    GROUP BY n
), complete AS (
    SELECT n, is_excluded, own, phrases, keys, institutions,
        concat_ws(' | ', own, phrases) AS in_text,
        concat_ws(' | ', exact, phrases, array_to_string(keys, ' | ')) AS exact,
        CASE WHEN is_excluded THEN '!(' ELSE '(' END
            || concat_ws(' | ', own, phrases, array_to_string(keys, ' | ')) || ')' AS whole,
        CASE WHEN is_excluded THEN '!(' || concat_ws(' | ', own, phrases) ELSE '(' || own END
            || coalesce(' | ' || array_to_string(keys, ' | '), '') || ')' AS without_phrases,
        NOT is_excluded AND n = first_value(n) OVER (
            ORDER BY is_excluded, coalesce(cardinality(keys), 0) DESC, n
        ) AS is_widest
    FROM worded LEFT JOIN named USING (n)
), rest AS (
    SELECT string_agg(without_phrases, ' & ') AS question FROM complete WHERE NOT is_widest
), alternative AS (
    SELECT unnest(ARRAY['(' || own || ')'] || keys) AS question FROM complete WHERE is_widest
    UNION ALL SELECT %(everything)s::text WHERE NOT EXISTS (SELECT FROM complete WHERE is_widest)
), asked AS (
    SELECT ARRAY(
        SELECT concat_ws(' & ', alternative.question, rest.question)::tsquery
        FROM alternative, rest
    ) AS plain, ARRAY(
        SELECT concat_ws(' & ', '(' || one.phrases || ')', (
            SELECT string_agg(whole, ' & ') FROM complete AS other WHERE other.n <> one.n
        ))::tsquery
        FROM complete AS one WHERE phrases IS NOT NULL AND NOT is_excluded
    ) AS phrases
)
SELECT EXISTS (SELECT FROM projects_searchchange),
    projects_found(plain, phrases),
    (SELECT string_agg(whole, ' & ') FROM complete WHERE NOT is_excluded),
    (SELECT string_agg('(' || exact || ')', ' & ') FROM complete WHERE NOT is_excluded),
    (SELECT string_agg('(' || in_text || ')', ' & ') FROM complete WHERE NOT is_excluded),
    (SELECT array_agg(coalesce(institutions, '')) FROM complete WHERE NOT is_excluded)
FROM asked
"""

EVERYBODY = """
SELECT EXISTS (SELECT FROM projects_searchchange),
    (SELECT array_agg(project_id) FROM projects_searchentry)
"""

HITS = "SELECT projects_found(%s::tsquery[], '{}')"
TITLE_HITS = "SELECT projects_found_in_titles(%s::tsquery[])"

RANK = """
SELECT array_agg(project_id ORDER BY
    words @@ %(numbers)s::tsquery DESC,
    titles @@ %(titles)s::tsquery DESC,
    coalesce(words @@ %(institutions)s::tsquery, false) DESC,
    ts_rank(titles, %(titles)s::tsquery, 1)
        + ts_rank(words, %(exact)s::tsquery) * 2 + ts_rank(words, %(words)s::tsquery) DESC,
    place
)
FROM projects_searchentry
JOIN unnest(%(ids)s::bigint[]) WITH ORDINALITY AS given (project_id, place) USING (project_id)
"""


@dataclass(frozen=True)
class Questions:
    """A question in PostgreSQL's words: as it was asked, and of parts of an entry."""

    words: str
    # Without the words that are only begun.
    exact: str
    titles: str
    # Of each part the institutions that meet it.
    institutions: list[str]

    @property
    def all_institutions(self) -> str | None:
        """Ask for what institutions alone meet; None when they do not."""
        if not all(self.institutions):
            return None
        return " & ".join(f"({part})" for part in self.institutions)

    @property
    def each_institution(self) -> list[str]:
        """Ask the same by a question an institution, which is quicker."""
        if not all(self.institutions):
            return []
        widest = max(self.institutions, key=len)
        rest = [f"({part})" for part in self.institutions if part is not widest]
        return [" & ".join([key, *rest]) for key in widest.split(" | ")]


@dataclass(frozen=True)
class Found:
    """What a search found.

    `ids` are the projects, in no order. `text` is what was searched for: with `is_corrected`
    another spelling than the one given, because that one finds nothing. `suggestion` is a spelling
    that finds something, the one searched for or, when nothing was found, one to offer.
    `is_everything` tells that the question says nothing. `is_behind` tells that many changes wait
    to be read (see `documents.refresh`): do not keep the answer.
    """

    text: str
    ids: list[int] = field(default_factory=list)
    is_everything: bool = False
    is_corrected: bool = False
    is_behind: bool = False
    suggestion: str = ""
    questions: Questions | None = None

    def ranked(self, ids: Iterable[int], *, enough: int | None = None) -> list[int]:
        """Put these projects (found ones) in order of relevance: number, title, institution, rest.

        Hits that are alike stay in the order given. At most MOST_RANKED are compared closely: all,
        or the hits in titles, or none. `enough` says how many of the order somebody looks at; when
        titles fill that, institutions are not asked for.
        """
        ids = list(ids)
        if len(ids) <= MOST_RANKED:
            return self.compared(ids)
        titles, rest = parted(ids, set(self.title_ids))
        if len(titles) <= MOST_RANKED:
            titles = self.compared(titles)
        if enough is not None and len(titles) >= enough:
            return titles + rest
        by_institution, rest = parted(rest, set(self.institution_ids))
        return titles + by_institution + rest

    @property
    def title_ids(self) -> list[int]:
        """Ask for the projects that meet the question in their titles alone."""
        titles = self.questions and self.questions.titles
        return run(TITLE_HITS, [[titles]])[0] if titles else []

    @property
    def institution_ids(self) -> list[int]:
        """Ask for the projects that meet it in the names of their institutions alone."""
        asked = self.questions and self.questions.each_institution
        return run(HITS, [asked])[0] if asked else []

    def compared(self, ids: list[int]) -> list[int]:
        if len(ids) < 2 or not self.questions or not self.questions.words:
            return ids
        values = {
            "ids": ids,
            "numbers": number_question(parse(self.text)),
            "titles": self.questions.titles,
            "institutions": self.questions.all_institutions,
            "exact": self.questions.exact,
            "words": self.questions.words,
        }
        ranked = run(RANK, values)[0] or []
        # A project whose entry went meanwhile.
        return ranked + parted(ids, set(ranked))[1]


def parted(ids: list[int], those: Collection[int]) -> tuple[list[int], list[int]]:
    """Part ids into those and the others, each in the order they had."""
    return [n for n in ids if n in those], [n for n in ids if n not in those]


def exact(text: str) -> int | None:
    """Give the id of the project whose code or number of the Fund the text is, if it has a page."""
    kept_code, kept_number = numbers.code(text), numbers.fund_number(text)
    if not kept_code and not kept_number:
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT id FROM projects_project
            WHERE (state IN ('published', 'withdrawn') OR published_at IS NOT NULL) AND (
                code = %s OR id = (SELECT project_id FROM projects_fundnumber WHERE number = %s)
            )""",
            [kept_code, kept_number],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def matching(text: str) -> Found:
    """Find the published projects that meet the question; any text is one, none raises.

    Looked for in turn, until something is found: what was asked; the same read generously (see
    `parse`), Chinese words written together taken apart; words nearly like those asked for. Changes
    not yet in the index are brought in first; see `documents.refresh`.
    """
    query = parse(text)
    found = ask(query)
    if found.ids or not query.parts:
        return found
    for other in (parse(text, is_loose=True), spelling.apart(query)):
        if other and other.parts != query.parts and (loosely := ask(other)).ids:
            return loosely
    return corrected(query) or found


def corrected(query: Query) -> Found | None:
    """Search for the nearest spelling that finds something, or only offer it.

    Where no spelling does, offer the question without the words that no project has.
    """
    for is_near in (True, False):
        for text in spelling.nearest(query, is_near=is_near):
            found = ask(parse(text))
            if found.ids and is_near:
                return as_corrected(found, text)
            if found.ids:
                return Found(query.text, suggestion=text)
    fewer = spelling.without_unknown(query)
    return Found(query.text, suggestion=fewer) if fewer and ask(parse(fewer)).ids else None


def as_corrected(found: Found, text: str) -> Found:
    return replace(found, is_corrected=True, suggestion=text)


def ask(query: Query) -> Found:
    """Find what meets the question exactly as it was read."""
    if query.says_nothing:
        return ask_for_everything(query)
    if query.is_signs:
        return Found(query.text)
    row = run(FIND, arguments(query))
    if row[0] and documents.refresh():
        row = run(FIND, arguments(query))
    is_behind, ids, words, exactly, titles, institutions = row
    questions = Questions(words or "", exactly or "", titles or "", institutions or [""])
    return Found(query.text, ids or [], is_behind=is_behind, questions=questions)


def ask_for_everything(query: Query) -> Found:
    row = run(EVERYBODY)
    if row[0] and documents.refresh():
        row = run(EVERYBODY)
    return Found(query.text, row[1] or [], is_everything=True, is_behind=row[0])


def run(sql: str, values: dict | list | None = None) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()


def arguments(query: Query) -> dict:
    parts = query.parts
    splits = [(n, *split) for n, part in enumerate(parts) for split in part.splits]
    spelled = [(n, pattern) for n, part in enumerate(parts) for pattern in part.pinyin]
    columns = {
        "n": list(range(len(parts))),
        "own": [part.own for part in parts],
        "exact": [part.exact for part in parts],
        "phrase": [part.phrase for part in parts],
        "excluded": [part.is_excluded for part in parts],
        "beginning": [part.beginning for part in parts],
        "american": [american(part.beginning) for part in parts],
        "everything": EVERYTHING,
    }
    columns |= lists(("split_n", "first", "second", "split"), splits)
    return columns | lists(("pinyin_n", "pattern"), spelled)


def lists(names: tuple[str, ...], rows: list[tuple]) -> dict[str, list]:
    return {name: [row[n] for row in rows] for n, name in enumerate(names)}


def number_question(query: Query) -> str:
    """Ask for any of the numbers in the question; nothing has the lexeme that stands for none."""
    asked = [part.own for part in query.wanted if part.own.startswith("'n=")]
    return " | ".join(asked) or "'=none'"
