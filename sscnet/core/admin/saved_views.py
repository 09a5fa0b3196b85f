"""Views of a list kept under a name: its filters, search, order and columns."""

from copy import copy

from django import forms
from django.contrib import messages
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field
from django.contrib.admin.views.main import ERROR_FLAG, IGNORED_PARAMS, ORDER_VAR, PAGE_VAR
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from ..admin_pages import AdminPages
from ..i18n.texts import comma_separated
from ..models import SavedView
from ..views import ask_first
from .columns import COLUMNS, order_among

NO_LOOKUPS = {*IGNORED_PARAMS, COLUMNS}


class SavedViewForm(forms.ModelForm):
    query = forms.CharField(max_length=4000, required=False, widget=forms.HiddenInput)

    class Meta:
        model = SavedView
        fields = ["name", "is_shared"]


class RenameViewForm(forms.ModelForm):
    class Meta:
        model = SavedView
        fields = ["name"]

    def clean_name(self):
        view, name = self.instance, self.cleaned_data["name"]
        others = SavedView.objects.filter(model=view.model, owner=view.owner_id, name=name)
        if others.exclude(pk=view.pk).exists():
            raise ValidationError(
                gettext("Give the view a name that no other view of its owner has.")
            )
        return name


class SavedViewPages(AdminPages):
    """Who may look at the list keeps views of it; who may change its records shares them."""

    def views(self):
        return [
            ("views/", require_POST(self.save_view), "save_view"),
            ("views/<int:number>/", require_safe(self.open_view), "saved_view"),
            ("views/<int:number>/change/", self.change_view, "change_view"),
        ]

    def context_of_list(self, request):
        shown = self.admin.get_list_display(request)
        found = SavedView.objects.visible_to(request.user, self.model).select_related("owner")
        return {
            "views": [(view, self.may_change(request, view)) for view in found],
            "columns": [
                (name, capfirst(label_for_field(name, self.model, self.admin)), name in shown)
                for name in self.admin.offered_columns(request)
            ],
            "view_form": SavedViewForm(initial={"query": request.GET.urlencode()}),
            "may_share": self.admin.has_change_permission(request),
        }

    @property
    def model(self):
        return self.admin.model

    def may_change(self, request, view):
        is_own = view.owner_id == request.user.pk
        return is_own or (view.is_shared and self.admin.has_change_permission(request))

    def visible(self, request):
        if not self.admin.has_view_permission(request):
            raise PermissionDenied
        return SavedView.objects.visible_to(request.user, self.model)

    def to_list(self, query=""):
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return HttpResponseRedirect(f"{address}?{query}" if query else address)

    # -------------------------------------------------------------- saving

    def save_view(self, request):
        """Show the list with the columns ticked; under a name, keep it too."""
        views = self.visible(request).filter(owner=request.user)
        form = SavedViewForm(request.POST)
        form.is_valid()
        query = self.with_columns(request, QueryDict(form.cleaned_data.get("query", ""), True))
        if "_save" not in request.POST:
            return self.to_list(query)
        if not form.is_valid():
            self.say(
                request,
                gettext("Nothing was saved: give the view a name of at most 80 characters."),
                "WARNING",
            )
            return self.to_list(query)
        is_shared = form.cleaned_data["is_shared"] and self.admin.has_change_permission(request)
        view, _is_new = views.update_or_create(
            model=self.opts.label_lower,
            owner=request.user,
            name=form.cleaned_data["name"],
            defaults={"query": query, "is_shared": is_shared},
        )
        self.say(request, gettext("The view “%(name)s” has been saved.") % {"name": view})
        return self.to_list(query)

    def with_columns(self, request, params):
        """Return the query string of the list with the columns that were ticked."""
        before = self.admin.get_list_display(with_query(request, params))
        offered = self.admin.offered_columns(request)
        ticked = request.POST.getlist(COLUMNS)
        after = [name for name in offered if name in ticked] or offered
        order = order_among(params.get(ORDER_VAR, ""), before, after)
        values = {COLUMNS: ",".join(after) if after != offered else "", ORDER_VAR: order}
        for name in (*values, PAGE_VAR, ERROR_FLAG):
            params.pop(name, None)
        params.update({name: value for name, value in values.items() if value})
        return params.urlencode()

    def say(self, request, text, level="SUCCESS"):
        self.admin.message_user(request, text, level)

    # -------------------------------------------------------------- opening

    def open_view(self, request, number):
        """Lead to the list; without what is no longer there, or what this person may not ask."""
        view = get_object_or_404(self.visible(request), pk=number)
        params, gone = QueryDict(view.query, True), []
        for name in list(params):
            if not self.is_known(request, name, params.getlist(name)):
                gone.append(name)
                del params[name]
        offered = self.admin.offered_columns(request)
        gone += [
            name for name in params.get(COLUMNS, "").split(",") if name and name not in offered
        ]
        if gone:
            text = gettext(
                "The view “%(name)s” is shown without what is no longer available: %(filters)s."
            )
            values = {"name": view, "filters": comma_separated(gone)}
            self.say(request, text % values, messages.WARNING)
        return self.to_list(params.urlencode())

    def is_known(self, request, name, values):
        if name in NO_LOOKUPS:
            return True
        params = QueryDict(mutable=True)
        params.setlist(name, values)
        try:
            self.admin.get_changelist_instance(with_query(request, params))
        except (DisallowedModelAdminLookup, IncorrectLookupParameters):
            return False
        return True

    # -------------------------------------------------------------- renaming, deleting

    def change_view(self, request, number):
        view = get_object_or_404(self.visible(request), pk=number)
        if not self.may_change(request, view):
            raise PermissionDenied
        form = RenameViewForm(request.POST or None, instance=view)
        if "_delete" in request.POST:
            question = gettext("Delete “%(name)s”?") % {"name": view}
            gone = gettext("It is deleted for everybody who uses it.")
            if asked := ask_first(request, question, gone, gettext("Delete"), request.path):
                return asked
            SavedView.objects.filter(pk=view.pk).delete()
            self.say(request, gettext("The view has been deleted."))
            return self.to_list()
        if form.is_valid():
            form.save()
            self.say(request, gettext("The view is now called “%(name)s”.") % {"name": view})
            return self.to_list()
        context = {
            **self.admin.admin_site.each_context(request),
            "title": gettext("Rename or delete"),
            "opts": self.opts,
            "form": form,
            "back": self.to_list().url,
        }
        return TemplateResponse(request, "admin/core/saved_view.html", context)


def with_query(request, params):
    asked = copy(request)
    asked.GET = params
    return asked
