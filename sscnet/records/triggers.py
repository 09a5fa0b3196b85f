"""Database triggers that every public record uses, so that no way of writing gets round them."""

import pgtrigger
from pgtrigger import AnyChange, Func, Trigger


def stamp_updated_at() -> Trigger:
    """Make `updated_at` the moment of the last real change, whoever makes it and however."""
    return Trigger(
        name="stamp_updated_at",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=AnyChange(exclude=["updated_at"]),
        func="NEW.updated_at = clock_timestamp(); RETURN NEW;",
    )


def touch(parent: str, table: str) -> Trigger:
    """Make a change of a link or part count as a change of the record it belongs to.

    `parent` is the name of the foreign key's column without `_id`, `table` the parent's table.
    """
    update = f"UPDATE {table} SET updated_at = clock_timestamp() WHERE id ="  # noqa: S608
    return Trigger(
        name=f"touch_{parent}",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF TG_OP <> 'INSERT' THEN {update} OLD.{parent}_id; END IF;
            IF TG_OP <> 'DELETE' THEN {update} NEW.{parent}_id; END IF;
            RETURN NULL;
        """,
    )


def take_back_confirmation(parent: str, table: str, *columns: str) -> Trigger:
    """Make a classification unconfirmed when a row of it comes, goes, or changes in these columns.

    `parent` and `table` as in `touch`.
    """
    update = f"""
        UPDATE {table} SET classification_confirmed_on = NULL, classification_confirmed_by_id = NULL
        WHERE classification_confirmed_on IS NOT NULL AND id ="""  # noqa: S608
    old, new = (
        ", ".join(f"{row}.{name}" for name in (f"{parent}_id", *columns)) for row in ("OLD", "NEW")
    )
    return Trigger(
        name=f"take_back_confirmation_{parent}",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF TG_OP = 'UPDATE' THEN
                IF ({old}) IS NOT DISTINCT FROM ({new}) THEN RETURN NULL; END IF;
            END IF;
            IF TG_OP <> 'INSERT' THEN {update} OLD.{parent}_id; END IF;
            IF TG_OP <> 'DELETE' THEN {update} NEW.{parent}_id; END IF;
            RETURN NULL;
        """,
    )


def keep_old_slug() -> Trigger:
    """Remember a slug that is replaced, so that its address goes on working for ever."""
    return Trigger(
        name="keep_old_slug",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("slug"),
        condition=AnyChange("slug"),
        func=Func(
            """
            INSERT INTO records_oldslug (model, slug, object_id, replaced_at)
            VALUES ('{meta.label_lower}', OLD.slug, OLD.id, now())
            ON CONFLICT (model, slug) DO UPDATE
            SET object_id = EXCLUDED.object_id, replaced_at = EXCLUDED.replaced_at;
            RETURN NULL;
            """
        ),
    )


def once_given(*fields: str) -> Trigger:
    """Refuse to change the fields named after the row was made."""
    return pgtrigger.ReadOnly(name="once_given", fields=list(fields))
