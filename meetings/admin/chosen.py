"""What officers do with rows chosen in a list: go on with them at their meeting's desk."""

from urllib.parse import urlencode

from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..models import Delegation

# Of what is decided on, others who want places wait while it is shown; of what is opened on the
# desk, the address names each row.
MOST_AT_ONCE = 50


def are_too_many(request, rows) -> bool:
    if len(rows) <= MOST_AT_ONCE:
        return False
    text = gettext("Nothing was done. Choose at most %(most)d rows at a time.")
    messages.warning(request, text % {"most": MOST_AT_ONCE})
    return True


def delegation_of(row) -> Delegation:
    return row if isinstance(row, Delegation) else row.delegation


@admin.action(description=_("Write to the delegations"), permissions=["write"])
def write(model_admin, request, queryset):
    """Lead to the message of the desk with these rows, where they are of one meeting."""
    rows = queryset.select_related(*model_admin.list_select_related)
    if are_too_many(request, rows):
        return None
    meetings = {delegation_of(row).meeting_id for row in rows}
    if len(meetings) != 1:
        text = gettext("Nothing was done. Choose rows of one meeting only.")
        messages.warning(request, text)
        return None
    keys = sorted({delegation_of(row).pk for row in rows})
    query = urlencode({"group": "chosen", "chosen": keys}, doseq=True)
    address = reverse("admin:meetings_meeting_desk_message", args=meetings)
    return HttpResponseRedirect(f"{address}?{query}")
