"""The log of changes: in which state the records are, by topics, for whatever is kept beside them.

What is made from records and kept (bitmaps of a list, words of the search, whole pages) is good as
long as the stamps of the topics it was made from stay as they are. A trigger of each table that the
public sees something of (`triggers.LogsChange`) adds a row a topic for every statement that writes
to it, by whatever statement; a stamp names the rows of a topic that a connection sees.

Ids and clocks alone do not show what is new, as a transaction that began early may commit late.
The set of visible rows can: every commit adds rows to it, however late; a rollback takes them away
again, a savepoint's too; one's own rows are in it before others see them. A row comes and goes with
the change it stands for, as both are written by one transaction. So the same stamp means the same
state, in every process, and no snapshot needs to be kept.

Whoever keeps something looks first and reads the records after: what is committed between the two
is then kept under too old a stamp, and made once more at the next look. After an own write look
anew.
"""

from collections.abc import Iterable

from .sql import execute, fetch

PROJECTS = "projects"
INSTITUTIONS = "institutions"
MEETINGS = "meetings"
# Delegations, delegates and places: what a meeting's page shows of who comes and what is free.
REGISTRATIONS = "registrations"
# What the Secretariat writes: pages, dated figures.
PAGES = "pages"
# Those of them that are news, and come and go by the day.
NEWS = "news"
# The code lists.
WORDS = "words"
# Where facts come from, of whatever record.
SOURCES = "sources"
# Calls, and what became of their proposals.
CALLS = "calls"
# What partners look for; needs end by the day.
NEEDS = "needs"
TOPICS = (
    *(PROJECTS, INSTITUTIONS, MEETINGS, REGISTRATIONS, PAGES, NEWS, WORDS, SOURCES, CALLS),
    NEEDS,
)

NEVER_CHANGED = "0"
# A transaction seldom lives longer: rows that old move no more stamps than their removal does.
KEPT_FOR = "10 minutes"
FEW_ROWS = 500

# Number, newest and moment could be those of other rows by chance: the ids, hashed, keep the sets
# apart. The moment does so after a restore, which may give ids a second time.
STAMPS = """
SELECT topic, concat_ws(
    '.', count(*), max(id), bit_xor(hashint8extended(id, 0)), extract(epoch FROM max(at))
)
FROM core_change GROUP BY topic
"""
IS_LONG = f"SELECT count(*) > {FEW_ROWS} FROM core_change"  # noqa: S608
TRIM = f"""
DELETE FROM core_change WHERE id IN (
    SELECT id FROM core_change
    WHERE at < clock_timestamp() - interval '{KEPT_FOR}'
        AND id NOT IN (SELECT max(id) FROM core_change GROUP BY topic)
    FOR UPDATE SKIP LOCKED
)
"""  # noqa: S608


def stamps() -> dict[str, str]:
    """Return for each topic a text that names its state as this connection sees it now.

    One query, so that all are of the same moment.
    """
    return dict.fromkeys(TOPICS, NEVER_CHANGED) | dict(fetch(STAMPS))


def stamp_of(topics: Iterable[str], looked: dict[str, str] | None = None) -> str:
    """Return one text for the state of several topics, from a look at the log or a new one."""
    looked = stamps() if looked is None else looked
    return " ".join(looked[topic] for topic in sorted(topics))


def of_request(request) -> dict[str, str]:
    """Return the stamps as they were when the request first asked: one state for all it shows."""
    if not hasattr(request, "stamps"):
        request.stamps = stamps()
    return request.stamps


def trim() -> int:
    """Delete old rows of a long log; return how many.

    This moves stamps, so what is kept is made once more without need: it is done before a look, and
    seldom. The newest row of a topic stays: no stamp comes back to what it was before a change.
    """
    [(is_long,)] = fetch(IS_LONG)
    return execute(TRIM) if is_long else 0
