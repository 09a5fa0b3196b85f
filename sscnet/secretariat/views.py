"""The front of the portal: home, the Secretariat's pages, and what search engines read."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from meetings.models import Meeting
from members.models import Institution
from projects import tilemap
from projects.models import Project

from .models import ABOUT, DatedFigure, Page

NEWEST = 4
NEXT = 2
# Paths that are no use to a search engine, in either language.
CLOSED_TO_ROBOTS = ["/admin/", "/zh-hans/admin/", "/ask/", "/zh-hans/ask/"]


@require_safe
def home(request):
    projects = Project.objects.published()
    context = {
        "projects": projects.for_list()[:NEWEST],
        "members": Institution.objects.published().members().alphabetical(),
        "meetings": meetings_in_sight(),
        "figures": DatedFigure.objects.newest_of_each().prefetch_related("sources"),
        "map": tilemap.draw(projects.count_by_country()),
        "linked_data": describe_network(request),
    }
    return render(request, "secretariat/home.html", context)


def meetings_in_sight():
    """Give the next meetings, or else the last ones."""
    published = Meeting.objects.published()
    return published.coming()[:NEXT] or published.past()[:NEXT]


def describe_network(request):
    """Give the Network in the words of schema.org, with the address of our search."""
    search = request.build_absolute_uri(reverse("projects:list"))
    return {
        "@type": "WebSite",
        "name": _("China South-South Cooperation Network"),
        "url": request.build_absolute_uri(),
        "potentialAction": {
            "@type": "SearchAction",
            "target": f"{search}?q={{words}}",
            "query-input": "required name=words",
        },
    }


@require_safe
def page_detail(request, slug=ABOUT):
    visible = Page.objects.visible_to(request.user)
    page = get_object_or_404(visible.for_slug(slug).prefetch_related("sources"))
    if request.path != page.get_absolute_url():
        return redirect(page, permanent=True)
    is_staff = request.user.has_perm("secretariat.view_page")
    if page.is_withdrawn and not is_staff:
        return render(request, "secretariat/page_withdrawn.html", {"page": page})
    context = {"page": page}
    if page.slug == ABOUT:
        context |= {
            "figures": DatedFigure.objects.prefetch_related("sources"),
            "supporters": Institution.objects.published().supporters().for_page(),
        }
    return render(request, "secretariat/page_detail.html", context)


@require_safe
def robots(request):
    closed = [f"Disallow: {path}" for path in CLOSED_TO_ROBOTS]
    sitemap = f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}"
    text = "\n".join(["User-agent: *", *closed, "", sitemap, ""])
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
