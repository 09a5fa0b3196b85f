"""What happened to a record and to all that hangs on it: when, by whom, and what, in sentences.

The events are written by the database (django-pghistory), whichever way a change is made. Here they
are read. A part of a record is a tracked row with a cascading foreign key to it, as a project's
countries are; sources are parts too.
"""

from .acts import Act, Step, acts_since, history_page
from .authors import CHECKING, last_changed_by, who
from .context import (
    COMMAND,
    FILE,
    IMPORT_FILE,
    IMPORT_NUMBER,
    UNDONE_IMPORT,
    USER,
    VERSION_AUTHOR,
    VERSION_IS_RESTORED,
    VERSION_IS_TIMED,
    VERSION_NUMBER,
)
from .events import HistoryPart, last_of_each_row, parts_of, row_after, rows_at, tracked_models
from .log import LogLine, LogParts, log_lines, log_parts
from .values import EMPTY, Names, as_text

__all__ = [
    "CHECKING",
    "COMMAND",
    "EMPTY",
    "FILE",
    "IMPORT_FILE",
    "IMPORT_NUMBER",
    "UNDONE_IMPORT",
    "USER",
    "VERSION_AUTHOR",
    "VERSION_IS_RESTORED",
    "VERSION_IS_TIMED",
    "VERSION_NUMBER",
    "Act",
    "HistoryPart",
    "LogLine",
    "LogParts",
    "Names",
    "Step",
    "acts_since",
    "as_text",
    "history_page",
    "last_changed_by",
    "last_of_each_row",
    "log_lines",
    "log_parts",
    "parts_of",
    "row_after",
    "rows_at",
    "tracked_models",
    "who",
]
