from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CodelistsConfig(AppConfig):
    name = "sscnet.codelists"
    label = "codelists"
    verbose_name = _("Code lists")

    def ready(self):
        from . import search_documents  # noqa: F401
