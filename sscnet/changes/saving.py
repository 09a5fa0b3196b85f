"""A form of the admin whose changes wait: it is stored, read, and all of it taken back again."""

from collections.abc import Callable

from django.db import models

from sscnet.core.models import ProposedVersion, PublicRecord
from sscnet.core.personal_data import fields

from .parts import Part
from .state import Change, RecordState, write_changes
from .trial import trial, try_out
from .versions import propose, read_changes, waits_for_release

# The button of those who could release at once.
AS_VERSION = "_as_version"


class ChangesWait(Exception):
    """Ends the storing of a form: what it changes of a public record is kept as a version."""

    def __init__(self, record: PublicRecord, before: RecordState):
        self.record = record
        self.all_changes = before.changes_to(RecordState.of(record, before.parts))

    @property
    def changes(self) -> list[Change]:
        return [c for c in self.all_changes if not fields.is_personal(c.model)]

    @property
    def left_out(self) -> set[type[models.Model]]:
        """Return of which rows about people something was changed: they are in no version."""
        return {c.model for c in self.all_changes if fields.is_personal(c.model)}


def rendered_with(version: ProposedVersion, respond):
    """Return a page as it would be if the version were released; nothing stays written."""
    with trial():
        write_changes(read_changes(version))
        response = respond()
        if hasattr(response, "render"):
            response.render()
    return response


def store_or_propose(
    record: PublicRecord, parts: list[Part], store: Callable[[], object], by
) -> ProposedVersion | None:
    """Change a record by `store`; where another must release that, keep and return a version."""
    if not waits_for_release(by, record):
        store()
        return None
    changes = try_out([record], parts, store)[record.pk]
    return propose(record, changes, by) if changes else None
