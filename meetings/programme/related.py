"""The meetings that stand on the pages of others: of institutions, projects, countries, goals."""

from collections.abc import Iterable

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models import Project
from sscnet.core.records import samples

from ..models import Delegation, Meeting, MeetingInstitution

SHOWN = (
    *("slug", "kind", "capacity", "title", "i18n"),
    *("year", "starts_on", "ends_on", "start_as_known", "end_as_known"),
    *("time_zone", "dates_as_stated", "participants_number", "participants_bound"),
)


def meetings_of(institution) -> list[tuple[Meeting, list[str]]]:
    """Return an institution's published meetings, the newest first, each with its parts there.

    They come from the records of meetings, and from delegations that have a place.
    """
    found = [(meeting, parts_in(meeting)) for meeting in with_parts_of(institution.pk)]
    return sorted(found, key=lambda one: when(one[0]), reverse=True)


def parts_in(meeting: Meeting) -> list[str]:
    """Return the parts that an institution has in a meeting that `with_parts_of` read."""
    attended = MeetingInstitution.Role.ATTENDED
    parts = [MeetingInstitution.Role(role).label for role in meeting.roles]
    if meeting.has_place and attended not in meeting.roles:
        parts.append(attended.label if meeting.is_over else _("takes part"))
    return parts


def with_parts_of(institution_id: int) -> QuerySet[Meeting]:
    links = MeetingInstitution.objects.filter(institution=institution_id)
    coming = Delegation.objects.with_places().filter(institution=institution_id)
    in_sight = samples.beside("institution", "meeting")
    theirs = Q(pk__in=links.of_published().order_by().values("meeting"))
    theirs |= Q(pk__in=coming.filter(in_sight).order_by().values("meeting"))
    return (
        shown()
        .filter(theirs)
        .annotate(
            roles=ArraySubquery(links.filter(meeting=OuterRef("pk")).values("role")),
            has_place=Exists(coming.filter(meeting=OuterRef("pk"))),
        )
    )


def meetings_with(project) -> list[Meeting]:
    """Return the published meetings that dealt with a project, the newest first."""
    found = shown().filter(samples.beside("projects", ""), projects=project)
    return sorted(found, key=when, reverse=True)


def shown() -> QuerySet[Meeting]:
    """Return the published meetings, with what other pages show of them, in no order."""
    return Meeting.objects.published().only(*SHOWN).order_by()


def when(meeting):
    known = meeting.starts_on or max(meeting.start_as_known, meeting.end_as_known)
    return meeting.year or 0, str(known), meeting.slug


def meetings_about(parameter: str, record) -> Iterable[Meeting]:
    """Return the published meetings about published projects of a country, an area or a goal.

    Of countries also those that took place there, or to which people came from there. The newest
    first.
    """
    projects = Q(projects__in=Project.objects.public())
    if parameter == "sdg":
        theirs = projects & Q(projects__project_sdgs__sdg=record)
    else:
        of_these = getattr(record, "countries", [record])
        theirs = projects & Q(projects__project_countries__country__in=of_these)
        theirs |= Q(countries__in=of_these) | Q(country__in=of_these)
    return sorted(Meeting.objects.public().filter(theirs).distinct(), key=when, reverse=True)


def list_about(parameter: str, record) -> str:
    """Return the address of the list of these activities."""
    return listed(parameter, record.pk) if parameter in ("country", "sdg") else ""


def list_of(institution) -> str:
    return listed("institution", institution.slug)


def listed(parameter: str, code) -> str:
    return samples.keep(f"{reverse('meetings:activities:list')}?{parameter}={code}")
