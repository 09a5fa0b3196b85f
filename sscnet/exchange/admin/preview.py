"""What an officer sees of a file before confirming it."""

import hashlib
import json

from ..outcomes import RowKind, RowOutcome
from ..sheets import REASON, Sheet, as_sent
from ..writing.formats import FORMATS

# A page of more rows is not read; the counts and the file of refused rows have all of them.
MOST_SHOWN = 200


class ImportPreview:
    new: list[RowOutcome]
    changed: list[RowOutcome]
    waits: list[RowOutcome]
    same: list[RowOutcome]
    refused: list[RowOutcome]

    def __init__(
        self, sheet: Sheet, rows: list[RowOutcome], *, is_ticked_by_row: bool = False, ticked=()
    ):
        self.sheet, self.is_ticked_by_row, self.ticked = sheet, is_ticked_by_row, ticked
        for kind in RowKind:
            setattr(self, kind, [row for row in rows if row.kind == kind])

    @property
    def can_be_confirmed(self) -> bool:
        return bool(self.new or self.changed or self.waits)

    @property
    def needs_source(self) -> bool:
        return any(outcome.draft.lacks_source for outcome in self.new)

    @property
    def warned(self) -> int:
        return sum(bool(outcome.warnings) for outcome in (*self.new, *self.changed, *self.waits))

    def counts(self) -> dict[str, int]:
        return {kind.value: len(getattr(self, kind)) for kind in RowKind}

    def shown(self) -> dict[str, list[RowOutcome]]:
        return {kind: getattr(self, kind)[:MOST_SHOWN] for kind in self.counts()}

    def left_out(self) -> dict[str, int]:
        return {kind: max(0, count - MOST_SHOWN) for kind, count in self.counts().items()}

    def digest(self) -> str:
        """Return a digest of what the file would do, to notice when that is no longer so."""
        summary = [
            [kind, outcome.number, *((c.column, c.old, c.new) for c in outcome.changes)]
            for kind in self.counts()
            for outcome in getattr(self, kind)
        ]
        return hashlib.sha256(json.dumps(summary).encode()).hexdigest()

    def refused_file(self) -> bytes | None:
        """Return the refused rows as they were sent, each with its reasons."""
        if not self.refused:
            return None
        written = {row.number: row.written for row in self.sheet.rows}
        headers, rows = [*self.sheet.written_headers, REASON], []
        for outcome in self.refused:
            reasons = "\n".join(
                f"{refusal.label}: {refusal.message}" if refusal.column else refusal.message
                for refusal in outcome.refusals
            )
            rows.append([*written[outcome.number], reasons])
        return FORMATS[self.sheet.format].write("", headers, rows, safe=as_sent)
