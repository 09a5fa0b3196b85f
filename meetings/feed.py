"""The meetings as a feed: announced, changed, reported on; the last change first."""

from django.core.paginator import Paginator
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from sscnet.core import feeds
from sscnet.core.changes import MEETINGS
from sscnet.core.pagecache import keep_until_changed

from .models import Meeting


@require_safe
@keep_until_changed(MEETINGS)
def meeting_feed(request):
    meetings = Meeting.objects.published().order_by("-updated_at", "-pk")
    page = Paginator(meetings, feeds.PER_PAGE).get_page(request.GET.get("page"))
    feed = feeds.Feed(
        title=gettext("Meetings"),
        path=reverse("meetings:feed"),
        query="",
        list_path=reverse("meetings:list"),
        page=page,
        updated=meetings.aggregate(at=Max("updated_at"))["at"],
    )
    return feeds.answer(request, feed, map(entry, page))


def entry(meeting):
    address = meeting.get_absolute_url()
    return feeds.FeedEntry(
        key=f"{reverse('meetings:list')}#{meeting.pk}",
        address=address,
        title=str(meeting),
        summary=meeting.theme_i18n or meeting.description_i18n or "",
        published=meeting.published_at,
        updated=meeting.updated_at,
    )
