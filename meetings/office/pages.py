"""The pages of a meeting's desk, below the meeting in the admin."""

from functools import partial, wraps
from operator import itemgetter

from django.conf import settings
from django.contrib.admin import site
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext, override

from members.models import Institution
from sscnet.admin.pages import admin_page
from sscnet.core.i18n.collation import by_name
from sscnet.core.pages.qr import qr_code
from sscnet.outbox.models import Message
from sscnet.outbox.to_many import show_or_send

from ..models import Delegation, Meeting, PlaceEvent
from ..programme.times import for_wechat
from ..registration.entry import may_enter
from . import messages, occupancy

# Each with its address, as `paths_of` takes them.
DESK_PAGES = []


def desk_page(address: str, name: str, *permissions: str):
    """Put a page below a meeting's desk, for officers with these rights alone.

    The view takes the request, the meeting, and what else stands in the address.
    """

    def decorate(view):
        @permission_required(["meetings.view_meeting", *permissions], raise_exception=True)
        @wraps(view)
        def wrapped(request, pk, **kwargs):
            return view(request, get_object_or_404(Meeting, pk=pk), **kwargs)

        DESK_PAGES.append((f"<int:pk>/desk/{address}", wrapped, name))
        return wrapped

    return decorate


def desk_address(meeting, page="desk"):
    return reverse(f"admin:meetings_meeting_{page}", args=[meeting.pk])


def show_desk(request, meeting, name, title, context):
    """Answer with a page of the desk, within the admin of the meeting."""
    meeting_admin = site.get_model_admin(Meeting)
    context |= {
        "subtitle": str(meeting),
        "original": meeting,
        "back": meeting_admin.change_url(meeting),
        "desk": desk_address(meeting),
    }
    return admin_page(meeting_admin, request, f"meetings/desk/{name}", title, **context)


# ------------------------------------------------------------------ while a meeting is near


@desk_page("", "desk", "meetings.view_delegate")
def desk(request, meeting):
    institutions = Institution.objects.filter(merged_into=None, is_sample=meeting.is_sample)
    enters = may_enter(request.user) and meeting.is_published and meeting.capacity
    context = {
        "states": [state.label for state in occupancy.SHOWN],
        "lines": occupancy.by_place(meeting),
        "figures": [*occupancy.delegations_by_state(meeting), *occupancy.waiting_at(meeting)],
        "may_check_in": request.user.has_perm("meetings.change_attendance"),
        "may_write": request.user.has_perm("meetings.change_delegate"),
        **text_for_wechat(meeting),
        "enters_for": by_name(institutions) if enters else None,
    }
    return show_desk(request, meeting, "desk", gettext("Desk"), context)


def text_for_wechat(meeting):
    """Return a text in Chinese for a group, and the code of the address where one registers."""
    if not (meeting.is_published and meeting.takes_registrations):
        return {}
    with override("zh-hans"):
        path = reverse("meetings:register", args=[meeting.slug])
        address = settings.PORTAL_ADDRESS + path
        return {"for_wechat": for_wechat(meeting, address), "qr": qr_code(address)}


@desk_page("message/", "desk_message", "meetings.change_delegate")
def message(request, meeting):
    """Write to a group: show the mail and every receiver first, then send."""
    chosen = [key for key in request.GET.getlist("chosen") if key.isdecimal()]
    initial = {"group": request.GET.get("group", "all"), "chosen": chosen}
    form = messages.DeskMessageForm(request.POST or None, meeting=meeting, initial=initial)
    context = {"form": form}
    if form.is_valid() and "_edit" not in request.POST:
        data = form.cleaned_data
        found, unreachable = messages.receivers(meeting, data["group"], data["chosen"])
        write = partial(messages.write, words=form.words, sending=str(data["sending"]))
        mails = show_or_send(site.get_model_admin(Meeting), request, found, write)
        if mails is None:
            return redirect(desk_address(meeting))
        context |= {
            "is_preview": True,
            "group_label": messages.GROUPS[data["group"]][0],
            "mails": mails,
            "unreachable": unreachable,
        }
    return show_desk(request, meeting, "message", gettext("Write to delegations"), context)


@desk_page("story/<int:delegation>/", "desk_story", "meetings.view_delegation")
def delegation_story(request, meeting, delegation):
    rows = Delegation.objects.select_related("institution").filter(meeting=meeting)
    delegation = get_object_or_404(rows, pk=delegation)
    context = {"delegation": delegation, "story": story(delegation)}
    title = gettext("History of delegation %(reference)s")
    title = title % {"reference": delegation.reference}
    return show_desk(request, meeting, "story", title, context)


# ------------------------------------------------------------------ the timeline of a delegation


def story(delegation: Delegation) -> list[dict]:
    """Return all from the beginning: events of places, mails, requests noted by an officer.

    A mail comes after the events of the same moment.
    """
    events = PlaceEvent.objects.filter(delegation=delegation).order_by("id")
    events = events.select_related("delegate", "workshop", "actor")
    requests = delegation.paper_requests.select_related("entered_by")
    mails = Message.objects.about(delegation).for_list().order_by("created_at", "id")
    happened = [
        *({"at": one.at, "event": one} for one in events),
        *({"at": one.entered_at, "paper_request": one} for one in requests),
        *({"at": one.created_at, "mail": one} for one in mails),
    ]
    return sorted(happened, key=itemgetter("at"))
