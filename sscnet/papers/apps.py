from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PapersConfig(AppConfig):
    name = "sscnet.papers"
    label = "papers"
    verbose_name = _("Papers")

    def ready(self):
        from . import issuing, privacy  # noqa: F401
