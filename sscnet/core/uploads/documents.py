"""Documents and letters: which are taken, and under which names they are kept."""

import io
import re
import unicodedata
import uuid
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from xml.etree import ElementTree

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy

from ..parsing.limited import run_limited
from .contents import UNKNOWN, content_of, damage_refused, damaged, look_of
from .pictures import MAX_PICTURE_BYTES, decoded

MAX_DOCUMENT_BYTES = 25 * 1024**2
# What a form with several documents takes at once.
SEVERAL_DOCUMENTS_BYTES = 2 * MAX_DOCUMENT_BYTES
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
SCANS = {
    "JPEG": DocumentKind("jpg", "image/jpeg"),
    "PNG": DocumentKind("png", "image/png"),
}
LETTER_KINDS = (PDF, DOCX, ODT)
ACCEPTED = gettext_lazy("What was found: %(found)s. Accepted: PDF, DOCX, XLSX, PPTX and ODT.")
ACCEPTED_LETTERS = gettext_lazy(
    "What was found: %(found)s. Accepted: PDF, DOCX and ODT, and scans as JPEG or PNG."
)
LETTER_HINT = gettext_lazy("PDF, Word or a scanned picture (JPEG, PNG).")
DOCUMENT_KINDS = {kind.extension: kind for kind in (PDF, DOCX, XLSX, PPTX, ODT)}

# The main part of an Office file has the type of the whole and ".main+xml".
OFFICE_MAIN_PARTS = {f"{kind.content_type}.main+xml": kind for kind in (DOCX, XLSX, PPTX)}

PDF_START = re.compile(rb"%PDF-[12]\.\d")
PDF_END = re.compile(rb"startxref\s+\d+\s+%%EOF")
MACRO_TYPE = re.compile(r"vbaproject|macroenabled")


def takes_files(most_bytes: int, *, link=None) -> Callable[[Callable], Callable]:
    """Return a decorator: what is sent to the view may hold files of so many bytes.

    To others `sscnet/web/bad_input.py` lets no file through, nor to who has neither a session nor,
    in the address, a token with the seal of this kind of link.
    """

    def decorate(view):
        view.most_file_bytes = most_bytes
        view.files_by_link = link
        return view

    return decorate


def check_document(file: File) -> DocumentKind:
    """Return which kind of document `file` is: PDF, DOCX, XLSX, PPTX or ODT.

    Raises ValidationError for anything else, for macros, passwords and archives that unpack to too
    much. Unpacks no more than the table of contents. Leaves `file` rewound.
    """
    return run_limited(read_document, content_of(file, MAX_DOCUMENT_BYTES))


def read_document(content: bytes) -> DocumentKind:
    found = look_of(content)
    if found == "PDF":
        if PDF_START.match(content) and PDF_END.search(content[-1024:]):
            return PDF
        raise damaged()
    if found == "ZIP":
        return _office_kind(content)
    if found == "DOC, XLS, PPT":
        message = gettext_lazy(
            "This is an old Office file, or one protected by a password. Please save it without a"
            " password as DOCX, XLSX, PPTX or PDF."
        )
        raise ValidationError(message, code="old_office")
    raise _not_a_document(found or UNKNOWN)


def check_file(file: File, limit: int = MAX_DOCUMENT_BYTES) -> DocumentKind:
    """Return which kind of document `file` is, or of picture: JPEG, PNG.

    Raises ValidationError for anything else, and above `limit` bytes. Leaves `file` rewound.
    """
    found = look_of(content_of(file, limit))
    if found in SCANS:
        decoded(content_of(file, MAX_PICTURE_BYTES))
        return SCANS[found]
    return check_document(file)


def check_letter(file: File) -> DocumentKind:
    """Return which kind a signed letter is: PDF, DOCX, ODT, or a scan of one as JPEG or PNG.

    Raises ValidationError for anything else. Leaves `file` rewound.
    """
    try:
        kind = check_file(file)
    except ValidationError as error:
        if error.code == "not_a_document":
            raise _not_a_document(error.params["found"], ACCEPTED_LETTERS) from error
        raise
    if kind not in (*LETTER_KINDS, *SCANS.values()):
        raise _not_a_document(kind.extension.upper(), ACCEPTED_LETTERS)
    return kind


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


def _not_a_document(found: str, message: str = ACCEPTED) -> ValidationError:
    return ValidationError(message, code="not_a_document", params={"found": found})


def _office_kind(content: bytes) -> DocumentKind:
    with damage_refused():
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
        message = gettext_lazy("The file is protected by a password. Please send it without one.")
        raise ValidationError(message, code="encrypted")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise _unpacks_to_too_much()
    if not _is_one_plain_archive(entries):
        raise damaged()


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
    message = gettext_lazy(
        "The file contains macros. Please save it without them and send that copy."
    )
    return ValidationError(message, code="macros")
