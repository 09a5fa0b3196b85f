"""The officers' pages: travellers with their letters, certificates, passports."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sscnet.core.personal_data.fields import may_see
from sscnet.papers import pdf

from ..models import Attendance, IssuedDocument, Traveller
from ..models.approval import reason_not_to_invite
from ..office.pages import desk_page, show_desk
from . import documents, passports
from .people import Holder, documents_of, meeting_of, missing, present, travellers
from .texts import institution_of

Kind = IssuedDocument.Kind
MAY_ISSUE = "meetings.issue_issueddocument"
MAY_SEE_PASSPORTS = "meetings.see_passport"
TITLES = {Kind.LETTER: _("Travellers and letters"), Kind.CERTIFICATE: _("Certificates")}


@desk_page("travel/", "desk_travel", "meetings.view_delegate")
def letters(request, meeting):
    return show_documents(request, meeting, Kind.LETTER, travellers(meeting))


@desk_page(
    "certificates/", "desk_certificates", "meetings.view_delegate", "meetings.view_attendance"
)
def certificates(request, meeting):
    return show_documents(request, meeting, Kind.CERTIFICATE, present(meeting))


def show_documents(request, meeting, kind, holders):
    """Show who may have a letter or certificate; issue those that were ticked."""
    may_issue = request.user.has_perm(MAY_ISSUE)
    rows = rows_of(holders, kind)
    if request.method == "POST":
        if not may_issue:
            raise PermissionDenied
        ticked = set(request.POST.getlist("person"))
        issue(request, [row["holder"] for row in rows if row["key"] in ticked], kind)
        return redirect(request.path)
    context = {
        "rows": rows,
        "is_of_letters": kind == Kind.LETTER,
        "has_pdf": pdf.program(),
        "may_issue": may_issue,
        "may_see_travel": may_see(request.user, Traveller, "arrives_on"),
        "may_see_passports": request.user.has_perm(MAY_SEE_PASSPORTS),
    }
    return show_desk(request, meeting, "documents", TITLES[kind], context)


def issue(request, holders: list[Holder], kind: str):
    """Issue to those who were ticked, and say what was done."""
    if not holders:
        messages.warning(request, gettext("Nobody was ticked."))
        return
    try:
        n = documents.issue(holders, kind, request.user)
    except ValidationError as error:
        text = gettext("The template of these papers cannot be filled, so none is issued.")
        messages.error(request, f"{text} {error.messages[0]}")
    else:
        messages.info(request, ngettext("%(n)d is issued.", "%(n)d are issued.", n) % {"n": n})


@desk_page("passports/", "desk_passports", MAY_SEE_PASSPORTS)
@require_safe
def show_passports(request, meeting):
    """Show the passports, to those with this right only; each look is noted."""
    context = {"seen": passports.seen_of(travellers(meeting), meeting)}
    return show_desk(request, meeting, "passports", gettext("Passports"), context)


def rows_of(holders: Iterable[Holder], kind: str) -> list[dict]:
    """Return each person with what he or she was given or asked for, and what it still lacks.

    Ticked beforehand (`is_due`) are certificates for all, letters for who asked.
    """
    holders = list(holders)
    approval = reason_not_to_invite(meeting_of(holders[0])) if holders else ""
    newest = {key_of(one.person): one for one in reversed(documents_of(holders, kind))}
    rows = []
    for holder in holders:
        document, lacks = newest.get(key_of(holder)), missing(holder, kind, approval)
        is_open = not document.paper if document else kind == Kind.CERTIFICATE
        row = {"holder": holder, "key": key_of(holder), "institution": institution_of(holder)}
        rows.append(row | {"document": document, "missing": lacks, "is_due": is_open and not lacks})
    return rows


def key_of(holder: Holder) -> str:
    return f"{'walk-in' if isinstance(holder, Attendance) else 'delegate'}-{holder.pk}"
