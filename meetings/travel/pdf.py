"""What a letter or certificate consists of, and its PDF."""

import io
from dataclasses import asdict, dataclass, field

import segno

from sscnet.papers.typesetting import make_pdf


@dataclass(frozen=True)
class DocumentPage:
    """A page in one language; `facts` are pairs of a label and a value."""

    lang: str
    region: str | None
    sender: str
    heading: str
    before: list[str]
    details: list[tuple[str, str]]
    after: list[str]
    dated: str
    signature: list[str]
    check: list[str]


@dataclass(frozen=True)
class PaperDocument:
    title: str
    author: str
    # Where it can be checked; the QR code leads there.
    address: str
    pages: list[DocumentPage] = field(default_factory=list)


def make(document: PaperDocument) -> bytes:
    """Return the PDF. Raise what `make_pdf` raises."""
    data = asdict(document) | {"lang": document.pages[0].lang, "qr": qr_code(document.address)}
    return make_pdf("document", data)


def qr_code(address: str) -> str:
    file = io.BytesIO()
    segno.make(address, error="m", micro=False).save(file, kind="svg", xmldecl=False, border=0)
    return file.getvalue().decode()
