"""An institution writes its proposal, section by section, sends it and takes it back."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from sscnet.core.pages.views import ask_first
from sscnet.core.uploads.documents import SEVERAL_DOCUMENTS_BYTES, takes_files
from sscnet.papers.files import word_download
from sscnet.papers.reading import read_blocks

from ..checks.papers import papers_no_longer_asked
from ..models import FormSection, Proposal
from . import documents, drafts, sending, word_form
from .entry import ProposalEntry, entry_to_edit
from .pages import Closed, SectionPage, as_stored
from .word_reading import read_form

WORD_HINT = gettext_lazy(
    "A Word file (.docx). Its headings and tables may be worded and ordered otherwise, in English "
    "or in Chinese."
)


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


# ------------------------------------------------------------------ written in Word


class FilledForm(forms.Form):
    """The form, filled in with Word."""

    file = forms.FileField(label=gettext_lazy("The form, filled in"), help_text=WORD_HINT)

    def clean_file(self):
        return read_blocks(self.cleaned_data["file"])


@entry_to_edit
@require_safe
def word_file(request, entry):
    """Give out the form to write in with Word."""
    name = documents.name_of(entry.proposal, "docx")
    return word_download(word_form.form_to_fill(entry.proposal), f"form-{name}")


@takes_files(SEVERAL_DOCUMENTS_BYTES)
@entry_to_edit
def word(request, entry):
    """Take the form back, show what was read beside what is stored, and store what is accepted."""
    proposal = entry.proposal
    if not proposal.is_open:
        return redirect(entry.address())
    form, reading, problems, is_saved = FilledForm(), None, [], False
    if "reading" in request.POST:
        known = word_form.unsealed(proposal, request.POST["reading"])
        if not known:
            problems = [_("This page is out of date. Send the file again.")]
        else:
            reading, versions = known
            keys = set(request.POST.getlist("take"))
            if "all" in request.POST:
                keys = {one.key for one in word_form.compare(proposal, reading).values}
            try:
                problems = word_form.accept(proposal, reading, keys, versions, request.user)
                is_saved = True
            except Closed:
                return redirect(entry.address())
            proposal = as_stored(proposal)
            entry = ProposalEntry(proposal, request.user)
    elif request.method == "POST":
        form = FilledForm(request.POST, request.FILES)
        if form.is_valid():
            reading = read_form(form.cleaned_data["file"], proposal)
    context = {
        "entry": entry,
        "forms": [form],
        "problems": problems,
        "is_saved": is_saved,
        "comparison": reading and word_form.compare(proposal, reading),
        "reading": reading and word_form.sealed(proposal, reading),
    }
    return render(request, "calls/proposal/word.html", context)


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
    proposal, back = entry.proposal, entry.address()
    if proposal.state not in sending.WITHDRAWABLE:
        return redirect(back)
    question, answer = _("Withdraw the proposal?"), _("Withdraw the proposal")
    gone = _(
        "The Secretariat will not take it any further. While the call is open, your institution "
        "can write and send another one. This cannot be undone."
    )
    if asked := ask_first(request, question, gone, answer, back, about=proposal):
        return asked
    try:
        sending.withdraw(proposal, by=request.user)
        messages.success(request, _("The proposal is withdrawn."))
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    return redirect(back)


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
