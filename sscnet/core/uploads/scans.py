"""Signed letters: whether anything can be read on what was sent as one."""

import io
from collections.abc import Iterator
from itertools import islice

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.utils.translation import gettext_lazy
from PIL import Image
from pypdf import PdfReader

from ..parsing.limited import run_limited
from .contents import content_of, damage_refused, look_of
from .documents import MAX_DOCUMENT_BYTES, SCANS
from .pictures import decoded

# Of a page of A4 at about 120 points an inch.
SHORT_SIDE, LONG_SIDE = 1000, 1400
# Between black on white, 255, and the noise of an empty page.
LEAST_CONTRAST = 48
# A stamp of the scanner's program is no letter.
LEAST_LETTERS = 40
MOST_PAGES = 5


def check_scan(file: File) -> None:
    """Refuse a letter on which nothing can be read.

    That is a picture that is too small or of one colour, and a PDF whose first pages hold neither
    text nor such a picture that is right. Takes any letter that `check_letter` accepts; of other
    kinds nothing is looked at. Leaves `file` rewound.
    """
    run_limited(read_scan, content_of(file, MAX_DOCUMENT_BYTES))


def read_scan(content: bytes) -> None:
    found = look_of(content)
    if found in SCANS:
        check_picture(decoded(content))
    elif found == "PDF":
        check_pdf(content)


def check_pdf(content: bytes) -> None:
    with damage_refused():
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            message = gettext_lazy(
                "The file is protected by a password. Please send it without one."
            )
            raise ValidationError(message, code="encrypted")
        pages = list(islice(reader.pages, MOST_PAGES))
        letters = sum(len("".join(page.extract_text().split())) for page in pages)
    if letters < LEAST_LETTERS:
        check_pictures(picture for page in pages for picture in pictures_of(page))


def pictures_of(page) -> Iterator[Image.Image | None]:
    """Give the pictures of a page; None for one that cannot be decoded here."""
    names = page.images.keys()
    for name in names:
        try:
            with damage_refused():
                picture = page.images[name].image
        except ValidationError:
            picture = None
        yield picture


def check_pictures(pictures: Iterator[Image.Image | None]) -> None:
    """Refuse unless one of them is right, or cannot be judged: an officer looks at each letter."""
    refusal = ValidationError(
        gettext_lazy(
            "This PDF holds neither text nor the picture of a page: scan the signed letter again."
        ),
        code="no_text",
    )
    for picture in pictures:
        if picture is None:
            return
        try:
            return check_picture(picture)
        except ValidationError as error:
            refusal = error
    raise refusal


def check_picture(image: Image.Image) -> None:
    if min(image.size) < SHORT_SIDE or max(image.size) < LONG_SIDE:
        message = gettext_lazy(
            "This picture has %(width)d × %(height)d points, too few to read a page: scan it again"
            " with at least 1,000 × 1,400."
        )
        params = {"width": image.width, "height": image.height}
        raise ValidationError(message, code="too_small", params=params)
    darkest, brightest = image.convert("L").getextrema()
    if brightest - darkest < LEAST_CONTRAST:
        message = gettext_lazy("Nothing can be seen on this picture: it has one colour only.")
        raise ValidationError(message, code="one_colour")
