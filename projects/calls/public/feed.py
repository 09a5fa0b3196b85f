"""The calls as a feed: announced, extended, closed; the last change first."""

from django.core.paginator import Paginator
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from sscnet.core.database.stamps import CALLS
from sscnet.core.pages import feeds
from sscnet.core.pages.page_cache import keep_until_changed
from sscnet.core.records import samples

from ..models import Call


@require_safe
@keep_until_changed(CALLS)
def call_feed(request):
    calls = Call.objects.public().order_by("-updated_at", "-pk")
    page = Paginator(calls, feeds.PER_PAGE).get_page(request.GET.get("page"))
    feed = feeds.ListFeed(
        title=gettext("Calls for proposals"),
        path=reverse("calls:feed"),
        query=samples.keep(""),
        list_path=reverse("calls:list"),
        page=page,
        updated=calls.aggregate(at=Max("updated_at"))["at"],
    )
    for call in page:
        feed.add_record(
            call, key=f"{reverse('calls:list')}#{call.pk}", summary=call.summary_i18n or ""
        )
    return feed.response()
