"""Records as the API tells them: what is not stated is null."""

from django.urls import reverse
from django.utils.translation import override

LANGUAGES = {"en": "en", "zh": "zh-hans"}


def text(record, field):
    return {
        "en": getattr(record, field) or None,
        "zh": getattr(record, f"{field}_zh_hans") or None,
    }


def stated(record, *fields):
    """Give fields as they are; an empty text is one that is not stated."""
    values = {field: getattr(record, field) for field in fields}
    return {field: None if value == "" else value for field, value in values.items()}


def texts(record, *fields):
    return {field: text(record, field) for field in fields}


def links(home, name, key, page, *args):
    """Give the addresses of a record: in the API, and of its page in each language."""
    pages = {}
    for code, language in LANGUAGES.items():
        with override(language):
            pages[code] = home + reverse(page, args=args or [key])
    return {"self": home + reverse(f"api-1:{name}", args=[key]), "page": pages}


def named(record):
    return {"code": record.slug, "name": text(record, "name")}


def sources(record):
    return [stated(source, "name", "address", "supports") for source in record.sources.all()]


# ------------------------------------------------------------------ projects


def project_row(project, home):
    return {
        **stated(project, "code", "slug", "programme", "status", "year_approved", "granted_usd"),
        **stated(project, "is_sample", "updated_at"),
        "fund_numbers": [number.number for number in project.fund_numbers.all()],
        "title": text(project, "title"),
        "area": named(project.area) if project.area else None,
        "countries": [
            {"code": link.country_id, "role": link.role, "name": text(link.country, "name")}
            for link in project.country_links
        ],
        "sectors": [named(sector) for sector in project.sectors.all()],
        "sdgs": [goal(link) for link in project.project_sdgs.all()],
        "institutions": [
            {
                "slug": link.institution.slug,
                "role": link.role,
                "name": text(link.institution, "name"),
            }
            for link in project.project_institutions.all()
        ],
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
    return {
        **project_row(project, home),
        **texts(project, "subtitle", "summary", "challenge", "approach", "outcome"),
        **texts(project, "approval_meeting", "duration_as_stated"),
        **texts(project, "gender_evidence", "beneficiaries"),
        **stated(project, "status_declared_on", "year_basis", "approved_on", "final_report_on"),
        **stated(project, "planned_start_on", "planned_end_on"),
        **stated(project, "actual_start_on", "actual_end_on", "participants_as_stated"),
        **stated(project, "modality", "gender_marker", "beneficiaries_number"),
        **stated(project, "women_beneficiaries_number", "other_inputs_usd", "other_cash_usd"),
        **stated(project, "other_kind_usd", "total_usd"),
        "classification_confirmed": project.classification_confirmed_on is not None,
        "sources": sources(project),
    }


# ------------------------------------------------------------------ the others


def institution(institution, home):
    return {
        **stated(institution, "slug", "acronym", "standing", "kind", "province"),
        **stated(institution, "website", "role_mailbox", "is_sample", "updated_at"),
        **texts(institution, "name", "city", "description"),
        "country": institution.country_id,
        "sectors": [named(sector) for sector in institution.sectors.all()],
        "links": links(home, "institution", institution.slug, "members:detail"),
    }


def meeting(meeting, home):
    return {
        **stated(meeting, "slug", "kind", "ordinal", "year", "starts_on", "ends_on", "time_zone"),
        **stated(meeting, "is_cancelled", "is_sample", "updated_at"),
        **texts(meeting, "title", "theme", "description", "dates_as_stated", "city", "venue"),
        "links": links(home, "meeting", meeting.slug, "meetings:detail"),
    }


def country(country, home, projects):
    return {
        **stated(country, "iso3", "m49", "region", "subregion", "g77", "ldc", "lldc", "sids"),
        "code": country.iso2,
        "name": text(country, "name"),
        "projects": projects,
        "links": links(home, "country", country.iso2, "landing:country"),
    }


def sector(sector, home, projects):
    return {
        **named(sector),
        "dac_category": sector.dac_category_id,
        "dac_purpose": sector.dac_purpose_id,
        "projects": projects,
        "links": links(home, "sector", sector.slug, "landing:sector"),
    }


def sdg(sdg, home, projects):
    return {
        **stated(sdg, "number", "color"),
        **texts(sdg, "name", "full_name"),
        "projects": projects,
        "links": links(home, "sdg", sdg.number, "landing:sdg"),
    }


def figure(figure):
    return {
        **stated(figure, "figure", "value", "qualifier", "as_of"),
        "label": text(figure, "label"),
        "sources": sources(figure),
    }
