"""Validators of file fields: each judges a file once, when it comes."""

from django.core.files.base import File

from .documents import check_document, check_letter
from .pictures import clean_picture


def is_stored(file: File) -> bool:
    """Return whether a file is in storage already: it was judged when it came."""
    return getattr(file, "_committed", False)


def validate_picture(file: File) -> None:
    """Refuse what `clean_picture` refuses."""
    if not is_stored(file):
        clean_picture(file)


def validate_document(file: File) -> None:
    """Refuse what `check_document` refuses."""
    if not is_stored(file):
        check_document(file)


def validate_letter(file: File) -> None:
    """Refuse what `check_letter` refuses."""
    if not is_stored(file):
        check_letter(file)
