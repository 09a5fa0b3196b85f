"""Who or what changed a record, from what is noted beside the change."""

from itertools import chain, pairwise

from django.contrib.auth import get_user_model
from django.db import models
from django.utils.translation import gettext
from pghistory.models import Context

from .context import (
    COMMAND,
    IMPORT_FILE,
    IMPORT_NUMBER,
    UNDONE_IMPORT,
    USER,
    VERSION_AUTHOR,
    VERSION_NUMBER,
)
from .parts import Part, parts_of
from .state import CHECKING, changes_of_event
from .words import Words


def who(context: Context | None, words: Words) -> str:
    """Name the person, command or file behind a change, from what was noted beside it."""
    noted = context.metadata if context else {}
    if noted.get(USER):
        person = words.of(get_user_model(), noted[USER])
        if noted.get(VERSION_NUMBER):
            author = noted.get(VERSION_AUTHOR)
            author = words.of(get_user_model(), author) if author else gettext("not known")
            text = gettext("%(person)s, releasing version no. %(number)s of %(author)s")
            return text % {"person": person, "number": noted[VERSION_NUMBER], "author": author}
        if noted.get(UNDONE_IMPORT):
            text = gettext("%(person)s, by undoing import no. %(number)s")
            return text % {"person": person, "number": noted[UNDONE_IMPORT]}
        if noted.get(IMPORT_NUMBER):
            text = gettext("%(person)s, by importing %(file)s (import no. %(number)s)")
            values = {"file": noted[IMPORT_FILE], "number": noted[IMPORT_NUMBER]}
            return text % {"person": person, **values}
        return person
    if noted.get(COMMAND) and noted.get(IMPORT_FILE):
        text = gettext("the command %(command)s, from %(file)s")
        return text % {"command": noted[COMMAND], "file": noted[IMPORT_FILE]}
    if noted.get(COMMAND):
        return gettext("the command %(command)s") % {"command": noted[COMMAND]}
    return gettext("not known: changed in the database")


def last_changed_by(record: models.Model):
    """Return the user who last wrote in the record or its parts; None where no person did.

    Steps of publication and confirming a classification do not count: they are made by looking.
    """
    last = [event for part in parts_of(type(record)) if (event := last_written(part, record))]
    if not last:
        return None
    context = max(last, key=lambda event: event.pgh_created_at).pgh_context
    return get_user_model().objects.filter(pk=context.metadata[USER]).first()


def last_written(part: Part, record: models.Model) -> models.Model | None:
    """Return the part's newest event that a person caused by writing."""
    events = part.events(record).select_related("pgh_context").order_by("-pgh_id")
    if not part.is_own:
        return events.filter(**{f"pgh_context__metadata__{USER}__isnull": False}).first()
    for event, previous in pairwise(chain(events.iterator(chunk_size=20), [None])):
        is_persons = event.pgh_context and event.pgh_context.metadata.get(USER)
        changes = changes_of_event(part, record, event, previous)
        if is_persons and {change.field for change in changes} - CHECKING:
            return event
    return None
