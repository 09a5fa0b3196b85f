"""What officers do with rows chosen in a list: go on with them at their meeting's desk."""

from urllib.parse import urlencode

from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..models import Delegation
from ..office.lists.columns import USUAL

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
    rows = with_delegations(model_admin, queryset)
    keys = sorted({delegation_of(row).pk for row in rows})
    return open_desk(request, rows, "message", group="chosen", chosen=keys)


@admin.action(description=_("Export a list of people"), permissions=["view"])
def take_list(model_admin, request, queryset):
    rows = with_delegations(model_admin, queryset)
    keys = {model_admin.name_in_list: sorted(row.pk for row in rows)}
    return open_desk(request, rows, "list", columns=USUAL, **keys)


def with_delegations(model_admin, queryset):
    return queryset.select_related(*model_admin.list_select_related)


def open_desk(request, rows, page, **query):
    """Lead to the page of the desk with these rows, where they are of one meeting."""
    if are_too_many(request, rows):
        return None
    meetings = {delegation_of(row).meeting_id for row in rows}
    if len(meetings) != 1:
        text = gettext("Nothing was done. Choose rows of one meeting only.")
        messages.warning(request, text)
        return None
    address = reverse(f"admin:meetings_meeting_desk_{page}", args=meetings)
    return HttpResponseRedirect(f"{address}?{urlencode(query, doseq=True)}")
