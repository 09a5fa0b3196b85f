"""From rows chosen in a list to the desk of their meeting: to write to them, or to take a list."""

from urllib.parse import urlencode

from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..backoffice.lists import USUAL
from ..models import Delegation

# Of what is decided on, others who want places wait while it is shown; of what is opened on the
# desk, the address names each row.
MOST_AT_ONCE = 50


def are_too_many(request, rows) -> bool:
    if len(rows) <= MOST_AT_ONCE:
        return False
    text = gettext("Nothing was done. Choose at most %(most)d rows at once.")
    messages.warning(request, text % {"most": MOST_AT_ONCE})
    return True


def delegation_of(row) -> Delegation:
    return row if isinstance(row, Delegation) else row.delegation


class ChosenRows:
    """For the admin of delegations and of delegates."""

    # How the desk's list of people names these rows in its address.
    name_in_list = ""

    def has_write_permission(self, request):
        return request.user.has_perm("meetings.change_delegate")

    @admin.action(description=_("Write to the delegations"), permissions=["write"])
    def write(self, request, queryset):
        keys = sorted({delegation_of(row).pk for row in self.with_delegations(queryset)})
        return self.open_desk(request, queryset, "message", group="chosen", chosen=keys)

    @admin.action(description=_("Take a list of the people"), permissions=["view"])
    def take_list(self, request, queryset):
        keys = sorted(queryset.values_list("pk", flat=True))
        return self.open_desk(request, queryset, "list", columns=USUAL, **{self.name_in_list: keys})

    def with_delegations(self, queryset):
        return queryset.select_related(*self.list_select_related)

    def open_desk(self, request, queryset, page, **query):
        """Redirect to the page of the desk with these rows, where they are of one meeting."""
        rows = self.with_delegations(queryset)
        if are_too_many(request, rows):
            return None
        meetings = {delegation_of(row).meeting_id for row in rows}
        if len(meetings) != 1:
            text = gettext("Nothing was done. Choose rows of one meeting.")
            messages.warning(request, text)
            return None
        address = reverse(f"admin:meetings_meeting_desk_{page}", args=meetings)
        return HttpResponseRedirect(f"{address}?{urlencode(query, doseq=True)}")
