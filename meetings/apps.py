from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = _("Meetings")

    def ready(self):
        from . import mails  # noqa: F401
        from .desk import messages  # noqa: F401
        from .places import due  # noqa: F401
