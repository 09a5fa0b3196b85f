"""The files of a paper as downloads."""

from django.dispatch import Signal
from django.http import Http404, HttpResponse

from sscnet.core.pages.views import private_content, private_download
from sscnet.core.uploads.documents import DOCX, PDF, SCANS

from .models import Paper

# A letter shows the number of a passport: who keeps those notes each look.
handed_out = Signal()
TYPES = {kind.extension: kind for kind in (PDF, DOCX, *SCANS.values())}


def download(paper: Paper, wanted: str = "") -> HttpResponse:
    """Return one of the files of a paper; unless one is named, the sealed copy, PDF or Word."""
    there = {name: extension for name, _label, extension in paper.files()}
    name = wanted or next(iter(there), "")
    if name not in there:
        raise Http404
    handed_out.send(sender=Paper, paper=paper)
    kind = TYPES[there[name]]
    return private_content(
        getattr(paper, name), kind.content_type, f"{paper.kind}-{paper.code}.{kind.extension}"
    )


def word_download(content: bytes, name: str) -> HttpResponse:
    return private_download(HttpResponse(content, content_type=DOCX.content_type), name)
