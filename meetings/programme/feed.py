"""The meetings as a feed: announced, changed, reported on; the last change first."""

from django.core.paginator import Paginator
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from sscnet.core.database.stamps import MEETINGS
from sscnet.core.pages import feeds
from sscnet.core.pages.harvesting import for_harvesters
from sscnet.core.pages.page_cache import keep_until_changed
from sscnet.core.records import samples

from ..models import Meeting


@for_harvesters()
@require_safe
@keep_until_changed(MEETINGS)
def meeting_feed(request):
    meetings = Meeting.objects.public().order_by("-updated_at", "-pk")
    page = Paginator(meetings, feeds.PER_PAGE).get_page(request.GET.get("page"))
    feed = feeds.ListFeed(
        title=gettext("Meetings"),
        path=reverse("meetings:feed"),
        query=samples.keep(""),
        list_path=reverse("meetings:list"),
        page=page,
        updated=meetings.aggregate(at=Max("updated_at"))["at"],
    )
    for meeting in page:
        feed.add_record(
            meeting,
            key=f"{reverse('meetings:list')}#{meeting.pk}",
            summary=meeting.theme_i18n or meeting.description_i18n or "",
        )
    return feed.response()
