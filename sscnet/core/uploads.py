"""Which uploaded pictures and documents the portal takes, and under which names it keeps them.

Content alone decides: neither the name nor the content type that a browser sends is looked at. It
is read by `run_limited`, where Django is not set up: messages are lazy.
A refusal is a `ValidationError` with a code, which a form shows beside its field.
"""

import csv
import io
import os
import re
import struct
import unicodedata
import uuid
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from xml.etree import ElementTree

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy
from PIL import Image, ImageCms, ImageOps
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from .limited import run_limited

MAX_PICTURE_BYTES = 10 * 1024**2
MAX_PICTURE_PIXELS = 50_000_000
PICTURE_WIDTHS = (320, 640, 1280)
PICTURE_FOLDER = "pictures"
WEBP_QUALITY = 82
WEBP_MAX_HEIGHT = 16_383
# A camera writes about ten scans. Each costs a pass over all pixels but only 75 bytes of file.
MAX_JPEG_SCANS = 50

MAX_DOCUMENT_BYTES = 25 * 1024**2
MAX_ARCHIVE_ENTRIES = 10_000
MAX_UNPACKED_BYTES = 500 * 1024**2
MAX_PART_BYTES = 4 * 1024**2
DOCUMENT_FOLDER = "documents"
DOWNLOAD_NAME_LENGTH = 80


@dataclass(frozen=True)
class DocumentKind:
    extension: str
    content_type: str


PDF = DocumentKind("pdf", "application/pdf")
DOCX = DocumentKind(
    "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
)
XLSX = DocumentKind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
PPTX = DocumentKind(
    "pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"
)
ODT = DocumentKind("odt", "application/vnd.oasis.opendocument.text")
CSV = DocumentKind("csv", "text/csv")
SCANS = {
    "JPEG": DocumentKind("jpg", "image/jpeg"),
    "PNG": DocumentKind("png", "image/png"),
}
DOCUMENT_KINDS = {kind.extension: kind for kind in (PDF, DOCX, XLSX, PPTX, ODT, CSV)}

# The main part of an Office file has the type of the whole and ".main+xml".
OFFICE_MAIN_PARTS = {f"{kind.content_type}.main+xml": kind for kind in (DOCX, XLSX, PPTX)}

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
PICTURE_READERS = {"JPEG": JpegImageFile, "PNG": PngImageFile, "WebP": WebPImageFile}

# What the libraries raise on bytes that are not what they say they are. Pillow asserts that a
# palette is there, and asks numbers in EXIF for what only texts can do.
PICTURE_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    AssertionError,
    AttributeError,
    LookupError,
    EOFError,
    ArithmeticError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)
ARCHIVE_ERRORS = (
    zipfile.BadZipFile,
    ElementTree.ParseError,
    OSError,
    EOFError,
    ValueError,
    LookupError,
    RuntimeError,
    ArithmeticError,
    struct.error,
    zlib.error,
)

CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
MARKUP = re.compile(r"(?i)^\s*<|^#!|<(?:script|svg|html|iframe|object|embed|!doctype|\?)")
PDF_START = re.compile(rb"%PDF-[12]\.\d")
PDF_END = re.compile(rb"startxref\s+\d+\s+%%EOF")
MACRO_TYPE = re.compile(r"vbaproject|macroenabled")
DELIMITERS = (",", ";", "\t", "|")


def is_stored(file: File) -> bool:
    """Return whether a file is in storage already: it was judged when it came."""
    return getattr(file, "_committed", False)


def validate_picture(file: File) -> None:
    """Refuse what `check_picture` refuses."""
    if not is_stored(file):
        check_picture(file)


def validate_document(file: File) -> None:
    """Refuse what `check_document` refuses."""
    if not is_stored(file):
        check_document(file)


def validate_letter(file: File) -> None:
    """Refuse what `check_letter` refuses."""
    if not is_stored(file):
        check_letter(file)


def check_picture(file: File) -> None:
    """Raise ValidationError unless `clean_picture` can make the portal's pictures of `file`."""
    clean_picture(file)


def clean_picture(file: File) -> dict[int, ContentFile]:
    """Re-encode a picture for the pages: upright, in sRGB, without metadata, as WebP.

    Takes a JPEG, PNG or WebP; of an animation only the first frame. Gives a file for each width,
    smallest first, none wider than the original, named as in `picture_names`. Raises
    ValidationError for anything else. Leaves `file` rewound.
    """
    by_width = run_limited(read_picture, _content(file, MAX_PICTURE_BYTES))
    names = picture_names(picture_name(max(by_width)))
    return {width: ContentFile(by_width[width], name=name) for width, name in names.items()}


