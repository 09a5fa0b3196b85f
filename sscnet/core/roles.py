"""What the database itself refuses to the portal's pages (docs/security.md, "The database").

Tables and functions belong to the role that migrates. The pages sign in as another one
(`WEB_ROLE`), which reads and writes rows, and makes, changes or empties no table. Logs and history
it adds to; what erasing needs besides is a function of the owner, which looks itself whether it is
due. In development and in tests one role is both, with the same functions.
"""

from collections.abc import Callable
from datetime import timedelta

import pgtrigger
from django.conf import settings
from django.db import connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.db.models.functions import Now
from pghistory.models import Context

from .database.sql import fetch
from .database.triggers import installed_triggers, tracked_models
from .models import RetentionRun

# History that changed later is not given up: who takes over the pages cannot wipe fresh traces.
SETTLED_DAYS = 30

# `pgtrigger.ignore` is a setting that every role may set.
SHOULD_IGNORE = """
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$ BEGIN
    RETURN current_user = {owner} AND trigger_name::text = ANY (
        coalesce(nullif(current_setting('pgtrigger.ignore', true), ''), '{{}}')::text[]
    );
END $$
"""

# As pghistory's own, but that what was noted once stays: more may be added.
ATTACH_CONTEXT = """
CREATE OR REPLACE FUNCTION public._pgh_attach_context() RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    context uuid := nullif(current_setting('pghistory.context_id', true), '');
    noted jsonb := nullif(current_setting('pghistory.context_metadata', true), '');
BEGIN
    IF context IS NULL OR noted IS NULL THEN RETURN NULL; END IF;
    INSERT INTO public.pghistory_context AS there (id, metadata, created_at, updated_at)
    VALUES (context, noted, now(), now())
    ON CONFLICT (id) DO UPDATE
    SET metadata = EXCLUDED.metadata, updated_at = EXCLUDED.updated_at
    WHERE there.metadata <> EXCLUDED.metadata
        AND EXCLUDED.metadata @> jsonb_strip_nulls(there.metadata);
    RETURN context;
END $$
"""

FORGET_HISTORY = """
CREATE OR REPLACE FUNCTION public.forget_history(of_table text, numbers bigint[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    events text := of_table || 'event';
    is_refused boolean;
    forgotten bigint;
BEGIN
    IF (of_table = ANY (ARRAY[{tables}]::text[])) IS NOT TRUE THEN
        RAISE insufficient_privilege USING MESSAGE = 'this history is never given up';
    END IF;
    EXECUTE format(
        'SELECT EXISTS (SELECT FROM public.%I WHERE id = ANY ($1)) OR EXISTS (
            SELECT FROM public.%I WHERE pgh_obj_id = ANY ($1)
            AND pgh_label <> ''delete'' AND pgh_created_at > now() - make_interval(days => $2)
        )', of_table, events
    ) INTO is_refused USING numbers, {days};
    IF is_refused THEN
        RAISE insufficient_privilege
        USING MESSAGE = 'the history of what is there, or changed lately, is not given up';
    END IF;
    EXECUTE format('DELETE FROM public.%I WHERE pgh_obj_id = ANY ($1)', events) USING numbers;
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    RETURN forgotten;
END $$
"""

# All is taken first: what an earlier release granted must not stay.
GRANTS = """
REVOKE ALL ON DATABASE {database} FROM PUBLIC, {web};
GRANT CONNECT ON DATABASE {database} TO {web};
REVOKE ALL ON SCHEMA public FROM PUBLIC, {web};
GRANT USAGE ON SCHEMA public TO {web};
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {web};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {web};
REVOKE UPDATE, DELETE ON {added_to} FROM {web};
REVOKE INSERT, UPDATE, DELETE ON {only_read} FROM {web};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {web};
REVOKE ALL ON FUNCTION {functions} FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {functions} TO {web};
"""

_owner_functions: dict[str, Callable[[], str]] = {}


def owner_function(name: str, statement: Callable[[], str]) -> None:
    """Declare a function of the owner that the pages may call: what they may not do themselves.

    `statement` returns its CREATE OR REPLACE FUNCTION, in the schema public, SECURITY DEFINER and
    with its own search_path. It looks itself whether what it does is due.
    """
    _owner_functions[name] = statement


# ------------------------------------------------------------------ after each migration


def after_migrate(using: str, **_signal) -> None:
    """Bring functions, rights and triggers up to date."""
    make_functions(using)
    if settings.WEB_ROLE:
        grant(settings.WEB_ROLE, using)
    install_triggers(using)


def make_functions(using: str) -> None:
    statements = [statement() for statement in _owner_functions.values()]
    with transaction.atomic(using), connections[using].cursor() as cursor:
        for function in (should_ignore(using), ATTACH_CONTEXT, *statements):
            cursor.execute(function)


def should_ignore(using: str) -> str:
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT quote_literal(current_user)")
        return SHOULD_IGNORE.format(owner=cursor.fetchone()[0])


def grant(role: str, using: str = "default") -> None:
    """Give a role what the pages need, and take from it and from everybody what they do not."""
    database = connections[using]
    quote = database.ops.quote_name
    added_to = {RetentionRun, *tracked_models().values()}
    added_to |= {model for model, one in pgtrigger.registered() if one.name == "append_only"}
    grants = GRANTS.format(
        web=quote(role),
        database=quote(database.settings_dict["NAME"]),
        added_to=", ".join(sorted(quote(model._meta.db_table) for model in added_to)),
        # Pages may say neither which migrations ran nor who did what.
        only_read=", ".join(
            quote(model._meta.db_table) for model in (MigrationRecorder.Migration, Context)
        ),
        functions=", ".join(f"public.{quote(name)}" for name in _owner_functions),
    )
    # In one transaction: pages that run never meet a moment without rights.
    with transaction.atomic(using), database.cursor() as cursor:
        cursor.execute(grants)


def install_triggers(using: str) -> None:
    """Install the triggers that differ from those of the models: to replace one locks its table.

    Each brings pgtrigger's own function with it, which listens to whoever asks it to ignore.
    """
    installed, ours = installed_triggers(using), should_ignore(using)
    for model, trigger in pgtrigger.registered():
        if (trigger.get_pgid(model), trigger.compile(model).hash) not in installed:
            with transaction.atomic(using), connections[using].cursor() as cursor:
                trigger.install(model, database=using)
                cursor.execute(ours)
    pgtrigger.prune(database=using)


# ------------------------------------------------------------------ erasing from the history

_forgettable: list[type[Model]] = []


def may_forget(*models: type[Model]) -> None:
    """Declare models of which erasing deletes the history, with the rows."""
    _forgettable.extend(models)


def forget_history_statement() -> str:
    tables = ", ".join(f"'{model._meta.db_table}'" for model in _forgettable)
    return FORGET_HISTORY.format(tables=tables, days=SETTLED_DAYS)


owner_function("forget_history", forget_history_statement)


def settled(rows: QuerySet) -> QuerySet:
    """Return the rows whose history the database would give up."""
    events = tracked_models()[rows.model].objects.filter(pgh_obj_id=OuterRef("pk"))
    lately = events.filter(pgh_created_at__gt=Now() - timedelta(days=SETTLED_DAYS))
    return rows.exclude(Exists(lately))


def forget_history(model: type[Model], numbers: list[int]) -> int:
    """Delete what the history holds of rows that are gone, their going included."""
    given = [model._meta.db_table, numbers]
    [(forgotten,)] = fetch("SELECT public.forget_history(%s, %s::bigint[])", given)
    return forgotten
