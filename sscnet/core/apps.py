import tempfile

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    name = "sscnet.core"
    label = "core"
    verbose_name = _("Records")

    def ready(self):
        # Chosen once, by writing into it: at the first upload the disk may be full.
        tempfile.gettempdir()
        from . import roles

        post_migrate.connect(roles.after_migrate, sender=self)
