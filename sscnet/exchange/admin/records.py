"""Import and export in the admin: send a file, see what it would do, confirm; take a list away."""

import json
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext, ngettext, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from sscnet.admin import link
from sscnet.admin.pages import admin_page, only_if, paths_of
from sscnet.core.forms.fields import IsoDateInput
from sscnet.core.models import ImportBatch
from sscnet.core.parsing.sheet_rows import MOST_BYTES
from sscnet.core.personal_data.security_log import log_security

from ..resource import RecordResource
from ..sheets import Sheet, read_sheet, sheet_of_rows
from ..undo import reached
from ..writing.formats import FORMATS
from .imports import ImportPages
from .preview import ImportPreview
from .templates import template_file
from .uploads import Gone, Upload


def content_of_rows(rows: list[list[str]]) -> bytes:
    """Return rows that are no file, as a preview keeps them; the first has the columns' names."""
    return json.dumps(rows).encode()


class ImportSheetForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("Excel (.xlsx) or CSV, at most 10 MB and 5,000 rows."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"empty": _("The file is empty.")},
    )


class SheetSourceForm(forms.ModelForm):
    class Meta:
        model = ImportBatch
        fields = ("source_name", "source_address", "source_read_on")
        widgets = {"source_read_on": IsoDateInput}

    def __init__(self, *args, is_needed, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["source_name"].required = is_needed


class ExchangeMixin:
    """For the admin of a public record; its class reads a file."""

    resource_class: type[RecordResource]
    change_list_template = "admin/exchange/list.html"

    def get_urls(self):
        importing = [
            ("import/", self.import_action, "import"),
            ("process_import/", require_POST(self.process_import), "process_import"),
            ("import/template.xlsx", require_safe(self.template_view), "import_template"),
            ("import/refused/", require_safe(self.refused_view), "import_refused"),
        ]
        views = [
            *((path, only_if(self.has_import_permission, v), name) for path, v, name in importing),
            ("export/", only_if(self.has_export_permission, self.export_action), "export"),
        ]
        return paths_of(self, views) + ImportPages(self).urls() + super().get_urls()

    def changelist_view(self, request, extra_context=None):
        context = {
            "has_import_permission": self.has_import_permission(request),
            "has_export_permission": self.has_export_permission(request),
        }
        return super().changelist_view(request, (extra_context or {}) | context)

    def address(self, view):
        return reverse(self.url_name(view))

    def has_import_permission(self, request):
        return self.has_add_permission(request) or self.has_change_permission(request)

    def has_export_permission(self, request):
        return self.has_view_permission(request)

    def make_resource(self, request):
        return self.resource_class(
            may_add=self.has_add_permission(request),
            may_change=lambda record: self.has_change_permission(request, record),
            user=request.user,
            parts=self.form_state(request, self.model()).parts,
        )

    # -------------------------------------------------------------- import

    def import_action(self, request):
        is_sent = request.method == "POST"
        form = ImportSheetForm(request.POST, request.FILES) if is_sent else ImportSheetForm()
        if is_sent and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                # One byte more than is allowed is refused when it is read.
                return self.preview(request, file.read(MOST_BYTES + 1), file.name)
            except ValidationError as error:
                form.add_error("file", error)
        context = {"form": form, "columns": self.make_resource(request).fields}
        return admin_page(self, request, "exchange/import", self.import_title(), **context)

    def import_title(self):
        return gettext("Import %(records)s") % {"records": self.opts.verbose_name_plural}

    def preview(self, request, content, name, source_form=None, answer=None):
        """Show what the file would do; raise ValidationError when it cannot be read as a whole.

        With an `answer`, its key, `content` are the rows of that answer (`content_of_rows`): what
        they would change of records that are there is ticked row by row, and waits as a version.
        """
        resource = self.make_resource(request)
        sheet = self.sheet_of(content, resource, answer)
        rows = resource.import_data(sheet, dry_run=True, keeps_known=answer is not None)
        ticking = {"is_ticked_by_row": answer is not None, "ticked": self.ticked_rows(request)}
        preview = ImportPreview(sheet, rows, **ticking)
        upload = Upload(
            batch=str(uuid4()),
            name=name[:200],
            format=sheet.format,
            model=self.opts.label_lower,
            user=str(request.user.pk),
            needs_source=preview.needs_source,
            digest=preview.digest(),
            answer=answer,
        )
        upload.keep(content, preview.refused_file())
        context = {
            "subtitle": name,
            "preview": preview,
            "source_form": source_form or SheetSourceForm(is_needed=preview.needs_source),
            "token": upload.token(),
            "change_address": f"{self.opts.app_label}_{self.opts.model_name}_change",
        }
        return admin_page(self, request, "exchange/preview", self.import_title(), **context)

    def sheet_of(self, content: bytes, resource: RecordResource, answer: int | None) -> Sheet:
        if answer is None:
            return read_sheet(content, resource.fields)
        return sheet_of_rows(json.loads(content), resource.fields)

    def process_import(self, request):
        try:
            upload = self.upload_of(request, request.POST)
            content = upload.take()
        except Gone as gone:
            return self.start_again(request, gone)
        form = SheetSourceForm(request.POST, is_needed=upload.needs_source)
        if not form.is_valid():
            return self.preview(request, content, upload.name, form, upload.answer)
        preview = self.store(request, upload, content, form.cleaned_data)
        if preview is None:
            text = gettext(
                "The records have changed since the preview: nothing was imported. Look at "
                "the preview again."
            )
            self.message_user(request, text, messages.WARNING)
            return self.preview(request, content, upload.name, form, upload.answer)
        self.say_what_was_imported(request, upload, preview)
        ticked = self.ticked_rows(request)
        waits = [row for row in preview.waits if upload.answer is None or row.number in ticked]
        self.say_what_waits(request, len(waits))
        return HttpResponseRedirect(self.address("changelist"))

    def ticked_rows(self, request) -> frozenset[int]:
        numbers = request.POST.getlist("row")
        return frozenset(int(number) for number in numbers if number.isdecimal())

    def upload_of(self, request, sent):
        user = str(request.user.pk)
        return Upload.of_token(sent.get("preview", ""), self.opts.label_lower, user)

    def start_again(self, request, gone):
        self.message_user(request, str(gone), messages.ERROR)
        return HttpResponseRedirect(self.address("import"))

    def store(self, request, upload, content, source):
        """Import the good rows; None when that is not what the preview showed, and nothing is.

        What changed no record leaves no number.
        """
        resource = self.make_resource(request)
        sheet = self.sheet_of(content, resource, upload.answer)
        of_answer = upload.answer is not None
        choice = {"keeps_known": of_answer, "ticked": self.ticked_rows(request)}
        try:
            with transaction.atomic():
                batch = ImportBatch.objects.create(
                    batch=upload.batch,
                    model=upload.model,
                    file_name=upload.name,
                    reached=reached(self.model),
                    imported_by=request.user,
                    answer=upload.answer,
                    **source,
                )
                options = {"file_name": upload.name, "batch": batch} | choice
                rows = resource.import_data(sheet, **options)
                preview = ImportPreview(sheet, rows)
                batch.new, batch.changed = len(preview.new), len(preview.changed)
                if batch.new or batch.changed:
                    batch.save(update_fields=["new", "changed"])
                else:
                    batch.delete()
                if preview.digest() == upload.digest:
                    return preview
                transaction.set_rollback(True)
        except (DatabaseError, ValidationError):
            # What waits for the end of the transaction speaks up only now.
            return None
        return None

    def say_what_was_imported(self, request, upload, preview):
        text = gettext(
            "“%(file)s” has been imported. New: %(new)d, changed: %(changed)d, unchanged: "
            "%(same)d, refused and left out: %(refused)d."
        )
        self.message_user(request, text % {"file": upload.name, **preview.counts()})
        if preview.refused:
            address = f"{self.address('import_refused')}?{urlencode({'preview': upload.token()})}"
            text = gettext("The refused rows, with the reasons, to be corrected and sent again")
            self.message_user(request, link(address, text), messages.WARNING)

    def say_what_waits(self, request, n):
        text = ngettext(
            "%(n)d public record will change when its new version is released.",
            "%(n)d public records will change when their new versions are released.",
            n,
        )
        if n:
            self.message_user(request, text % {"n": n}, messages.WARNING)

    def refused_view(self, request):
        try:
            upload = self.upload_of(request, request.GET)
            content = upload.refused()
        except Gone as gone:
            return self.start_again(request, gone)
        stem = slugify(upload.name.rpartition(".")[0], allow_unicode=True) or "import"
        return FORMATS[upload.format].download(content, f"{stem}-refused")

    def template_view(self, request):
        content = template_file(self.make_resource(request))
        return FORMATS["xlsx"].download(content, f"{self.plural_in_english()}-template")

    def plural_in_english(self):
        with override("en"):
            return slugify(str(self.opts.verbose_name_plural))

    # -------------------------------------------------------------- export

    def export_action(self, request):
        try:
            # The rows of the list as its address filters and orders them.
            queryset = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            # As the list itself does with a filter that means nothing.
            return HttpResponseRedirect(f"{self.address('changelist')}?{ERROR_FLAG}=1")
        if file_format := FORMATS.get(request.POST.get("format")):
            resource = self.make_resource(request)
            rows = resource.export(queryset)
            log_security("records_exported", kind=self.opts.label_lower, rows=len(rows))
            title = capfirst(str(self.opts.verbose_name_plural))
            content = file_format.write(title, list(resource.fields), rows)
            stem = f"{self.plural_in_english()}-{len(rows)}-rows-{timezone.localdate().isoformat()}"
            return file_format.download(content, stem)
        context = {"count": queryset.count(), "formats": FORMATS}
        title = gettext("Export %(records)s") % {"records": self.opts.verbose_name_plural}
        return admin_page(self, request, "exchange/export", title, **context)
