from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = _("Members")

    def ready(self):
        from . import fields, mails, privacy, roster, search_documents  # noqa: F401
        from .accounts import (  # noqa: F401
            adapters,
            checks,
            idle,
            reauthentication,
            retention,
            security_events,
            sessions,
        )
        from .profiles import proposals, reminders  # noqa: F401
