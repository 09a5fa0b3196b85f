"""Pages of a record's admin beside Django's own."""

from django.urls import path


class AdminPages:
    """Pages of one kind of record in the admin; `views` says which."""

    def __init__(self, model_admin):
        self.admin = model_admin
        self.opts = model_admin.opts

    def views(self):
        """Return for each page its address, its view and its name."""
        return []

    def urls(self):
        prefix = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path(route, self.admin.admin_site.admin_view(view), name=f"{prefix}_{name}")
            for route, view, name in self.views()
        ]
