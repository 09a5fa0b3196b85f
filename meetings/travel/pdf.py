"""Makes a PDF of a letter or certificate: tagged for screen readers (PDF/UA-1), in all languages.

Typst sets it by `templates/typst/document.typ`; it gets data only, so no text becomes markup, and
it reads no file besides and reaches no network.
"""

import io
import json
from dataclasses import asdict, dataclass, field
from functools import cache

import segno
import typst
from django.conf import settings

TEMPLATES = settings.BASE_DIR / "templates" / "typst"
CHINESE = "Noto Serif CJK SC"


class NoFont(Exception):
    """The server has no font for Chinese."""


class NotShown(Exception):
    """A text has signs that no font shows."""


class NotMade(Exception):
    """Typst refused for another reason."""


@dataclass(frozen=True)
class DocumentPage:
    """A page in one language; `facts` are pairs of a label and a value."""

    lang: str
    region: str | None
    sender: str
    heading: str
    before: list[str]
    facts: list[tuple[str, str]]
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
    """Return the PDF. Raise NoFont, NotShown or NotMade."""
    if not has_font():
        raise NoFont
    data = asdict(document) | {"lang": document.pages[0].lang, "qr": qr_code(document.address)}
    try:
        return compiler().compile(
            format="pdf", sys_inputs={"document": json.dumps(data)}, pdf_standards=["ua-1"]
        )
    except typst.TypstError as error:
        if "could not be displayed" in str(error):
            raise NotShown from error
        raise NotMade from error


def has_font() -> bool:
    return CHINESE in families()


@cache
def families() -> frozenset[str]:
    return frozenset(fonts().families())


@cache
def fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[settings.CJK_FONTS])


@cache
def compiler() -> typst.Compiler:
    return typst.Compiler(
        TEMPLATES / "document.typ",
        root=TEMPLATES,
        font_paths=fonts(),
        ignore_system_fonts=True,
    )


def qr_code(address: str) -> str:
    file = io.BytesIO()
    segno.make(address, error="m", micro=False).save(file, kind="svg", xmldecl=False, border=0)
    return file.getvalue().decode()
