"""The institution's action points, below /my/."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from members import affiliations
from sscnet.core.forms.fields import LongText

from ..models import ActionPoint, Meeting
from . import action_points

LONGEST_WORDS = 10_000


class ActionReportForm(forms.Form):
    words = LongText(label=gettext_lazy("What was done"), max_length=LONGEST_WORDS, rows=6)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def action_point(request, slug, pk):
    """Show what the institution is to do, and take its report that it is done."""
    institution = affiliations.institution_of_page(request, slug)
    published = ActionPoint.objects.filter(meeting__state=Meeting.State.PUBLISHED)
    found = get_object_or_404(published.select_related("meeting"), institution=institution, pk=pk)
    form = ActionReportForm(request.POST if request.method == "POST" else None)
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
    messages.success(request, gettext("Your report is saved. The Secretariat will read it."))
    return True
