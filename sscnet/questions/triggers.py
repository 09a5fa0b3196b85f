"""What the database itself keeps of a question that somebody answered."""

# ruff: noqa: S608 -- made of names of tables and columns alone

import pgtrigger
from pgtrigger import Trigger

from sscnet.core.database.triggers import refuse


def lines_of(text: str) -> str:
    """Return SQL for the lines of a text that are not empty, in their order."""
    return f"""array(
        SELECT btrim(line) FROM regexp_split_to_table({text}, '[\\r\\n]+') WITH ORDINALITY
            AS lines(line, position)
        WHERE btrim(line) <> '' ORDER BY position
    )"""


def differ(before: str, after: str) -> str:
    """Return SQL that is true where lines were added, taken out, or changed places.

    Other words of a line are no difference, nor is a text where there was none.
    """
    return f"""{before} <> '' AND {before} <> {after} AND (
        cardinality({lines_of(before)}) <> cardinality({lines_of(after)})
        OR EXISTS (
            SELECT FROM unnest({lines_of(before)}) WITH ORDINALITY AS one(line, position)
            JOIN unnest({lines_of(after)}) WITH ORDINALITY AS other(line, position)
                ON one.line = other.line AND one.position <> other.position
        )
    )"""


ENGLISH = ("OLD.choices", "NEW.choices")
CHINESE = tuple(f"coalesce({row}.i18n ->> 'choices_zh_hans', '')" for row in ("OLD", "NEW"))
CHOICES_DIFFER = f"({differ(*ENGLISH)} OR {differ(*CHINESE)})"


def answered_stays(answers: str) -> Trigger:
    """Refuse another kind, or other choices, of a question once `answers`, a table, has one of it.

    Texts may be corrected: a choice is known by its number.
    """
    return refuse(
        "answered_stays",
        pgtrigger.UpdateOf("kind", "takes_several", "choices", "i18n"),
        f"""(
            (OLD.kind, OLD.takes_several) IS DISTINCT FROM (NEW.kind, NEW.takes_several)
            OR {CHOICES_DIFFER}
        ) AND EXISTS (SELECT FROM {answers} WHERE question_id = NEW.id)""",
        "a question that was answered stays, but for its words",
    )
