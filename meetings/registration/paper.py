"""An officer enters a delegation for an institution that asked by fax, WeChat or mail.

The pages are those of the institution; before, the officer notes who asked.
"""

from django import forms
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from meetings.models import PaperRequest
from meetings.places import mails
from sscnet.core.forms.fields import IsoDateInput
from sscnet.core.forms.typed_fields import PastDayField

from . import drafts
from .entry import closed, find_on_paper


class PaperRequestForm(forms.ModelForm):
    """Who asked, by which way and when."""

    class Meta:
        model = PaperRequest
        fields = ["asked_by", "way", "asked_on"]
        field_classes = {"asked_on": PastDayField}
        widgets = {
            "asked_by": forms.TextInput({"autocomplete": "off"}),
            "asked_on": IsoDateInput,
        }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def note_request(request, slug, institution):
    """Note who asked; then the pages of the registration are open to the officer."""
    entry = find_on_paper(request.user, slug, institution)
    if entry is None:
        raise Http404
    if not entry.may_add:
        return closed(request, entry)
    initial = {"asked_on": timezone.localdate()}
    form = PaperRequestForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        note(entry, form)
        return redirect(entry.address("delegation" if entry.is_submitted else "people"))
    context = {
        "entry": entry,
        "form": form,
        "forms": [form],
        "gets_mail": bool(mails.acting_addresses(entry.delegation)),
    }
    return render(request, "meetings/register/paper.html", context)


@transaction.atomic
def note(entry, form):
    form.instance.delegation = drafts.lock(entry)
    form.instance.entered_by = entry.user
    form.save()
