"""Issuing papers: the next number, the Word file as it stays, then the PDF; and taking one back.

Scans and photographs of sealed papers are told apart by their QR code, or by their file's name.
"""

import hashlib
import io
import re
from collections.abc import Callable

import segno
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import Signal
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from sscnet.core.parsing.limited import run_limited
from sscnet.core.personal_data.sealed import Unreadable
from sscnet.outbox import due

from . import pdf
from .filling import fill, in_both
from .models import CODE_SIGNS, NumberSeries, Paper, PaperSettings, Scan
from .reading import read_codes

# An app that keeps a paper of somebody is told when it is taken back.
taken_back = Signal()
# What else is due waits for them.
MOST_A_MINUTE = 50


@transaction.atomic
def issue(kind: str, language: str, values: Callable[[], dict], by=None) -> Paper:
    """Issue a paper with these values, which are asked for in each language.

    `subject`, `to` and `signer` stand in the register, too. If this raises, no number is used up.
    """
    settings_of_papers = PaperSettings.load()
    paper = Paper(kind=kind, language=language, issued_by=by, year=timezone.localdate().year)
    paper.series = settings_of_papers.series_of(kind)
    paper.number = NumberSeries.next(paper.series, paper.year)

    def make():
        return of_house(paper, settings_of_papers) | values()

    found = in_both(make, language)
    paper.subject, paper.recipient = found.get("subject", "")[:300], found.get("to", "")[:300]
    paper.signer = found.get("signer", "")[:500]
    paper.word = fill(kind, found, language)
    paper.sha256 = hashlib.sha256(paper.word).hexdigest()
    paper.save()
    return paper


def of_house(paper: Paper, settings_of_papers: PaperSettings) -> dict:
    """Return what every paper says, in the active language."""
    address = address_of(paper)
    return {
        "issuer": settings_of_papers.issuer_i18n,
        "contact": settings_of_papers.contact_i18n,
        "logo": bytes(settings_of_papers.logo),
        "number": str(paper),
        "date": date_format(paper.issued_on, "DATE_FORMAT"),
        "code": paper.code,
        "address": address,
        "qr": qr_code(address),
    }


def address_of(paper: Paper) -> str:
    """Return where anybody can check the paper."""
    with override(settings.LANGUAGE_CODE):
        return settings.PORTAL_ADDRESS + reverse("meetings:check_code", args=[paper.code])


def qr_code(address: str) -> bytes:
    file = io.BytesIO()
    segno.make(address, error="m", micro=False).save(file, kind="png", scale=8, border=1)
    return file.getvalue()


@due.register
@transaction.atomic
def make_pdfs() -> None:
    """Make PDFs that papers still lack; one that cannot be made is not tried again."""
    if not pdf.program():
        return
    lacking = Paper.objects.filter(pdf=b"", has_no_pdf=False).exclude(word=b"").order_by("-pk")
    # The newest first: what was written with a lost key is the oldest.
    papers = list(lacking.select_for_update(skip_locked=True)[:MOST_A_MINUTE])
    papers = [paper for paper in papers if not isinstance(paper.word, Unreadable)]
    if papers:
        made = pdf.make_pdfs([paper.word for paper in papers])
        for paper, content in zip(papers, made, strict=True):
            paper.pdf, paper.has_no_pdf = content, not content
            paper.save(update_fields=["pdf", "has_no_pdf"])


@transaction.atomic
def take_back(paper: Paper, note: str, by) -> None:
    """Take a paper back: it keeps its number and the note why."""
    paper = Paper.objects.select_for_update().get(pk=paper.pk)
    if not paper.taken_back_at:
        paper.taken_back_at = timezone.now()
    paper.taken_back_by, paper.note = by, note
    paper.save(update_fields=["taken_back_at", "taken_back_by", "note"])
    taken_back.send(sender=Paper, paper=paper)


# ------------------------------------------------------------------ sealed copies

GROUP = f"([{CODE_SIGNS}]{{4}})"
CODE = re.compile(rf"(?<![0-9A-Z]){'[-_ ]?'.join([GROUP] * 3)}(?![0-9A-Z])")
NUMBER = re.compile(r"([^\W\d_]{1,20})\W*(\d{4})\W*(\d{1,6})")


def paper_of(name: str) -> Paper | None:
    """Return the paper that the name of a file tells of: by its check code or its number."""
    if found := CODE.search(name.upper()):
        return Paper.objects.filter(code="-".join(found.groups())).first()
    for series, year, number in NUMBER.findall(name):
        papers = Paper.objects.filter(year=year, number=number)
        if found := [one for one in papers if series.endswith(one.series)]:
            return found[0]
    return None


def paper_on(picture: bytes) -> Paper | None:
    """Return the paper whose QR code can be read on a picture of it."""
    try:
        said = run_limited(read_codes, picture)
    except ValidationError:
        return None
    return next(filter(None, map(paper_of, said)), None)


@transaction.atomic
def keep_sealed(scan: Scan, paper: Paper, by) -> bool:
    """Put a scan to its paper as the sealed copy; return whether the paper can still have one."""
    paper = Paper.objects.select_for_update().get(pk=paper.pk)
    if not paper.is_valid or isinstance(scan.content, Unreadable):
        return False
    paper.sealed, paper.sealed_type = scan.content, scan.type
    paper.sealed_at, paper.sealed_by = timezone.now(), by
    paper.save(update_fields=["sealed", "sealed_type", "sealed_at", "sealed_by"])
    scan.delete()
    return True
