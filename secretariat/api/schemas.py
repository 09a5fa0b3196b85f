"""What the answers of the API hold. Texts stand in both languages, whatever is asked for.

Within version 1 fields are only added, never renamed, removed or given another meaning.
"""

from datetime import date, datetime
from typing import Annotated

from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import override
from ninja import Field, Schema
from pydantic import create_model

from meetings.programme.fields import FIELDS as MEETINGS
from members.fields import FIELDS as INSTITUTIONS
from projects.fields import FIELDS as PROJECTS
from sscnet.codelists.fields import COUNTRIES, SDGS, SECTORS
from sscnet.exchange import FieldList, PublicField

from ..fields import FIGURES


class Text(Schema):
    """A text in English and in simplified Chinese; null where there is none in that language."""

    en: str | None = Field(description="In English")
    zh: str | None = Field(description="In simplified Chinese")


class HowKnown(Text):
    code: str = Field(description="from_number, from_title, added_up, proposed and others")


class Source(Schema):
    number: int = Field(description="As `sources` in `basis` name it")
    name: Text = Field(description="null where it says only how values are known")
    address: str | None = Field(description="Where it is read")
    fields: list[str] = Field(description="Names in `basis`; none: all that no other source is for")
    how: HowKnown | None = Field(description="null where it states them")
    confidence: str | None = Field(description="high, medium or low, as the Network judges it")
    read_on: date | None = Field(description="When it was read")


class Known(Schema):
    basis: str = Field(description="stated, derived, ours or not_stated")
    how: HowKnown | None = Field(description="null where a source states it, or nothing is stated")
    sources: list[int] = Field(description="The numbers of its sources")


Bases = Annotated[dict[str, Known], Field(description="How each fact is known, by its name")]


class Links(Schema):
    self: str = Field(description="This record in the API")
    page: Text = Field(description="Its page in each language")


class Place(Schema):
    code: str = Field(description="ISO 3166-1 alpha-2")
    role: str = Field(description="lead, participating or beneficiary")
    name: Text = Field(description="Its name")


class Part(Schema):
    slug: str = Field(description="The institution's address here")
    role: str = Field(description="submitter, co_implementer, subcontractor or supporter")
    name: Text = Field(description="Its name")


class Goal(Schema):
    number: int = Field(description="1 to 17")
    is_primary: bool = Field(description="The one it serves first")
    target: str | None = Field(description="A target of the goal, 6.1")
    reason: Text = Field(description="Why, in words")


class Named(Schema):
    code: str = Field(description="The last part of its page's address")
    name: Text = Field(description="Its name")


def type_of(field: PublicField):
    """Return the type of a field of a record: what need not be stated may be null."""
    if field.is_translated:
        return Text
    if field.kind == list[Model]:
        return list[Named]
    if field.kind == list[str]:
        return list[str]
    plain = field.kind
    if plain is Model:
        plain = Named if field.is_named_code else str
    return plain if field.is_required else plain | None


def in_english(label) -> str:
    with override("en"):
        return capfirst(str(label))


def schema_of(name: str, base: type[Schema], fields: FieldList, **which) -> type[Schema]:
    """Make the schema of a record from its fields and what `base` has besides them."""
    labels = {
        field.name: in_english(field.verbose_name)
        for field in fields.model._meta.get_fields()
        if hasattr(field, "verbose_name")
    }
    types = {}
    for field in fields.of_api(**which):
        about = field.description or labels.get(field.name, field.name.replace("_", " "))
        types[field.name] = (type_of(field), Field(description=about))
    return create_model(name, __base__=base, **types)


class RecordLinks(Schema):
    basis: Bases
    sources: list[Source] = Field(description="Where its facts come from")
    is_sample: bool = Field(description="Made up, to try the portal with")
    updated_at: datetime = Field(description="When anything of it changed last")
    links: Links = Field(description="Its addresses")


class ProjectLinks(RecordLinks):
    slug: str = Field(description="The last part of the page's address")
    countries: list[Place] = Field(description="The countries that take part")
    sdgs: list[Goal] = Field(description="The goals it serves, the primary one first")
    institutions: list[Part] = Field(description="Who took part, in which role")


class Service(Schema):
    kind: str = Field(description="consultancy, training, seminar, exchange_visit or technology")
    title: Text = Field(description="What is offered")
    for_whom: Text = Field(description="Whom it is meant for")
    as_of: date | None = Field(description="When it was last confirmed, or read at its source")


class InstitutionLinks(RecordLinks):
    services: list[Service] = Field(description="What it offers")


class MeetingPart(Part):
    role: str = Field(description="host, organiser, partner (co-organiser) or attended")


class MeetingLinks(RecordLinks):
    institutions: list[MeetingPart] = Field(description="Who took part, in which role")
    countries: list[Named] = Field(description="Where participants came from")


class Counted(Schema):
    projects: int = Field(description="Published projects here; never the Network's total")


class CountryCode(Counted):
    code: str = Field(description="ISO 3166-1 alpha-2")


class SectorCode(Counted):
    code: str = Field(description="The last part of its page's address")


ProjectRow = schema_of("ProjectRow", ProjectLinks, PROJECTS, in_lists=True)

Project = schema_of("Project", ProjectRow, PROJECTS, in_lists=False)
Institution = schema_of("Institution", InstitutionLinks, INSTITUTIONS)
Meeting = schema_of("Meeting", MeetingLinks, MEETINGS)
Country = schema_of("Country", CountryCode, COUNTRIES)
Sector = schema_of("Sector", SectorCode, SECTORS)
SDG = schema_of("SDG", Counted, SDGS)


class FigureSources(Schema):
    """A total as somebody stated it, true on its date."""

    basis: Bases = Field(description="How each of its values is known")
    sources: list[Source] = Field(description="Who stated it")


Figure = schema_of("Figure", FigureSources, FIGURES)


class Ignored(Schema):
    """A parameter that the list does not have, or a value that the portal does not know."""

    name: str = Field(description="The parameter")
    value: str = Field(description="Its value")


class PageLinks(Schema):
    first: str = Field(description="The first page")
    last: str = Field(description="The last page")
    prev: str | None = Field(description="The page before; null on the first")
    next: str | None = Field(description="The page after; null on the last")


class Page(Schema):
    ignored: list[Ignored] = Field(
        description="What is no parameter of this list, and was left out"
    )
    total: int = Field(description="Of the whole list, not of this page")
    page: int = Field(description="The number of this page, from 1")
    per_page: int = Field(description="How many items a page has")
    pages: int = Field(description="How many pages there are")
    links: PageLinks = Field(description="The addresses of other pages")


class ListPage(Page):
    heading: str = Field(description="What the list holds, in words, in the answer's language")


def page_of(name: str, base: type[Page], row: type[Schema]) -> type[Page]:
    items = (list[row], Field(description="The records of this page"))
    return create_model(name, __base__=base, items=items)


Projects = page_of("Projects", ListPage, ProjectRow)
Institutions = page_of("Institutions", ListPage, Institution)
Meetings = page_of("Meetings", ListPage, Meeting)
Countries = page_of("Countries", Page, Country)
Sectors = page_of("Sectors", Page, Sector)
SDGs = page_of("SDGs", Page, SDG)
Figures = page_of("Figures", Page, Figure)


class Problem(Schema):
    """What went wrong (RFC 9457)."""

    type: str = Field(description="about:blank: the title says all")
    title: str = Field(description="The status in words")
    status: int = Field(description="The status of HTTP")
    detail: str = Field(description="What is wrong here, and what to do")
