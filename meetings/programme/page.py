"""A meeting with all that its page shows, read by one statement; see `core.pages.statements`."""

from dataclasses import dataclass, field
from functools import cache

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from members.models import Institution
from projects.models import Project
from sscnet.codelists import tiles
from sscnet.core.database.stamps import WORDS
from sscnet.core.i18n.collation import sort_key
from sscnet.core.pages.statements import RecordReader, at_end_of, linked, row, rows_of, sources_of
from sscnet.core.records import samples

from ..models import Delegate, Delegation, Meeting, MeetingInstitution, MeetingPicture


@dataclass
class Attending:
    """An institution that comes or came, and those of its people who agreed to be named."""

    institution: Institution
    people: list[Delegate] = field(default_factory=list)


def attending(meeting: Meeting) -> list[Attending]:
    """Return the institutions that came, by record or by a confirmed place, by their names."""
    came = {
        link.institution_id: Attending(link.institution)
        for link in meeting.rows("meeting_institutions")
        if link.role == MeetingInstitution.Role.ATTENDED
    }
    for one in meeting.rows_read["delegations"]:
        entry = came.setdefault(one.institution_id, Attending(one.institution))
        entry.people = one.rows_read["delegates"]
    return sorted(came.values(), key=lambda one: sort_key(str(one.institution)))


def cover(meeting: Meeting, stamps: dict[str, str]) -> tiles.Cover | None:
    """Draw the countries of the projects it dealt with, in the colours of their goals."""
    projects = meeting.rows_read["projects"]
    codes = dict.fromkeys(code for project in projects for code in project.codes)
    colours = dict.fromkeys(one for project in projects for one in project.colours)
    return tiles.cover(stamps[WORDS], codes, colours)


# ---------------------------------------------------------------- what is read


@cache
def reading(is_staff: bool) -> RecordReader[Meeting]:
    """Return what reads a meeting by its slug, or a former one, for those who may open its page.

    Of its `delegations` it reads those that come, with the delegates who agreed to be named.
    """
    meetings = Meeting.objects.all() if is_staff else Meeting.objects.with_address()
    return RecordReader.by_slug(meetings, rows_of_page())


def rows_of_page() -> dict[str, QuerySet]:
    institution = linked("institution", "id", "slug", "kind", "state")
    listed = rows_of(Delegation, "delegates").listed()
    people = listed.values_list(row("chinese_name", "family_name", "given_names"))
    coming = rows_of(Meeting, "delegations").with_places().order_by("submitted_at", "id")
    # As `samples.beside` says; a further `filter` by `meetings` would look at other meetings too.
    like_meeting = Q(is_sample=False) | Q(is_sample=OuterRef("is_sample"))
    projects = rows_of(Meeting, "projects").published().filter(like_meeting)
    with_institution = samples.beside("meeting", "institution")
    institutions = rows_of(Meeting, "meeting_institutions").filter(with_institution)
    return {
        "meeting_institutions": institutions.values_list(row("role", institution=institution)),
        "country": at_end_of(Meeting, "country").values_list(row("iso2", "name", "i18n")),
        "meeting_countries": rows_of(Meeting, "meeting_countries").values_list(
            row(country=linked("country", "iso2", "region"))
        ),
        "delegations": coming.filter(with_institution).values_list(
            row("id", institution=institution, delegates=ArraySubquery(people))
        ),
        "workshops": rows_of(Meeting, "workshops").values_list(
            row(
                *("id", "title", "description", "room", "i18n"),
                *("starts_at", "ends_at", "cancelled_at", "capacity", "taken"),
                *("languages", "interpretation"),
            )
        ),
        "agenda_items": rows_of(Meeting, "agenda_items").values_list(
            row(
                *("id", "workshop_id", "day", "begins", "ends"),
                *("title", "speakers", "papers", "languages", "interpretation", "i18n"),
            )
        ),
        "documents": rows_of(Meeting, "documents").values_list(
            row("kind", "file", "size", "title", "language", "dated", "i18n")
        ),
        "pictures": rows_of(Meeting, "pictures").values_list(row(*MeetingPicture.SHOWN)),
        "projects": projects.values_list(project()),
        "sources": sources_of(Meeting),
        "action_points": rows_of(Meeting, "action_points").for_public().values_list(action_point()),
    }


def project() -> JSONObject:
    links = [rows_of(Project, name).order_by() for name in ("project_countries", "project_sdgs")]
    return row(
        *("code", "slug", "title", "year_approved", "granted_usd", "i18n"),
        codes=ArraySubquery(links[0].values("country_id")),
        colours=ArraySubquery(links[1].values("sdg__color")),
    )


def action_point() -> JSONObject:
    fields = ("text", "due_on", "state", "outcome", "i18n")
    institution = linked("institution", "id", "slug", "kind", "state")
    return row(*fields, institution=institution)
