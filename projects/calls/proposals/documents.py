"""A proposal as files: two Word documents, and one ZIP with all papers."""

import zipfile
from tempfile import SpooledTemporaryFile
from typing import IO

from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, override

from projects.catalogue.amounts import usd
from sscnet.core.i18n.languages import Language
from sscnet.core.uploads import safe_download_name
from sscnet.papers import layout
from sscnet.papers.fields import PaperKind
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
        contact = (proposal.contact, proposal.contact_phone)
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

    return fill(PaperKind.PROPOSAL, in_both(values, Language.CHINESE), Language.CHINESE)


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
        self.is_wide = False
        self.written: list[str] = []

    def content(self) -> bytes:
        page = "form_wide" if self.is_wide else "form"
        return layout.word_file("".join(self.written), page, "form")

    def add(self, style: str, text: str) -> None:
        self.written.append(layout.paragraph(style, text))

    # -------------------------------------------------------------- words

    def words(self, both: Both, between: str = "\n") -> str:
        """Return the words to print: English, with Chinese after it where that is wished."""
        texts = [both.en, both.zh] if self.with_chinese else [both.en]
        return between.join(dict.fromkeys(text for text in texts if text))

    def title(self, both: Both) -> None:
        self.add("title", self.words(both, " "))

    def centred(self, both: Both) -> None:
        self.add("centred", self.words(both, " "))

    # -------------------------------------------------------------- parts

    def part(self, part: FormPart) -> None:
        wants_wide = any(len(table.headings) > WIDE for table in part.tables)
        if wants_wide != self.is_wide:
            # What was written so far ends with its own page.
            self.written.append(layout.part("break_wide.xml" if self.is_wide else "break.xml"))
            self.is_wide = wants_wide
        self.add("heading", self.words(part.heading, " "))
        for line in part.lines:
            if line.is_long:
                self.long_text(line)
        if short := [self.line(line) for line in part.lines if not line.is_long]:
            self.written.append(layout.table(short))
        for table in part.tables:
            if table.rows:
                self.add("text", "")
                self.table(table)
        if part.nothing:
            self.add("text", self.words(part.nothing, " "))

    def long_text(self, line: Line) -> None:
        """Write a text of several paragraphs, in two columns where both languages are wanted."""
        if self.with_chinese:
            texts = [("text", text) for text in (line.value.en, line.value.zh)]
            self.written.append(layout.table([texts]))
            return
        for text in line.value.en.split("\n"):
            if text.strip():
                self.add("text", text.strip())

    def line(self, line: Line) -> list[tuple[str, str]]:
        values = [line.value.en, line.value.zh] if self.with_chinese else [line.value.en]
        return [("label", self.words(line.label)), *(("text", value) for value in values)]

    def table(self, written: FormTable) -> None:
        styles = [
            "amount" if n in written.amounts else "text" for n in range(len(written.headings))
        ]
        rows = [[("label", self.words(heading)) for heading in written.headings]]
        for row in written.rows:
            rows.append(list(zip(styles, map(self.words, row), strict=True)))
        self.written.append(layout.table(rows))
