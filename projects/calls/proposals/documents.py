"""A proposal as files: two Word documents, and one ZIP with all papers."""

import zipfile
from tempfile import SpooledTemporaryFile
from typing import IO

from cryptography.fernet import InvalidToken
from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, override

from projects.catalogue.amounts import usd
from sscnet.core.i18n.languages import Language
from sscnet.core.pages.views import private_download
from sscnet.core.uploads.documents import safe_download_name
from sscnet.papers.fields import PaperKind
from sscnet.papers.files import word_download
from sscnet.papers.filling import fill, filled, in_both
from sscnet.papers.models import PaperSettings

from ..checks.papers import asked_papers, lacks_form_of_fund
from ..models import Proposal
from ..outline import CHECK, FUND_FORM, ProposalPaper, both
from .form_templates import values_of


def name_of(proposal: Proposal, extension: str) -> str:
    """Return the name of a proposal's file, in letters that every header takes."""
    return f"{proposal.reference or f'proposal-{proposal.pk}'}.{extension}"


def download(proposal: Proposal, extension: str, *, with_chinese: bool) -> HttpResponseBase:
    """Return the Fund's form, filled in, as a Word document; or everything in one ZIP."""
    name = name_of(proposal, extension)
    if extension == "zip":
        file = package(proposal, with_chinese=with_chinese)
        return private_download(FileResponse(file, content_type="application/zip"), name)
    return word_download(paper_docx(FUND_FORM, proposal, with_chinese=with_chinese), name)


def paper_docx(paper: ProposalPaper, proposal: Proposal, *, with_chinese: bool = False) -> bytes:
    """Fill the template that the call has for the paper; else the one in use, or ours."""
    with_chinese = with_chinese or proposal.language == Language.CHINESE
    language = Language.CHINESE if with_chinese else Language.ENGLISH
    values = values_of(paper, proposal, with_chinese=with_chinese)
    of_call = proposal.call.paper_templates.current(paper.kind, language)
    content = of_call and bytes(of_call.content)
    return filled(content, paper.kind, values) if content else fill(paper.kind, values, language)


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
    file = SpooledTemporaryFile(max_size=5 * 1024**2)  # noqa: SIM115 -- who sends it closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        if missing := both(lambda: lacks_form_of_fund(proposal)):
            archive.writestr("00 Not ready for the Fund.txt", f"{missing.en}\n{missing.zh}\n")
        archive.writestr("00 Covering letter.docx", cover_letter_docx(proposal))
        for name, one in (("01 Proposal", FUND_FORM), ("02 Check of the Secretariat", CHECK)):
            content = paper_docx(one, proposal, with_chinese=with_chinese)
            archive.writestr(f"{name}.docx", content)
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
    try:
        source = stored.open()
    except InvalidToken:
        archive.writestr(f"{name}.txt", gettext("cannot be read"))
        return
    with source, archive.open(entry, "w") as target:
        for piece in source.chunks():
            target.write(piece)