def read_picture(content: bytes) -> dict[int, bytes]:
    """Return the picture in each width, smallest first, re-encoded."""
    image = _decoded(content)
    largest = _in_srgb(_at_width(image, min(image.width, PICTURE_WIDTHS[-1])))
    return {width: _as_webp(_at_width(largest, width)) for width in _widths(largest.width)}


def picture_name(width: int) -> str:
    """Return a new random name for a picture that is `width` pixels wide at its largest."""
    return f"{PICTURE_FOLDER}/{uuid.uuid4().hex}/{width}.webp"


def picture_names(largest: str) -> dict[int, str]:
    """Return the name of each width of a picture, smallest first, from the name of its largest."""
    folder, _, file_name = largest.rpartition("/")
    own_width = int(file_name.removesuffix(".webp"))
    return {width: f"{folder}/{width}.webp" for width in _widths(own_width)}


def _widths(largest: int) -> list[int]:
    return sorted({min(width, largest) for width in PICTURE_WIDTHS})


def check_document(file: File) -> DocumentKind:
    """Return which kind of document `file` is: PDF, DOCX, XLSX, PPTX, ODT or CSV.

    Raises ValidationError for anything else, for macros, passwords and archives that unpack to too
    much. Unpacks no more than the table of contents. Leaves `file` rewound.
    """
    return run_limited(read_document, _content(file, MAX_DOCUMENT_BYTES))


def read_document(content: bytes) -> DocumentKind:
    found = _found(content)
    if found == "PDF":
        return _pdf(content)
    if found == "ZIP":
        return _office_kind(content)
    if found == "DOC, XLS, PPT":
        message = gettext_lazy(
            "This is an old Office file, or one protected by a password. Please save it without a"
            " password as DOCX, XLSX, PPTX or PDF."
        )
        raise ValidationError(message, code="old_office")
    if found in LOOKS:
        raise _not_a_document(found)
    return _csv(content)


def check_letter(file: File) -> DocumentKind:
    """Return which kind a signed letter is: a document, or a scan of one as JPEG or PNG.

    Raises ValidationError for anything else. Leaves `file` rewound.
    """
    found = _found(_content(file, MAX_DOCUMENT_BYTES))
    if found not in SCANS:
        return check_document(file)
    _decoded(_content(file, MAX_PICTURE_BYTES))
    return SCANS[found]


def document_name(kind: DocumentKind) -> str:
    """Return a new random name for a document of this kind."""
    return f"{DOCUMENT_FOLDER}/{uuid.uuid4().hex}.{kind.extension}"


def safe_download_name(title: str, extension: str) -> str:
    """Return a readable file name, in any script, that every system can save a download under."""
    readable = "".join(
        " " if character in '/\\:*?"<>|' or unicodedata.category(character)[0] == "C" else character
        for character in unicodedata.normalize("NFC", title)
    )
    stem = " ".join(readable.split())[:DOWNLOAD_NAME_LENGTH].strip(" .")
    return f"{stem or 'document'}.{extension}"


# Both pictures and documents.


def _content(file: File, limit: int) -> bytes:
    file.seek(0, os.SEEK_END)
    size = file.tell()
    file.seek(0)
    if not size:
        raise ValidationError(gettext_lazy("The file is empty."), code="empty")
    if size > limit:
        message = gettext_lazy("The file has %(size)s; the most we take is %(limit)s.")
        params = {"size": filesizeformat(size), "limit": filesizeformat(limit)}
        raise ValidationError(message, code="too_large", params=params)
    content = file.read()
    file.seek(0)
    return content


def _found(content: bytes) -> str | None:
    start = content[:2000]
    looks = (name for name, look in LOOKS.items() if re.match(look, start, re.DOTALL))
    return next(looks, None)


def _damaged() -> ValidationError:
    message = gettext_lazy(
        "The file is damaged or incomplete. Please save it again and send the copy."
    )
    return ValidationError(message, code="damaged")


@contextmanager
def _damage_refused(errors: tuple[type[Exception], ...]) -> Iterator[None]:
    try:
        yield
    except errors as error:
        raise _damaged() from error


