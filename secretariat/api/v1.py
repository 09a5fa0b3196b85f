"""The addresses of version 1."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from ninja import NinjaAPI, Path, Query, Schema
from ninja.errors import ValidationError
from pydantic import Field, create_model

from meetings.models import Meeting
from meetings.programme.activities import ActivityFilter
from meetings.programme.filters import MeetingFilter
from members.directory.filters import InstitutionFilter
from members.models import Institution
from projects.catalogue.filters import ProjectFilter
from projects.models import Project
from secretariat.models import DatedFigure
from sscnet.codelists.fields import COUNTRIES, SDGS, SECTORS
from sscnet.core.records import samples
from sscnet.facets.params import MOST_SEARCH_CHARACTERS

from . import describe, problems, schemas
from .paging import Paging, Word, page_of
from .schemas import in_english

api = NinjaAPI(
    title="China South-South Cooperation Network",
    version="1",
    description=(
        "Projects, institutions, meetings, code lists and dated figures, to read. Anybody may, from"
        " anywhere. Texts come in English and Chinese; headings and messages in the language of the"
        " parameter `lang` (en or zh-hans), else of Accept-Language. Figures of the Network are"
        " statements with a date and a source; the number of records here is never a total of the"
        " Network."
    ),
    servers=[{"url": settings.PORTAL_ADDRESS, "description": "The portal"}],
    # The page's own stylesheet holds small pictures.
    docs_decorator=csp_override(settings.SECURE_CSP | {"img-src": [CSP.SELF, "data:"]}),
)
api.add_exception_handler(Http404, problems.not_found)
api.add_exception_handler(ValidationError, problems.not_understood)


def answers(schema, *errors):
    """Return what an address answers with, and with which errors."""
    return {200: schema} | dict.fromkeys((400, *errors, 422, 429), schemas.Problem)


def documented(*errors) -> dict:
    """Describe errors as what they are: problem details, not plain JSON."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "responses": {
            status: {
                "description": HTTPStatus(status).phrase,
                "content": {problems.CONTENT_TYPE: {"schema": schema}},
            }
            for status in (400, *errors, 422, 429)
        }
    }


def reads(path, schema, name, *errors):
    """Declare an address that gives one kind of answer."""
    return api.get(
        path,
        response=answers(schema, *errors),
        url_name=name,
        operation_id=name,
        openapi_extra=documented(*errors),
    )


class RecordPaging(Paging):
    """Read by `samples.ReadSamples`; here it is only described."""

    samples: Word = Field("", description="1: with the samples, which are made up")


class Key(Schema):
    key: Word = Field(description="The code, SSC-0001, or the last part of the page's address")


class Slug(Schema):
    slug: Word = Field(description="The last part of the page's address")


def filters(name: str, filterset) -> type[RecordPaging]:
    """Make the parameters of a list from its declaration, so that they are those of its page."""
    text = f"Words to search for, at most {MOST_SEARCH_CHARACTERS} characters"
    fields: dict[str, Any] = {"q": (Word, Field("", description=text))}
    for values in filterset.values_filters():
        about = f"{in_english(values.label)}: a code; several widen the list. `none`: not stated"
        fields[values.name] = (list[Word], Field([], description=about))
        if values.is_range:
            ends = zip(values.ends, ("From this year on", "Up to this year"), strict=True)
            fields |= {name: (Word, Field("", description=about)) for name, about in ends}
    about = f"{', '.join(order.name for order in filterset.orders)}; `-` turns it round"
    fields["sort"] = (Word, Field("", description=about))
    return create_model(name, __base__=RecordPaging, **fields)


ProjectFilters = filters("ProjectFilters", ProjectFilter)
InstitutionFilters = filters("InstitutionFilters", InstitutionFilter)
MeetingFilters = filters("MeetingFilters", MeetingFilter)
ActivityFilters = filters("ActivityFilters", ActivityFilter)


def home_of(request) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def list_of(request, listing, paging, records, describe_row):
    """Answer with a page of a list; `records` is the queryset that it is read by."""
    page, about = page_of(request, listing.ids, paging, listing.query())
    found = listing.records(page.object_list, records)
    home = home_of(request)
    # Which names are no parameters, the page of the API says.
    parameters = type(paging).model_fields
    unknown = [one for one in listing.unknown if one.label and one.name in parameters]
    values = [{"name": one.name, "value": one.value} for one in unknown]
    return about | {
        "heading": listing.heading,
        "ignored": about["ignored"] + values,
        "items": [describe_row(record, home) for record in found],
    }


