"""Who may act for an institution: its people, and the invitations of its focal point."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sscnet.core.pages.views import ask_first

from .accounts import invitations
from .accounts.forms import TOO_MANY, InvitationForm, SuccessorForm
from .accounts.sessions import throttles
from .affiliations import (
    institution_to_edit,
    institution_to_lead,
    institution_to_read,
    leading,
    may_edit,
)
from .models import Affiliation, Invitation

# A focal point passes the own role on by handing over; a second one is for the Secretariat to name.
ROLES = [(role.value, role.label) for role in (Affiliation.Role.DEPUTY, Affiliation.Role.VIEWER)]


@login_required
@require_safe
def people(request, slug):
    institution = institution_to_read(request.user, slug)
    context = {
        "institution": institution,
        "affiliations": institution.affiliations.current().select_related("user"),
        "invitations": institution.invitations.unused().select_related(
            "hands_over__user", "invited_by"
        ),
        "leading": leading(request.user, institution),
        "roster": institution.roster.all(),
        "may_edit": may_edit(request.user, institution),
    }
    return render(request, "members/my/people.html", context)


@login_required
def invite(request, slug):
    """Invite a colleague; `back` leads to the page on /my/ that asked for one."""
    institution = institution_to_lead(request.user, slug)
    back = request.GET.get("back", "")
    if not url_has_allowed_host_and_scheme(back, None):
        back = reverse("members:people", args=[slug])
    form = InvitationForm(
        request.POST or None, instance=Invitation(institution=institution), roles=ROLES
    )
    if form.is_valid():
        data = form.cleaned_data
        invitations.invite(institution, email=data["email"], role=data["role"], by=request.user)
        say_sent(request, data["email"])
        return redirect(back)
    context = {"institution": institution, "form": form, "back": back}
    return render(request, "members/my/invite.html", context)


@login_required
def hand_over(request, slug):
    institution = institution_to_lead(request.user, slug)
    form = SuccessorForm(request.POST or None, instance=Invitation(institution=institution))
    if form.is_valid():
        invitations.invite(
            institution,
            email=form.cleaned_data["email"],
            role=Affiliation.Role.FOCAL_POINT,
            by=request.user,
            hands_over=leading(request.user, institution),
        )
        say_sent(request, form.cleaned_data["email"])
        return redirect("members:people", slug)
    return render(request, "members/my/hand_over.html", {"institution": institution, "form": form})


def ask(request, slug, *words):
    return ask_first(request, *words, back=reverse("members:people", args=[slug]))


@login_required
@require_POST
def end_affiliation(request, slug, pk):
    institution = institution_to_lead(request.user, slug)
    others = institution.affiliations.current().exclude(role=Affiliation.Role.FOCAL_POINT)
    affiliation = get_object_or_404(others.select_related("user"), pk=pk)
    whose = {"person": affiliation.user, "institution": institution}
    if asked := ask(
        request,
        slug,
        _("End the role of %(person)s?") % whose,
        _("%(person)s can then do nothing for %(institution)s until invited again.") % whose,
        _("End the role of %(person)s") % whose,
    ):
        return asked
    invitations.end(others.filter(pk=pk))
    text = _("%(person)s no longer acts for %(institution)s.")
    messages.success(request, text % whose)
    return redirect("members:people", slug)


@login_required
@require_POST
def send_invitation_again(request, slug, pk):
    institution = institution_to_lead(request.user, slug)
    invitation = get_object_or_404(institution.invitations.unused(), pk=pk)
    if not throttles.count_invitation(request):
        messages.error(request, TOO_MANY)
    elif invitations.send_again(invitation):
        say_sent(request, invitation.email)
    return redirect("members:people", slug)


@login_required
@require_POST
def confirm_invitation(request, slug, pk):
    """Confirm, as the focal point, that the Secretariat invites this person."""
    institution = institution_to_lead(request.user, slug)
    invitation = get_object_or_404(institution.invitations.waiting(), pk=pk)
    whose = {"email": invitation.email, "institution": institution}
    if asked := ask(
        request,
        slug,
        _("Let %(email)s act for %(institution)s?") % whose,
        _("The invitation is then sent to %(email)s.") % whose,
        _("Confirm"),
    ):
        return asked
    try:
        if invitations.confirm(invitation, request.user):
            say_sent(request, invitation.email)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect("members:people", slug)


@login_required
@require_POST
def refuse_invitation(request, slug, pk):
    """Refuse, as the focal point, what an officer began; the officer is told."""
    institution = institution_to_lead(request.user, slug)
    invitation = get_object_or_404(institution.invitations.waiting(), pk=pk)
    if asked := ask(
        request,
        slug,
        _("Refuse the invitation of %(email)s?") % {"email": invitation.email},
        _("It is not sent, and the Secretariat is told."),
        _("Refuse"),
    ):
        return asked
    if invitations.refuse(invitation, request.user):
        text = _("The invitation of %(email)s is refused.")
        messages.success(request, text % {"email": invitation.email})
    return redirect("members:people", slug)


@login_required
@require_POST
def withdraw_invitation(request, slug, pk):
    """Withdraw an invitation; who is handing over may take that back as well."""
    institution = institution_to_read(request.user, slug)
    mine = institution.invitations.unused().withdrawable_by(request.user)
    invitation = get_object_or_404(mine, pk=pk)
    if asked := ask(
        request,
        slug,
        _("Withdraw the invitation of %(email)s?") % {"email": invitation.email},
        _("The link in the email will not work any more."),
        _("Withdraw"),
    ):
        return asked
    if invitations.withdraw(invitation):
        text = _("The invitation of %(email)s is withdrawn.")
        messages.success(request, text % {"email": invitation.email})
    return redirect("members:people", slug)


@login_required
@require_POST
def forget_person(request, slug, pk):
    """Take a person off the list of those whom the institution may register again."""
    institution = institution_to_edit(request.user, slug)
    entry = get_object_or_404(institution.roster, pk=pk)
    if asked := ask(
        request,
        slug,
        _("Remove %(person)s from your list?") % {"person": entry},
        _("What is kept for the next delegation is deleted. Meetings stay as they are."),
        _("Remove"),
    ):
        return asked
    institution.roster.filter(pk=pk).forget()
    messages.success(request, _("%(person)s is removed from your list.") % {"person": entry})
    return redirect("members:people", slug)


def say_sent(request, email):
    text = _("The invitation has been sent to %(email)s. It can be used for seven days.")
    messages.success(request, text % {"email": email})
