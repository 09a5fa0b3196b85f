from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = _("Meetings")

    def ready(self):
        from sscnet.core.database import stamps
        from sscnet.core.pages import page_cache, sections

        from .afterwards import (  # noqa: F401
            action_points,
            visits,
        )
        from .office import (
            messages,  # noqa: F401
            notices,  # noqa: F401
        )
        from .persons import (  # noqa: F401
            privacy,
            retention,
            speaker_links,
        )
        from .places import (  # noqa: F401
            due,
            gauges,
            mails,
            merging,
        )
        from .programme import (  # noqa: F401
            cache_expiry,
            fields,
            related,
            search_documents,
        )
        from .registration import invitations  # noqa: F401
        from .travel import checks, making  # noqa: F401
        from .travel import retention as travel_retention  # noqa: F401

        page_cache.depends_on_clock(stamps.MEETINGS, cache_expiry.state)
        of_institution = "meetings/components/of_institution.html"
        dealt_with = "meetings/components/dealt_with.html"
        sections.add("institution", of_institution, found=related.meetings_of)
        sections.add("project", dealt_with, meetings=related.meetings_with)
        sections.add("landing", dealt_with, meetings=related.meetings_about)
