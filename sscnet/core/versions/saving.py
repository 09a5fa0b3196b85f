"""A form of the admin whose changes wait: it is stored, read, and all of it taken back again."""

from collections.abc import Callable

from django.db import models, transaction

from ..history import HistoryPart
from ..models import ProposedVersion, PublicRecord
from ..personal_data import fields
from .releasing import propose, waits_for_release
from .states import RecordChange, differences, model_of, read_states, try_out, write

# The button of those who could release at once.
AS_VERSION = "_as_version"


class FormState:
    """What a form is about, as it was stored before anything of the form was."""

    def __init__(self, record: models.Model, parts: list[HistoryPart]):
        self.parts = parts
        self.before = read_states([record], parts)[record.pk] if record.pk else {}

    def changes_to(self, saved: models.Model) -> list[RecordChange]:
        return differences(self.before, read_states([saved], self.parts)[saved.pk])


class ChangesWait(Exception):
    """Ends the storing of a form: what it changes of a public record is kept as a version."""

    def __init__(self, record: PublicRecord, saved: models.Model, state: FormState):
        self.record, self.saved = record, saved
        self.all_changes = state.changes_to(saved)

    @property
    def changes(self) -> list[RecordChange]:
        return [c for c in self.all_changes if not fields.is_personal(model_of(c))]

    @property
    def left_out(self) -> set[type[models.Model]]:
        """Return of which rows about people something was changed: they are in no version."""
        return {model_of(c) for c in self.all_changes if fields.is_personal(model_of(c))}


def rendered_with(version: ProposedVersion, respond):
    """Return a page as it would be if the version were released; nothing stays written."""
    with transaction.atomic():
        write(version.changes)
        response = respond()
        if hasattr(response, "render"):
            response.render()
        transaction.set_rollback(True)
    return response


def keep(waits: ChangesWait, by, replaces: ProposedVersion | None = None):
    """Keep what was to be stored as a version; None where nothing would change."""
    if not waits.changes:
        return None
    return propose(waits.record, waits.changes, by, replaces=replaces)


def store_or_propose(
    record: PublicRecord, parts: list[HistoryPart], store: Callable[[], object], by
) -> ProposedVersion | None:
    """Change a record by `store`; where another must release that, keep and return a version."""
    if not waits_for_release(by, record):
        store()
        return None
    changes = try_out([record], parts, store)[record.pk]
    return propose(record, changes, by) if changes else None
