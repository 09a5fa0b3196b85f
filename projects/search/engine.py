"""Finding projects: which match a question, and in what order.

One statement does it all: it adds to each part of the question what the index knows (words that
begin so, names of countries and institutions), then asks for the projects.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db import connection

from . import index, numbers, spelling
from .query import EVERYTHING, Query, parse
from .words import american

# Comparing hits costs five microseconds each: so many are compared, the rest stays as it is.
MOST_RANKED = 200

FIND = """
WITH part AS (
    SELECT * FROM unnest(%(n)s::int[], %(own)s::text[], %(exact)s::text[], %(excluded)s::bool[],
        %(beginning)s::text[], %(american)s::text[])
        AS part (n, own, exact, is_excluded, beginning, american)
), split AS (
    SELECT n, string_agg(' | ' || phrase, '') AS phrases
    FROM unnest(%(split_n)s::int[], %(first)s::text[], %(second)s::text[], %(phrase)s::text[])
        AS split (n, first, second, phrase)
    WHERE EXISTS (SELECT FROM projects_searchword WHERE word = first)
        AND EXISTS (SELECT FROM projects_searchword WHERE word = second)
    GROUP BY n
), spelled AS (
    SELECT n, pattern FROM unnest(%(pinyin_n)s::int[], %(pattern)s::text[]) AS spelled (n, pattern)
), worded AS (
    SELECT n, is_excluded, exact || coalesce(split.phrases, '') AS exact,
        own || coalesce(split.phrases, '') || coalesce((
            SELECT string_agg(DISTINCT ' | ' || quote_literal(lexeme), '') FROM projects_searchword
            WHERE beginning <> '' AND starts_with(word, beginning)
                AND NOT starts_with(lexeme, american)
        ), '') AS own
    FROM part LEFT JOIN split USING (n)
), named AS (
    SELECT n, string_agg(' | ' || quote_literal(lexeme), '' ORDER BY name.id) AS keys,
        string_agg(quote_literal(lexeme), ' | ' ORDER BY name.id)
            FILTER (WHERE kind = 'institution') AS institutions
    FROM worded JOIN projects_searchname AS name ON name.words @@ worded.own::tsquery
        OR (name.pinyin <> '' AND EXISTS (
            SELECT FROM spelled WHERE spelled.n = worded.n AND name.pinyin ~ pattern
        ))
    GROUP BY n
), question AS (
    SELECT (%(everything)s || string_agg(
            CASE WHEN is_excluded THEN '!(' ELSE '(' END || own || coalesce(keys, '') || ')', ' & '
            ORDER BY n
        ))::tsquery AS everything,
        (string_agg('(' || exact || coalesce(keys, '') || ')', ' & ' ORDER BY n)
            FILTER (WHERE NOT is_excluded))::tsquery AS exact,
        (string_agg('(' || own || ')', ' & ') FILTER (WHERE NOT is_excluded))::tsquery AS titles,
        CASE WHEN bool_and(institutions IS NOT NULL) FILTER (WHERE NOT is_excluded)
            THEN string_agg('(' || institutions || ')', ' & ') FILTER (WHERE NOT is_excluded)
        END::tsquery AS institutions
    FROM worded LEFT JOIN named USING (n)
)
SELECT EXISTS (SELECT FROM projects_searchchange),
    everything::text, exact::text, titles::text, institutions::text,
    (SELECT array_agg(project_id) FROM projects_searchentry WHERE words @@ everything),
    (SELECT array_agg(project_id) FROM projects_searchentry WHERE titles @@ question.titles),
    (SELECT array_agg(project_id) FROM projects_searchentry WHERE words @@ question.institutions)
FROM question
"""

EVERYBODY = """
SELECT EXISTS (SELECT FROM projects_searchchange),
    (SELECT array_agg(project_id) FROM projects_searchentry)
