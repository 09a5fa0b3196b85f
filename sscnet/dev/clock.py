"""`make test DAY=2028-02-29`: PostgreSQL and pytest on another day, by the library `faketime`.

Both get the same offset: columns, triggers and functions take their time from the database, and a
clock moved in Python alone would make two.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sscnet.dev import DevError

BEIJING = ZoneInfo("Asia/Shanghai")
# Debian's package `faketime`; of its two libraries the one for programs with threads.
LIBRARIES = "*/faketime/libfaketimeMT.so.1"


def moment_of(day: str) -> datetime:
    """Return the moment that `2028-02-29` (noon in Beijing) or `2026-12-31T23:40Z` names."""
    try:
        moment = datetime.fromisoformat(day)
    except ValueError:
        raise DevError(f"DAY={day} is no day: write 2028-02-29 or 2026-12-31T23:40Z.") from None
    if moment.tzinfo:
        return moment
    noon = timedelta(hours=12) if len(day) == len("2028-02-29") else timedelta()
    return moment.replace(tzinfo=BEIJING) + noon


def variables(day: str | None) -> dict[str, str]:
    """Return what a program needs in its environment to live on that day; none for the real one."""
    if not day:
        return {}
    offset = moment_of(day) - datetime.now(UTC)
    return {
        "LD_PRELOAD": str(library()),
        "FAKETIME": f"{offset.total_seconds():+.0f}",
        # Waiting and timeouts go by a clock that only counts.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_DISABLE_SHM": "1",
    }


def library() -> Path:
    found = sorted(Path("/usr/lib").glob(LIBRARIES))
    if not found:
        raise DevError("DAY needs the library faketime: apt-get install faketime.")
    return found[0]
