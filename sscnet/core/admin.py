"""What the admin of all records shares: forms in two languages, history, publication, sources."""

from functools import partial

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.contrib.contenttypes.admin import GenericTabularInline
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import translation
from django.utils.text import capfirst, normalize_newlines
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from . import privacy
from .formsets import RowForm, RowFormSet
from .history import history_page, tracked_models
from .i18n.labels import each_language, field_label, is_translation, translated_fields
from .i18n.texts import comma_separated
from .models import Source
from .publication import TRANSITIONS, confirm_classification, judge, may, steps_for, take
from .stale import VERSION, StaleRecord, Version, note_closed, note_open, parts_in_form
from .versions.pages import VersionPages, address_of_version
from .versions.releasing import waits_for_release
from .versions.saving import AS_VERSION, ChangesWait, FormState, keep, rendered_with


def link(address, words):
    """Return a link for a column or a message."""
    return render_to_string("admin/components/link.html", {"address": address, "words": words})


# ------------------------------------------------------------------ forms


class LongText(forms.CharField):
    """A text of several lines, kept as it was: browsers send line ends of their own."""

    def to_python(self, value):
        return super().to_python(normalize_newlines(value) if value else value)


FORM_FIELDS = {
    models.TextField: {
        "form_class": LongText,
        "widget": admin.widgets.AdminTextareaWidget(attrs={"rows": 4}),
    },
    models.DateField: {"error_messages": {"invalid": _("Write the date as 2019-05-12.")}},
    models.DateTimeField: {"error_messages": {"invalid_date": _("Write the date as 2019-05-12.")}},
}


def adapted(field, db_field, model):
    """Return Django's field of a form as our records have it: both languages are named."""
    if isinstance(db_field, ArrayField):
        return forms.MultipleChoiceField(
            choices=db_field.base_field.choices,
            required=not db_field.blank,
            label=capfirst(db_field.verbose_name),
            help_text=db_field.help_text,
            widget=forms.CheckboxSelectMultiple,
        )
    if isinstance(field.widget, admin.widgets.RelatedFieldWidgetWrapper):
        # To change or delete what others point to, one goes there on purpose.
        field.widget.can_change_related = field.widget.can_delete_related = False
    if is_translation(db_field) or db_field.name in translated_fields(model):
        field.label = capfirst(str(field_label(db_field)))
    return field


def visible_fieldsets(request, model, fieldsets):
    """Return the fieldsets without the fields that this person may not see."""
    kept = []
    for title, options in fieldsets:
        if fields := privacy.visible_fields(request.user, model, options["fields"]):
            kept.append((title, options | {"fields": fields}))
    return kept


class PartInline:
    """For the inlines of rows that belong to a record."""

    formfield_overrides = FORM_FIELDS
    form = RowForm
    formset = RowFormSet
    extra = 0
    # The records one may add without leaving the form.
    addable = []

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.select_related(*self.autocomplete_fields) if self.autocomplete_fields else rows

    def get_fieldsets(self, request, obj=None):
        return visible_fieldsets(request, self.model, super().get_fieldsets(request, obj))

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        field = adapted(field, db_field, self.model)
        if db_field.is_relation and db_field.name not in self.addable:
            field.widget.can_add_related = field.widget.can_view_related = False
        return field


class SourceInline(PartInline, GenericTabularInline):
    model = Source
    form = GenericTabularInline.form
    formset = GenericTabularInline.formset
    fields = ["name", "address", *each_language("supports"), "confidence", "read_on"]


# ------------------------------------------------------------------ lists and history


class UsedFilter(admin.RelatedOnlyFieldListFilter):
    """The related rows in use, read once a request: each count makes all filters anew."""

    def field_choices(self, field, request, model_admin):
        read = request.__dict__.setdefault("choices_of_filters", {})
        if self.field_path not in read:
            read[self.field_path] = list(super().field_choices(field, request, model_admin))
        return read[self.field_path]


class RecordList(ChangeList):
    def get_ordering(self, request, queryset):
        # An export makes its list without them.
        self.sortable_by = self.model_admin.get_sortable_by(request)
        return super().get_ordering(request, queryset)

    def get_ordering_field(self, field_name):
        """Sort by no column that is not offered for it, though the address asks."""
        return super().get_ordering_field(field_name) if field_name in self.sortable_by else None

    def get_queryset(self, request, **kwargs):
        return self.model_admin.for_list(super().get_queryset(request, **kwargs))


