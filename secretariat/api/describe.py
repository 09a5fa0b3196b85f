"""Records as the API tells them: what is not stated is null."""

from functools import cache

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import override

from meetings.programme.fields import FIELDS as MEETINGS
from members.fields import FIELDS as INSTITUTIONS
from projects.fields import FIELDS as PROJECTS
from sscnet.codelists.fields import COUNTRIES, SDGS, SECTORS
from sscnet.core.i18n.addresses import address_of
from sscnet.core.records.basis import How
from sscnet.exchange import FieldKind
from sscnet.exchange.fields import LANGUAGES, labels

from ..fields import FIGURES


def text(record, field):
    return {
        "en": getattr(record, field) or None,
        "zh": getattr(record, f"{field}_zh_hans") or None,
    }


def stated(record, *fields):
    """Return fields as they are; an empty text is one that is not stated."""
    values = {field: getattr(record, field) for field in fields}
    return {field: None if value == "" else value for field, value in values.items()}


def links(home, name, key, page, slug):
    """Return the addresses of a record: in the API, and of its page in each language."""
    pages = {end: home + address_of(page, slug, language) for end, language in LANGUAGES.items()}
    return {"self": home + reverse(f"api-1:{name}", args=[key]), "page": pages}


def in_english(label) -> str:
    with override("en"):
        return capfirst(str(label))


def named(record):
    return {"code": record.slug, "name": text(record, "name")}


def origin(record, field_list):
    """Return the sources of a record, and how each of its facts is known."""
    sources = [
        {
            "number": number,
            "name": text(source, "name"),
            **stated(source, "address", "fields", "confidence", "read_on"),
            "how": how_in_words(source.how),
        }
        for number, source in enumerate(record.sources.all(), 1)
    ]
    facts = field_list.facts(record).items()
    return {"basis": {name: basis_of(fact) for name, fact in facts}, "sources": sources}


def basis_of(fact):
    how = how_in_words(fact.how)
    return {"basis": fact.basis.value, "how": how, "sources": list(fact.sources)}


@cache
def how_in_words(how):
    """Return the code of how a value is known, and its words; None where a source states it."""
    words = {end: labels(How.choices, language).get(how) for end, language in LANGUAGES.items()}
    return {"code": how, **words} if how else None


def fields(record, field_list, **which):
    """Return the fields of a record as its list has them."""
    return {field.name: value_of(field, record) for field in field_list.of_api(**which)}


def value_of(field, record):
    if field.is_translated:
        return text(record, field.name)
    if field.kind is FieldKind.CODE and not field.is_named_code:
        return getattr(record, f"{field.name}_id")
    value = field.value(record)
    if field.kind is FieldKind.CODE:
        return value and named(value)
    if field.kind is FieldKind.CODES:
        return [named(one) for one in value]
    return None if value == "" else value


# ------------------------------------------------------------------ projects


def project_row(project, home):
    return {
        **fields(project, PROJECTS, in_lists=True),
        **stated(project, "slug", "is_sample", "updated_at"),
        "countries": [
            {"code": link.country_id, "role": link.role, "name": text(link.country, "name")}
            for link in project.country_links
        ],
        "sdgs": [goal(link) for link in project.project_sdgs.all()],
        "institutions": [part(link) for link in project.project_institutions.all()],
        **origin(project, PROJECTS),
        "links": links(home, "project", project.code, "projects:detail", project.slug),
    }


def part(link):
    institution = link.institution
    return {"slug": institution.slug, "role": link.role, "name": text(institution, "name")}


def goal(link):
    return {
        "number": link.sdg_id,
        "is_primary": link.is_primary,
        "target": link.target or None,
        "reason": text(link, "reason"),
    }


def project(project, home):
    return {**project_row(project, home), **fields(project, PROJECTS, in_lists=False)}


# ------------------------------------------------------------------ the others


def service(service):
    texts = {name: text(service, name) for name in ("title", "for_whom")}
    return {**stated(service, "kind", "as_of"), **texts}


def institution(institution, home):
    return {
        **fields(institution, INSTITUTIONS),
        "services": [service(one) for one in institution.services.all()],
        **origin(institution, INSTITUTIONS),
        **stated(institution, "is_sample", "updated_at"),
        "links": links(home, "institution", institution.slug, "members:detail", institution.slug),
    }


def meeting(meeting, home):
    return {
        **fields(meeting, MEETINGS),
        "institutions": [part(link) for link in meeting.meeting_institutions.all()],
        "countries": [
            {"code": link.country_id, "name": text(link.country, "name")}
            for link in meeting.meeting_countries.all()
        ],
        **origin(meeting, MEETINGS),
        **stated(meeting, "is_sample", "updated_at"),
        "links": links(home, "meeting", meeting.slug, meeting.page_name, meeting.slug),
    }


def country(country, projects):
    return {**fields(country, COUNTRIES), "code": country.iso2, "projects": projects}


def sector(sector, projects):
    return {**fields(sector, SECTORS), "code": sector.slug, "projects": projects}


def sdg(sdg, projects):
    return {**fields(sdg, SDGS), "projects": projects}


def figure(figure):
    return fields(figure, FIGURES) | origin(figure, FIGURES)
