"""Database triggers of public records, which hold for every way of writing."""

from functools import cache

import pgtrigger
from django.db import connections, models
from django.db.migrations import RunSQL
from pghistory import core as pghistory_core
from pgtrigger import AnyChange, Func, Trigger


class AnyColumnChange(AnyChange):
    """Any change but of these fields; the virtual fields of a translation have no column."""

    def __init__(self, *, without):
        super().__init__(exclude=without)

    def resolve(self, model):
        virtual = [field.name for field in model._meta.fields if not field.column]
        return AnyChange(exclude=[*self.exclude, *virtual]).resolve(model)


def stamp_updated_at(*counters: str) -> Trigger:
    """Set `updated_at` at each real change, by whatever statement."""
    return Trigger(
        name="stamp_updated_at",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=AnyColumnChange(without=["updated_at", *counters]),
        func="NEW.updated_at = clock_timestamp(); RETURN NEW;",
    )


def update_parent(name: str, parent: str, update: str, first: str = "") -> Trigger:
    """Run an update, which ends before the id, for the record that a row belongs to or did.

    `parent` is the name of the foreign key's column without `_id`.
    """
    return Trigger(
        name=f"{name}_{parent}",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            {first}
            IF TG_OP <> 'INSERT' THEN {update} OLD.{parent}_id; END IF;
            IF TG_OP <> 'DELETE' THEN {update} NEW.{parent}_id; END IF;
            RETURN NULL;
        """,
    )


def touch(parent: str, table: str) -> Trigger:
    """Make a change of a link or part count as a change of the record it belongs to."""
    update = f"UPDATE {table} SET updated_at = clock_timestamp() WHERE id ="  # noqa: S608
    return update_parent("touch", parent, update)


def reset_confirmation(parent: str, table: str, *columns: str) -> Trigger:
    """Make a classification unconfirmed where a row of it comes, goes, or changes in these."""
    update = f"""
        UPDATE {table} SET classification_confirmed_on = NULL, classification_confirmed_by_id = NULL
        WHERE classification_confirmed_on IS NOT NULL AND id ="""  # noqa: S608
    old, new = (
        ", ".join(f"{row}.{name}" for name in (f"{parent}_id", *columns)) for row in ("OLD", "NEW")
    )
    unchanged = f"""
            IF TG_OP = 'UPDATE' THEN
                IF ({old}) IS NOT DISTINCT FROM ({new}) THEN RETURN NULL; END IF;
            END IF;"""
    return update_parent("take_back_confirmation", parent, update, unchanged)


def keep_old_slug() -> Trigger:
    """Store a slug that is replaced, so that its address goes on working."""
    return Trigger(
        name="keep_old_slug",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("slug"),
        condition=AnyChange("slug"),
        func=Func(
            """
            INSERT INTO core_oldslug (model, slug, object_id, replaced_at)
            VALUES ('{meta.label_lower}', OLD.slug, OLD.id, now())
            ON CONFLICT (model, slug) DO UPDATE
            SET object_id = EXCLUDED.object_id, replaced_at = EXCLUDED.replaced_at;
            RETURN NULL;
            """
        ),
    )


def read_only(*fields: str) -> Trigger:
    """Refuse to change the fields named after the row was made."""
    return pgtrigger.ReadOnly(name="once_given", fields=list(fields))


def append_only() -> Trigger:
    """Refuse to change or delete a row; the role of the pages has no right to (`core.roles`).

    Only functions of the database's owner go round it, and `make_sample --remove`.
    """
    return pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)


def refuse(name: str, operation, broken: str, message: str, *, first="", **options) -> Trigger:
    """Refuse an operation where `broken`, a condition in SQL, is true once `first` was done."""
    raising = f"RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation';"
    func = f"{first} IF ({broken}) THEN {raising} END IF; RETURN coalesce(NEW, OLD);"
    return Trigger(name=name, when=pgtrigger.Before, operation=operation, func=func, **options)


class LogsChange(Trigger):
    """Note each statement that writes to the table in the log of changes (`stamps`).

    `only` names the fields whose update counts, `without` those whose update does not: in a rush of
    registrations the counters of a meeting move hundreds of times and the rest of it does not.
    """

    level = pgtrigger.Statement
    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate

    def __init__(self, *topics, only=(), without=()):
        self.topics, self.only, self.without = topics, only, without
        rows = ", ".join(f"('{topic}')" for topic in topics)
        func = f"INSERT INTO core_change (topic) VALUES {rows}; RETURN NULL;"  # noqa: S608
        super().__init__(name=f"logs_{'_'.join(topics)}", func=func)

    def operation_on(self, model):
        if self.only:
            return pgtrigger.UpdateOf(*self.only)
        if self.without:
            fields = model._meta.concrete_fields
            update = pgtrigger.UpdateOf(*(f.column for f in fields if f.name not in self.without))
            return pgtrigger.Insert | update | pgtrigger.Delete | pgtrigger.Truncate
        return self.operation

    def compile(self, model):
        self.operation = self.operation_on(model)
        return super().compile(model)


# ------------------------------------------------------------------ which there are

# Each trigger made from a model carries a hash of its text.
INSTALLED = """
SELECT tgname, obj_description(oid, 'pg_trigger') FROM pg_trigger WHERE tgname LIKE 'pgtrigger\\_%'
"""


def installed_triggers(using: str = "default") -> set[tuple[str, str]]:
    with connections[using].cursor() as cursor:
        cursor.execute(INSTALLED)
        return set(cursor.fetchall())


@cache
def triggers_of_models() -> set[tuple[str, str]]:
    return {
        (trigger.get_pgid(model), trigger.compile(model).hash)
        for model, trigger in pgtrigger.registered()
    }


def tracked_models() -> dict[type[models.Model], type[models.Model]]:
    """Map each model that has a history to the model of its events."""
    return {event.pgh_tracked_model: event for event in pghistory_core.event_models()}


# ------------------------------------------------------------------ for migrations

DROP_TRIGGERS = """
DO $$
DECLARE one record;
BEGIN
    FOR one IN
        SELECT tgname, tgrelid::regclass AS kept_on FROM pg_trigger
        WHERE tgname LIKE 'pgtrigger_%' AND tgrelid = ANY ('{{{tables}}}'::regclass[])
    LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', one.tgname, one.kept_on);
    END LOOP;
END $$;
"""


def drop_triggers(*tables: str) -> RunSQL:
    """Drop the triggers of tables, which name columns that go or let nothing change.

    `migrate` makes those of the models anew at its end.
    """
    return RunSQL(DROP_TRIGGERS.format(tables=",".join(tables)), RunSQL.noop)
