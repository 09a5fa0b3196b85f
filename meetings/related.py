"""The meetings that stand on the pages of others: of institutions, projects, countries, goals."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext_lazy as _

from .models import Meeting, MeetingInstitution

# How the records of a landing page are tied to projects.
TIES = {
    "country": "projects__project_countries__country",
    "sector": "projects__project_sectors__sector",
    "sdg": "projects__project_sdgs__sdg",
}


def meetings_of(institution) -> list[tuple[Meeting, list[str]]]:
    """Return an institution's published meetings, the newest first, each with its parts there.

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


def meetings_with(project) -> list[Meeting]:
    """Return the published meetings that dealt with a project, the newest first."""
    return sorted(Meeting.objects.published().filter(projects=project), key=when, reverse=True)


def when(meeting):
    return meeting.year or 0, meeting.starts_on or date.min, meeting.pk


def meetings_about(parameter: str, record) -> Iterable[Meeting]:
    """Return the published meetings about published projects of a country, sector or goal."""
    theirs = {"projects__state": Meeting.State.PUBLISHED, TIES[parameter]: record}
    return Meeting.objects.published().filter(**theirs).distinct()
