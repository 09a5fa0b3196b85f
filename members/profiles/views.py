"""An institution looks after its profile: proposes changes, or says that it is still correct."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sscnet.core.pages.views import ask_first
from sscnet.core.uploads.documents import takes_files
from sscnet.core.uploads.pictures import MAX_PICTURE_BYTES

from ..affiliations import institution_to_edit
from . import proposals
from .pages import ProfilePage


@takes_files(MAX_PICTURE_BYTES)
@login_required
def profile(request, slug):
    """Edit the open proposal, or a new one that starts from the profile of today."""
    institution = institution_to_edit(request.user, slug)
    proposal = institution.open_proposal
    if proposal and proposal.is_sent:
        return redirect("members:profile_check", slug)
    if request.method == "POST":
        return keep(request, institution)
    return show(request, ProfilePage(institution))


def keep(request, institution):
    """Keep what was typed, whatever it is; go on to the check only when nothing is wrong."""
    page = ProfilePage(institution, request.POST, request.FILES, by=request.user)
    page = page.save(request.POST.get("version", ""))
    if page.conflict:
        return show(request, page)
    proposal = institution.open_proposal
    if proposal and proposal.is_sent:
        return redirect("members:profile_check", institution.slug)
    if "check" not in request.POST:
        messages.success(request, _("Your draft is saved. The Secretariat cannot see it yet."))
        return redirect("members:profile", institution.slug)
    if page.is_valid():
        return redirect("members:profile_check", institution.slug)
    return show(request, page)


def show(request, page):
    # Read before the forms are made, the version is never newer than what they show.
    context = {"version": page.version(), "conflict": page.conflict, "forms": page.forms}
    context["form"], context["services"] = page.forms
    context["institution"] = page.draft
    context["proposal"] = page.draft.open_proposal
    return render(request, "members/my/profile.html", context)


@login_required
def check(request, slug):
    """Show before and after side by side; send it, take it back or throw it away."""
    institution = institution_to_edit(request.user, slug)
    proposal = get_object_or_404(institution.proposals.select_related("logo", "version"))
    if request.method == "POST":
        return act(request, institution, proposal)
    page = ProfilePage(institution).checked()
    problems = [] if page.is_valid() else page.forms
    differences = []
    if not problems:
        try:
            differences = proposals.differences(proposal)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
    context = {
        "institution": institution,
        "proposal": proposal,
        "differences": differences,
        "problems": problems,
    }
    return render(request, "members/my/profile_check.html", context)


def act(request, institution, proposal):
    if "take_back" in request.POST:
        if proposals.take_back(proposal, request.user):
            messages.success(request, _("You can continue to change your proposal."))
        return redirect("members:profile", institution.slug)
    if "discard" in request.POST:
        if asked := ask_first(
            request,
            _("Delete the proposal?"),
            _("Everything typed in it is deleted, for your colleagues too. The profile stays."),
            _("Delete the proposal"),
            back=request.path,
            about=institution,
        ):
            return asked
        if proposals.discard(proposal, request.user):
            messages.success(request, _("The proposal is deleted. The profile is unchanged."))
        return redirect("secretariat:my_institution", institution.slug)
    if not ProfilePage(institution).checked().is_valid():
        return redirect("members:profile_check", institution.slug)
    try:
        is_sent = proposals.send(proposal, request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("members:profile_check", institution.slug)
    if is_sent:
        text = _(
            "Your proposal is sent. The public page will change when the Secretariat accepts it."
        )
        messages.success(request, text)
    return redirect("secretariat:my_institution", institution.slug)


@login_required
@require_POST
def confirm(request, slug):
    institution = institution_to_edit(request.user, slug)
    proposals.confirm(institution, request.user)
    messages.success(request, _("Thank you: the profile is recorded as correct today."))
    return redirect("secretariat:my_institution", institution.slug)
