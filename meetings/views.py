"""The meetings of the Network, and their calendars."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_cookie

from sscnet.codelists.regions import by_region
from sscnet.core.database.stamps import (
    INSTITUTIONS,
    MEETINGS,
    PROJECTS,
    REGISTRATIONS,
    SOURCES,
    WORDS,
    of_request,
)
from sscnet.core.i18n.languages import Language
from sscnet.core.pages.harvesting import for_harvesters
from sscnet.core.pages.page_cache import keep_until_changed
from sscnet.core.pages.views import withdrawn
from sscnet.core.records import samples
from sscnet.exchange.writing.formats import list_file
from sscnet.facets.views import feed_view, values_view

from .models import Meeting
from .programme import calendars
from .programme.activities import ActivityFilter, regions_of
from .programme.fields import FIELDS, MeetingResource
from .programme.filters import MeetingFilter, groups_of
from .programme.numbers import numbers_of_each
from .programme.page import attending, cover, reading
from .programme.timetable import timetable


@require_safe
@keep_until_changed(*ActivityFilter.topics)
def meeting_list(request, filterset=MeetingFilter, name="meetings"):
    listing = filterset.listing_of(request)
    page = listing.page(request.GET.get("page"))
    groups = groups_of(listing, page)
    context = {"listing": listing, "page": page, "groups": groups}
    context["area"] = "meetings"
    if filterset is ActivityFilter:
        context |= {"area": "meetings:activities", "regions": regions_of(listing)}
    return render(request, f"meetings/list_of_{name}.html", context)


facet_values = values_view(MeetingFilter, "meetings")
activity_values = values_view(ActivityFilter, "meetings:activities")


def feed_entry(meeting) -> dict:
    return {
        "key": f"{reverse('meetings:list')}#{meeting.pk}",
        "summary": meeting.theme_i18n or meeting.description_i18n or "",
    }


meeting_feed = feed_view(MeetingFilter, "meetings", feed_entry)
activity_feed = feed_view(ActivityFilter, "meetings:activities", feed_entry)


@for_harvesters(*MeetingFilter.topics, SOURCES)
@require_safe
def meeting_file(request, extension, filterset=MeetingFilter, name="meetings"):
    return list_file(request, name, extension, filterset.listing_of(request), MeetingResource())


@require_safe
@vary_on_cookie
@keep_until_changed(MEETINGS, REGISTRATIONS, INSTITUTIONS, PROJECTS, SOURCES, WORDS)
def meeting_detail(request, slug):
    is_staff = request.user.has_perm("meetings.view_meeting")
    meeting = reading(is_staff).of_slug(slug)
    if meeting is None:
        raise Http404
    if request.path != meeting.get_absolute_url():
        return redirect(meeting, permanent=True)
    if meeting.is_sample:
        samples.show()
    if meeting.is_withdrawn and not is_staff:
        return withdrawn(request, "meetings/meeting_withdrawn.html", meeting, "meeting")
    context = {
        "meeting": meeting,
        "known": FIELDS.shown_facts(meeting),
        "fields": FIELDS,
        "projects": meeting.rows_read["projects"],
        "numbers": numbers_of_each([meeting]).get(meeting.pk),
    }
    if not meeting.is_own:
        countries = ((link.country, 1) for link in meeting.rows("meeting_countries"))
        context["languages"] = [Language(code).label for code in meeting.languages]
        context["regions"] = by_region(countries)
        return render(request, "meetings/activity_detail.html", context)
    days, untimed = timetable(meeting)
    context |= {
        "drawing": cover(meeting, of_request(request)),
        "days": days,
        "untimed": untimed,
        "attending": attending(meeting),
    }
    return render(request, "meetings/meeting_detail.html", context)


@for_harvesters(MEETINGS, REGISTRATIONS, INSTITUTIONS, WORDS)
@require_safe
def calendar(request, slug):
    published = Meeting.objects.published().with_dates()
    meeting = get_object_or_404(published.for_slug(slug).prefetch_related("workshops"))
    if meeting.slug != slug:
        return redirect("meetings:calendar", meeting.slug, permanent=True)
    return answer(calendars.of_meeting(meeting), meeting.slug)


@for_harvesters(MEETINGS, REGISTRATIONS, INSTITUTIONS, WORDS)
@require_safe
def calendar_all(request, filterset=MeetingFilter, name="meetings"):
    return answer(calendars.of_list(filterset.listing_of(request)), name)


def answer(calendar, name):
    response = HttpResponse(calendar, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response
