"""What all files of a list of projects are called."""

from django.utils import timezone

LONGEST_HINT = 40


def file_name(listing, rows_of):
    """Name a file by what is in it and the day: projects-7-VN-LK-2026-11-25."""
    codes = [code for codes in listing.params.ticked.values() for code in codes]
    words = ["projects", str(listing.count), *codes]
    hint = "-".join(words)[:LONGEST_HINT].rstrip("-")
    kind = ["by-country"] if rows_of else []
    return "-".join([hint, *kind, timezone.localdate().isoformat()])
