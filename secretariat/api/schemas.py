"""What the answers of the API hold. Texts stand in both languages, whatever is asked for.

Within version 1 fields are only added, never renamed, removed or given another meaning.
"""

from datetime import date, datetime
from decimal import Decimal

from ninja import Field, Schema


class Text(Schema):
    """A text in English and in simplified Chinese; null where there is none in that language."""

    en: str | None
    zh: str | None


class Source(Schema):
    name: str
    address: str | None
    supports: str | None = Field(description="What it is the source of; null: the whole record")


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


class ProjectRow(Schema):
    code: str = Field(description="Never changes")
    slug: str
    fund_numbers: list[str]
    title: Text
    programme: str | None
    status: str | None
    area: Named | None
    year_approved: int | None
    granted_usd: Decimal | None
    countries: list[Place]
    sectors: list[Named]
    sdgs: list[Goal]
    institutions: list[Part]
    is_sample: bool = Field(description="Made up, to try the portal with")
    updated_at: datetime
    links: Links


class Project(ProjectRow):
    subtitle: Text
    summary: Text
    challenge: Text
    approach: Text
    outcome: Text
    status_declared_on: date | None
    year_basis: str | None
    approved_on: date | None
    approval_meeting: Text
    planned_start_on: date | None
    planned_end_on: date | None
    actual_start_on: date | None
    actual_end_on: date | None
    duration_as_stated: Text
    final_report_on: str | None = Field(description="A day, a month or a year")
    participants_as_stated: int | None
    modality: str | None
    gender_marker: int | None
    gender_evidence: Text
    beneficiaries: Text
    beneficiaries_number: int | None
    women_beneficiaries_number: int | None
    other_inputs_usd: Decimal | None
    other_cash_usd: Decimal | None
    other_kind_usd: Decimal | None
    total_usd: Decimal | None
    classification_confirmed: bool
    sources: list[Source]


class Institution(Schema):
    slug: str
    name: Text
    acronym: str | None
    standing: str | None = Field(description="member, partner or former; null: not stated")
    kind: str | None
    city: Text
    province: str | None
    country: str | None
    website: str | None
    role_mailbox: str | None
    description: Text
    sectors: list[Named]
    is_sample: bool
    updated_at: datetime
    links: Links


class Meeting(Schema):
    slug: str
    kind: str
    ordinal: int | None
    title: Text
    theme: Text
    description: Text
    year: int | None
    starts_on: date | None
    ends_on: date | None
    dates_as_stated: Text
    time_zone: str
    city: Text
    venue: Text
    is_cancelled: bool
    is_sample: bool
    updated_at: datetime
    links: Links


class Country(Schema):
    code: str = Field(description="ISO 3166-1 alpha-2")
    iso3: str
    m49: str
    name: Text
    region: str | None
    subregion: str | None
    g77: bool | None = Field(description="Member of the Group of 77; null: not known")
    ldc: bool | None
    lldc: bool | None
    sids: bool | None
    projects: int = Field(description="Published projects here; never the Network's total")
    links: Links


class Sector(Schema):
    code: str
    name: Text
    dac_category: str
    dac_purpose: str | None
    projects: int = Field(description="Published projects here; never the Network's total")
    links: Links


class SDG(Schema):
    number: int
    name: Text
    full_name: Text
    color: str
    projects: int = Field(description="Published projects here; never the Network's total")
    links: Links


class Figure(Schema):
    """A total as somebody stated it, true on its date."""

    figure: str
    label: Text
    value: int
    qualifier: str | None = Field(description="over: more than the value")
    as_of: str = Field(description="A year or a month")
    sources: list[Source]


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
