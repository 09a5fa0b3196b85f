"""What triggers keep for every way of writing: changes not told of yet, and letters out of date.

`meetings.office.notices` compares what was said of a meeting or workshop before the change, tells,
and empties it.
"""

from collections.abc import Iterable

import pgtrigger

ANNOUNCED_OF_MEETING = ["starts_on", "ends_on", "time_zone", "city", "venue", "cancelled_at"]
ANNOUNCED_OF_WORKSHOP = ["starts_at", "ends_at", "room", "cancelled_at"]


def keep_unannounced(*fields: str, translated: Iterable[str]) -> pgtrigger.Trigger:
    """Make the trigger that keeps the values before the first of the changes not told of yet.

    A record that was read before and is saved now changes nothing here; `{}` says that all is told.
    """
    pairs = [f"'{name}', OLD.{name}" for name in fields]
    pairs += [f"'{name}_zh_hans', OLD.i18n ->> '{name}_zh_hans'" for name in translated]
    return pgtrigger.Trigger(
        name="keep_unannounced",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(*fields, "i18n", "unannounced_change"),
        func=f"""
            IF NEW.unannounced_change = '{{}}' THEN NEW.unannounced_change = NULL;
            ELSE NEW.unannounced_change = COALESCE(
                OLD.unannounced_change, jsonb_build_object({", ".join(pairs)})
            );
            END IF;
            RETURN NEW;
        """,
    )


def outdate_letters_of_moved():
    """Make the trigger that outdates the letters of a meeting that is moved."""
    return pgtrigger.Trigger(
        name="outdate_letters",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange("starts_on", "ends_on"),
        func="""
            UPDATE meetings_issueddocument SET outdated_at = now()
            WHERE meeting_id = NEW.id AND kind = 'letter' AND paper_id IS NOT NULL
            AND outdated_at IS NULL AND withdrawn_at IS NULL;
            RETURN NULL;
        """,
    )


def outdate_documents_of_renamed():
    """Make the trigger beside a delegate's names and place: what was issued is no longer right."""
    return pgtrigger.Trigger(
        name="outdate_documents",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange("family_name", "given_names", "chinese_name", "place"),
        func="""
            IF NEW.place IN ('withdrawn', 'declined') AND NEW.place <> OLD.place THEN
                UPDATE meetings_issueddocument SET withdrawn_at = now()
                WHERE delegate_id = NEW.id AND kind = 'letter'
                AND outdated_at IS NULL AND withdrawn_at IS NULL;
            END IF;
            IF (NEW.family_name, NEW.given_names, NEW.chinese_name)
                IS DISTINCT FROM (OLD.family_name, OLD.given_names, OLD.chinese_name) THEN
                UPDATE meetings_issueddocument SET outdated_at = now()
                WHERE delegate_id = NEW.id AND paper_id IS NOT NULL
                AND outdated_at IS NULL AND withdrawn_at IS NULL;
            END IF;
            RETURN NULL;
        """,
    )
