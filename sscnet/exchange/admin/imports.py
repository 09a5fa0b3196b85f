"""The imports in the admin: the list of them, what each did, and taking it back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from sscnet.admin.pages import AdminPages, admin_page, only_if
from sscnet.changes.versions import waits_for_release
from sscnet.core.models import ImportBatch, PublicRecord

from ..undo import AlreadyUndone, Undoing

PER_PAGE = 50


class ImportPages(AdminPages):
    """For an admin with `ExchangeMixin`. Who may look at the records sees what was imported."""

    def views(self):
        views = [
            ("imports/", require_safe(self.imports_view), "imports"),
            ("imports/<int:number>/", require_safe(self.one_import_view), "one_import"),
            (
                "imports/<int:number>/undo/",
                only_if(self.admin.has_import_permission, self.undo_import_view),
                "undo_import",
            ),
        ]
        may_view = self.admin.has_view_permission
        return [(path, only_if(may_view, view), name) for path, view, name in views]

    def imports(self):
        found = ImportBatch.objects.filter(model=self.opts.label_lower)
        return found.select_related("imported_by", "undone_by")

    def imports_view(self, request):
        page = Paginator(self.imports(), PER_PAGE).get_page(request.GET.get("page"))
        title = gettext("Imports of %(records)s")
        title %= {"records": self.opts.verbose_name_plural}
        return admin_page(self.admin, request, "exchange/imports", title, page=page)

    def one_import_view(self, request, number):
        batch = get_object_or_404(self.imports(), pk=number)
        return self.tell_import(request, batch, is_question=False)

    def undo_import_view(self, request, number):
        """Show first which records would go, come back, or stay; undo it once confirmed."""
        batch = get_object_or_404(self.imports(), pk=number)
        if request.method != "POST" and not batch.undone_at:
            return self.tell_import(request, batch, is_question=True)
        if request.method == "POST":
            self.undo_import(request, batch, Undoing(batch))
        return HttpResponseRedirect(self.page_address("one_import", batch.pk))

    def is_barred(self, request, undoing):
        """Return whether undoing would change what is public, and this person may not publish."""
        return any(
            isinstance(trace.record, PublicRecord) and waits_for_release(request.user, trace.record)
            for trace in undoing.traces
            if trace.can_be_undone
        )

    def undo_import(self, request, batch, undoing):
        if self.is_barred(request, undoing):
            text = gettext("It changed public content: somebody who may publish has to undo it.")
            self.admin.message_user(request, text, messages.ERROR)
            return
        try:
            traces = Undoing(batch).undo(request.user)
        except AlreadyUndone:
            text = gettext("It has already been undone.")
            self.admin.message_user(request, text, messages.WARNING)
            return
        undone = [trace for trace in traces if trace.was_undone]
        text = gettext(
            "%(batch)s has been undone. Removed: %(removed)d, restored: %(restored)d, "
            "unchanged: %(kept)d."
        )
        removed = sum(trace.is_new for trace in undone)
        values = {"removed": removed, "restored": len(undone) - removed}
        counts = {"batch": batch, "kept": len(traces) - len(undone), **values}
        self.admin.message_user(request, text % counts)
        for trace in traces:
            if trace.obstacle and not trace.touched:
                self.admin.message_user(
                    request, f"{trace.title}: {trace.obstacle}", messages.WARNING
                )

    def tell_import(self, request, batch, *, is_question):
        undoing = Undoing(batch)
        traces = undoing.traces
        is_barred = self.is_barred(request, undoing)
        may_undo = self.admin.has_import_permission(request) and not batch.undone_at
        possible = [trace for trace in traces if trace.can_be_undone]
        context = {
            "subtitle": batch.file_name,
            "batch": batch,
            "is_question": is_question,
            "may_undo": may_undo and not is_barred,
            "is_barred": is_barred,
            "undone": [trace for trace in traces if trace.was_undone],
            "new": [trace for trace in possible if trace.is_new],
            "changed": [trace for trace in possible if not trace.is_new],
            "gone": [trace for trace in traces if not trace.record and not trace.was_undone],
            "held": [trace for trace in traces if trace.obstacle and not trace.touched],
            "touched": [trace for trace in traces if trace.touched and trace.record],
            "change_address": f"{self.opts.app_label}_{self.opts.model_name}_change",
        }
        title = gettext("%(batch)s: undo it?") % {"batch": batch} if is_question else batch
        return admin_page(self.admin, request, "exchange/one_import", title, **context)
