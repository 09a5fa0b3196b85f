from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = _("Meetings")

    def ready(self):
        from sscnet.core import changes, pagecache

        from . import clock, mails  # noqa: F401
        from .backoffice import messages  # noqa: F401
        from .places import due  # noqa: F401

        pagecache.depends_on_clock(changes.MEETINGS, clock.state)
