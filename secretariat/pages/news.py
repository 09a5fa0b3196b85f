"""News and notices: their list, their feed, and those that home shows."""

from datetime import timedelta

from django.core.paginator import Paginator
from django.db.models import Exists
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from sscnet.core.database.stamps import NEWS
from sscnet.core.pages import feeds
from sscnet.core.pages.page_cache import keep_until_changed

from ..models import Page

PER_PAGE = 20
ON_HOME = 3
OLD = timedelta(days=365)


def current_news():
    return Page.objects.public().news_on(timezone.localdate())


def news_on_home() -> list[Page]:
    """Return the first of the news, and none where the newest is older than a year."""
    news = current_news()
    young = news.filter(since__gte=timezone.localdate() - OLD)
    return list(news.filter(Exists(young)).defer("body")[:ON_HOME])


@require_safe
@keep_until_changed(NEWS)
def news_list(request):
    news = current_news().defer("body").prefetch_related("pictures")
    page = Paginator(news, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "secretariat/news_list.html", {"page": page})


@require_safe
@keep_until_changed(NEWS)
def news_feed(request):
    title = gettext("News of the Network")
    return feeds.plain_feed(
        request, current_news(), title, "secretariat:news_feed", "secretariat:news"
    )
