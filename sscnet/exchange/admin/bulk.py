"""The page of a bulk change: what is to change. The preview of imports shows it and does it."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext

from sscnet.admin import link
from sscnet.admin.pages import AdminPages, admin_page, only_if
from sscnet.core.models import ImportBatch

MOST_RECORDS = 200


class BulkChangePages(AdminPages):
    """For an admin with `ExchangeMixin` and a `bulk_form_class`."""

    def views(self):
        view = only_if(self.admin.has_change_permission, self.change_many_view)
        return [("change-many/", view, "change_many")]

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
        form = self.admin.bulk_form_class(request.POST or None)
        keys = [key for key in map(as_key, request.GET.getlist("pk")) if key]
        rows = self.admin.model.objects.filter(pk__in=keys[:MOST_RECORDS]).order_by("pk")
        records = list(rows)
        if records and form.is_valid():
            content = form.file(records, self.admin.resource_class.key[0])
            bulk = {"back": request.get_full_path(), "confirms": form.cleaned_data["confirm"]}
            return self.admin.preview(request, content, "", **bulk)
        title = gettext("Change several at once")
        shown = [(record, self.admin.change_url(record)) for record in records]
        context = {"form": form, "records": shown}
        return admin_page(self.admin, request, "exchange/change_many", title, **context)

    def say_what_was_changed(self, request, upload):
        for batch in ImportBatch.objects.filter(batch=upload.batch):
            text = ngettext(
                "%(n)d record was changed: see what changed, or undo it",
                "%(n)d records were changed: see what changed, or undo it",
                batch.changed,
            )
            address = self.page_address("one_import", batch.pk)
            self.admin.message_user(request, link(address, text % {"n": batch.changed}))


def as_key(text):
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
