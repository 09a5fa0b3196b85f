from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    name = "sscnet.outbox"
    label = "outbox"
    verbose_name = _("Mail")

    def ready(self):
        from . import checks, privacy, retention, version_mails, weekly  # noqa: F401
