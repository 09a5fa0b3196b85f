"""The meetings as a feed: announced, changed, reported on."""

from django.urls import reverse

from sscnet.facets.feeds import feed_view

from .activities import ActivityFilter
from .filters import MeetingFilter


def entry(meeting) -> dict:
    return {
        "key": f"{reverse('meetings:list')}#{meeting.pk}",
        "summary": meeting.theme_i18n or meeting.description_i18n or "",
    }


meeting_feed = feed_view(MeetingFilter, "meetings", entry)
activity_feed = feed_view(ActivityFilter, "meetings:activities", entry)
