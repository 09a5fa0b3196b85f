"""Decisions of officers: first everybody and every mail is shown, then it is done."""

from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from sscnet.admin import RecordAdmin
from sscnet.admin.pages import admin_page
from sscnet.core.i18n.texts import comma_separated
from sscnet.outbox import post

from .. import places
from ..models import Delegation, PlaceEvent
from ..office.dry_run import dry_run, shown

LONGEST_REASON = 500
# Of what is decided on, others who want places wait while it is shown; of what is opened on the
# desk, the address names each row.
MOST_AT_ONCE = 50


@dataclass(frozen=True)
class Decision:
    """What an officer does with rows: its words, what it takes, the call that does it."""

    name: str
    label: Any
    effect: Any
    call: Any
    needs_reason: bool = False
    takes_reason: bool = True


@dataclass
class DecisionOutcome:
    """How many rows were decided on, and which stayed as they are, with the reason."""

    done: int = 0
    refused: list[tuple[list, places.PlacesError]] = field(default_factory=list)


class Decisions(RecordAdmin):
    """Actions that show first what they would do, ask for the reason, and then do it."""

    is_read_only = True

    def has_decide_permission(self, request):
        return request.user.has_perm(f"meetings.change_{self.opts.model_name}")

    def decide(self, request, queryset, decision):
        rows = self.rows_to_decide(request, queryset)
        if are_too_many(request, rows):
            return None
        reason = request.POST.get("reason", "").strip()[:LONGEST_REASON]
        lacks_reason = decision.needs_reason and not reason
        work = partial(self.carry_out, rows, decision, request.user, reason)
        # The emails that were seen hold the reason that was typed then.
        is_seen = request.POST.get("seen_reason", reason).strip() == reason
        if "_confirmed" in request.POST and is_seen and not lacks_reason:
            self.do(request, work)
            return None
        context = {"decision": decision, "rows": rows, "reason": reason}
        if lacks_reason:
            context["reason_is_missing"] = is_from_own_page(request)
            return self.show_decision(request, decision, context)
        try:
            seen = dry_run({delegation_of(row).meeting for row in rows}, work)
        except places.Busy as busy:
            self.message_user(request, str(busy), messages.WARNING)
            return None
        context |= shown(request, seen) | {"unchanged": self.unchanged(rows, seen)}
        return self.show_decision(request, decision, context)

    def rows_to_decide(self, request, queryset):
        """Return the rows by key: one that meanwhile left the filtered list is still meant."""
        keys = queryset.values("pk")
        if is_from_own_page(request):
            keys = request.POST.getlist(ACTION_CHECKBOX_NAME)
        rows = self.get_queryset(request).filter(pk__in=keys).order_by("pk")
        return rows.select_related(*self.list_select_related)

    def show_decision(self, request, decision, context):
        context |= {"back": request.get_full_path(), "action_checkbox_name": ACTION_CHECKBOX_NAME}
        return admin_page(self, request, "meetings/decide", decision.label, **context)

    def carry_out(self, rows, decision, officer, reason) -> DecisionOutcome:
        outcome = DecisionOutcome()
        for _key, group in groupby(sorted(rows.all(), key=self.group_of), self.group_of):
            together = list(group)
            try:
                decision.call(one_or_all(together), officer, reason)
            except places.PlacesError as error:
                outcome.refused.append((together, error))
            else:
                outcome.done += len(together)
        return outcome

    def group_of(self, row) -> Any:
        """Return what rows have in common that are decided in one step, with one mail."""
        return row.pk

    def unchanged(self, rows, seen):
        """Return the rows that would stay as they are."""
        return []

    def do(self, request, work):
        with post.collecting() as mails:
            outcome = work()
        text = gettext("%(row)s stays as it is. %(reason)s")
        for rows, error in outcome.refused:
            values = {"row": comma_separated(rows), "reason": error}
            self.message_user(request, text % values, messages.WARNING)
        if n := outcome.done:
            text = ngettext("Done for %(n)d row.", "Done for %(n)d rows.", n)
            self.message_user(request, text % {"n": n})
        if n := len(mails):
            text = ngettext("%(n)d email is being sent.", "%(n)d emails are being sent.", n)
            self.message_user(request, text % {"n": n})


def is_from_own_page(request) -> bool:
    """Return whether it was sent from the page that shows what would happen, not from the list."""
    return bool({"_confirmed", "_decision"} & request.POST.keys())


def action_of(decision: Decision):
    """Return the action of an admin that takes this decision on the rows chosen."""

    @admin.action(description=decision.label, permissions=["decide"])
    def action(model_admin, request, queryset):
        return model_admin.decide(request, queryset, decision)

    action.__name__ = decision.name
    return action


def one_or_all(rows: list) -> Any:
    """Return rows as operations on places take them: a delegation, or people of one."""
    return rows[0] if isinstance(rows[0], Delegation) else rows


# ------------------------------------------------------------------ going on at the desk


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


# ------------------------------------------------------------------ on places


APPROVE = Decision(
    "approve",
    _("Approve"),
    _("Those waiting for approval get a free place at once, or stay on the waiting list."),
    lambda what, officer, reason: places.approve(what, actor=officer, reason=reason),
)
DECLINE = Decision(
    "decline",
    _("Decline, with a reason"),
    _("The places go to the next on the waiting list. This can be undone within 24 hours."),
    lambda what, officer, reason: places.decline(what, actor=officer, reason=reason),
    needs_reason=True,
)
UNDO = Decision(
    "undo",
    _("Undo a decline"),
    _(
        "Back to the former position on the waiting list; a place given to somebody else in the "
        "meantime stays given."
    ),
    lambda what, officer, reason: places.undo(what, actor=officer),
    takes_reason=False,
)


class PlaceDecisions(Decisions):
    actions = [*map(action_of, (APPROVE, DECLINE, UNDO)), write]
    # Which key of the log's events is that of a row here.
    key_in_log = ""

    def has_write_permission(self, request):
        return request.user.has_perm("meetings.change_delegate")

    def unchanged(self, rows, seen):
        refused = [row for rows, _error in seen.result.refused for row in rows]
        moved = [event for event in seen.events if event.kind != PlaceEvent.Kind.SKIPPED]
        touched = {getattr(event, self.key_in_log) for event in moved}
        return [row for row in rows if row.pk not in touched and row not in refused]
