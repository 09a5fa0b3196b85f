"""Forms of records with many fields as tabs, each of them saved for itself."""

from dataclasses import dataclass
from typing import Any

from django.contrib.admin.utils import flatten_fieldsets, unquote
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext

from .fields import visible_fieldsets
from .public import PublicRecordAdmin
from .version_pages import VersionPages

# The tab in the address of a form, and the value that asks for all of them on one page.
TAB, ALL = "tab", "all"


@dataclass(frozen=True)
class Tab:
    """A part of a record's form, or a page of the record that stands beside these parts."""

    name: str
    label: Any
    # Fieldsets as Django takes them, and inlines, in the order of the page.
    sections: tuple = ()
    # The name of a page's address, without app and model.
    page: str = ""
    # Who lacks it does not see the tab.
    right: str = ""

    @property
    def fieldsets(self) -> list:
        return [section for section in self.sections if isinstance(section, tuple)]

    @property
    def inlines(self) -> list:
        return [section for section in self.sections if not isinstance(section, tuple)]


class TabbedAdmin(PublicRecordAdmin):
    """For records whose form is shown tab by tab; what is new is entered on one page.

    A form that goes on with a version is one page too: it may hold changes of several tabs.
    """

    tabs: tuple[Tab, ...] = ()

    def __init__(self, model, admin_site):
        self.fieldsets = [fieldset for tab in self.tabs for fieldset in tab.fieldsets]
        self.inlines = [inline for tab in self.tabs for inline in tab.inlines]
        super().__init__(model, admin_site)

    def get_tabs(self, request, obj=None) -> list[Tab]:
        """Return the tabs that this person may see, of a record or of a new one."""
        tabs = [tab for tab in self.tabs if not tab.right or request.user.has_perm(tab.right)]
        return [tab for tab in tabs if obj or not tab.page]

    def shown(self, request, obj) -> list[Tab]:
        chosen = getattr(request, "tab", None)
        return [chosen] if chosen else self.get_tabs(request, obj)

    def get_fieldsets(self, request, obj=None):
        fieldsets = [one for tab in self.shown(request, obj) for one in tab.fieldsets]
        return visible_fieldsets(request, self.model, fieldsets, is_new=obj is None)

    def get_inlines(self, request, obj):
        return [inline for tab in self.shown(request, obj) for inline in tab.inlines]

    def in_order(self, request, obj, fieldsets, inlines):
        shown = {one.name: one for one in fieldsets} | {type(one.opts): one for one in inlines}
        sections = [section for tab in self.shown(request, obj) for section in tab.sections]
        names = [one[0] if isinstance(one, tuple) else one for one in sections]
        return [shown[name] for name in names if name in shown]

    # -------------------------------------------------------------- the chosen tab

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        request.tab = self.chosen_tab(request, object_id)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def chosen_tab(self, request, object_id):
        record = object_id and self.get_object(request, unquote(object_id))
        if not record or VersionPages.PARAMETER in request.GET or request.GET.get(TAB) == ALL:
            return None
        tabs = [tab for tab in self.get_tabs(request, record) if not tab.page]
        named = [tab for tab in tabs if tab.name == request.GET.get(TAB)]
        return (named or tabs)[0]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and obj.pk:
            context |= {"tab": request.tab, "tabs": self.links_of_tabs(request, obj)}
            # Saved, a tab stays open.
            context["show_save_and_continue"] = not request.tab
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_change(self, request, obj):
        """Stay in the tab that was saved."""
        response = super().response_change(request, obj)
        is_same_page = getattr(response, "url", "").partition("?")[0] == request.path
        if request.tab and (is_same_page or "_save" in request.POST):
            return HttpResponseRedirect(request.get_full_path())
        return response

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
        whole = (gettext("All on one page"), f"{form}?{TAB}={ALL}", request.GET.get(TAB) == ALL)
        return [*links, whole]

    # -------------------------------------------------------------- gaps

    def gaps_with_links(self, record, request=None):
        """Lead to fields and rows in the tab that has them."""
        found = super().gaps_with_links(record)
        return [(gap, self.address_in_tab(gap.field, at, request)) for gap, at in found]

    def address_in_tab(self, name, anchor, request):
        for tab in self.tabs:
            if name in flatten_fieldsets(tab.fieldsets) or name in self.anchors_of(tab.inlines):
                is_here = request and (request.tab is None or request.tab.name == tab.name)
                return anchor if is_here else f"?{TAB}={tab.name}{anchor}"
        return anchor
