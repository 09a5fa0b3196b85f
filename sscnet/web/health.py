"""Two addresses for those who watch the server: is it alive, is it ready to serve."""

from functools import lru_cache

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sscnet.core.database.connections import outage
from sscnet.core.database.triggers import installed_triggers, triggers_of_models

TEXT = "text/plain; charset=utf-8"


@never_cache
@require_safe
def alive(request):
    """The process answers; the database is not asked."""
    return HttpResponse("alive\n", content_type=TEXT)


@never_cache
@require_safe
def ready(request):
    """Answer 503 with the reason unless pages can be served."""
    reason = why_not_ready()
    if reason:
        return HttpResponse(f"{reason}\n", status=503, content_type=TEXT)
    return HttpResponse("ready\n", content_type=TEXT)


def why_not_ready() -> str:
    """The database answers, knows every migration and has the triggers of today's models.

    `migrate` brings both, the triggers without a migration.
    """
    try:
        if outage.goes_on():
            return "the database does not answer"
        if are_migrations_waiting(frozenset(MigrationRecorder(connection).applied_migrations())):
            return "migrations are waiting"
        if installed_triggers() != triggers_of_models():
            return "triggers are waiting"
    except DatabaseError:
        return "the database does not answer"
    return ""


@lru_cache(maxsize=1)
def are_migrations_waiting(applied: frozenset[tuple[str, str]]) -> bool:
    """Compare with the migrations of the code, which are read once: a process keeps its code."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
