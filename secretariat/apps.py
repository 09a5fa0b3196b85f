from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SecretariatAdminConfig(admin.AdminConfig):
    default = False
    default_site = "secretariat.back_office.site.SecretariatSite"


class SecretariatConfig(AppConfig):
    name = "secretariat"
    label = "secretariat"
    verbose_name = _("Secretariat")

    def ready(self):
        # They register fields, wordings and documents of the search.
        from sscnet.core.database.stamps import NEEDS, NEWS
        from sscnet.core.pages import sections
        from sscnet.core.pages.page_cache import depends_on_time
        from sscnet.web import checks  # noqa: F401

        from . import fields, privacy, search_documents  # noqa: F401
        from .back_office.groups import make_groups
        from .enquiries import brokering, handling, merging  # noqa: F401
        from .enquiries.views import needs_about
        from .pages import publications
        from .requests import handling as handling_of_requests  # noqa: F401
        from .requests import merging as merging_of_requests  # noqa: F401

        of_record = "secretariat/components/of_record.html"
        sections.add("institution", of_record, publications=publications.of_institution)
        sections.add("project", of_record, publications=publications.of_project)
        needs = "secretariat/components/needs_about.html"
        sections.add("landing", needs, needs=needs_about)
        sections.add("topic", needs, needs=needs_about)
        depends_on_time(NEWS)
        depends_on_time(NEEDS)

        # The last of our apps: by then Django has made the permissions of all.
        post_migrate.connect(make_groups, sender=self, dispatch_uid="make_groups")
