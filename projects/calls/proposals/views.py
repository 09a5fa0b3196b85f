"""An institution's proposals: the list, one with its steps so far, its rules and its documents."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from members.affiliations import institution_to_edit, institution_to_read, may_edit
from sscnet.core.i18n.languages import Language
from sscnet.core.pages.views import private_file
from sscnet.papers.filling import in_both

from ..models import AWARDED, Call
from ..my_institution import calls_for, proposals_of
from ..outline import CHECK, FUND_FORM
from ..steps import next_step
from . import documents, drafts, sending
from .entry import entry_to_read


@login_required
@require_safe
def proposals(request, slug):
    institution = institution_to_read(request.user, slug)
    context = {
        "institution": institution,
        "may_edit": may_edit(request.user, institution),
        "calls": calls_for(institution),
        "proposals": proposals_of(institution),
    }
    return render(request, "calls/proposal/list.html", context)


@login_required
def start(request, slug, call):
    """Start a proposal to a call; who starts a second one is shown the first."""
    institution = institution_to_edit(request.user, slug)
    call = get_object_or_404(Call.objects.published(), slug=call)
    first = drafts.first_of(call, institution)
    may_start = call.is_open() and call.may_propose(institution)
    earlier = institution.call_proposals.exclude(call=call).exclude(title="", i18n={})
    if request.method == "POST" and may_start and not first:
        like = [one for one in earlier if str(one.pk) == request.POST.get("like")]
        proposal = drafts.start(call, institution, request.user, *like)
        return redirect("calls:proposal_section", slug, proposal.pk, "cover")
    context = {
        "institution": institution,
        "call": call,
        "first": first,
        "may_start": may_start,
        "earlier": earlier.order_by("-pk").select_related("call")[:5],
        "forms": [],
    }
    return render(request, "calls/proposal/start.html", context)


@entry_to_read
@require_safe
def proposal(request, entry):
    """Show where the proposal stands, what comes next, and its remarks and documents."""
    proposal = entry.proposal
    context = {
        "entry": entry,
        "just_sent": "sent" in request.GET,
        "next_step": next_step(proposal),
        "is_awarded": proposal.state in AWARDED,
        "steps": proposal.steps.filter(undone_at=None).prefetch_related("remarks"),
        "versions": proposal.versions.select_related("sent_by"),
        "may_withdraw": proposal.state in sending.WITHDRAWABLE,
        "forms": [],
    }
    return render(request, "calls/proposal/detail.html", context)


@entry_to_read
@require_safe
def check(request, entry):
    """Show every rule of the call: met or not, where it comes from, and the way out."""
    reasons = sending.reasons_against(entry.proposal) if entry.proposal.is_open else []
    context = {"entry": entry, "reasons": reasons, "forms": []}
    return render(request, "calls/proposal/check.html", context)


# ------------------------------------------------------------------ documents


def with_chinese(request) -> bool:
    return request.GET.get("chinese") in ("1", "only")


@entry_to_read
@require_safe
def document(request, entry):
    """Show the Fund's form and the Secretariat's paper, to read and to print."""
    context = {
        "entry": entry,
        "papers": [
            (one, in_both(partial(one.texts, entry.proposal), Language.ENGLISH))
            for one in (FUND_FORM, CHECK)
        ],
        "with_chinese": with_chinese(request),
        "only_chinese": request.GET.get("chinese") == "only",
        "forms": [],
    }
    return render(request, "calls/proposal/document.html", context)


@entry_to_read
@require_safe
def download(request, entry, extension):
    """Give the Fund's form as a Word file; or one ZIP with all papers, in the call's order."""
    return documents.download(entry.proposal, extension, with_chinese=with_chinese(request))


@entry_to_read
@require_safe
def paper(request, entry, paper):
    found = get_object_or_404(entry.proposal.endorsements.exclude(file=""), pk=paper)
    return private_file(found.file, str(found))
