from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = _("Members")

    def ready(self):
        from . import fields, mails, search_documents  # noqa: F401
        from .accounts import adapters, privacy, retention  # noqa: F401
        from .accounts.security import events, reauthentication  # noqa: F401
        from .accounts.sessions import ending, idle  # noqa: F401
        from .profiles import proposals  # noqa: F401
