"""The front of the portal: home, the Secretariat's pages, and what search engines read."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_cookie

from meetings.models import Meeting
from members.models import Institution
from projects.calls.models import Call
from projects.models import Project
from sscnet.core.database.stamps import (
    CALLS,
    INSTITUTIONS,
    MEETINGS,
    NEWS,
    PROJECTS,
    REGISTRATIONS,
    SOURCES,
    WORDS,
)
from sscnet.core.i18n.addresses import in_language
from sscnet.core.pages.page_cache import keep_until_changed
from sscnet.core.pages.views import withdrawn
from sscnet.core.records import samples

from ..models import ABOUT, PRIVACY, DatedFigure, Page
from .news import news_on_home
from .personal_data import held_of_people
from .topics import with_records

LATEST = 4
NEXT = 2
# Paths that are no use to a search engine, in any language; of queries, all but pages of lists.
CLOSED_TO_ROBOTS = ["/admin/", "/ask/"]
QUERIES = ["Disallow: /*?", "Allow: /*?page="]
SECURITY_TXT_HOLDS = timedelta(days=90)


@require_safe
@keep_until_changed(PROJECTS, INSTITUTIONS, MEETINGS, REGISTRATIONS, CALLS, SOURCES, WORDS, NEWS)
def home(request):
    found = with_records(request)
    newest = Project.objects.public().newest()
    # The last projects and the one with a story, in one query.
    shown = Q(pk__in=newest.values("pk")[:LATEST]) | Q(pk__in=newest.featured().values("pk")[:1])
    projects = list(newest.filter(shown).prefetch_related("pictures"))
    told = next((one for one in projects if one.title and one.summary and one.outcome), None)
    context = {
        "topics": [one for one in found if not one.has_few],
        "coming": Meeting.objects.public().coming()[:NEXT],
        "calls": Call.objects.public().open()[:NEXT],
        "latest": latest(projects),
        "news": news_on_home(),
        "told": told,
        "signs": [one.topic.sign for one in found if told and told.pk in one.project],
        "figures": DatedFigure.objects.newest_of_each(),
        "sample_meeting": sample_to_try(Meeting.objects.open_for_registration()),
        "sample_call": sample_to_try(Call.objects.open()),
    }
    return render(request, "secretariat/home.html", context)


def latest(projects: list[Project]) -> list[Meeting | Project]:
    """Return the last meetings and of the projects, given newest first, the newest first."""
    meetings = Meeting.objects.public().past()[:LATEST]
    return sorted([*meetings, *projects[:LATEST]], key=year_of, reverse=True)[:LATEST]


def year_of(record: Meeting | Project) -> int:
    return (record.year if isinstance(record, Meeting) else record.year_approved) or 0


def sample_to_try(records):
    """Return the first sample, as `make run` makes one; only a development server names it."""
    samples = records.filter(is_sample=True)
    return samples.order_by("pk").first() if settings.DEBUG else None


@require_safe
@vary_on_cookie
@keep_until_changed(INSTITUTIONS, SOURCES, WORDS)
def page_detail(request, slug=ABOUT):
    visible = Page.objects.visible_to(request.user)
    page = get_object_or_404(visible.for_slug(slug).prefetch_related("sources", "pictures"))
    if request.path != page.get_absolute_url():
        return redirect(page, permanent=True)
    is_staff = request.user.has_perm("secretariat.view_page")
    if page.is_withdrawn and not is_staff:
        return withdrawn(request, "secretariat/page_withdrawn.html", page, "page")
    if page.is_sample:
        samples.show()
    held = held_of_people() if page.slug == PRIVACY else {}
    context = {"page": page, "figures": [], "supporters": [], "held": held}
    if page.slug == ABOUT:
        context |= {
            "figures": DatedFigure.objects.prefetch_related("sources"),
            "supporters": Institution.objects.public()
            .supporters()
            .prefetch_related("names", "sources"),
        }
    return render(request, "secretariat/page_detail.html", context)


@require_safe
def robots(request):
    closed = [
        f"Disallow: {in_language(path, code)}"
        for path in CLOSED_TO_ROBOTS
        for code, _name in settings.LANGUAGES
    ]
    sitemap = f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}"
    text = "\n".join(["User-agent: *", *closed, *QUERIES, "", sitemap, ""])
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
def security_txt(request):
    """Return whom to tell of a hole in the portal (RFC 9116)."""
    contact = settings.SECURITY_CONTACT or settings.SECRETARIAT_MAILBOX
    if not contact:
        raise Http404
    if "@" in contact and ":" not in contact:
        contact = f"mailto:{contact}"
    expires = timezone.now().replace(microsecond=0) + SECURITY_TXT_HOLDS
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires.isoformat()}",
        "Preferred-Languages: en, zh",
        f"Canonical: {request.build_absolute_uri()}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