# Pictures.


def _decoded(content: bytes) -> Image.Image:
    with _damage_refused(PICTURE_ERRORS):
        image = _opened(content)
        # A large JPEG is decoded at a fraction of its size, which saves most of time and memory.
        image.draft(None, (2 * PICTURE_WIDTHS[-1], 2 * PICTURE_WIDTHS[-1]))
        image.load()
        _turn_upright(image)
        _check_height(image)
        return _resizable(image)


def _opened(content: bytes) -> Image.Image:
    """Read the header, and refuse by it before any pixel is decoded.

    The readers are called directly: `Image.open` warns and refuses by a limit of its own.
    """
    found = _found(content)
    if found not in PICTURE_READERS:
        message = gettext_lazy("What was found: %(found)s. Accepted: JPEG, PNG and WebP pictures.")
        raise ValidationError(message, code="not_a_picture", params={"found": found or UNKNOWN})
    if found == "JPEG" and content.count(b"\xff\xda") > MAX_JPEG_SCANS:
        raise _damaged()
    if found == "WebP":
        # This reader takes the memory for all pixels as soon as it opens.
        _check_pixels(*_webp_size(content))
    image = PICTURE_READERS[found](io.BytesIO(content))
    _check_pixels(*image.size)
    return image


def _webp_size(content: bytes) -> tuple[int, int]:
    """Return width and height from the header, in each of the three forms of WebP."""
    form = content[12:16]
    if form == b"VP8X":
        return _number(content[24:27]) + 1, _number(content[27:30]) + 1
    if form == b"VP8L":
        bits = _number(content[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return _number(content[26:28]) & 0x3FFF, _number(content[28:30]) & 0x3FFF


def _number(little_endian: bytes) -> int:
    return int.from_bytes(little_endian, "little")


def _check_pixels(width: int, height: int) -> None:
    if width * height > MAX_PICTURE_PIXELS:
        message = gettext_lazy(
            "The picture has %(width)d × %(height)d pixels; the most we take is"
            " %(millions)d million. Please send it smaller."
        )
        millions = MAX_PICTURE_PIXELS // 1_000_000
        params = {"width": width, "height": height, "millions": millions}
        raise ValidationError(message, code="too_many_pixels", params=params)


def _check_height(image: Image.Image) -> None:
    width = min(image.width, PICTURE_WIDTHS[-1])
    if image.height * width / image.width > WEBP_MAX_HEIGHT:
        message = gettext_lazy("The picture is too tall for its width. Please cut it.")
        raise ValidationError(message, code="too_tall")


def _turn_upright(image: Image.Image) -> None:
    # An unreadable EXIF block is no reason to refuse: the picture stays as it lies.
    with suppress(*PICTURE_ERRORS):
        ImageOps.exif_transpose(image, in_place=True)


def _resizable(image: Image.Image) -> Image.Image:
    """Bring the picture into a mode that scales well, what is transparent as a channel."""
    if image.mode.startswith("I"):
        # Pillow's own conversion cuts 16-bit grey off at 255.
        image = image.point(lambda value: value / 256).convert("L")
        image.info.pop("transparency", None)
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def _at_width(image: Image.Image, width: int) -> Image.Image:
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _in_srgb(image: Image.Image) -> Image.Image:
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile := image.info.get("icc_profile"):
        # A profile that is broken or made for another mode is left out.
        with suppress(OSError, ImageCms.PyCMSError):
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            image = ImageCms.profileToProfile(image, own, srgb, outputMode=mode)
    return image.convert(mode)


def _as_webp(image: Image.Image) -> bytes:
    encoded = io.BytesIO()
    image.save(encoded, "WEBP", quality=WEBP_QUALITY)
    return encoded.getvalue()


# Documents.


def _not_a_document(found: str) -> ValidationError:
    message = gettext_lazy(
        "What was found: %(found)s. Accepted: PDF, DOCX, XLSX, PPTX, ODT and CSV."
    )
    return ValidationError(message, code="not_a_document", params={"found": found})


def _pdf(content: bytes) -> DocumentKind:
    if PDF_START.match(content) and PDF_END.search(content[-1024:]):
        return PDF
    raise _damaged()


def _office_kind(content: bytes) -> DocumentKind:
    with _damage_refused(ARCHIVE_ERRORS):
        # Counted before the archive is opened, which reads all its entries into memory.
        if content.count(b"PK\x01\x02") > MAX_ARCHIVE_ENTRIES:
            raise _unpacks_to_too_much()
        archive = zipfile.ZipFile(io.BytesIO(content))
        _check_entries(archive.infolist())
        kind = _openxml_kind(archive) or _opendocument_kind(archive)
    if kind is None:
        raise _not_a_document("ZIP")
    return kind


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    """Check what the archive's directory says of each entry, before any is unpacked."""
    if any(entry.flag_bits & 1 for entry in entries):
        message = gettext_lazy("The file is protected by a password. Please send it without.")
        raise ValidationError(message, code="encrypted")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise _unpacks_to_too_much()
    if not _is_one_plain_archive(entries):
        raise _damaged()


def _is_one_plain_archive(entries: list[zipfile.ZipInfo]) -> bool:
    """Return whether every program would see the same entries: no second archive before this one,
    no name twice, no way of packing but the usual two."""
    names = {entry.filename.lower() for entry in entries}
    packings = {entry.compress_type for entry in entries}
    return (
        len(names) == len(entries)
        and packings <= {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
        and min((entry.header_offset for entry in entries), default=0) == 0
    )


def _unpacks_to_too_much() -> ValidationError:
    message = gettext_lazy("The file unpacks to more than %(limit)s. Please send it in parts.")
    params = {"limit": lazy(filesizeformat, str)(MAX_UNPACKED_BYTES)}
    return ValidationError(message, code="unpacks_to_too_much", params=params)


def _openxml_kind(archive: zipfile.ZipFile) -> DocumentKind | None:
    """Return which of DOCX, XLSX and PPTX it is by the declared type of a main part that is there.

    The name of that part is no sign: some writers call it `word/document2.xml`.
    """
    if "[Content_Types].xml" not in archive.namelist():
        return None
    names = {name.lower() for name in archive.namelist()}
    declared = _declared_types(archive)
    if any(name.endswith("vbaproject.bin") for name in names):
        raise _has_macros()
    if any(MACRO_TYPE.search(content_type) for _, content_type in declared):
        raise _has_macros()
    main_types = {content_type for name, content_type in declared if name in names}
    kinds = [kind for main_type, kind in OFFICE_MAIN_PARTS.items() if main_type in main_types]
    return kinds[0] if len(kinds) == 1 else None


def _declared_types(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Return name and content type of each part, in small letters, as the archive declares them."""
    # Expat itself stops where entities grow into millions of characters.
    types = ElementTree.fromstring(_part(archive, "[Content_Types].xml"))  # noqa: S314
    return [
        (part.get("PartName", "").lower().lstrip("/"), part.get("ContentType", "").lower())
        for part in types.iter()
    ]


def _opendocument_kind(archive: zipfile.ZipFile) -> DocumentKind | None:
    names = archive.namelist()
    if not {"mimetype", "content.xml"} <= set(names):
        return None
    if _part(archive, "mimetype").strip() != ODT.content_type.encode():
        return None
    if any(name.startswith(("Basic/", "Scripts/")) for name in names):
        raise _has_macros()
    return ODT


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(MAX_PART_BYTES)


def _has_macros() -> ValidationError:
    message = gettext_lazy("The file contains macros. Please save it without and send that copy.")
    return ValidationError(message, code="macros")


def _csv(content: bytes) -> DocumentKind:
    text = _text(content)
    if MARKUP.search(text):
        raise _not_a_document(gettext_lazy("text with markup or a script"))
    if not any(_is_table(text, delimiter) for delimiter in DELIMITERS):
        message = gettext_lazy(
            "This text is no CSV table: neither comma, semicolon, tab nor | parts all its lines"
            " into the same number of columns. Accepted: PDF, DOCX, XLSX, PPTX, ODT and CSV."
        )
        raise ValidationError(message, code="not_a_table")
    return CSV


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        with suppress(UnicodeDecodeError):
            text = content.decode(encoding)
            if not CONTROL_CHARACTERS.search(text):
                # Blank lines at the top would be read again for each delimiter that is tried.
                return text.lstrip("\r\n")
    raise _not_a_document(UNKNOWN)


def _is_table(text: str, delimiter: str) -> bool:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows = (row for row in lines if row)
    try:
        columns = len(next(rows, []))
        return columns > 1 and all(len(row) == columns for row in rows)
    except csv.Error:
        return False
