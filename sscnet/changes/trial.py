"""Do something, look at what came of it, and take all of it back."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import models, transaction

from .parts import Part
from .state import Change, RecordState


@contextmanager
def trial() -> Iterator[None]:
    """Take back at the end whatever is written inside; what it raises is raised.

    Locks stay until the end of the transaction around it. To see the mails that would be written:
    `with trial(), post.collecting() as mails`.
    """
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def try_out(
    records: Iterable[models.Model], parts: list[Part], store: Callable[[], object]
) -> dict[Any, list[Change]]:
    """Return what `store` changes of each record, by its key; nothing of it stays stored."""
    before = RecordState.of_each(records, parts)
    with trial():
        store()
        after = RecordState.of_each(records, parts)
    return {key: before[key].changes_to(after[key]) for key in before}