"""

RANK = """
SELECT array_agg(project_id ORDER BY
    words @@ %(numbers)s::tsquery DESC,
    titles @@ %(titles)s::tsquery DESC,
    coalesce(words @@ %(institutions)s::tsquery, false) DESC,
    ts_rank(titles, %(titles)s::tsquery, 1)
        + ts_rank(words, %(exact)s::tsquery) * 2 + ts_rank(words, %(everything)s::tsquery) DESC,
    place
)
FROM projects_searchentry
JOIN unnest(%(ids)s::bigint[]) WITH ORDINALITY AS given (project_id, place) USING (project_id)
"""


@dataclass(frozen=True)
class Found:
    """What a search found.

    `ids` are the projects, in no order; so is what one gets by going through it. `text` is what was
    searched for: with `is_corrected` another spelling than the one given, because that one finds
    nothing. `suggestion` is a spelling that finds something, the one searched for or, when nothing
    was found, one to offer. `is_everything` tells that the question says nothing. `is_behind` tells
    that many changes wait to be read (see `index.refresh`): do not keep the answer.
    """

    text: str
    ids: list[int] = field(default_factory=list)
    is_everything: bool = False
    is_corrected: bool = False
    is_behind: bool = False
    suggestion: str = ""
    # The question in PostgreSQL's words, whole and by group, and the hits by group.
    question: str = ""
    exact: str = ""
    title_question: str = ""
    institution_question: str | None = None
    title_ids: frozenset[int] = frozenset()
    institution_ids: frozenset[int] = frozenset()

    def __iter__(self) -> Iterator[int]:
        return iter(self.ids)

    def __len__(self) -> int:
        return len(self.ids)

    def ranked(self, ids: Iterable[int]) -> list[int]:
        """Put these projects (found ones) in order of relevance: number, title, institution, rest.

        Hits that are alike stay in the order given. At most MOST_RANKED are compared closely: all,
        or the hits in titles, or none.
        """
        ids = list(ids)
        if self.is_everything or len(ids) < 2:
            return ids
        if len(ids) <= MOST_RANKED:
            return self.compared(ids)
        titles = [n for n in ids if n in self.title_ids]
        rest = [n for n in ids if n not in self.title_ids]
        if 1 < len(titles) <= MOST_RANKED:
            titles = self.compared(titles)
        by_institution = [n for n in rest if n in self.institution_ids]
        return titles + by_institution + [n for n in rest if n not in self.institution_ids]

    def compared(self, ids: list[int]) -> list[int]:
        values = {
            "ids": ids,
            "numbers": number_question(parse(self.text)),
            "titles": self.title_question,
            "institutions": self.institution_question,
            "exact": self.exact,
            "everything": self.question,
        }
        with connection.cursor() as cursor:
            cursor.execute(RANK, values)
            ranked = cursor.fetchone()[0] or []
        # A project whose entry went meanwhile.
        return ranked + sorted(set(ids) - set(ranked), key=ids.index)


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
    not yet in the index are brought in first; see `index.refresh`.
    """
    query = parse(text)
    found = ask(query)
    if found.ids or not query.parts:
        return found
    for other in (parse(text, is_loose=True), spelling.apart(query)):
        if other and other.parts != query.parts and (loosely := ask(other)).ids:
            return loosely
    # What finds nothing counts as false, and may yet hold a spelling to offer.
    better = corrected(query)
    return found if better is None else better


def corrected(query: Query) -> Found | None:
    """Search for the nearest spelling that finds something, or only offer it."""
    for is_near in (True, False):
        for text in spelling.nearest(query, is_near=is_near):
            found = ask(parse(text))
            if found.ids and is_near:
                return as_corrected(found, text)
            if found.ids:
                return Found(query.text, suggestion=text)
    return None


def as_corrected(found: Found, text: str) -> Found:
    return Found(**(vars(found) | {"is_corrected": True, "suggestion": text}))


def ask(query: Query) -> Found:
    """Find what meets the question exactly as it was read."""
    if query.says_nothing:
        return ask_for_everything(query)
    if query.is_signs:
        return Found(query.text)
    row = run(FIND, arguments(query))
    if row[0] and index.refresh():
        row = run(FIND, arguments(query))
    is_behind, everything, exactly, titles, institutions, ids, title_ids, institution_ids = row
    return Found(
        query.text,
        ids or [],
        is_behind=is_behind,
        question=everything,
        exact=exactly or everything,
        title_question=titles or "",
        institution_question=institutions,
        title_ids=frozenset(title_ids or ()),
        institution_ids=frozenset(institution_ids or ()),
    )


def ask_for_everything(query: Query) -> Found:
    row = run(EVERYBODY)
    if row[0] and index.refresh():
        row = run(EVERYBODY)
    return Found(query.text, row[1] or [], is_everything=True, is_behind=row[0])


def run(sql: str, values: dict | None = None) -> tuple:
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
        "excluded": [part.is_excluded for part in parts],
        "beginning": [part.beginning for part in parts],
        "american": [american(part.beginning) for part in parts],
        "everything": "" if query.wanted else f"{EVERYTHING} & ",
    }
    columns |= lists(("split_n", "first", "second", "phrase"), splits)
    return columns | lists(("pinyin_n", "pattern"), spelled)


def lists(names: tuple[str, ...], rows: list[tuple]) -> dict[str, list]:
    return {name: [row[n] for row in rows] for n, name in enumerate(names)}


def number_question(query: Query) -> str:
    """Ask for any of the numbers in the question; nothing has the lexeme that stands for none."""
    asked = [part.own for part in query.wanted if part.own.startswith("'n=")]
    return " | ".join(asked) or "'=none'"
