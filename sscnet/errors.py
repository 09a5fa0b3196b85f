"""What is answered when an error reaches nobody else."""

import sys

from django.db import InterfaceError, OperationalError
from django.shortcuts import render

from secretariat.api.middleware import API
from secretariat.api.problems import problem, usual

RETRY_AFTER = 120
# Classes and codes of PostgreSQL: no connection, too many of them, shut down, starting up.
AWAY = ("08", "53", "57P")


def is_database_away(error: BaseException | None) -> bool:
    """Return whether the database cannot be reached: its errors then carry no code, or these."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    return (getattr(error.__cause__, "sqlstate", None) or AWAY[0]).startswith(AWAY)


def server_error(request):
    """Answer 503 with the page of maintenance while the database is away, else 500."""
    if not is_database_away(sys.exception()):
        return render(request, "500.html", status=500)
    if request.path_info.startswith(API):
        response = problem(503, usual(503))
    else:
        response = render(request, "503.html", status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    return response
