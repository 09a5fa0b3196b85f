"""Pages of a record's admin beside Django's own."""

from functools import wraps

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator


def officer(*permissions):
    """Open a page to officers with these rights alone, above any decorator of Django's."""
    return method_decorator(permission_required(permissions, raise_exception=True))


def only_if(may, view):
    """Open a view to requests of which `may` says so."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not may(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def admin_page(model_admin, request, template, title, **context):
    """Answer with a page within the admin; one below a record with tabs shows them."""
    if getattr(model_admin, "tabs", ()) and context.get("original"):
        context["tabs"] = model_admin.links_of_tabs(request, context["original"])
    context = {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "opts": model_admin.opts,
        **context,
    }
    return TemplateResponse(request, f"admin/{template}.html", context)


class AdminPages:
    """Pages of one kind of record in the admin; `views` names them, as `paths_of` takes them."""

    def __init__(self, model_admin):
        self.admin = model_admin
        self.opts = model_admin.opts

    def urls(self):
        return paths_of(self.admin, self.views())

    def page_address(self, view, *args):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{view}", args=args)


def paths_of(model_admin, views):
    """Return the paths of pages: of each its address, its view and its name."""
    prefix = f"{model_admin.opts.app_label}_{model_admin.opts.model_name}"
    return [
        path(route, model_admin.admin_site.admin_view(view), name=f"{prefix}_{name}")
        for route, view, name in views
    ]
