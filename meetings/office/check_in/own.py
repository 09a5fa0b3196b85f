"""Checking in by oneself: the own link says who it is, the code of the door that one is there.

An address or a name would let a colleague check in who stayed at home; the link is the person's
own. The code at the door leads to a page that remembers it for the own page, in the same browser.
"""

from django import forms
from django.conf import settings
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from meetings.models import Attendance
from meetings.persons.links import by_link
from sscnet.core.database.cache import count_up
from sscnet.core.personal_data.throttles import HOUR, count_wrong

from . import arrivals, door_code

REMEMBERED = "door_code"
TRIES_AN_HOUR = 10


class DoorCodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code shown at the door"),
        max_length=20,
        help_text=_("Six digits; it changes with each session."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args, delegate, **kwargs):
        super().__init__(*args, **kwargs)
        self.delegate = delegate

    def clean_code(self):
        typed = "".join(self.cleaned_data["code"].split())
        if count_up(f"door:{self.delegate.pk}", HOUR) > TRIES_AN_HOUR:
            raise forms.ValidationError(_("Too many wrong codes. Please go to the desk."))
        if not door_code.is_right(self.delegate.delegation.meeting, typed):
            text = _("This is not the code shown now. Look at the door, and type that one.")
            raise forms.ValidationError(text)
        return typed


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def own_check_in(request, link):
    delegate = link.delegate
    meeting = delegate.delegation.meeting
    sent = request.POST if request.method == "POST" else None
    remembered = {"code": request.session.get(REMEMBERED, "")}
    form = DoorCodeForm(sent, initial=remembered, delegate=delegate)
    may = arrivals.may_check_in(delegate)
    noted = Attendance.objects.filter(delegate=delegate).first()
    if may and not noted and form.is_valid():
        arrivals.note_oneself(delegate)
        return redirect(link.path("own_check_in"))
    context = {
        "delegate": delegate,
        "meeting": meeting,
        "noted": noted,
        "may": may and bool(door_code.code_at(meeting)),
        "form": form,
        "forms": [form],
        "back": link.path(),
    }
    return render(request, "meetings/own/check_in.html", context)


@never_cache
@require_safe
def at_the_door(request, code):
    """Remember the code of the door that was scanned, for the own page."""
    held = (one for one in arrivals.held_now() if door_code.is_right(one, code))
    meeting = next(held, None)
    if meeting:
        request.session[REMEMBERED], status = code, 200
    else:
        is_slowed = count_wrong(request, "door") > settings.WRONG_CODES_AN_HOUR
        status = 429 if is_slowed else 404
    context = {"meeting": meeting, "code": code, "forms": []}
    return render(request, "meetings/own/door.html", context, status=status)
