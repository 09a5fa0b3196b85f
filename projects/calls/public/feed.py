"""The calls as a feed: announced, extended, closed; the last change first."""

from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from sscnet.core.database.stamps import CALLS
from sscnet.core.pages import feeds
from sscnet.core.pages.page_cache import keep_until_changed

from ..models import Call


@require_safe
@keep_until_changed(CALLS)
def call_feed(request):
    title = gettext("Calls for proposals")
    return feeds.plain_feed(request, Call.objects.public(), title, "calls:feed", "calls:list")
