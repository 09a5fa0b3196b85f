"""What all files of a list share: the projects, read piece by piece, and the file's name."""

from itertools import chain

from django.utils import timezone

AT_ONCE = 500
LONGEST_HINT = 40


def projects_of(listing, queryset):
    """Load the projects of a list piece by piece, so that memory does not grow with the list."""
    pieces = listing.ids.chunks(AT_ONCE)
    return chain.from_iterable(listing.records(ids, queryset) for ids in pieces)


def file_name(listing, rows_of):
    """Name a file by what is in it and the day: projects-7-VN-LK-2026-11-25."""
    codes = [code for codes in listing.params.ticked.values() for code in codes]
    words = ["projects", str(listing.count), *codes]
    hint = "-".join(words)[:LONGEST_HINT].rstrip("-")
    kind = ["by-country"] if rows_of else []
    return "-".join([hint, *kind, timezone.localdate().isoformat()])