class RecordAdmin:
    """For the admin of every record: with its history, and without what one may not see."""

    formfield_overrides = FORM_FIELDS
    # Written by pages and code alone; here it is looked at.
    is_read_only = False
    # Classes of `AdminPages`.
    page_classes = []
    show_facets = admin.ShowFacets.ALWAYS
    list_per_page = 50

    def has_add_permission(self, request):
        return not self.is_read_only and super().has_add_permission(request)

    def has_change_permission(self, request, obj=None):
        return not self.is_read_only and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return not self.is_read_only and super().has_delete_permission(request, obj)

    # -------------------------------------------------------------- personal fields

    def lookup_allowed(self, lookup, value, request):
        may_ask = privacy.may_ask(request.user, self.model, lookup)
        return may_ask and super().lookup_allowed(lookup, value, request)

    def get_search_fields(self, request):
        fields = super().get_search_fields(request)
        return [name for name in fields if privacy.may_ask(request.user, self.model, name)]

    def get_list_display(self, request):
        columns = super().get_list_display(request)
        return [name for name in columns if privacy.may_see(request.user, self.model, name)]

    def get_sortable_by(self, request):
        return [
            column
            for column in super().get_sortable_by(request)
            if privacy.may_order(request.user, self.model, self.ordered_by(column))
        ]

    def ordered_by(self, column):
        """Return the field or expression by which a column is sorted."""
        shown = getattr(self, column, getattr(self.model, column, None))
        return getattr(shown, "admin_order_field", None) or column

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        # What somebody enters anew is hidden from nobody.
        return visible_fieldsets(request, self.model, fieldsets) if obj else fieldsets

    # -------------------------------------------------------------- pages

    def get_urls(self):
        own = [url for pages in self.page_classes for url in pages(self).urls()]
        return own + super().get_urls()

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        return field and adapted(field, db_field, self.model)

    def for_list(self, queryset):
        """Load with the rows of the list what its columns show."""
        return queryset

    def get_changelist(self, request, **kwargs):
        return RecordList

    def history_view(self, request, object_id, extra_context=None):
        record = self.get_object(request, unquote(object_id))
        if record is None or self.model not in tracked_models():
            return super().history_view(request, object_id, extra_context)
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        page = history_page(record, request.GET.get(PAGE_VAR), reader=request.user)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("History"),
            "subtitle": str(record),
            "page": page,
            "page_range": page.paginator.get_elided_page_range(page.number),
            "page_var": PAGE_VAR,
            "object": record,
            "opts": self.opts,
            "module_name": capfirst(self.opts.verbose_name_plural),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/core/history.html", context)

    def save_model(self, request, obj, form, change):
        record = self.public_record(obj)
        if record and self.is_to_wait(request, record) and not hasattr(request, "form_state"):
            request.form_state = self.form_state(request, obj)
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        # Constraints that wait for the end of the transaction speak up while we can still answer.
        connection.check_constraints()
        note_closed(form.instance, request.user)
        if hasattr(request, "form_state"):
            record = self.public_record(form.instance)
            raise ChangesWait(record, form.instance, request.form_state)

    # -------------------------------------------------------------- what waits for release

    def public_record(self, obj):
        """Return the record with a public page that changes with what this form is about."""
        return None

    def is_to_wait(self, request, record):
        is_asked_for = AS_VERSION in request.POST or hasattr(request, "replaces")
        may_wait = record.has_address and is_asked_for
        return may_wait or waits_for_release(request.user, record)

    def version_to_go_on_with(self, request, object_id):
        """Return the version that the address names, on which the form is then filled in."""
        return None

    def form_state(self, request, obj):
        """Return the stored state of what a form can change."""
        inlines = self.get_inline_instances(request, obj)
        models_of_rows = {i.model for i in inlines if i.has_change_permission(request, obj)}
        return FormState(obj, parts_in_form(self.model, models_of_rows))

    def response_wait(self, request, waits):
        """Keep what a form changed as a version, and answer."""
        version = keep(waits, request.user, getattr(request, "replaces", None))
        if waits.left_out:
            text = gettext("This cannot be part of a version and was not saved: %(parts)s.")
            names = comma_separated(model._meta.verbose_name_plural for model in waits.left_out)
            self.message_user(request, text % {"parts": names}, messages.WARNING)
        if version is None:
            return self.response_change(request, waits.saved)
        text = gettext("Your changes are waiting for release; the public page is unchanged.")
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(address_of_version(version))

    # -------------------------------------------------------------- two officers on one record

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return self.save_unless_stale(request, object_id, form_url, extra_context)
        except IntegrityError:
            # Somebody saved between our check and our save. Checked again, the form names the
            # field, and nothing typed is lost.
            return self.save_unless_stale(request, object_id, form_url, extra_context)

    @transaction.atomic
    def save_unless_stale(self, request, object_id, form_url, extra_context):
        self.look_at_version(request, object_id)
        respond = partial(super().changeform_view, request, object_id, form_url, extra_context)
        version = self.version_to_go_on_with(request, object_id)
        try:
            return rendered_with(version, respond) if version else respond()
        except ChangesWait as waits:
            return self.response_wait(request, waits)
        except ValidationError as error:
            if not version:
                raise
            # The version does not fit the record any more: its page says where.
            self.message_user(request, " ".join(error.messages), messages.ERROR)
            return HttpResponseRedirect(address_of_version(version))

    def look_at_version(self, request, object_id):
        """Note the version of the record, before its values are read, and if the form is older.

        A version may thus be older than what the form shows, never newer. While a form is stored,
        the record is locked, so nobody saves between the two.
        """
        if not object_id or not self.has_change_permission(request):
            return
        record = self.get_object(request, unquote(object_id))
        if not record or not self.has_change_permission(request, record):
            return
        if request.method == "POST":
            rows = self.model._base_manager.filter(pk=record.pk)
            record = rows.select_for_update(no_key=True).first() or record
        parts = self.parts_in_form(request, record)
        request.version = str(Version.of(record, parts))
        if request.method == "POST" and request.POST.get(VERSION) != request.version:
            sent_from = Version.read(request.POST.get(VERSION, ""))
            request.stale = StaleRecord(record, parts, sent_from, request.FILES)

    def parts_in_form(self, request, record):
        inlines = {inline.model for inline in self.get_inline_instances(request, record)}
        return parts_in_form(self.model, inlines)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        return request.stale.form(form) if hasattr(request, "stale") else form

    def get_formsets_with_inlines(self, request, obj=None):
        stale = getattr(request, "stale", None)
        for formset, inline in super().get_formsets_with_inlines(request, obj):
            is_stale = stale and stale.has_history(inline.model)
            yield stale.formset(formset) if is_stale else formset, inline

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        stale = getattr(request, "stale", None)
        if stale and not stale.would_change:
            # Sent twice, or by somebody who changed nothing: what it asks for is stored.
            return self.response_change(request, obj)
        for pages in self.page_classes if obj and obj.pk else ():
            context |= pages(self).context_of_form(obj)
        if hasattr(request, "version"):
            context |= {
                "version": request.version,
                "conflict": stale and stale.conflict,
                "also_open": note_open(obj, request.user),
            }
        return super().render_change_form(request, context, add, change, form_url, obj)


