"""A proposal as files: two Word documents, and one ZIP with all papers."""

import re
import zipfile
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO

from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, override
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from projects.catalogue.amounts import usd
from sscnet.core.i18n.languages import Language
from sscnet.core.uploads import safe_download_name
from sscnet.papers.fields import Kind
from sscnet.papers.filling import fill, in_both
from sscnet.papers.models import PaperSettings

from ..models import Proposal
from .checks.papers import asked_papers
from .outline import (
    Both,
    FormPart,
    FormTable,
    Line,
    fund_form,
    fund_of,
    headings_of,
    secretariat_check,
    whose_check,
)

LATIN_FONT = "Times New Roman"
# Has every simplified character; each Word has it, and others put their own Song type in its place.
CHINESE_FONT = "SimSun"
# XML has no place for these.
CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# Of a table with so many columns the page is turned.
WIDE = 5
IN_MEMORY = 5 * 1024**2


def name_of(proposal: Proposal, extension: str) -> str:
    """Return the name of a proposal's file, in letters that every header takes."""
    return f"{proposal.reference or f'proposal-{proposal.pk}'}.{extension}"


def proposal_docx(proposal: Proposal, *, with_chinese: bool = False) -> bytes:
    """Return the Fund's form, filled in, as a Word document."""
    writer = DocxWriter(with_chinese or proposal.language == Language.CHINESE)
    writer.title(fund_of(proposal))
    for heading in headings_of(proposal):
        writer.centred(heading)
    for part in fund_form(proposal):
        writer.part(part)
    return writer.content()


def check_docx(proposal: Proposal, *, with_chinese: bool = False) -> bytes:
    """Return the paper of the Secretariat, which says that it is no form of the Fund."""
    writer = DocxWriter(with_chinese or proposal.language == Language.CHINESE)
    title, note = whose_check()
    writer.title(title)
    writer.centred(note)
    for part in secretariat_check(proposal):
        writer.part(part)
    return writer.content()


def cover_letter_docx(proposal: Proposal) -> bytes:
    """Return the letter by which the institution hands it in, to be signed and sealed."""

    def values():
        contact = (proposal.contact_name, proposal.contact_phone)
        return {
            "issuer": proposal.institution,
            "institution": proposal.institution,
            "to": PaperSettings.load().issuer_i18n,
            "date": date_format(timezone.localdate(), "DATE_FORMAT"),
            "project": proposal,
            "subject": proposal,
            "call": proposal.call,
            "reference": proposal.reference,
            "amount": usd(proposal.asked_usd),
            "contact": gettext(", ").join(one for one in contact if one),
            "attachments": [{"name": name} for name, _file in papers_to_pack(proposal)],
        }

    return fill(Kind.PROPOSAL, in_both(values, Language.CHINESE), Language.CHINESE)


def package(proposal: Proposal, *, with_chinese: bool = False) -> IO[bytes]:
    """Return a ZIP of the covering letter, both papers of a proposal, and those of the call.

    It grows on disk, and papers are copied piece by piece: they are as large as uploads may be.
    """
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 -- who sends it closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("00 Covering letter.docx", cover_letter_docx(proposal))
        archive.writestr("01 Proposal.docx", proposal_docx(proposal, with_chinese=with_chinese))
        check = check_docx(proposal, with_chinese=with_chinese)
        archive.writestr("02 Check of the Secretariat.docx", check)
        for number, (name, stored) in enumerate(papers_to_pack(proposal), 3):
            add_file(archive, f"{number:02} {name}", stored)
    file.seek(0)
    return file


def papers_to_pack(proposal: Proposal) -> list[tuple[str, FieldFile]]:
    """Return the papers that are there, with their names in the ZIP."""
    with override("en"):
        return [
            (safe_download_name(str(one), one.endorsement.extension), one.endorsement.file)
            for one in asked_papers(proposal)
            if one.is_there and default_storage.exists(one.endorsement.file.name)
        ]


def add_file(archive: zipfile.ZipFile, name: str, stored: FieldFile) -> None:
    # Scans and PDFs are compressed as they are.
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_STORED
    with stored.open() as source, archive.open(entry, "w") as target:
        for piece in source.chunks():
            target.write(piece)


