from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = _("Meetings")

    def ready(self):
        from sscnet.core.database import stamps
        from sscnet.core.pages import page_cache, sections

        from . import merging  # noqa: F401
        from .afterwards import action_points  # noqa: F401
        from .my import activities  # noqa: F401
        from .office import messages, notices  # noqa: F401
        from .persons import privacy, retention  # noqa: F401
        from .places import due, mails  # noqa: F401
        from .programme import cache_expiry, fields, related, search_documents  # noqa: F401
        from .registration import invitations  # noqa: F401
        from .travel import mails as travel_mails  # noqa: F401
        from .travel import passports, ready  # noqa: F401

        page_cache.depends_on_time(stamps.MEETINGS, cache_expiry.moments)
        of_institution = "meetings/components/of_institution.html"
        dealt_with = "meetings/components/dealt_with.html"
        sections.add("institution", of_institution, found=related.meetings_of, all=related.list_of)
        sections.add("project", dealt_with, meetings=related.meetings_with)
        sections.add("landing", dealt_with, meetings=related.meetings_about, all=related.list_about)
