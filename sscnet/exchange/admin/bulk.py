"""The page of a bulk change: what is to change, what that does to each record, and doing it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext

from sscnet.admin import link
from sscnet.admin.pages import AdminPages
from sscnet.changes.comparing import compare_states

from ..bulk import BulkChange

MOST_RECORDS = 200


class BulkChangePages(AdminPages):
    """For an admin with `ExchangeMixin` and a `bulk_form_class`."""

    def views(self):
        return [("change-many/", self.change_many_view, "change_many")]

    def chosen(self, request, queryset):
        """Lead from the list to the page; the address holds the records chosen."""
        keys = list(queryset.order_by("pk").values_list("pk", flat=True)[: MOST_RECORDS + 1])
        if len(keys) > MOST_RECORDS:
            text = gettext("Choose at most %(n)d records at a time.") % {"n": MOST_RECORDS}
            self.admin.message_user(request, text, messages.ERROR)
            return None
        query = urlencode({"pk": keys}, doseq=True)
        return HttpResponseRedirect(f"{self.page_address('change_many')}?{query}")

    def change_many_view(self, request):
        if not self.admin.has_change_permission(request):
            raise PermissionDenied
        form = self.admin.bulk_form_class(request.POST or None)
        change = BulkChange(form, request.user)
        is_valid = request.method == "POST" and form.is_valid()
        sent = urlencode({name: request.POST.getlist(name) for name in form.fields}, doseq=True)
        # What was typed after a change was shown is shown before it is done.
        if is_valid and "_confirmed" in request.POST and request.POST.get("shown", sent) == sent:
            self.say(request, *change.do(self.admin.model, self.versions(request)))
            return HttpResponseRedirect(self.page_address("changelist"))
        keys = [key for key in map(as_key, request.GET.getlist("pk")) if key]
        rows = self.admin.model.objects.filter(pk__in=keys[:MOST_RECORDS]).order_by("pk")
        records = list(rows)
        outcomes = change.judge(records) if is_valid else []
        context = {
            "title": gettext("Change several at once"),
            "form": form,
            "sent": sent,
            "records": [(record, self.admin.change_url(record)) for record in records],
            "is_shown": is_valid,
            "possible": [(*self.shown(one), one) for one in outcomes if not one.reason],
            "refused": [(*self.shown(one), one) for one in outcomes if one.reason],
        }
        return self.admin.page(request, "change_many.html", context)

    def shown(self, outcome):
        changes = compare_states(outcome.changes, self.admin.model)
        return self.admin.change_url(outcome.record), changes

    def versions(self, request):
        """Return the version of each record as the page showed it, by its key."""
        sent = [text.partition(":") for text in request.POST.getlist("seen")[:MOST_RECORDS]]
        return {as_key(key): version for key, _colon, version in sent if as_key(key)}

    def say(self, request, batch, outcomes):
        if batch:
            text = ngettext(
                "%(n)d record was changed: see what changed, or undo it",
                "%(n)d records were changed: see what changed, or undo it",
                batch.changed,
            )
            words = link(self.page_address("one_import", batch.pk), text % {"n": batch.changed})
            self.admin.message_user(request, words)
        self.admin.say_what_waits(request, sum(one.waits and not one.reason for one in outcomes))
        for one in outcomes:
            if one.reason:
                text = gettext("%(record)s stays as it is. %(reasons)s")
                values = {"record": one.record, "reasons": one.reason}
                self.admin.message_user(request, text % values, messages.WARNING)


def as_key(text):
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
