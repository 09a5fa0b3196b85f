"""One project as an IATI activity: what its template, `projects/iati/activity.xml`, is given.

What is not stated is left out. Five things every activity must have; a project that lacks one of
them is no activity, and `lacking` says what it lacks.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import UTC
from functools import cache

from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sscnet.core.i18n.texts import per_language
from sscnet.core.models import Source
from sscnet.core.models.fields import PARTIAL_DATE, Bound
from sscnet.core.parsing.xml import writable
from sscnet.core.records.basis import How
from sscnet.exchange.fields import page_of

from ..fields import FIELDS
from ..models import Project
from ..models.project import TRANSLATED
from . import words
from .publisher import prefix
from .shares import (
    Both,
    both,
    countries_of,
    headed,
    region_note,
    reverse_in_english,
    scope_of,
    sectors_of,
)

LACKS = {
    "status": _("the status"),
    "date": _("when work starts"),
    "sector": _("the sector"),
    "organisation": _("a participating organisation, or the programme"),
}


def for_activities(projects: QuerySet) -> QuerySet:
    """Load with projects all that their activities show."""
    return projects.with_links("sectors__dac_category", "sectors__dac_purpose", "documents")


def has_activities(projects: QuerySet) -> bool:
    """Return whether one of the projects can be an activity."""
    stated = projects.exclude(status="").order_by()
    links = "sectors", "project_institutions__institution", "sources"
    return any(not lacking(project) for project in stated.prefetch_related(*links).iterator(50))


def lacking(project: Project) -> list[str]:
    """Name what IATI demands of an activity and the project does not state."""
    lacks = {
        "status": not project.status,
        "date": not any(kind in words.STARTS for kind, _day, _note in dates_of(project)),
        "sector": not project.rows("sectors"),
        "organisation": not any(organisations_of(project)),
    }
    return [name for name, lacks_it in lacks.items() if lacks_it]


def activity(project: Project, base: str) -> str:
    """Write the activity; `base` is the address of the portal."""
    start, end = project.actual_start_on, project.actual_end_on
    links = project.country_links
    context = {
        "project": project,
        "identifier": f"{prefix()}-{project.code}",
        "words": words,
        "both": both,
        "changed_at": project.updated_at.astimezone(UTC).isoformat(),
        "page": page_of(FIELDS.page, base, "en", project),
        "title": title_of(project),
        "descriptions": descriptions_of(project),
        "organisations": organisations_of(project),
        "dates": dates_of(project),
        "scope": scope_of(project, links),
        "countries": countries_of(links),
        "region_note": region_note(links),
        "sectors": sectors_of(project, base),
        "tags": tags_of(project, base),
        "links": links_of(project, base),
        "period": (first_day(start), last_day(end)) if start and end else None,
        "bound": project.beneficiaries_bound and names(Bound, project.beneficiaries_bound),
    }
    return writable(render_to_string("projects/iati/activity.xml", context))


# ------------------------------------------------------------------ texts


def title_of(project: Project) -> tuple:
    """Return the title, or the code and that the title is not known."""
    title, chinese = both(project, "title")
    if title or chinese:
        return title, chinese
    english, chinese = words.TITLE_NOT_KNOWN
    return f"{project.code}, {english}", f"{project.code}（{chinese}）"


def descriptions_of(project: Project) -> Iterator[tuple[str, Both]]:
    """Return type and texts of what there is to say; without a summary the title stands for it."""
    summary = both(project, "summary")
    yield words.GENERAL, summary if any(summary) else title_of(project)
    told = [(words.TARGET_GROUPS, both(project, "beneficiaries"))]
    for field, heads in words.TEXTS.items():
        is_text = field in TRANSLATED
        texts = both(project, field) if is_text else (str(getattr(project, field) or ""),) * 2
        told.append((words.OTHER, headed(heads, texts)))
    told.append((words.OTHER, headed(words.BASIS, bases_of(project))))
    told.append((words.OTHER, headed(words.SOURCES, sources_of(project))))
    yield from ((kind, texts) for kind, texts in told if any(texts))


def bases_of(project: Project) -> tuple:
    """Return, in each language, which facts the usual sources do not state as they stand."""
    texts = ([], [])
    for name, fact in FIELDS.exceptions(project).items():
        if name == "total_usd":
            continue
        hows = names(How, fact.how) if fact.how else (None, None)
        for place, known in enumerate(texts):
            _separator, headed_by = words.LIST[place]
            how = ", ".join(fact.words(hows[place], words.SOURCE[place]))
            known.append(headed_by.format(fact_names()[name][place], how))
    return tuple(
        separator.join(known)
        for known, (separator, _headed_by) in zip(texts, words.LIST, strict=True)
    )


def sources_of(project: Project) -> tuple:
    """Return, in each language, the sources of values by number, with our confidence in each."""
    texts = ([], [])
    used = {number for fact in FIELDS.facts(project).values() for number in fact.sources}
    for number, source in enumerate(project.sources.all(), 1):
        if number not in used:
            continue
        label = both(source, "name") if source.is_named else names(How, source.how)
        instead = label[0] or label[1]
        sure = names(Source.Confidence, source.confidence) if source.confidence else ("", "")
        for lines, name, level in zip(texts, label, sure, strict=True):
            lines.append(f"{number}. {name or instead}{f' ({level})' if level else ''}")
    return tuple(map("; ".join, texts))


@cache
def fact_names() -> dict[str, tuple]:
    """Return what each fact is called, in each language."""
    facts = FIELDS.source_names.items()
    return {name: tuple(per_language(label.__str__).values()) for name, label in facts}


# ------------------------------------------------------------------ who and when


def organisations_of(project: Project) -> Iterable[tuple]:
    """Return role, names and attributes: the Fund, UNDP, the institutions, each once a role."""
    if project.programme == Project.Programme.PGTF:
        yield words.FUNDING, words.FUND, {"type": words.MULTILATERAL}
        yield words.EXTENDING, words.UNDP, {"type": words.MULTILATERAL, "ref": words.UNDP_REF}
    written = set()
    for link in project.rows("project_institutions"):
        for role in words.ORGANISATION_ROLES.get(link.role, ()):
            if any(both(link.institution, "name")) and (role, link.institution_id) not in written:
                written.add((role, link.institution_id))
                yield role, both(link.institution, "name"), {}


def dates_of(project: Project) -> Iterable[tuple]:
    """Return type, day and note of what a source states of the work; a note where it is no day.

    No other day stands in for one that is not stated. What is actual is past: a day to come, typed
    as an actual one, is left out.
    """
    today = timezone.localdate().isoformat()
    for field, kind in words.DATES.items():
        if stated := getattr(project, field):
            day = (first_day if kind in words.STARTS else last_day)(stated)
            if kind not in words.ACTUAL or day <= today:
                yield kind, day, partly_stated(stated)


def first_day(stated: str) -> str:
    return stated + "-01-01"[len(stated) - 4 :]


def last_day(stated: str) -> str:
    year, month, day = (int(part) for part in f"{stated}-0-0".split("-")[:3])
    return f"{year:04}-{month or 12:02}-{day or monthrange(year, month or 12)[1]:02}"


def partly_stated(stated: str) -> tuple:
    notes = words.PARTLY_STATED.get(len(stated), ("", ""))
    return tuple(note.format(stated=stated) for note in notes)


# ------------------------------------------------------------------ what for


def tags_of(project: Project, base: str) -> Iterator[tuple[dict, Both]]:
    """Return attributes and texts: the goals with their targets, then our own code lists."""
    for link in project.project_sdgs.all():
        reasons = both(link, "reason")
        if link.is_primary:
            told = zip(headed(words.PRIMARY, reasons), words.PRIMARY, strict=True)
            reasons = tuple(reason or head for reason, head in told)
        yield {"vocabulary": words.GOALS, "code": link.sdg_id}, reasons
        if link.target:
            yield {"vocabulary": words.TARGETS, "code": link.target}, ("", "")
    uri = f"{base}{reverse_in_english('secretariat:data')}"
    for kind, code, texts in our_tags(project):
        ours = {"vocabulary": words.OUR_TAGS, "vocabulary-uri": f"{uri}#{kind}", "code": code}
        yield ours, texts


def our_tags(project: Project) -> Iterable[tuple]:
    if project.programme:
        yield words.PROGRAMME, project.programme, names(Project.Programme, project.programme)
    if project.area:
        yield words.AREA, project.area.slug, both(project.area, "name")
    if project.modality:
        yield words.MODALITY, project.modality, names(Project.Modality, project.modality)


@cache
def names(choices: type, value: str) -> tuple:
    words_of = per_language(choices(value).label.__str__)
    return words_of["en"], words_of["zh-hans"]


# ------------------------------------------------------------------ pages and papers


def links_of(project: Project, base: str) -> Iterator[dict]:
    """Return the pages of the project here and at its sources, and its final reports."""
    for code, texts in (("en", words.OUR_PAGE), ("zh-hans", words.OUR_PAGE_IN_CHINESE)):
        address = page_of(FIELDS.page, base, code, project)
        yield document_link(address, texts, words.ACTIVITY_PAGE, language=code[:2])
    for source in project.sources.all():
        if source.address:
            kind = "application/pdf" if source.address.endswith(".pdf") else "text/html"
            yield document_link(source.address, both(source, "name"), words.ACTIVITY_PAGE, kind)
    for document in project.documents.all():
        if document.kind == document.Kind.FINAL_REPORT:
            address = f"{base}{default_storage.url(document.file.name)}"
            texts = both(document, "title")
            texts = texts if any(texts) else words.FINAL_REPORT
            dated = PARTIAL_DATE.fullmatch(document.dated)
            known = {"language": document.language[:2], "day": dated and dated[3] and dated[0]}
            yield document_link(address, texts, words.RESULTS, document.content_type, **known)


def document_link(address: str, title: Both, category: str, kind="text/html", **known) -> dict:
    return {"url": address, "format": kind, "title": title, "category": category, **known}
