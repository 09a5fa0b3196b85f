"""Files between preview and confirmation: on disk, under names of our own, for a day at most.

They lie beside the other uploads, where every process finds them, but no address leads to them.
"""

import time
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext as _

from sscnet.core.uploads.storage import whole_or_gone

KEPT = timedelta(days=1)
SALT = "sscnet.exchange"


class Gone(Exception):
    """A preview that cannot be confirmed any more; the message says what to do."""


@dataclass(frozen=True)
class Upload:
    """What the page of a preview carries, signed, to its confirmation."""

    batch: str
    name: str
    format: str
    model: str
    user: str
    # Whether it makes a record whose row names no source.
    needs_source: bool
    # What the preview showed, to notice when the records changed since.
    digest: str
    # The key of the answer whose rows these are, in the place of a file.
    answer: int | None = None

    def token(self) -> str:
        return signing.dumps(asdict(self), salt=SALT)

    @classmethod
    def of_token(cls, token: str, model: str, user: str) -> "Upload":
        try:
            upload = cls(**signing.loads(token, salt=SALT, max_age=KEPT))
        except signing.BadSignature:
            upload = None
        if upload is None or upload.model != model:
            raise Gone(_("This preview is no longer available. Send the file again."))
        if upload.user != user:
            raise Gone(_("Somebody else made this preview. Send the file yourself."))
        return upload

    def keep(self, content: bytes, refused: bytes | None) -> None:
        sweep()
        folder().mkdir(parents=True, exist_ok=True)
        write(self.path(), content)
        if refused:
            write(self.path("refused"), refused)

    def take(self) -> bytes:
        """Return the file to one caller only: who confirms twice imports once."""
        try:
            content = self.path().read_bytes()
            self.path().unlink()
        except FileNotFoundError:
            raise Gone(_("It has already been done. See the history, or begin again.")) from None
        return content

    def refused(self) -> bytes:
        try:
            return self.path("refused").read_bytes()
        except FileNotFoundError:
            raise Gone(_("This preview is no longer available. Send the file again.")) from None

    def path(self, part: str = "sent") -> Path:
        return folder() / f"{UUID(self.batch)}.{part}"


def write(path: Path, content: bytes) -> None:
    with whole_or_gone(path):
        path.touch(mode=0o600)
        path.write_bytes(content)


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "imports"


def sweep() -> None:
    """Delete what was not confirmed within a day."""
    oldest = time.time() - KEPT.total_seconds()
    for path in folder().glob("*.*"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
