"""Errors sent to a Sentry-compatible address: where in the code, never about whom."""

import sentry_sdk

from sscnet.core.personal_data.secret_addresses import shown_path

from .json_lines import request_id

KEPT = ("event_id", "timestamp", "platform", "level", "logger", "transaction", "release", "sdk")


def start(address: str, **options) -> None:
    sentry_sdk.init(
        dsn=address,
        before_send=without_persons,
        include_local_variables=False,
        max_breadcrumbs=0,
        max_request_body_size="never",
        auto_session_tracking=False,
        **options,
    )


def without_persons(event, hint):
    """Keep kinds of error and lines of code: messages, addresses and forms may name somebody.

    The number of the request leads to the rest, in the portal's own log.
    """
    kept = {name: event[name] for name in KEPT if name in event}
    # The path, where no page is found.
    if name := kept.get("transaction"):
        kept["transaction"] = shown_path(name)
    if text := event.get("logentry", {}).get("message"):
        # Not filled in.
        kept["logentry"] = {"message": text}
    errors = event.get("exception", {}).get("values", [])
    kept["exception"] = {
        "values": [
            {name: one.get(name) for name in ("type", "module", "stacktrace")} for one in errors
        ]
    }
    kept["tags"] = {"request_id": request_id.get()}
    return kept