# ------------------------------------------------------------------ records


@reads("/projects", schemas.Projects, "projects")
def projects(request, filters: Query[ProjectFilters]):
    """List projects: the parameters, the order and the number of the page /projects/."""
    listing = ProjectFilter.listing(request.GET)
    records = Project.objects.published().with_links()
    return list_of(request, listing, filters, records, describe.project_row)


@reads("/projects/{key}", schemas.Project, "project", 404)
def project(request, at: Path[Key]):
    """Return a project by its code, which never changes, or by the last part of its address."""
    published = Project.objects.published().with_links()
    # Codes are written in capitals, slugs in small letters.
    found = get_object_or_404(
        published.filter(code=at.key) if at.key.isupper() else published.for_slug(at.key)
    )
    return describe.project(found, home_of(request))


@reads("/institutions", schemas.Institutions, "institutions")
def institutions(request, filters: Query[InstitutionFilters]):
    """List members and partners: the parameters, order and number of the page /members/."""
    listing = InstitutionFilter.listing(request.GET)
    records = Institution.objects.published().for_file().prefetch_related("sources")
    return list_of(request, listing, filters, records, describe.institution)


@reads("/institutions/{slug}", schemas.Institution, "institution", 404)
def institution(request, at: Path[Slug]):
    """Return a member or partner."""
    published = Institution.objects.published().listed().for_file().prefetch_related("sources")
    found = get_object_or_404(published.for_slug(at.slug))
    return describe.institution(found, home_of(request))


@reads("/meetings", schemas.Meetings, "meetings")
def meetings(request, filters: Query[MeetingFilters]):
    """List meetings: the parameters, order and number of the page /meetings/."""
    listing = MeetingFilter.listing(request.GET)
    records = Meeting.objects.published().for_file()
    return list_of(request, listing, filters, records, describe.meeting)


@reads("/activities", schemas.Meetings, "activities")
def activities(request, filters: Query[ActivityFilters]):
    """List activities of institutions and meetings: the parameters of the page /activities/."""
    listing = ActivityFilter.listing(request.GET)
    records = Meeting.objects.published().for_file()
    return list_of(request, listing, filters, records, describe.meeting)


@reads("/meetings/{slug}", schemas.Meeting, "meeting", 404)
def meeting(request, at: Path[Slug]):
    """Return a meeting, or an activity of institutions."""
    found = get_object_or_404(Meeting.objects.published().for_file().for_slug(at.slug))
    return describe.meeting(found, home_of(request))


# ------------------------------------------------------------------ code lists and figures


def code_list(request, paging, field_list, link):
    """Answer with a page of a code list, of which `link` leads to projects."""
    public = Q(**{f"{link}__project__in": Project.objects.public()})
    # Grouped, the rows would stand in no order.
    counted = field_list.model.objects.order_by("pk").annotate(
        projects_here=Count(f"{link}__project", public, distinct=True)
    )
    page, about = page_of(request, counted, paging, samples.keep(""))
    return about | {"items": [describe.coded(row, field_list, row.projects_here) for row in page]}


@reads("/countries", schemas.Countries, "countries")
def countries(request, paging: Query[RecordPaging]):
    """List the countries and areas of the UN's list."""
    return code_list(request, paging, COUNTRIES, "project_countries")


@reads("/sectors", schemas.Sectors, "sectors")
def sectors(request, paging: Query[RecordPaging]):
    """List the Network's own sectors."""
    return code_list(request, paging, SECTORS, "project_sectors")


@reads("/sdgs", schemas.SDGs, "sdgs")
def sdgs(request, paging: Query[RecordPaging]):
    """List the Sustainable Development Goals."""
    return code_list(request, paging, SDGS, "project_sdgs")


@reads("/figures", schemas.Figures, "figures")
def figures(request, paging: Query[Paging]):
    """List the dated figures of the Network, each right on its date, with their sources."""
    rows = DatedFigure.objects.prefetch_related("sources").order_by("position", "-as_of", "pk")
    page, about = page_of(request, rows, paging, "")
    return about | {"items": [describe.figure(figure) for figure in page]}
