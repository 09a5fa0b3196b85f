"""An institution writes its proposal, section by section, sends it and takes it back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sscnet.core.pages.views import ask_first
from sscnet.core.uploads import SEVERAL_DOCUMENTS_BYTES, takes_files

from ..models import FormSection, Proposal
from . import drafts, sending
from .checks.papers import papers_no_longer_asked
from .entry import ProposalEntry, entry_to_edit
from .pages import Closed, SectionPage, as_stored


@takes_files(SEVERAL_DOCUMENTS_BYTES)
@entry_to_edit
def section(request, entry, section):
    """Write one section of the form; whatever is right in it is saved."""
    if section not in FormSection:
        raise Http404
    if request.method == "POST":
        return save(request, entry, section)
    if not entry.proposal.is_open:
        return redirect(entry.address())
    return show(request, entry, SectionPage(entry.proposal, section))


def save(request, entry, section):
    page = SectionPage(entry.proposal, section, request.POST, request.FILES, request.user)
    try:
        page = page.save(request.POST.get("version", ""))
    except Closed:
        text = _("The proposal has been sent or withdrawn in the meantime: nothing was saved.")
        return show(request, entry, page, refusal=text)
    if page.conflict:
        return show(request, ProposalEntry(page.draft, request.user), page)
    if page.is_valid():
        return redirect(address_after(entry, page, request.POST.get("then", "continue")))
    page = page.after_storing()
    entry = ProposalEntry(page.draft, request.user)
    return show(request, entry, page, is_partly_saved=True)


def address_after(entry, page, then):
    _before, following = drafts.neighbours(page.section)
    if then == "draft":
        return entry.address()
    if (paper := then.removeprefix("unpaper-")).isdecimal():
        whose = entry.proposal.institution.slug, entry.proposal.pk
        return reverse("calls:proposal_unpaper", args=[*whose, int(paper)])
    if then == "continue":
        return entry.section_address(following) if following else entry.address("check")
    return entry.section_address(page.section) + "#last"


def show(request, entry, page, *, refusal="", is_partly_saved=False):
    before, _following = drafts.neighbours(page.section)
    context = {
        "entry": entry,
        "page": page,
        "forms": page.forms,
        "version": page.version(),
        "conflict": page.conflict,
        "refusal": refusal,
        "is_partly_saved": is_partly_saved,
        "before": entry.section_address(before) if before else entry.address(),
        "unasked": papers_no_longer_asked(entry.proposal),
    }
    return render(request, "calls/proposal/section.html", context)


@entry_to_edit
def remove_paper(request, entry, paper):
    """Take out a paper that is not asked for any more, after a page that says so."""
    found = get_object_or_404(entry.proposal.endorsements.all(), pk=paper)
    back = entry.section_address(FormSection.ENDORSEMENTS)
    question, gone = _("Remove: %(paper)s?") % {"paper": found}, _("The document is deleted.")
    if asked := ask_first(request, question, gone, _("Remove"), back):
        return asked
    if drafts.take_out_paper(entry.proposal, found, request.user):
        messages.success(request, _("The document has been removed."))
    return redirect(back)


@require_POST
@entry_to_edit
def reminders(request, entry):
    """Stop the mail of the week about a draft, or let it come again."""
    is_wanted = request.POST.get("is_reminded") == "1"
    Proposal.objects.filter(pk=entry.proposal.pk).update(is_reminded=is_wanted)
    messages.success(request, _("Saved."))
    return redirect(entry.address())


# ------------------------------------------------------------------ sending, taking back


@entry_to_edit
def send(request, entry):
    """Ask whether to send the proposal as it is now; then send it."""
    refusals = []
    if request.method == "POST":
        try:
            sending.send(entry.proposal, by=request.user, version=version_in(request))
            return redirect(entry.address() + "?sent=1")
        except ValidationError as error:
            refusals = error.messages
            entry = ProposalEntry(as_stored(entry.proposal), request.user)
            if not entry.proposal.is_open:
                # The same form sent twice, or a colleague was quicker: it was sent.
                return redirect(entry.address() + "?sent=1")
    elif not entry.proposal.is_open:
        return redirect(entry.address())
    context = {
        "entry": entry,
        "refusals": refusals,
        "reasons": sending.reasons_against(entry.proposal),
        "forms": [],
    }
    return render(request, "calls/proposal/send.html", context)


def version_in(request) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


@entry_to_edit
def withdraw(request, entry):
    """Withdraw a proposal that was sent, after a page that says what that does."""
    refusals = []
    if request.method == "POST":
        try:
            sending.withdraw(entry.proposal, by=request.user)
            messages.success(request, _("The proposal is withdrawn."))
            return redirect(entry.address())
        except ValidationError as error:
            refusals = error.messages
    elif entry.proposal.state not in sending.WITHDRAWABLE:
        return redirect(entry.address())
    context = {"entry": entry, "refusals": refusals, "forms": []}
    return render(request, "calls/proposal/withdraw.html", context)


@entry_to_edit
def discard(request, entry):
    """Throw a draft away, after a page that says so."""
    if entry.proposal.state != "draft":
        return redirect(entry.address())
    gone = _(
        "Everything in it, including the documents, is deleted for your colleagues as well. This "
        "cannot be undone."
    )
    if asked := ask_first(
        request,
        _("Delete the draft?"),
        gone,
        _("Delete the draft"),
        entry.address(),
        about=entry.proposal,
    ):
        return asked
    if drafts.discard(entry.proposal):
        messages.success(request, _("The draft has been deleted."))
        return redirect("calls:proposals", entry.proposal.institution.slug)
    return redirect(entry.address())
