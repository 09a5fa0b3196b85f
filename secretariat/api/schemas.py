"""What the answers of the API hold. Texts stand in both languages, whatever is asked for.

Within version 1 fields are only added, never renamed, removed or given another meaning.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from ninja import Field, Schema
from pydantic import create_model

from meetings.programme.fields import FIELDS as MEETINGS
from members.fields import FIELDS as INSTITUTIONS
from projects.fields import FIELDS as PROJECTS
from sscnet.codelists.fields import COUNTRIES, SDGS, SECTORS
from sscnet.exchange import FieldKind, PublicField

from ..fields import FIGURES


class Text(Schema):
    """A text in English and in simplified Chinese; null where there is none in that language."""

    en: str | None
    zh: str | None


class HowKnown(Text):
    code: str = Field(description="from_number, from_title, added_up, proposed and others")


class Source(Schema):
    number: int = Field(description="As `sources` in `basis` name it")
    name: Text = Field(description="null where it says only how values are known")
    address: str | None
    fields: list[str] = Field(description="Names in `basis`; none: all that no other source is for")
    how: HowKnown | None = Field(description="null where it states them")
    confidence: str | None = Field(description="high, medium or low, as the Network judges it")
    read_on: date | None = Field(description="When it was read")


class Known(Schema):
    basis: str = Field(description="stated, derived, ours or not_stated")
    how: HowKnown | None = Field(description="null where a source states it, or nothing is stated")
    sources: list[int] = Field(description="The numbers of its sources")


class Purpose(Schema):
    code: str = Field(description="OECD DAC, five digits")
    name: str = Field(description="In English: the DAC has no Chinese names")


Bases = Annotated[dict[str, Known], Field(description="How each fact is known, by its name")]


class Links(Schema):
    self: str = Field(description="This record in the API")
    page: Text = Field(description="Its page in each language")


class Place(Schema):
    code: str = Field(description="ISO 3166-1 alpha-2")
    role: str = Field(description="lead, participating or beneficiary")
    name: Text


class Part(Schema):
    slug: str
    role: str = Field(description="submitter, co_implementer, subcontractor or supporter")
    name: Text


class Goal(Schema):
    number: int
    is_primary: bool
    target: str | None
    reason: Text


class Named(Schema):
    code: str
    name: Text


TYPES = {
    FieldKind.TEXT: str,
    FieldKind.CHOICE: str,
    FieldKind.NUMBER: int,
    FieldKind.AMOUNT: Decimal,
    FieldKind.DATE: date,
    FieldKind.PARTIAL_DATE: str,
    FieldKind.MOMENT: datetime,
    FieldKind.YES_NO: bool,
}


def type_of(field: PublicField):
    """Return the type of a field of a record: what need not be stated may be null."""
    if field.is_translated:
        return Text
    if field.kind is FieldKind.CODES:
        return list[Named]
    if field.kind is FieldKind.WORDS:
        return list[str]
    if field.kind is FieldKind.CODE:
        plain = Named if field.is_named_code else str
    elif field.choices and all(isinstance(value, int) for value, _label in field.choices):
        plain = int
    else:
        plain = TYPES[field.kind]
    return plain if field.is_required else plain | None


def schema_of(name: str, base: type[Schema], fields: list[PublicField]) -> type[Schema]:
    """Make the schema of a record from its fields and what `base` has besides them."""
    types = {f.name: (type_of(f), Field(description=f.description)) for f in fields}
    return create_model(name, __base__=base, **types)


class ProjectLinks(Schema):
    sources: list[Source]
    slug: str
    countries: list[Place]
    sdgs: list[Goal]
    institutions: list[Part]
    dac_purposes: list[Purpose]
    basis: Bases
    is_sample: bool = Field(description="Made up, to try the portal with")
    updated_at: datetime
    links: Links


class RecordLinks(Schema):
    sources: list[Source]
    basis: Bases
    is_sample: bool
    updated_at: datetime
    links: Links


class CountedLinks(Schema):
    projects: int = Field(description="Published projects here; never the Network's total")
    links: Links


class CountryCode(CountedLinks):
    code: str = Field(description="ISO 3166-1 alpha-2")


class SectorCode(CountedLinks):
    code: str


ProjectRow = schema_of("ProjectRow", ProjectLinks, PROJECTS.of_api(in_lists=True))


Project = schema_of("Project", ProjectRow, PROJECTS.of_api(in_lists=False))
Institution = schema_of("Institution", RecordLinks, INSTITUTIONS.of_api())
Meeting = schema_of("Meeting", RecordLinks, MEETINGS.of_api())
Country = schema_of("Country", CountryCode, COUNTRIES.of_api())
Sector = schema_of("Sector", SectorCode, SECTORS.of_api())
SDG = schema_of("SDG", CountedLinks, SDGS.of_api())


class FigureSources(Schema):
    """A total as somebody stated it, true on its date."""

    basis: Bases
    sources: list[Source]


Figure = schema_of("Figure", FigureSources, FIGURES.of_api())


class Ignored(Schema):
    """A value of a filter that the portal does not know, and left out."""

    name: str
    value: str


class PageLinks(Schema):
    first: str
    last: str
    prev: str | None
    next: str | None


class Page(Schema):
    total: int = Field(description="Of the whole list, not of this page")
    page: int
    per_page: int
    pages: int
    links: PageLinks


class Projects(Page):
    heading: str = Field(description="What the list holds, in words, in the answer's language")
    ignored: list[Ignored]
    items: list[ProjectRow]


class Institutions(Page):
    heading: str
    ignored: list[Ignored]
    items: list[Institution]


class Meetings(Page):
    items: list[Meeting]


class Countries(Page):
    items: list[Country]


class Sectors(Page):
    items: list[Sector]


class SDGs(Page):
    items: list[SDG]


class Figures(Page):
    items: list[Figure]


class Problem(Schema):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
