"""Rows of a file that change public records, of somebody who may not publish: they wait."""

from sscnet.changes.parts import Part
from sscnet.changes.trial import try_out
from sscnet.changes.versions import propose, waits_for_release
from sscnet.core.models import ProposedVersion, PublicRecord


class WaitingRows:
    """Keeps what a file would change of public records as versions, one a record.

    `parts` are those of a record that the file may change.
    """

    def __init__(self, user, parts: list[Part]):
        self.user, self.parts = user, parts

    def take(self, draft) -> bool:
        """Return whether a row waits for release instead of being stored."""
        is_public = isinstance(draft.instance, PublicRecord) and not draft.is_new
        return is_public and waits_for_release(self.user, draft.instance)

    def propose(self, drafts: list, write, file_name: str) -> None:
        """Try out these drafts with `write`, take all of it back, and keep what was different."""
        records = [draft.instance for draft in drafts]
        found = try_out(records, self.parts, lambda: write(drafts))
        origin = {"origin": ProposedVersion.Origin.IMPORT, "file_name": file_name[:200]}
        for record in records:
            if changes := found[record.pk]:
                propose(record, changes, self.user, **origin)
