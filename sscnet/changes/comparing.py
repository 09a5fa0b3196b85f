"""Versions in words: what stood there, what stands there, what is proposed."""

from django.db import models

from sscnet.core.models import ProposedVersion

from .state import Change
from .versions import judged_changes
from .words import Difference, Words


def compare(version: ProposedVersion) -> list[Difference]:
    """Return the changes of a version with the values from before, of now and proposed."""
    changes = judged_changes(version)
    words = Words(changes, version.content_type.model_class())
    return [
        words.difference(
            change,
            number=number,
            is_released=number in version.released,
            has_file=file_of(change) is not None,
        )
        for number, change in enumerate(changes)
    ]


def compare_states(changes: list[Change], owner: type[models.Model]) -> list[Difference]:
    """Return changes that nobody proposed yet: an older state beside that of now."""
    words = Words(changes, owner)
    return [words.difference(change) for change in changes]


def file_of(change: Change) -> str | None:
    """Return the name of the file that a change would bring, if it does."""
    columns = change.model._meta.concrete_fields
    files = {f.attname for f in columns if isinstance(f, models.FileField)}
    after = {change.field: change.after} if change.field else change.after or {}
    return next((after[name] for name in files if after.get(name)), None)
