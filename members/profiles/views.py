"""An institution looks after its profile: proposes changes, or says that it is still correct."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from sscnet.changes.stale import HistoryPosition, Stale
from sscnet.core.pages.views import ask_first
from sscnet.core.uploads import MAX_PICTURE_BYTES, takes_files

from ..affiliations import institution_to_edit
from ..models import Logo
from ..similar import similar_to
from . import proposals
from .conflicts import of_profile, version_of
from .forms import ProfileForm, Services, bound_to, filled_with, problems_in, said


@takes_files(MAX_PICTURE_BYTES)
@never_cache
@login_required
def profile(request, slug):
    """Edit the open proposal, or a new one that starts from the profile of today."""
    institution = institution_to_edit(request.user, slug)
    proposal = institution.open_proposal
    if proposal and proposal.is_sent:
        return redirect("members:profile_check", slug)
    if request.method == "POST":
        return keep(request, institution)
    version = version_of(institution)
    form, services = filled_with(proposals.proposed_form(institution))
    return show(request, institution, form, services, version)


@transaction.atomic
def keep(request, institution):
    """Keep what was typed, whatever it is; go on to the check only when nothing is wrong."""
    form = ProfileForm(request.POST, request.FILES)
    services = Services(request.POST, prefix="services")
    is_valid = all([form.is_valid(), services.is_valid()])
    save = partial(
        proposals.save_draft,
        institution,
        said(form, services),
        by=request.user,
        remark=form.cleaned_data.get("remark", ""),
        logo=new_logo(institution, form),
    )
    try:
        draft = save(version=request.POST.get("version", ""))
    except Stale:
        version = version_of(institution)
        sent_from = HistoryPosition.read(request.POST.get("version", ""))
        stored = proposals.proposed_form(institution)
        conflict, values = of_profile(institution, sent_from, stored, form, services)
        if conflict.differences:
            return show(request, institution, *bound_to(values), version, conflict)
        draft = save(version=str(version))
    if draft is None:
        return redirect("members:profile_check", institution.slug)
    if "check" not in request.POST:
        messages.success(request, _("Your draft is saved. The Secretariat cannot see it yet."))
        return redirect("members:profile", institution.slug)
    if is_valid:
        return redirect("members:profile_check", institution.slug)
    return show(request, institution, form, services, version_of(institution))


def new_logo(institution, form):
    names = ("logo", "logo_alt", "logo_alt_zh_hans")
    file, alt, chinese = (form.cleaned_data.get(name) or "" for name in names)
    if not (file and (alt or chinese)):
        return None
    return Logo(institution=institution, image=file, alt=alt, alt_zh_hans=chinese)


def show(request, institution, form, services, version, conflict=None):
    context = {
        "institution": institution,
        "proposal": institution.open_proposal,
        "form": form,
        "services": services,
        "version": version,
        "conflict": conflict,
        "forms": [form, services],
    }
    return render(request, "members/my/profile.html", context)


@never_cache
@login_required
def check(request, slug):
    """Show before and after side by side; send it, take it back or throw it away."""
    institution = institution_to_edit(request.user, slug)
    proposal = get_object_or_404(institution.proposals.select_related("logo", "version"))
    if request.method == "POST":
        return act(request, institution, proposal)
    values = proposals.proposed_profile(institution)
    context = {
        "institution": institution,
        "proposal": proposal,
        "differences": proposals.differences(proposal),
        "problems": bound_to(values) if problems_in(values) else [],
        "similar": similar_to([values["name"], values["name_zh_hans"]], besides=institution),
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
    if problems_in(proposals.proposed_profile(institution)):
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
