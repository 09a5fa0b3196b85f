"""Two addresses for those who watch the server: is it alive, is it ready to serve."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

TEXT = "text/plain; charset=utf-8"


@never_cache
@require_safe
def alive(request):
    """The process answers; the database is not asked."""
    return HttpResponse("alive\n", content_type=TEXT)


@never_cache
@require_safe
def ready(request):
    """The database answers and knows every migration; otherwise 503 and the reason."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type=TEXT)
    if waiting:
        return HttpResponse("migrations are waiting\n", status=503, content_type=TEXT)
    return HttpResponse("ready\n", content_type=TEXT)
