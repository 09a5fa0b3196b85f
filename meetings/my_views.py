"""The institution's calendar of meetings and its action points, below /my/."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import normalize_newlines
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from members import affiliations

from . import action_points, calendars
from .models import ActionPoint, Meeting

LONGEST_WORDS = 10_000


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


class ActionReportForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("What was done"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def clean_words(self):
        return normalize_newlines(self.cleaned_data["words"])


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def action_point(request, slug, pk):
    """Show what the institution is to do, and take its report that it is done."""
    is_sent = request.method == "POST"
    reading = affiliations.institution_to_edit if is_sent else affiliations.institution_to_read
    institution = reading(request.user, slug)
    published = ActionPoint.objects.filter(meeting__state=Meeting.State.PUBLISHED)
    found = get_object_or_404(published.select_related("meeting"), institution=institution, pk=pk)
    form = ActionReportForm(request.POST if is_sent else None)
    if form.is_valid() and keep_report(request, found, form):
        return redirect("meetings:my_action_point", slug, pk)
    may_edit = affiliations.may_edit(request.user, institution)
    context = {
        "institution": institution,
        "action_point": found,
        "form": form if may_edit and (form.is_bound or found.waits_for_institution) else None,
        "may_edit": may_edit,
        "forms": [form],
    }
    return render(request, "meetings/my/action_point.html", context)


def keep_report(request, found, form):
    try:
        action_points.report(found, form.cleaned_data["words"], request.user)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, gettext("Your report is saved. The Secretariat reads it."))
    return True
