"""The index: words of projects and names, kept true.

Triggers (migration `search`) note every record that changes, whatever changes it. Whoever searches
next renews the entries noted, under a lock, before reading; see `refresh`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import batched

from django.db import connection, transaction

from sscnet.codelists.aliases import COUNTRY_ALIASES

from . import pinyin
from .words import STOPWORDS, chains, grams, joined, lexeme

# What a visitor waits for at most: about a third of a second.
INLINE = 200
BATCH = 500
# Any number that no other advisory lock of the portal uses.
LOCK = 7_301_001
# PostgreSQL's own limits: a place in a text, places of one lexeme.
LAST_PLACE = 16_383
MOST_PLACES = 255
# Between two texts, so that no phrase reaches from one into the other.
GAP = 10

TITLES = ["title", "subtitle"]
TEXTS = ["summary", "challenge", "approach", "outcome", "gender_evidence", "beneficiaries"]

TEXT_COLUMNS = ", ".join(
    f"p.{name}, p.i18n ->> '{name}_zh_hans' AS {name}_zh_hans" for name in TITLES + TEXTS
)
PROJECTS = f"""
SELECT p.id, p.code, p.area_id, {TEXT_COLUMNS},
    ARRAY(SELECT number FROM projects_fundnumber WHERE project_id = p.id ORDER BY number)
        AS numbers,
    ARRAY(SELECT country_id FROM projects_projectcountry WHERE project_id = p.id) AS countries,
    ARRAY(SELECT sector_id FROM projects_projectsector WHERE project_id = p.id) AS sectors,
    ARRAY(SELECT institution_id FROM projects_projectinstitution WHERE project_id = p.id)
        AS institutions,
    ARRAY(SELECT sdg_id FROM projects_projectsdg WHERE project_id = p.id) AS sdgs,
    ARRAY(
        SELECT unnest(ARRAY[reason, i18n ->> 'reason_zh_hans'])
        FROM projects_projectsdg WHERE project_id = p.id ORDER BY place
    ) AS reasons
