"""Where uploads are kept, and what happens when there is no room for one."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import transaction

# The disk is full, the user's share of it is, or a process may write no larger file.
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def throw_away(*names: str) -> None:
    """Delete files once the transaction holds: nobody would find them any more."""
    for name in filter(None, names):
        transaction.on_commit(partial(default_storage.delete, name))


def is_full(error: BaseException | None) -> bool:
    """Return whether something could not be written for lack of room."""
    return isinstance(error, OSError) and error.errno in NO_ROOM


@contextmanager
def whole_or_gone(path: Path) -> Iterator[None]:
    """Delete a file that could not be written to its end."""
    try:
        yield
    except OSError:
        path.unlink(missing_ok=True)
        raise


class WholeFileStorage(FileSystemStorage):
    """Django's own leaves behind what it had written of a file when the disk is full."""

    def save(self, name, content, max_length=None):
        # Chosen here to know what to delete. Uploads have random names: nobody else takes it.
        name = self.get_available_name(name, max_length)
        with whole_or_gone(Path(self.path(name))):
            return super().save(name, content, max_length)


class TemporaryUpload(TemporaryFileUploadHandler):
    """Django's own leaves a file open, and there, that it could not write to its end."""

    def receive_data_chunk(self, raw_data, start):
        with self.closed_at_once():
            return super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size):
        with self.closed_at_once():
            return super().file_complete(file_size)

    @contextmanager
    def closed_at_once(self):
        try:
            yield
        except OSError:
            # Closing writes what is still in memory, and fails again.
            with suppress(OSError):
                self.upload_interrupted()
            raise
