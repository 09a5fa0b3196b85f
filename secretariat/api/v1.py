"""The addresses of version 1."""

from http import HTTPStatus
from typing import Annotated, Any

from django.conf import settings
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.csp import CSP
from django.utils.http import http_date
from django.utils.translation import get_language
from django.views.decorators.csp import csp_override
from ninja import NinjaAPI, Path, Query
from ninja.errors import ValidationError
from pydantic import Field, StringConstraints, create_model

from meetings.models import Meeting
from members.directory.filters import InstitutionFilter
from members.models import Institution
from projects.catalogue.filters import ProjectFilter
from projects.models import Project
from secretariat.models import DatedFigure
from sscnet.codelists.models import SDG, Country, Sector
from sscnet.core.records import samples
from sscnet.facets.params import MOST_SEARCH_CHARACTERS

from . import describe, problems, schemas
from .paging import Paging, page_of

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
    # The page's own stylesheet holds small pictures.
    docs_decorator=csp_override(settings.SECURE_CSP | {"img-src": [CSP.SELF, "data:"]}),
)
api.add_exception_handler(Http404, problems.not_found)
api.add_exception_handler(ValidationError, problems.not_understood)


# What the portal can look for: any text but the NUL character, which PostgreSQL cannot hold.
Word = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]


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


def filters(name: str, filterset) -> type[RecordPaging]:
    """Make the parameters of a list from its declaration, so that they are those of its page."""
    text = f"Words to search for, at most {MOST_SEARCH_CHARACTERS} characters"
    fields: dict[str, Any] = {"q": (Word, Field("", description=text))}
    for values in filterset.values_filters():
        about = "A code; several widen the list. `none`: not stated"
        fields[values.name] = (list[Word], Field([], description=about))
        if values.is_range:
            fields |= {end: (Word, Field("", description="A year")) for end in values.ends}
    fields["sort"] = (
        Word,
        Field("", description="An order of the page, `-` turns it round"),
    )
    fields["lang"] = (Word, Field("", description="en or zh-hans"))
    return create_model(name, __base__=RecordPaging, **fields)


ProjectFilters = filters("ProjectFilters", ProjectFilter)
InstitutionFilters = filters("InstitutionFilters", InstitutionFilter)


def home_of(request) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def note_last_change(response: HttpResponse, records) -> None:
    """Set Last-Modified to the last change of these records; only the ETag tells changes."""
    moments = [record.updated_at for record in records]
    if moments:
        response["Last-Modified"] = http_date(max(moments).timestamp())


def list_of(request, response, listing, paging, load, describe_row):
    page, about = page_of(request, response, listing.ids, paging, query_of(request, listing))
    records = load(page.object_list)
    note_last_change(response, records)
    home = home_of(request)
    return about | {
        "heading": listing.heading,
        "ignored": [{"name": one.name, "value": one.value} for one in listing.unknown],
        "items": [describe_row(record, home) for record in records],
    }


def query_of(request, listing) -> str:
    """Write the list as the end of an address, with its language if that was asked for."""
    language = [f"lang={get_language()}"] if request.GET.get("lang") else []
    return "&".join(filter(None, [listing.query().removeprefix("?"), *language]))


# ------------------------------------------------------------------ records


@reads("/projects", schemas.Projects, "projects")
def projects(request, response: HttpResponse, filters: Query[ProjectFilters]):
    """List projects: the parameters, the order and the number of the page /projects/."""
    listing = ProjectFilter.listing(request.GET)

    def load(ids):
        return listing.records(ids, Project.objects.published().with_links())

    return list_of(request, response, listing, filters, load, describe.project_row)


@reads("/projects/{key}", schemas.Project, "project", 404)
def project(request, response: HttpResponse, key: Path[Word]):
    """Return a project by its code, which never changes, or by the last part of its address."""
    published = Project.objects.published().with_links()
    # Codes are written in capitals, slugs in small letters.
    found = get_object_or_404(
        published.filter(code=key) if key.isupper() else published.for_slug(key)
    )
    note_last_change(response, [found])
    return describe.project(found, home_of(request))


