"""The pages at the door: people noted by a press each, and walk-ins."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from meetings.models import Attendance, Delegation, Meeting
from meetings.persons.erasing import erase_walk_in
from sscnet.core.forms import kept_posts
from sscnet.core.forms.confirmation import ConfirmationForm
from sscnet.core.pages.qr import qr_code

from ..pages import desk_address, desk_page, show_desk
from . import arrivals, door_code

State = Attendance.State
MAY_ERASE = "meetings.add_erasure"
DELEGATIONS_A_PAGE = 25
# A screen at the door asks for the code again after so long.
SECONDS_SHOWN = 30


class WalkInForm(forms.Form):
    name = forms.CharField(max_length=200, label=pgettext_lazy("of a person", "Name"))
    institution = forms.CharField(max_length=250, required=False, label=_("Institution"))
    consent = forms.BooleanField(
        label=_("The person agrees that we keep their name and institution"),
        error_messages={"required": _("Without the person’s consent nothing is kept.")},
    )

    def __init__(self, data, *, meeting: Meeting):
        super().__init__(data)
        if day := meeting.retain_until:
            text = gettext("For the attendance list, and a certificate; until %(day)s.")
            self.fields["consent"].help_text = text % {"day": date_format(day)}

    def clean(self):
        for name in ("name", "institution"):
            self.cleaned_data[name] = " ".join(self.cleaned_data.get(name, "").split())
        return self.cleaned_data


def number():
    return forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


class PressForm(forms.Form):
    """What a button of the page says: one of these."""

    delegation = number()
    present = number()
    absent = number()
    # The number of what was noted, not of a person.
    taken_back = number()


def show_check_in(request, meeting, name, title, context):
    context |= {
        "is_open": arrivals.is_open(meeting),
        "opens_on": arrivals.opens_on(meeting),
        "may_see_desk": request.user.has_perm("meetings.view_delegate"),
    }
    return show_desk(request, meeting, name, title, context)


def back_to(request, meeting, part):
    """Lead to the page of check-in, with the search that was typed."""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(f"{desk_address(meeting, 'desk_check_in')}{query}{part}")


# ------------------------------------------------------------------ by a press each


@desk_page("door/", "desk_check_in", arrivals.MAY_NOTE)
def check_in(request, meeting):
    sent = request.POST if "walk_in" in request.POST else None
    walk_in = WalkInForm(sent, meeting=meeting)
    part = note(request, meeting, walk_in) if request.method == "POST" else None
    if part is not None:
        # What was typed for a walk-in stays there when somebody else is noted.
        typed = [] if walk_in.is_bound else WalkInForm.base_fields
        kept_posts.keep_rest(request, typed, request.get_full_path())
        return back_to(request, meeting, part)
    words = request.GET.get("q", "").strip()
    expected = arrivals.expected_delegations(meeting, words)
    page = Paginator(expected, DELEGATIONS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "q": words,
        "delegations": page,
        "walk_in": walk_in,
        "walk_ins": meeting.attendances.walk_ins().filter(erased_at=None),
        "present": meeting.attendances.present().count(),
        "may_erase": request.user.has_perm(MAY_ERASE),
    }
    return show_check_in(request, meeting, "check_in", gettext("Check-in"), context)


def note(request, meeting, walk_in):
    """Note what was sent; return the part of the page it is about, None to ask again."""
    if not arrivals.is_open(meeting):
        messages.warning(request, gettext("Nobody was recorded."))
        return ""
    if not walk_in.is_bound:
        pressed = PressForm(request.POST)
        return press(request, meeting, pressed.cleaned_data) if pressed.is_valid() else ""
    if not walk_in.is_valid():
        return None
    name, institution = (walk_in.cleaned_data[field] for field in ("name", "institution"))
    is_new = arrivals.note_walk_in(meeting, name, institution, request.user)
    text = gettext("%(name)s is recorded.") if is_new else gettext("%(name)s was already recorded.")
    messages.info(request, text % {"name": name})
    return "#walk-ins"


def press(request, meeting, pressed):
    """Do what a button says; return the part of the page that it is about."""
    people = arrivals.people_to_check_in(meeting)
    if pressed["delegation"]:
        rows = meeting.delegations.filter(state=Delegation.State.SUBMITTED)
        one = get_object_or_404(rows, pk=pressed["delegation"])
        n = arrivals.note_delegation(one, request.user)
        text = ngettext("%(n)d person recorded.", "%(n)d people recorded.", n)
        messages.info(request, text % {"n": n})
        return f"#delegation-{one.pk}"
    for state in State:
        if pressed[state]:
            one = get_object_or_404(people, pk=pressed[state])
            arrivals.note(one, state, request.user)
            return f"#delegation-{one.delegation_id}"
    noted = meeting.attendances.filter(pk=pressed["taken_back"], erased_at=None)
    one = noted.select_related("delegate").first()
    arrivals.take_back(noted)
    if one is None:
        return ""
    return f"#delegation-{one.delegate.delegation_id}" if one.delegate else "#walk-ins"


# ------------------------------------------------------------------ by oneself


@desk_page("door/code/", "desk_door_code", arrivals.MAY_NOTE)
@require_safe
def code(request, meeting):
    """Show the code of this session, for a screen at the door, which asks again by itself."""
    shown = door_code.code_at(meeting)
    address = settings.PORTAL_ADDRESS + reverse("meetings:at_the_door", args=[shown or "0"])
    context = {
        "code": shown,
        "qr": qr_code(address) if shown else "",
        "present": meeting.attendances.present().count(),
    }
    title = gettext("Code for the door")
    response = show_check_in(request, meeting, "door_code", title, context)
    response["Refresh"] = str(SECONDS_SHOWN)
    return response


# ------------------------------------------------------------------ erasing


@desk_page("door/walk-in/<int:walk_in>/", "desk_walk_in", arrivals.MAY_NOTE, MAY_ERASE)
def erase(request, meeting, walk_in):
    """Erase name and institution of a walk-in who wishes it; the number stays."""
    found = get_object_or_404(meeting.attendances.walk_ins(), pk=walk_in, erased_at=None)
    form = ConfirmationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        erase_walk_in(found, by=request.user)
        messages.info(request, gettext("The data are erased."))
        return back_to(request, meeting, "#walk-ins")
    context = {"form": form, "walk_in": found}
    return show_check_in(request, meeting, "walk_in", gettext("Erase a walk-in"), context)
