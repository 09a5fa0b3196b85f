"""The admin of every record: history, personal fields, and two officers on one record."""

from dataclasses import replace

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext

from sscnet.changes.history import history_page
from sscnet.changes.parts import parts_in_form
from sscnet.changes.stale import VERSION, HistoryPosition, StaleRecord
from sscnet.changes.state import RecordState
from sscnet.core.database.triggers import tracked_models
from sscnet.core.forms.errors import FormProblem, problems_of
from sscnet.core.personal_data import fields as privacy

from .fields import FORM_FIELDS, adapted, visible_fieldsets
from .lists import RecordList
from .pages import admin_page, paths_of
from .tabs import ALL, TAB, Tab
from .version_pages import VersionPages


class RecordAdmin(admin.ModelAdmin):
    """For the admin of every record: with its history, and without what one may not see."""

    formfield_overrides = FORM_FIELDS
    # Written by pages and code alone; here it is looked at.
    is_read_only = False
    # Django's way there asks any table by number: it is closed.
    view_on_site = False
    # Classes of `AdminPages`.
    page_classes = []
    # Parts of the form, each saved for itself; what is new is entered on one page.
    tabs: tuple[Tab, ...] = ()
    list_per_page = 50

    def __init__(self, model, admin_site):
        if self.tabs:
            self.fieldsets = [fieldset for tab in self.tabs for fieldset in tab.fieldsets]
            self.inlines = [inline for tab in self.tabs for inline in tab.inlines]
        super().__init__(model, admin_site)

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
        if self.tabs:
            fieldsets = [one for tab in self.shown_tabs(request, obj) for one in tab.fieldsets]
        is_fixed = obj is not None and not self.has_change_permission(request, obj)
        return visible_fieldsets(
            request, self.model, fieldsets, is_new=obj is None, is_fixed=is_fixed
        )

    # -------------------------------------------------------------- tabs

    def get_tabs(self, request, obj=None) -> list[Tab]:
        """Return the tabs that this person may see, of a record or of a new one."""
        tabs = [tab for tab in self.tabs if not tab.right or request.user.has_perm(tab.right)]
        return [tab for tab in tabs if obj or not tab.page]

    def chosen_tab(self, request, object_id) -> Tab | None:
        """Return the tab that the address names; None where the form is one page.

        So is one that goes on with a version, which may hold changes of several tabs.
        """
        record = self.tabs and object_id and self.get_object(request, unquote(object_id))
        if not record or VersionPages.PARAMETER in request.GET or request.GET.get(TAB) == ALL:
            return None
        tabs = [tab for tab in self.get_tabs(request, record) if not tab.page]
        named = [tab for tab in tabs if tab.name == request.GET.get(TAB)]
        return (named or tabs)[0]

    def shown_tabs(self, request, obj) -> list[Tab]:
        chosen = getattr(request, "tab", None)
        return [chosen] if chosen else self.get_tabs(request, obj)

    def get_inlines(self, request, obj):
        if not self.tabs:
            return super().get_inlines(request, obj)
        return [inline for tab in self.shown_tabs(request, obj) for inline in tab.inlines]

    def in_order(self, request, obj, fieldsets, inlines):
        """Return the fieldsets and rows of a form as they follow each other on the page."""
        if not self.tabs:
            near = [rows for rows in inlines if rows.opts.is_near_top]
            return [*fieldsets[:1], *near, *fieldsets[1:], *(r for r in inlines if r not in near)]
        parts = {one.name: one for one in fieldsets} | {type(one.opts): one for one in inlines}
        sections = [section for tab in self.shown_tabs(request, obj) for section in tab.sections]
        names = [one[0] if isinstance(one, tuple) else one for one in sections]
        return [parts[name] for name in names if name in parts]

    def links_of_tabs(self, request, record) -> list[tuple]:
        """Return of each tab its label, its address, and whether it is open."""
        here, page = getattr(request, "tab", None), request.resolver_match.url_name
        form, links = self.change_url(record), []
        for tab in self.get_tabs(request, record):
            address, is_open = f"{form}?{TAB}={tab.name}", here and tab.name == here.name
            if tab.page:
                name = self.url_name(tab.page)
                address = reverse(name, args=[record.pk])
                is_open = f"admin:{page}".startswith(name)
            links.append((tab.label, address, is_open))
        is_whole = request.GET.get(TAB) == ALL
        whole = (gettext("All on one page"), f"{form}?{TAB}={ALL}", is_whole)
        return [*links, whole] if links else []

    def response_change(self, request, obj):
        """Stay in the tab that was saved."""
        response = super().response_change(request, obj)
        is_same_page = getattr(response, "url", "").partition("?")[0] == request.path
        if (TAB in request.GET and is_same_page) or (request.tab and "_save" in request.POST):
            return HttpResponseRedirect(request.get_full_path())
        return response

    # -------------------------------------------------------------- pages

    def get_urls(self):
        own = [url for pages in self.page_classes for url in pages(self).urls()]
        return paths_of(self, self.own_pages()) + own + super().get_urls()

    def own_pages(self):
        """Return for each further page its address, its view and its name."""
        return []

    def change_url(self, record):
        return reverse(self.url_name("change"), args=[record.pk])

    def url_name(self, view):
        return f"admin:{self.opts.app_label}_{self.opts.model_name}_{view}"

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        return field and adapted(field, db_field, self.model)

    def get_changeform_initial_data(self, request):
        """Begin a form with what the address names; a box of records cannot show what is no key."""
        initial = super().get_changeform_initial_data(request)
        for field in self.opts.fields:
            if field.is_relation and field.name in initial:
                try:
                    field.to_python(initial[field.name])
                except ValidationError:
                    del initial[field.name]
        return initial

    def for_list(self, queryset):
        """Load with the rows of the list what its columns show."""
        return queryset

    def get_search_results(self, request, queryset, search_term):
        """Find each record once: modeltrans makes a translated field that is searched a column.

        Where one record has many, such as names of countries, DISTINCT leaves a row of each.
        """
        # It adds the column to the very rows that it filters.
        rows = queryset.all()
        found, _has_duplicates = super().get_search_results(request, rows, search_term)
        if not search_term:
            return found, False
        return queryset.filter(pk__in=found.order_by().values("pk")), False

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
            "subtitle": str(record),
            "page": page,
            "page_range": page.paginator.get_elided_page_range(page.number),
            "page_var": PAGE_VAR,
            "object": record,
            **(extra_context or {}),
        }
        return admin_page(self, request, "core/history", gettext("History"), **context)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        # Constraints that wait for the end of the transaction speak up while we can still answer.
        connection.check_constraints()

    def form_state(self, request, obj):
        """Return the stored state of what a form can change."""
        inlines = self.get_inline_instances(request, obj)
        models_of_rows = {i.model for i in inlines if i.has_change_permission(request, obj)}
        return RecordState.of(obj, parts_in_form(self.model, models_of_rows))

    # -------------------------------------------------------------- two officers on one record

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        request.tab = self.chosen_tab(request, object_id)
        try:
            return self.save_unless_stale(request, object_id, form_url, extra_context)
        except IntegrityError:
            # Somebody saved between our check and our save. Checked again, the form names the
            # field, and nothing typed is lost.
            return self.save_unless_stale(request, object_id, form_url, extra_context)

    @transaction.atomic
    def save_unless_stale(self, request, object_id, form_url, extra_context):
        self.look_at_version(request, object_id)
        return self.show_or_store(request, object_id, form_url, extra_context)

    def show_or_store(self, request, object_id, form_url, extra_context):
        return super().changeform_view(request, object_id, form_url, extra_context)

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
        request.version = str(HistoryPosition.of(record, parts))
        if request.method == "POST" and request.POST.get(VERSION) != request.version:
            sent_from = HistoryPosition.read(request.POST.get(VERSION, ""))
            request.stale = StaleRecord(record, parts, sent_from, request.FILES)

    def parts_in_form(self, request, record):
        inlines = {inline.model for inline in self.get_inline_instances(request, record)}
        return parts_in_form(self.model, inlines)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        return request.stale.form(form) if hasattr(request, "stale") else form

    def get_formset_kwargs(self, request, obj, inline, prefix):
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        is_new = not obj.pk and inline.first_row
        return kwargs | ({"initial": [inline.first_row]} if is_new else {})

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
        if self.tabs and obj and obj.pk:
            # Saved, a tab stays open.
            context |= {"tab": request.tab, "show_save_and_continue": not request.tab}
            context["tabs"] = self.links_of_tabs(request, obj)
        inlines = context["inline_admin_formsets"]
        context["problems"] = problems_of(context["adminform"].form)
        for inline in inlines:
            context["problems"] += problems_in_rows(inline)
        context["sections"] = self.in_order(request, obj, [*context["adminform"]], inlines)
        if hasattr(request, "version"):
            context |= {"version": request.version, "conflict": stale and stale.conflict}
        return super().render_change_form(request, context, add, change, form_url, obj)


def problems_in_rows(inline) -> list[FormProblem]:
    """Return the problems of rows, each with its number; what has no field leads to the table."""
    for number, form in enumerate(inline.formset.forms, start=1):
        form.whose = f"{inline.opts.verbose_name} {number}"
    table = f"{inline.formset.prefix}-group"
    return [
        replace(problem, target=problem.target or table) for problem in problems_of(inline.formset)
    ]
