"""What was said of a meeting or workshop before a change that nobody was told of yet.

Triggers keep it for every way of writing; `meetings.office.notices` compares, tells, and empties
it.
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
