from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = _("Members")

    def ready(self):
        from . import (  # noqa: F401
            fields,
            mails,
            search_documents,
        )
        from .accounts import (  # noqa: F401
            adapters,
            checks,
            privacy,
            retention,
        )
        from .accounts.security import (  # noqa: F401
            events,
            reauthentication,
        )
        from .accounts.sessions import (  # noqa: F401
            ending,
            idle,
        )
        from .my import roster  # noqa: F401
        from .profiles import proposals, reminders  # noqa: F401
