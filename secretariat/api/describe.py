"""Records as the API tells them: what is not stated is null."""

from functools import cache
from typing import Any

from django.db.models import Model
from django.urls import reverse

from meetings.programme.fields import FIELDS as MEETINGS
from members.fields import FIELDS as INSTITUTIONS
from projects.fields import FIELDS as PROJECTS
from sscnet.core.i18n.texts import per_language
from sscnet.core.records.basis import How
from sscnet.exchange import FieldList, PublicField
from sscnet.exchange.fields import LANGUAGES, page_of

from ..fields import FIGURES
from .schemas import Goal, Named, Part, Place, Service, Source, Text


def text(record, field: str) -> dict:
    return {
        "en": getattr(record, field) or None,
        "zh": getattr(record, f"{field}_zh_hans") or None,
    }


def told(schema, record, **given) -> dict[str, Any]:
    """Return what a schema holds of a record, some of it `given`."""
    for name, field in schema.model_fields.items():
        if name not in given:
            is_text = field.annotation is Text
            given[name] = text(record, name) if is_text else stated(getattr(record, name))
    return given


def stated(value):
    """Return a value as it is; an empty text is one that is not stated."""
    return None if value == "" else value


def named(record) -> dict:
    return told(Named, record, code=record.slug)


def origin(record, field_list: FieldList) -> dict:
    """Return the sources of a record, and how each of its facts is known."""
    sources = [
        told(Source, source, number=number, how=how_in_words(source.how))
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
    if not how:
        return None
    words = per_language(How(how).label.__str__)
    return {"code": how} | {end: words[code] for end, code in LANGUAGES.items()}


def fields(record, field_list: FieldList, **which) -> dict:
    """Return the fields of a record as its list has them."""
    return {field.name: value_of(field, record) for field in field_list.of_api(**which)}


def value_of(field: PublicField, record):
    if field.is_translated:
        return text(record, field.name)
    if field.kind is Model and not field.is_named_code:
        return getattr(record, f"{field.name}_id")
    value = field.value(record)
    if field.kind is Model:
        return value and named(value)
    return [named(one) for one in value] if field.kind == list[Model] else stated(value)


def with_address(record, field_list: FieldList, home: str, **which) -> dict:
    """Return what a record with a page has: fields, sources, its addresses here and of the page."""
    key = getattr(record, "code", record.slug)
    address = home + reverse(f"api-1:{record._meta.model_name}", args=[key])
    pages = {end: page_of(field_list.page, home, code, record) for end, code in LANGUAGES.items()}
    return {
        **fields(record, field_list, **which),
        **origin(record, field_list),
        "is_sample": record.is_sample,
        "updated_at": record.updated_at,
        "links": {"self": address, "page": pages},
    }


def part(link) -> dict:
    return told(Part, link.institution, role=link.role)


# ------------------------------------------------------------------ the records


def project_row(project, home: str) -> dict:
    countries, goals = project.country_links, project.project_sdgs.all()
    return with_address(project, PROJECTS, home, in_lists=True) | {
        "slug": project.slug,
        "countries": [told(Place, c.country, code=c.country_id, role=c.role) for c in countries],
        "sdgs": [told(Goal, goal, number=goal.sdg_id) for goal in goals],
        "institutions": [part(link) for link in project.project_institutions.all()],
    }


def project(project, home: str) -> dict:
    return project_row(project, home) | fields(project, PROJECTS, in_lists=False)


def institution(institution, home: str) -> dict:
    services = [told(Service, one) for one in institution.services.all()]
    return with_address(institution, INSTITUTIONS, home) | {"services": services}


def meeting(meeting, home: str) -> dict:
    countries = meeting.meeting_countries.all()
    return with_address(meeting, MEETINGS, home) | {
        "institutions": [part(link) for link in meeting.meeting_institutions.all()],
        "countries": [told(Named, one.country, code=one.country_id) for one in countries],
    }


def coded(record, field_list: FieldList, projects: int) -> dict:
    """Return a row of a code list, with how many projects carry it."""
    code = getattr(record, "slug", record.pk)
    return {**fields(record, field_list), "code": code, "projects": projects}


def figure(figure) -> dict:
    return fields(figure, FIGURES) | origin(figure, FIGURES)