class DocxWriter:
    """Writes parts of a form into a Word document, in English or in both languages."""

    def __init__(self, with_chinese: bool):
        self.with_chinese = with_chinese
        self.document = Document()
        self.is_wide = False
        for name in ("Normal", "Title", "Heading 1", "Heading 2"):
            self.set_fonts(self.document.styles[name])
        self.document.styles["Normal"].font.size = Pt(10.5)
        self.page_of(self.document.sections[0])

    def set_fonts(self, style) -> None:
        """Name the type of each script: without one Chinese would come out in a Japanese shape."""
        style.font.name = LATIN_FONT
        properties = style.element.get_or_add_rPr()
        fonts = properties.get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), CHINESE_FONT)
        if (languages := properties.find(qn("w:lang"))) is None:
            languages = properties.makeelement(qn("w:lang"), {})
            properties.append(languages)
        languages.set(qn("w:val"), "en-GB")
        languages.set(qn("w:eastAsia"), "zh-CN")

    def page_of(self, section, *, is_wide: bool = False) -> None:
        short, long = Cm(21), Cm(29.7)
        section.orientation = WD_ORIENT.LANDSCAPE if is_wide else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (long, short) if is_wide else (short, long)
        for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
            setattr(section, side, Cm(2))

    def content(self) -> bytes:
        file = BytesIO()
        self.document.save(file)
        return file.getvalue()

    # -------------------------------------------------------------- words

    def words(self, both: Both, between: str = "\n") -> str:
        """Return the words to print: English, with Chinese after it where that is wished."""
        texts = [both.en, both.zh] if self.with_chinese else [both.en]
        kept = dict.fromkeys(CONTROL_CHARACTERS.sub("", text) for text in texts if text)
        return between.join(kept)

    def title(self, both: Both) -> None:
        self.document.add_heading(self.words(both), level=0)

    def centred(self, both: Both) -> None:
        paragraph = self.document.add_paragraph(self.words(both, " "))
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER

    # -------------------------------------------------------------- parts

    def part(self, part: FormPart) -> None:
        wants_wide = any(len(table.headings) > WIDE for table in part.tables)
        if wants_wide != self.is_wide:
            self.is_wide = wants_wide
            self.page_of(self.document.add_section(), is_wide=wants_wide)
        self.document.add_heading(self.words(part.heading, " "), level=1)
        for line in part.lines:
            if line.is_long:
                self.long_text(line)
        if short := [line for line in part.lines if not line.is_long]:
            self.lines(short)
        for table in part.tables:
            if table.rows:
                self.document.add_paragraph()
                self.table(table)
        if part.nothing:
            self.document.add_paragraph(self.words(part.nothing, " "))

    def long_text(self, line: Line) -> None:
        """Write a text of several paragraphs, in two columns where both languages are wanted."""
        if self.with_chinese:
            table = self.new_table(1, 2)
            for cell, text in zip(table.rows[0].cells, (line.value.en, line.value.zh), strict=True):
                cell.text = CONTROL_CHARACTERS.sub("", text)
            return
        for text in CONTROL_CHARACTERS.sub("", line.value.en).split("\n"):
            if text.strip():
                self.document.add_paragraph(text.strip())

    def lines(self, lines: list[Line]) -> None:
        columns = 3 if self.with_chinese else 2
        table = self.new_table(len(lines), columns)
        for row, line in zip(table.rows, lines, strict=True):
            label, *values = row.cells
            label.text = self.words(line.label)
            label.paragraphs[0].runs[0].bold = True
            for cell, text in zip(values, (line.value.en, line.value.zh), strict=False):
                cell.text = CONTROL_CHARACTERS.sub("", text)

    def table(self, written: FormTable) -> None:
        table = self.new_table(len(written.rows) + 1, len(written.headings))
        for cell, heading in zip(table.rows[0].cells, written.headings, strict=True):
            cell.text = self.words(heading)
            for run in cell.paragraphs[0].runs:
                run.bold = True
        for row, values in zip(table.rows[1:], written.rows, strict=False):
            for column, (cell, value) in enumerate(zip(row.cells, values, strict=True)):
                cell.text = self.words(value)
                if column in written.amounts:
                    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def new_table(self, rows: int, columns: int):
        table = self.document.add_table(rows, columns)
        table.style = "Table Grid"
        return table
