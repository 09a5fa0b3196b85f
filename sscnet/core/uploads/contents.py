"""What an upload holds, told from its first bytes, and how what is damaged is refused."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy

# How contents begin, most telling first. All but the accepted kinds serve to name what was found.
LOOKS = {
    "JPEG": rb"\xff\xd8\xff",
    "PNG": rb"\x89PNG\r\n\x1a\n",
    "WebP": rb"RIFF....WEBP",
    "GIF": rb"GIF8[79]a",
    "BMP": rb"BM....\0\0\0\0",
    "TIFF": rb"II\*\0|MM\0\*",
    "HEIC": rb"....ftyp(?:hei|hev|mif1|msf1)",
    "AVIF": rb"....ftypavi",
    "PDF": rb"%PDF-",
    "ZIP": rb"PK(?:\x03\x04|\x05\x06)",
    "DOC, XLS, PPT": rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "RTF": rb"\{\\rtf",
    "EXE": rb"MZ.{0,500}PE\0\0",
    "SVG": rb"(?i)(?:\xef\xbb\xbf)?\s*(?:<[?!].{0,1500})?<svg[\s>]",
    "HTML": rb"(?i)(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body|script)",
    "XML": rb"(?i)(?:\xef\xbb\xbf)?\s*<\?xml",
}
UNKNOWN = gettext_lazy("unknown content")


def content_of(file: File, limit: int) -> bytes:
    file.seek(0, os.SEEK_END)
    size = file.tell()
    file.seek(0)
    if not size:
        raise ValidationError(gettext_lazy("The file is empty."), code="empty")
    if size > limit:
        message = gettext_lazy("The file has %(size)s; the limit is %(limit)s.")
        params = {"size": filesizeformat(size), "limit": filesizeformat(limit)}
        raise ValidationError(message, code="too_large", params=params)
    content = file.read()
    file.seek(0)
    return content


def look_of(content: bytes) -> str | None:
    start = content[:2000]
    looks = (name for name, look in LOOKS.items() if re.match(look, start, re.DOTALL))
    return next(looks, None)


def damaged() -> ValidationError:
    message = gettext_lazy(
        "The file is damaged or incomplete. Please save it again and send the copy."
    )
    return ValidationError(message, code="damaged")


@contextmanager
def damage_refused() -> Iterator[None]:
    """Refuse what a library stumbles over: on broken files they raise errors of any kind."""
    try:
        yield
    except (ValidationError, MemoryError):
        raise
    except Exception as error:
        raise damaged() from error
