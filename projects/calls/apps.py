from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CallsConfig(AppConfig):
    name = "projects.calls"
    verbose_name = _("Calls and proposals")

    def ready(self):
        from sscnet.core.database import stamps
        from sscnet.core.pages import page_cache

        from . import privacy  # noqa: F401
        from .handling import mails, reports  # noqa: F401
        from .proposals import form_templates, sending  # noqa: F401
        from .public import fields, search_documents  # noqa: F401
        from .public.views import moments

        page_cache.depends_on_time(stamps.CALLS, moments)
