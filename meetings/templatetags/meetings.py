"""Meetings on the pages of others, and their days and times in words."""

from datetime import date

from django import template
from django.utils.translation import gettext_lazy as _

from .. import times
from ..models import Meeting, MeetingInstitution

register = template.Library()

# How the records of a landing page are tied to projects.
TIES = {
    "country": "projects__project_countries__country",
    "sector": "projects__project_sectors__sector",
    "sdg": "projects__project_sdgs__sdg",
}


@register.filter
def days_of(meeting):
    """Write the meeting's days: 3–5 November 2015; nothing where they are not known."""
    return times.day_range(meeting.starts_on, meeting.ends_on) if meeting.starts_on else ""


@register.filter
def both_clocks(moment):
    """Write a moment in Beijing time and UTC."""
    return times.both_clocks(moment)


@register.filter
def zone_in_words(meeting):
    return times.zone_in_words(meeting.time_zone, meeting.starts_on)


@register.filter
def in_role(meeting, role):
    """Give the institutions that have this part in the meeting."""
    links = meeting.meeting_institutions.all()
    return [link.institution for link in links if link.role == role]


@register.simple_tag
def meetings_of(institution):
    """Give the published meetings of an institution, the newest first, each with its parts there.

    They come from the records of meetings, and from delegations that have a place.
    """
    found = {}
    for link in institution.meeting_institutions.of_published():
        found.setdefault(link.meeting, []).append(link.get_role_display())
    coming = institution.delegations.with_places().values("meeting")
    attended = MeetingInstitution.Role.ATTENDED
    for meeting in Meeting.objects.published().filter(pk__in=coming):
        part = attended.label if meeting.is_over else _("takes part")
        parts = found.setdefault(meeting, [])
        if attended.label not in parts:
            parts.append(part)
    return sorted(found.items(), key=lambda one: when(one[0]), reverse=True)


@register.simple_tag
def meetings_with(project):
    """Give the published meetings that dealt with a project, the newest first."""
    return sorted(Meeting.objects.published().filter(projects=project), key=when, reverse=True)


def when(meeting):
    return meeting.year or 0, meeting.starts_on or date.min, meeting.pk


@register.simple_tag
def meetings_about(parameter, record):
    """Give the published meetings that dealt with published projects of a country, sector, goal."""
    theirs = {"projects__state": Meeting.State.PUBLISHED, TIES[parameter]: record}
    return Meeting.objects.published().filter(**theirs).distinct()