FROM projects_project p
WHERE p.id = ANY (%s) AND p.state = 'published'
ORDER BY p.id
"""  # noqa: S608

# For each kind of name: its letter in an entry, and how to read the names of some keys.
NAMES = {
    "country": (
        "c",
        """SELECT iso2, ARRAY[name, i18n ->> 'name_zh_hans'] FROM codelists_country
        WHERE %(all)s OR iso2 = ANY (%(keys)s)""",
    ),
    "sector": (
        "s",
        """SELECT id, ARRAY[name, i18n ->> 'name_zh_hans'] FROM codelists_sector
        WHERE %(all)s OR id::text = ANY (%(keys)s)""",
    ),
    "sdg": (
        "g",
        """SELECT number, ARRAY[
            name, full_name, i18n ->> 'name_zh_hans', i18n ->> 'full_name_zh_hans'
        ] FROM codelists_sdg WHERE %(all)s OR number::text = ANY (%(keys)s)""",
    ),
    "area": (
        "a",
        """SELECT id, ARRAY[name, i18n ->> 'name_zh_hans'] FROM codelists_pgtfarea
        WHERE %(all)s OR id::text = ANY (%(keys)s)""",
    ),
    "institution": (
        "i",
        """SELECT id, ARRAY[name, i18n ->> 'name_zh_hans'] || ARRAY(
            SELECT name::text FROM members_institutionname WHERE institution_id = i.id ORDER BY id
        ) FROM members_institution i WHERE %(all)s OR id::text = ANY (%(keys)s)""",
    ),
}


class Vector:
    """A text search vector in the making: lexemes with their places and weight."""

    def __init__(self):
        self.lexemes = defaultdict(list)
        self.words = {}
        self.place = 0

    def add(self, text: str, weight: str) -> None:
        """Add a text after those that are there already."""
        if not text:
            return
        self.place += GAP
        for chain in chains(text):
            start = self.place + 1
            for token in chain:
                self.place += 1
                if token.is_han:
                    self.place -= 1
                    for gram in grams(token.text):
                        self.place += 1
                        self.note(gram, self.place, weight)
                elif token.text not in STOPWORDS:
                    self.add_word(token.text, self.place, weight)
            if len(chain) > 1:
                for shift, whole in joined(chain):
                    self.add_word(whole, start + shift, weight)

    def add_word(self, word: str, place: int, weight: str) -> None:
        text = lexeme(word)
        self.note(text, place, weight)
        # Nobody mistypes a number, and what begins one is compared as it stands.
        if word.isalpha():
            self.words[word] = text

    def add_key(self, key: str, weight: str = "") -> None:
        """Add a lexeme that is no word of a text; `weight` makes it count in the ranking."""
        if weight:
            self.place += GAP
            self.note(key, self.place, weight)
        else:
            self.lexemes.setdefault(key, [])

    def note(self, text: str, place: int, weight: str) -> None:
        places = self.lexemes[text]
        if len(places) < MOST_PLACES:
            places.append(f"{min(place, LAST_PLACE)}{weight}")

    def __str__(self):
        return " ".join(
            f"'{text}':{','.join(dict.fromkeys(places))}" if places else f"'{text}'"
            for text, places in self.lexemes.items()
        )


@dataclass
class Entry:
    """What the index holds of a project."""

    project_id: int
    words: Vector = field(default_factory=Vector)
    titles: Vector = field(default_factory=Vector)


@dataclass
class Name:
    kind: str
    key: str
    lexeme: str
    words: Vector
    pinyin: str


# ---------------------------------------------------------------------- what should be there


def fresh_entries(project_ids: Iterable[int]) -> Iterator[Entry]:
    """Compute the entries of the published ones among these projects from the records."""
    with connection.cursor() as cursor:
        cursor.execute(PROJECTS, [list(project_ids)])
        columns = [column.name for column in cursor.description]
        rows = cursor.fetchall()
    for row in rows:
        yield entry(dict(zip(columns, row, strict=True)))


def entry(project: dict) -> Entry:
    made = Entry(project["id"])
    words = made.words
    words.add_key("=all")
    for number in [project["code"], *project["numbers"]]:
        words.add_key(f"n={number}", "A")
        words.add(number, "A")
    for text in in_both_languages(project, TITLES):
        words.add(text, "B")
        made.titles.add(text, "A")
    for institution in project["institutions"]:
        words.add_key(f"i={institution}", "C")
    for letter, keys in (("c", "countries"), ("s", "sectors"), ("g", "sdgs")):
        for key in project[keys]:
            words.add_key(f"{letter}={key}", "D")
    if project["area_id"]:
        words.add_key(f"a={project['area_id']}", "D")
    for text in [*in_both_languages(project, TEXTS), *project["reasons"]]:
        words.add(text, "D")
    return made


def in_both_languages(project: dict, fields: list[str]) -> Iterator[str]:
    for name in fields:
        yield project[name]
        yield project[f"{name}_zh_hans"]


def fresh_names(kind: str, keys: Iterable[str] | None = None) -> Iterator[Name]:
    """Compute the names of these keys, or of all of a kind, from the records."""
    letter, sql = NAMES[kind]
    with connection.cursor() as cursor:
        cursor.execute(sql, {"all": keys is None, "keys": list(keys or [])})
        rows = cursor.fetchall()
    for key, texts in rows:
        aliases = COUNTRY_ALIASES.get(key, ()) if kind == "country" else ()
        words = Vector()
        for text in [*texts, *aliases]:
            words.add(text, "A")
        spelled = " ".join(pinyin.spelled(text or "") for text in texts).strip()
        in_pinyin = spelled if kind == "institution" else ""
        yield Name(kind, str(key), f"{letter}={key}", words, in_pinyin)


# ---------------------------------------------------------------------- writing


WRITE_ENTRIES = """
INSERT INTO projects_searchentry (project_id, words, titles)
SELECT project_id, words::tsvector, titles::tsvector
FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS fresh (project_id, words, titles)
ON CONFLICT (project_id) DO UPDATE SET words = EXCLUDED.words, titles = EXCLUDED.titles
WHERE (projects_searchentry.words, projects_searchentry.titles)
    IS DISTINCT FROM (EXCLUDED.words, EXCLUDED.titles)
"""

WRITE_NAMES = """
INSERT INTO projects_searchname (kind, key, lexeme, words, pinyin)
SELECT kind, key, lexeme, words::tsvector, pinyin
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
    AS fresh (kind, key, lexeme, words, pinyin)
