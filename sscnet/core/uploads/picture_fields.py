"""Storing the pictures that `uploads` has checked and re-encoded."""

from django.core.files.base import File
from django.core.files.storage import default_storage
from PIL import Image

from . import clean_picture


def store_picture(file: File) -> tuple[str, int, int]:
    """Store a picture in all its widths; return the name, width and height of the largest.

    Raises ValidationError when the file is no picture the portal takes.
    """
    by_width = clean_picture(file)
    try:
        for picture in by_width.values():
            default_storage.save(picture.name, picture)
    except OSError:
        for picture in by_width.values():
            default_storage.delete(picture.name)
        raise
    largest = by_width[max(by_width)]
    with Image.open(largest) as image:
        return (largest.name, *image.size)
