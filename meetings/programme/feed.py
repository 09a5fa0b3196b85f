"""The meetings as a feed: announced, changed, reported on."""

from django.urls import reverse
from django.views.decorators.http import require_safe

from sscnet.core.pages.page_cache import keep_until_changed
from sscnet.facets.feeds import feed

from .filters import MeetingFilter


@require_safe
@keep_until_changed(*MeetingFilter.topics)
def meeting_feed(request):
    return feed(request, MeetingFilter, "meetings", entry)


def entry(meeting) -> dict:
    return {
        "key": f"{reverse('meetings:list')}#{meeting.pk}",
        "summary": meeting.theme_i18n or meeting.description_i18n or "",
    }
