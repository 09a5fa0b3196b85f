"""Two addresses for those who watch the server: is it alive, is it ready to serve."""

from functools import cache

import pgtrigger
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

TEXT = "text/plain; charset=utf-8"
# Each trigger made from a model carries a hash of its text.
TRIGGERS = """
SELECT tgname, obj_description(oid, 'pg_trigger') FROM pg_trigger WHERE tgname LIKE 'pgtrigger\\_%'
"""


@never_cache
@require_safe
def alive(request):
    """The process answers; the database is not asked."""
    return HttpResponse("alive\n", content_type=TEXT)


@never_cache
@require_safe
def ready(request):
    """The database answers, knows every migration and has the triggers of today's models.

    Otherwise 503 and the reason. `migrate` brings both, the triggers without a migration.
    """
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        is_up_to_date = not waiting and installed_triggers() == triggers_of_models()
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type=TEXT)
    if waiting:
        return HttpResponse("migrations are waiting\n", status=503, content_type=TEXT)
    if not is_up_to_date:
        return HttpResponse("triggers are waiting\n", status=503, content_type=TEXT)
    return HttpResponse("ready\n", content_type=TEXT)


def installed_triggers() -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS)
        return set(cursor.fetchall())


@cache
def triggers_of_models() -> set[tuple[str, str]]:
    return {
        (trigger.get_pgid(model), trigger.compile(model).hash)
        for model, trigger in pgtrigger.registered()
    }