@reads("/institutions", schemas.Institutions, "institutions")
def institutions(request, response: HttpResponse, filters: Query[InstitutionFilters]):
    """List members and partners: the parameters, order and number of the page /members/."""
    listing = InstitutionFilter.listing(request.GET)

    def load(ids):
        return listing.records(ids, Institution.objects.published().for_file())

    return list_of(request, response, listing, filters, load, describe.institution)


@reads("/institutions/{slug}", schemas.Institution, "institution", 404)
def institution(request, response: HttpResponse, slug: Path[Word]):
    """Return a member or partner."""
    published = Institution.objects.published().listed().for_file()
    found = get_object_or_404(published.for_slug(slug))
    note_last_change(response, [found])
    return describe.institution(found, home_of(request))


@reads("/meetings", schemas.Meetings, "meetings")
def meetings(request, response: HttpResponse, paging: Query[RecordPaging]):
    """List the meetings, the newest first."""
    of_meetings = Meeting.objects.public().prefetch_related("sources")
    page, about = page_of(request, response, of_meetings, paging, samples.keep(""))
    note_last_change(response, page)
    home = home_of(request)
    return about | {"items": [describe.meeting(meeting, home) for meeting in page]}


@reads("/meetings/{slug}", schemas.Meeting, "meeting", 404)
def meeting(request, response: HttpResponse, slug: Path[Word]):
    """Return a meeting."""
    found = get_object_or_404(Meeting.objects.published().for_slug(slug))
    note_last_change(response, [found])
    return describe.meeting(found, home_of(request))


# ------------------------------------------------------------------ code lists and figures


# By which link each list is tied to projects.
COUNTRIES = Country.objects.all(), "project_countries", describe.country
SECTORS = Sector.objects.all(), "project_sectors", describe.sector
SDGS = SDG.objects.all(), "project_sdgs", describe.sdg


def code_list(request, response, paging, rows, link, describe_row):
    page, about = page_of(request, response, counted(rows, link), paging, samples.keep(""))
    home = home_of(request)
    return about | {"items": [describe_row(row, home, row.projects_here) for row in page]}


def counted(rows, link):
    public = Q(**{f"{link}__project__in": Project.objects.public()})
    # Grouped, the rows would stand in no order.
    return rows.order_by("pk").annotate(
        projects_here=Count(f"{link}__project", public, distinct=True)
    )


def one_of(request, rows, link, describe_row, **key):
    row = get_object_or_404(counted(rows, link), **key)
    return describe_row(row, home_of(request), row.projects_here)


@reads("/countries", schemas.Countries, "countries")
def countries(request, response: HttpResponse, paging: Query[RecordPaging]):
    """List the countries and areas of the UN's list."""
    return code_list(request, response, paging, *COUNTRIES)


@reads("/countries/{iso2}", schemas.Country, "country", 404)
def country(request, iso2: Path[Word]):
    """Return a country."""
    return one_of(request, *COUNTRIES, iso2=iso2.upper())


@reads("/sectors", schemas.Sectors, "sectors")
def sectors(request, response: HttpResponse, paging: Query[RecordPaging]):
    """List the Network's own sectors."""
    return code_list(request, response, paging, *SECTORS)


@reads("/sectors/{slug}", schemas.Sector, "sector", 404)
def sector(request, slug: Path[Word]):
    """Return a sector."""
    return one_of(request, *SECTORS, slug=slug)


@reads("/sdgs", schemas.SDGs, "sdgs")
def sdgs(request, response: HttpResponse, paging: Query[RecordPaging]):
    """List the Sustainable Development Goals."""
    return code_list(request, response, paging, *SDGS)


@reads("/sdgs/{number}", schemas.SDG, "sdg", 404)
def sdg(request, number: int):
    """Return a goal."""
    if not 1 <= number <= 17:
        raise Http404
    return one_of(request, *SDGS, number=number)


@reads("/figures", schemas.Figures, "figures")
def figures(request, response: HttpResponse, paging: Query[Paging]):
    """List the dated figures of the Network, each right on its date, with their sources."""
    rows = DatedFigure.objects.prefetch_related("sources").order_by("position", "-as_of", "pk")
    page, about = page_of(request, response, rows, paging, "")
    return about | {"items": [describe.figure(figure) for figure in page]}
