"""The institution's calendar of meetings, below /my/."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from members import affiliations

from . import calendars


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request, slug):
    """Show the secret address of the institution's calendar; make it anew, or take it back."""
    if request.method == "POST":
        institution = affiliations.institution_to_edit(request.user, slug)
        if request.POST.get("then") == "revoke":
            calendars.revoke_calendar_token(institution)
        else:
            calendars.new_calendar_token(institution, request.user)
        return redirect("meetings:my_calendar", slug)
    institution = affiliations.institution_to_read(request.user, slug)
    context = {
        "institution": institution,
        "address": calendars.calendar_address(institution),
        "may_edit": affiliations.may_edit(request.user, institution),
    }
    return render(request, "meetings/my/calendar.html", context)
