"""The pages of lists of people: to look at, to take away, to print."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from sscnet.papers.typesetting import NotMade

from ..pages import desk_address, desk_page, show_desk
from .columns import ListForm, headers_of, rows_of
from .exports import FORMATS, PRINTED, take

MOST_SHOWN = 100


@desk_page("list/", "desk_list", "meetings.view_delegate")
def people(request, meeting):
    form = ListForm(request.GET, meeting=meeting, user=request.user)
    found = form.people() if form.is_valid() else []
    columns = form.chosen if form.is_valid() else []
    context = {
        "form": form,
        "count": len(found),
        "headers": headers_of(columns, form.columns),
        "rows": rows_of(found[:MOST_SHOWN], columns, form.columns),
        "most": MOST_SHOWN,
        "sent": form.sent,
        "printed": PRINTED.items(),
    }
    return show_desk(request, meeting, "list", gettext("Lists of people"), context)


@desk_page("list/file/", "desk_file", "meetings.view_delegate")
@require_POST
def people_file(request, meeting):
    """Return the list as a file, a page to print or PDF; without a font say so instead."""
    form = ListForm(request.POST, meeting=meeting, user=request.user)
    wanted, address = request.POST.get("format", ""), desk_address(meeting, "desk_list")
    if wanted not in FORMATS:
        raise Http404
    if not form.is_valid():
        return redirect(address)
    try:
        return take(request, meeting, wanted, form.people(), form.chosen)
    except NotMade as error:
        messages.error(request, str(error))
        return redirect(f"{address}?{urlencode(form.sent)}")