ON CONFLICT (kind, key) DO UPDATE SET words = EXCLUDED.words, pinyin = EXCLUDED.pinyin
"""

WRITE_WORDS = """
INSERT INTO projects_searchword (word, lexeme)
SELECT * FROM unnest(%s::text[], %s::text[])
ON CONFLICT (word) DO UPDATE SET lexeme = EXCLUDED.lexeme
WHERE projects_searchword.lexeme <> EXCLUDED.lexeme
"""

# Words that no entry and no name holds any more.
FORGET_WORDS = """
DELETE FROM projects_searchword AS word
WHERE NOT projects_finds_any(quote_literal(word.lexeme)::tsquery) AND NOT EXISTS (
    SELECT FROM projects_searchname WHERE words @@ quote_literal(word.lexeme)::tsquery
)
"""


def write_entries(project_ids: list[int]) -> None:
    """Renew the entries of these projects; those no longer published lose theirs."""
    entries = list(fresh_entries(project_ids))
    gone = set(project_ids) - {entry.project_id for entry in entries}
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM projects_searchentry WHERE project_id = ANY (%s)", [list(gone)])
        cursor.execute(
            WRITE_ENTRIES,
            [
                [entry.project_id for entry in entries],
                [str(entry.words) for entry in entries],
                [str(entry.titles) for entry in entries],
            ],
        )
    write_words(entry.words for entry in entries)


def write_names(kind: str, keys: list[str] | None = None) -> None:
    """Renew the names of these keys, or all of a kind."""
    names = list(fresh_names(kind, keys))
    gone = "DELETE FROM projects_searchname WHERE kind = %s AND key <> ALL (%s)"
    with connection.cursor() as cursor:
        cursor.execute(
            gone if keys is None else f"{gone} AND key = ANY (%s)",
            [kind, [name.key for name in names], *([] if keys is None else [list(keys)])],
        )
        cursor.execute(
            WRITE_NAMES,
            [
                [name.kind for name in names],
                [name.key for name in names],
                [name.lexeme for name in names],
                [str(name.words) for name in names],
                [name.pinyin for name in names],
            ],
        )
    write_words(name.words for name in names)


def write_words(vectors: Iterable[Vector]) -> None:
    known = {}
    for vector in vectors:
        known.update(vector.words)
    # In one order, so that two writers never wait for each other.
    words = sorted(known)
    with connection.cursor() as cursor:
        cursor.execute(WRITE_WORDS, [words, [known[word] for word in words]])


# ---------------------------------------------------------------------- keeping true


def refresh(most: int | None = INLINE) -> int:
    """Renew what changed since it was written, the newest changes first; say how many records.

    With up to `most` changes of projects waiting, whoever reads waits for whoever renews. With more
    (an import, a bulk update) one at a time renews `most` of them and the others go on reading what
    there is; the rest follows with the next searches or `rebuild_search --changed`. `None`: all.
    Names are few and renewed at once.

    A change is taken off the list first and the record read after that, in READ COMMITTED, so the
    entry is never older than the change; one that commits meanwhile has a row of its own.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if most is not None and is_long(cursor, most):
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                return 0
        else:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        changed = take_changes(cursor, most)
        for kind, keys in changed.items():
            if kind == "project":
                for ids in batched(sorted(map(int, keys)), BATCH):
                    write_entries(list(ids))
            else:
                write_names(kind, sorted(keys))
    return sum(map(len, changed.values()))


def is_long(cursor, most: int) -> bool:
    cursor.execute(
        """SELECT count(*) FROM (
            SELECT FROM projects_searchchange WHERE kind = 'project' LIMIT %s
        ) AS waiting""",
        [most + 1],
    )
    return cursor.fetchone()[0] > most


def take_changes(cursor, most: int | None) -> dict[str, set[str]]:
    cursor.execute(
        """DELETE FROM projects_searchchange WHERE kind <> 'project' OR id IN (
            SELECT id FROM projects_searchchange WHERE kind = 'project' ORDER BY id DESC LIMIT %s
        ) RETURNING kind, key""",
        [most],
    )
    changed = defaultdict(set)
    for kind, key in cursor.fetchall():
        changed[kind].add(key)
    return changed


def rebuild() -> int:
    """Compute every entry and name anew, in batches that searches need not wait for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM projects_searchchange")
        noted = [row[0] for row in cursor.fetchall()]
        ids = all_ids(cursor)
    with locked():
        for kind in NAMES:
            write_names(kind)
    for batch in batched(ids, BATCH):
        with locked():
            write_entries(list(batch))
    with connection.cursor() as cursor:
        # What was noted before the first record was read is in the entries now.
        cursor.execute("DELETE FROM projects_searchchange WHERE id = ANY (%s)", [noted])
    refresh_all()
    with locked() as cursor:
        cursor.execute(FORGET_WORDS)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE projects_searchentry, projects_searchname, projects_searchword")
    return len(ids)


def refresh_all() -> int:
    """Renew all that changed, in batches that searches need not wait for."""
    total = 0
    while renewed := refresh(None if connection.in_atomic_block else BATCH):
        total += renewed
    return total


@contextmanager
def locked():
    """Keep others from writing entries, in a transaction of its own or the one that is open."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield cursor


def all_ids(cursor) -> list[int]:
    """List the projects that have an entry or may need one."""
    cursor.execute(
        "SELECT id FROM projects_project UNION SELECT project_id FROM projects_searchentry"
    )
    return sorted(row[0] for row in cursor.fetchall())
