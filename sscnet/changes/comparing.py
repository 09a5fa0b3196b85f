"""Versions in words: what stood there, what stands there, what is proposed."""

from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext

from sscnet.core.models import ProposedVersion

from .state import Change
from .versions import judged_changes
from .words import Difference, Words


@dataclass
class ComparedField:
    """A field that versions of one record would change: its value now, and in each of them."""

    label: str
    now: str
    # By version; what is not in here, the version leaves as it is.
    after: dict[ProposedVersion, str] = field(default_factory=dict)

    @property
    def differ(self) -> bool:
        return len(set(self.after.values())) > 1


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


def compare_versions(versions: list[ProposedVersion]) -> list[ComparedField]:
    """Return each field that one of the versions changes, with what each makes of it."""
    judged = [(version, change) for version in versions for change in judged_changes(version)]
    owner = versions[0].content_type.model_class() if versions else None
    words = Words([change for _version, change in judged], owner)
    found = {}
    for version, change in judged:
        place = *change.place, change.field
        if place not in found:
            found[place] = ComparedField(words.label(change), words.text(change, change.now))
        found[place].after[version] = words.text(change, change.after) or gettext("empty")
    return list(found.values())


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