# ------------------------------------------------------------------ records with a public page


class PublicRecordAdmin(RecordAdmin):
    """For the admin of records with a page of their own."""

    change_form_template = "admin/core/change_form.html"
    readonly_fields = ["state", "is_sample", "published_at", "withdrawn_at", "updated_at"]
    actions = [*TRANSITIONS, "delete_selected"]
    view_on_site = False
    save_on_top = True
    has_classification = False

    # -------------------------------------------------------------- the form

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and obj.pk:
            may_change = self.has_change_permission(request, obj)
            context |= {
                "pages": self.pages(obj),
                "gaps": self.gaps_with_links(obj),
                "warnings": self.warnings(obj),
                "steps": steps_for(obj, request.user) if may_change else [],
                "can_confirm": self.may_confirm(request, obj) and self.is_unconfirmed(obj),
                "can_save_as_version": obj.has_address and self.has_publish_permission(request),
                "waits_for_release": may_change and waits_for_release(request.user, obj),
                "versions": VersionPages(self).open_versions(obj),
                "replaces": getattr(request, "replaces", None),
                "refuses_delete": obj.was_public and super().has_delete_permission(request, obj),
            }
        return super().render_change_form(request, context, add, change, form_url, obj)

    def pages(self, record):
        """Return the address of the record's page in each language."""
        pages = []
        for code, name in settings.LANGUAGES:
            with translation.override(code):
                pages.append((code, name, record.get_absolute_url()))
        return pages

    def gaps_with_links(self, record):
        """Return each gap with the part of the form's address that leads to its field."""
        anchors = {"classification": "id_classification"} | self.anchors_of_inlines()
        return [(gap, anchors.get(gap.field, f"id_{gap.field}")) for gap in record.gaps()]

    def anchors_of_inlines(self):
        generic = f"{Source._meta.label_lower.replace('.', '-')}-content_type-object_id"
        models_of_rows = {inline.model for inline in self.inlines}
        names = [
            relation.get_accessor_name()
            for relation in self.opts.related_objects
            if relation.related_model in models_of_rows
        ]
        return {name: f"{name}-group" for name in names} | {"sources": f"{generic}-group"}

    def warnings(self, record):
        return record.warnings() if hasattr(record, "warnings") else []

    def is_unconfirmed(self, record):
        return not record.classification_confirmed_on

    def may_confirm(self, request, record):
        """Pages say whether it is confirmed, so of what is public it is for those who publish."""
        may_change = self.has_change_permission(request, record)
        is_open = not waits_for_release(request.user, record)
        return self.has_classification and may_change and is_open

    def public_record(self, obj):
        return obj

    def changeform_view(self, request, *args, **kwargs):
        if name := request.POST.get("_step"):
            self.permitted_step(request, name)
        return super().changeform_view(request, *args, **kwargs)

    def version_to_go_on_with(self, request, object_id):
        number = request.GET.get(VersionPages.PARAMETER, "")
        record = number.isdecimal() and object_id and self.get_object(request, unquote(object_id))
        if not record or not self.has_change_permission(request, record):
            return None
        state = self.form_state(request, record)
        version = VersionPages(self).to_go_on_with(record, request.user, number, state.parts)
        if version:
            request.form_state, request.replaces = state, version
        return version

    def response_wait(self, request, waits):
        if waits.changes and "_step" in request.POST:
            step = TRANSITIONS[request.POST["_step"]]
            text = gettext("“%(step)s” was not done: your changes are waiting for release.")
            self.message_user(request, text % {"step": step.label}, messages.WARNING)
        return super().response_wait(request, waits)

    def response_change(self, request, obj):
        if name := request.POST.get("_step"):
            return self.response_step(request, obj, TRANSITIONS[name])
        if "_confirm_classification" in request.POST and self.may_confirm(request, obj):
            confirm_classification(obj, request.user)
            self.message_user(request, gettext("The classification is confirmed."))
            return HttpResponseRedirect(self.change_url(obj))
        return super().response_change(request, obj)

    def response_post_save_add(self, request, obj):
        self.show_warnings(request, obj)
        return super().response_post_save_add(request, obj)

    def response_post_save_change(self, request, obj):
        self.show_warnings(request, obj)
        return super().response_post_save_change(request, obj)

    def show_warnings(self, request, record):
        for warning in self.warnings(record):
            self.message_user(request, warning, messages.WARNING)

    def change_url(self, record):
        return reverse(self.url_name("change"), args=[record.pk])

    def url_name(self, view):
        return f"admin:{self.opts.app_label}_{self.opts.model_name}_{view}"

    def history_view(self, request, object_id, extra_context=None):
        address = reverse(self.url_name("state"), args=[unquote(object_id)])
        context = {"state_address": address} | (extra_context or {})
        return super().history_view(request, object_id, context)

    # -------------------------------------------------------------- steps of one record

    def get_urls(self):
        view = self.admin_site.admin_view(self.step_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_step"
        step = path("<path:object_id>/step/<str:name>/", view, name=name)
        return [step, *VersionPages(self).urls(), *super().get_urls()]

    def has_publish_permission(self, request):
        return may(request.user, TRANSITIONS["publish"], self.model)

    def permitted_step(self, request, name):
        if name not in TRANSITIONS:
            raise Http404
        if not may(request.user, TRANSITIONS[name], self.model):
            raise PermissionDenied
        return TRANSITIONS[name]

    def response_step(self, request, record, step):
        """Take a step after saving; what the public will see is asked about first."""
        if step.is_public:
            return HttpResponseRedirect(reverse(self.url_name("step"), args=[record.pk, step.name]))
        self.say_what_was_done(request, step, take(step, [record], request.user))
        return HttpResponseRedirect(self.change_url(record))

    def step_view(self, request, object_id, name):
        step = self.permitted_step(request, name)
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return redirect(self.url_name("change"), object_id)
        if request.method == "POST":
            self.say_what_was_done(request, step, take(step, [record], request.user))
            return HttpResponseRedirect(self.change_url(record))
        verdicts = [judge(record, step, request.user)]
        return self.ask(request, step, verdicts, original=record, back=self.change_url(record))

    # -------------------------------------------------------------- steps of many records

    @admin.action(description=_("Mark ready"), permissions=["change"])
    def mark_ready(self, request, queryset):
        return self.step_with_many(request, queryset, TRANSITIONS["mark_ready"])

    @admin.action(description=_("Return to draft"), permissions=["change"])
    def return_to_draft(self, request, queryset):
        return self.step_with_many(request, queryset, TRANSITIONS["return_to_draft"])

    @admin.action(description=_("Publish"), permissions=["publish"])
    def publish(self, request, queryset):
        return self.step_with_many(request, queryset, TRANSITIONS["publish"])

    @admin.action(description=pgettext_lazy("record", "Withdraw"), permissions=["publish"])
    def withdraw(self, request, queryset):
        return self.step_with_many(request, queryset, TRANSITIONS["withdraw"])

    def step_with_many(self, request, queryset, step):
        """Name first what the step would do to each record; do it once that was confirmed."""
        if "_confirmed" in request.POST:
            # By key: a record that meanwhile left the filtered list is named too.
            keys = request.POST.getlist(admin.helpers.ACTION_CHECKBOX_NAME)
            records = self.get_queryset(request).filter(pk__in=keys)
            self.say_what_was_done(request, step, take(step, records, request.user))
            return None
        records = self.model._default_manager.filter(pk__in=queryset.values("pk")).for_gaps()
        verdicts = [judge(record, step, request.user) for record in records]
        return self.ask(request, step, verdicts, back=request.get_full_path())

    def ask(self, request, step, verdicts, **context):
        possible = [verdict.record for verdict in verdicts if verdict.is_possible]
        context |= {
            **self.admin_site.each_context(request),
            "title": step.label,
            "step": step,
            "possible": [
                (record, self.change_url(record), self.gaps_with_links(record))
                for record in possible
            ],
            "refused": [
                (v.record, self.change_url(v.record), v.reasons)
                for v in verdicts
                if not v.is_possible
            ],
            "shows_gaps": step.name == "publish",
            "opts": self.opts,
            "action_checkbox_name": admin.helpers.ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/core/step.html", context)

    def say_what_was_done(self, request, step, verdicts):
        done = [verdict for verdict in verdicts if verdict.is_possible]
        if done:
            text = ngettext(
                "%(n)d record is now in the state “%(state)s”.",
                "%(n)d records are now in the state “%(state)s”.",
                len(done),
            )
            self.message_user(request, text % {"n": len(done), "state": step.end.label})
        for verdict in verdicts:
            if not verdict.is_possible:
                text = gettext("%(record)s stays as it is. %(reasons)s")
                values = {"record": verdict.record, "reasons": " ".join(verdict.reasons)}
                self.message_user(request, text % values, messages.WARNING)

    # -------------------------------------------------------------- deleting

    def has_delete_permission(self, request, obj=None):
        was_public = obj is not None and obj.was_public
        return super().has_delete_permission(request, obj) and not was_public

    def delete_view(self, request, object_id, extra_context=None):
        record = self.get_object(request, unquote(object_id))
        if record and record.was_public and self.has_delete_permission(request):
            self.refuse_to_delete(request, [record])
            return HttpResponseRedirect(self.change_url(record))
        return super().delete_view(request, object_id, extra_context)

    @admin.action(description=_("Delete selected %(verbose_name_plural)s"), permissions=["delete"])
    def delete_selected(self, request, queryset):
        if were_public := list(queryset.exclude(published_at=None)):
            self.refuse_to_delete(request, were_public)
            return None
        return admin.actions.delete_selected(self, request, queryset)

    def refuse_to_delete(self, request, records):
        text = ngettext(
            "Nothing was deleted: %(records)s was public, and links to it must keep working. "
            "Withdraw it instead.",
            "Nothing was deleted: %(records)s were public, and links to them must keep working. "
            "Withdraw them instead.",
            len(records),
        )
        names = comma_separated(records)
        self.message_user(request, text % {"records": names}, messages.ERROR)
