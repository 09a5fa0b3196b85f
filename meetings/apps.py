from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = _("Meetings")

    def ready(self):
        from sscnet.core import changes, pagecache, sections

        from . import (  # noqa: F401
            action_points,
            afterwards,
            clock,
            fields,
            invitations,
            merging,
            news,
            privacy,
            related,
            retention,
            search_documents,
            speaker_links,
            visits,
        )
        from .backoffice import messages  # noqa: F401
        from .places import due, gauges, mails  # noqa: F401
        from .travel import checks, making  # noqa: F401
        from .travel import retention as travel_retention  # noqa: F401

        pagecache.depends_on_clock(changes.MEETINGS, clock.state)
        of_institution = "meetings/components/of_institution.html"
        dealt_with = "meetings/components/dealt_with.html"
        sections.add("institution", of_institution, found=related.meetings_of)
        sections.add("project", dealt_with, meetings=related.meetings_with)
        sections.add("landing", dealt_with, meetings=related.meetings_about)
