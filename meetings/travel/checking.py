"""Whether a letter or certificate is genuine and valid: asked by its code, by anybody.

The answer names nobody in full. Wrong codes are counted, and too many of them are slowed; a right
one is answered all the same, as an embassy may share its address with who guesses.
"""

import re

from django.conf import settings
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sscnet.core.personal_data.throttles import count_wrong
from sscnet.papers.models import CODE_SIGNS, Paper

from ..models import IssuedDocument
from .texts import initials_of

CODE = re.compile(rf"[{CODE_SIGNS}]{{12}}")


@never_cache
@require_safe
def check(request, code=""):
    """Say what is known of a paper by its code; one that was typed leads to its own address."""
    typed = code or request.GET.get("code", "").strip()
    printed = as_printed(typed)
    if printed and not code:
        return redirect("meetings:check_code", code=printed)
    if not typed:
        return answer(request)
    if paper := find(printed):
        if paper.erased_at:
            return answer(request, code=printed, is_erased=True)
        document = getattr(paper, "issued_document", None)
        state = state_of(paper, document)
        # An outdated one may be of another person who had the place before.
        initials = initials_of(document.person) if document and state == "valid" else ""
        return answer(request, paper=paper, document=document, state=state, initials=initials)
    if count_wrong(request, "codes") > settings.WRONG_CODES_AN_HOUR:
        return answer(request, status=429, is_slowed=True)
    return answer(request, status=404, code=typed[:40], is_unknown=True)


def find(code: str) -> Paper | None:
    rows = Paper.objects.defer(*Paper.FILES).select_related(
        "issued_document__meeting",
        "issued_document__delegate__attendance",
        "issued_document__attendance",
    )
    return rows.filter(code=code).first()


def state_of(paper: Paper, document: IssuedDocument | None) -> str:
    """Return how the paper stands; one of a person may have lost its reason besides."""
    if document and not document.is_valid:
        return document.state
    return "valid" if paper.is_valid else paper.state


def as_printed(typed: str) -> str:
    """Return a code as papers have it, however it was typed; empty where it is none."""
    signs = re.sub(r"[\W_]", "", typed).upper()
    return f"{signs[:4]}-{signs[4:8]}-{signs[8:]}" if CODE.fullmatch(signs) else ""


def answer(request, status: int = 200, **found):
    known = {"paper": None, "document": None, "code": "", "forms": []}
    known |= dict.fromkeys(["is_erased", "is_unknown", "is_slowed"], False)
    context = known | found
    response = render(request, "meetings/travel/check.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response
