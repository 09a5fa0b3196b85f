from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CallsConfig(AppConfig):
    name = "projects.calls"
    verbose_name = _("Calls and proposals")

    def ready(self):
        from . import privacy  # noqa: F401
