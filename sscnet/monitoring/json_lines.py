"""Log lines as JSON, each with the number of the request that it was written in."""

import json
import logging
from contextvars import ContextVar
from datetime import datetime
from logging.handlers import WatchedFileHandler

from django.utils import timezone

from sscnet.core.personal_data.secret_addresses import shown_path, without_secrets

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)


class JsonLines(logging.Formatter):
    def format(self, record):
        # As people in the office read it, whatever the machine's clock shows.
        at = datetime.fromtimestamp(record.created, timezone.get_default_timezone())
        line = {
            "time": at.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_secrets(record.getMessage()),
            "request_id": request_id.get(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = without_secrets(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


class RequestLogFile(WatchedFileHandler):
    """The file to which the portal may only append; while logrotate changes it, a line is lost."""

    def emit(self, record):
        try:
            super().emit(record)
        except OSError:
            self.handleError(record)


class TidyRequestErrors(logging.Filter):
    """Leave out secrets of addresses, and tracebacks of what passes by itself."""

    def filter(self, record):
        if request := getattr(record, "request", None):
            hidden = {request.path: shown_path(request.path)}
            record.args = tuple(hidden.get(one, one) for one in record.args)
        if getattr(record, "status_code", None) in (503, 507):
            record.exc_info = None
        return True


class Seldom(logging.Filter):
    """Let through one line a minute: the first says what is wrong."""

    next_at = 0.0

    def filter(self, record):
        if record.created < self.next_at:
            return False
        self.next_at = record.created + 60
        return True
