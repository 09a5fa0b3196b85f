"""One project as an IATI activity.

What is not stated is left out. Five things every activity must have; a project that lacks one of
them is no activity, and `lacking` says what it lacks. The order of the elements is the schema's.
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import UTC
from functools import cache
from xml.etree.ElementTree import Element

from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sscnet.core.i18n.texts import per_language
from sscnet.core.models import Source
from sscnet.core.models.fields import PARTIAL_DATE, Bound
from sscnet.core.records.basis import How
from sscnet.exchange.fields import labels, page_of

from ..fields import FIELDS
from ..models import Project, ProjectInstitution
from ..models.project import TRANSLATED
from . import words
from .elements import LANG, add, add_text, both, reverse_in_english
from .publisher import Publisher
from .shares import add_countries, add_sectors

LACKS = {
    "status": _("the status"),
    "date": _("when work starts"),
    "sector": _("the sector"),
    "organisation": _("a participating organisation, or the programme"),
}
SUBMITTER = ProjectInstitution.Role.SUBMITTER


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


def activity(project: Project, publisher: Publisher, base: str) -> Element:
    """Make the activity; `base` is the address of the portal."""
    element = Element(
        "iati-activity",
        {
            LANG: "en",
            "default-currency": "USD",
            "last-updated-datetime": project.updated_at.astimezone(UTC).isoformat(),
            "linked-data-uri": page_of(FIELDS.page, base, "en", project),
        },
    )
    add_text(element, "iati-identifier", publisher.identifier(project.code))
    add_publisher(element, publisher)
    add(element, "title", title_of(project))
    add_descriptions(element, project)
    for role, called, known in organisations_of(project):
        add(element, "participating-org", called, role=role, **known)
    add_identifiers(element, project)
    add(element, "activity-status", code=words.STATUSES[project.status])
    for kind, day, note in dates_of(project):
        add(element, "activity-date", note, type=kind, iso_date=day)
    add_countries(element, project)
    add_sectors(element, project, base)
    add_tags(element, project, base)
    if project.gender_marker is not None:
        marker = {"vocabulary": "1", "code": words.GENDER, "significance": project.gender_marker}
        add(element, "policy-marker", both(project, "gender_evidence"), **marker)
    if project.programme == Project.Programme.PGTF:
        for name, code in words.OF_THE_FUND.items():
            add(element, name, code=code)
    add_commitment(element, project)
    add_links(element, project, base)
    add_result(element, project)
    return element


def add_publisher(element: Element, publisher: Publisher) -> None:
    is_secondary = publisher.is_secondary
    flag = None if is_secondary is None else str(int(is_secondary))
    add(
        element,
        "reporting-org",
        (publisher.name, publisher.name_zh),
        ref=publisher.ref,
        type=publisher.type,
        secondary_reporter=flag,
    )


# ------------------------------------------------------------------ texts


def title_of(project: Project) -> tuple:
    """Return the title, or the code and that the title is not known."""
    title, chinese = both(project, "title")
    if title or chinese:
        return title, chinese
    english, chinese = words.TITLE_NOT_KNOWN
    return f"{project.code}, {english}", f"{project.code}（{chinese}）"


def add_descriptions(element: Element, project: Project) -> None:
    """Write the summary; without one the title, for an activity must have a description."""
    summary = both(project, "summary")
    add(element, "description", summary if any(summary) else title_of(project), type=words.GENERAL)
    beneficiaries = both(project, "beneficiaries")
    if any(beneficiaries):
        add(element, "description", beneficiaries, type=words.TARGET_GROUPS)
    for field, heads in words.TEXTS.items():
        if field in TRANSLATED:
            texts = both(project, field)
        else:
            texts = (str(getattr(project, field) or ""),) * 2
        if any(texts):
            add(element, "description", headed(heads, texts), type=words.OTHER)
    for heads, texts in (
        (words.BASIS, bases_of(project)),
        (words.SOURCES, sources_of(project)),
    ):
        if any(texts):
            add(element, "description", headed(heads, texts), type=words.OTHER)


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


def add_identifiers(element: Element, project: Project) -> None:
    add(element, "other-identifier", ref=project.code, type=words.OUR_CODE)
    for number in project.fund_numbers.all():
        other = add(element, "other-identifier", ref=number.number, type=words.OTHER_NUMBER)
        add(other, "owner-org", words.FUND)


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


def add_tags(element: Element, project: Project, base: str) -> None:
    for link in project.project_sdgs.all():
        reasons = both(link, "reason")
        if link.is_primary:
            told = zip(headed(words.PRIMARY, reasons), words.PRIMARY, strict=True)
            reasons = tuple(reason or head for reason, head in told)
        add(element, "tag", reasons, vocabulary=words.GOALS, code=link.sdg_id)
        if link.target:
            add(element, "tag", vocabulary=words.TARGETS, code=link.target)
    uri = f"{base}{reverse_in_english('secretariat:data')}"
    for kind, code, texts in our_tags(project):
        ours = {"vocabulary": words.OUR_TAGS, "vocabulary_uri": f"{uri}#{kind}", "code": code}
        add(element, "tag", texts, **ours)


def headed(heads: tuple, texts: tuple) -> tuple:
    """Put a head before each text that is there."""
    return tuple(
        f"{head}{colon}{text}" if text else ""
        for head, colon, text in zip(heads, (": ", "："), texts, strict=True)
    )


def our_tags(project: Project) -> Iterable[tuple]:
    if project.programme:
        yield words.PROGRAMME, project.programme, names(Project.Programme, project.programme)
    if project.area:
        yield words.AREA, project.area.slug, both(project.area, "name")
    if project.modality:
        yield words.MODALITY, project.modality, names(Project.Modality, project.modality)


@cache
def names(choices: type, value: str) -> tuple:
    return tuple(labels(choices.choices, language)[value] for language in ("en", "zh-hans"))


# ------------------------------------------------------------------ money and papers


def add_commitment(element: Element, project: Project) -> None:
    """Write the grant as a commitment of the Fund on the day of approval, if both are stated."""
    if project.granted_usd is None or not project.approved_on:
        return
    day = project.approved_on.isoformat()
    transaction = add(element, "transaction")
    add(transaction, "transaction-type", code=words.COMMITMENT)
    add(transaction, "transaction-date", iso_date=day)
    value = add(transaction, "value", currency="USD", value_date=day)
    value.text = str(project.granted_usd)
    meeting = both(project, "approval_meeting")
    if any(meeting):
        add(transaction, "description", meeting)
    if project.programme == Project.Programme.PGTF:
        add(transaction, "provider-org", words.FUND, type=words.MULTILATERAL)
    if project.submitter and any(both(project.submitter, "name")):
        add(transaction, "receiver-org", both(project.submitter, "name"))


def add_result(element: Element, project: Project) -> None:
    """Write the people reached, where the source states the number and when the work was."""
    start, end = project.actual_start_on, project.actual_end_on
    if project.beneficiaries_number is None or not (start and end):
        return
    result = add(element, "result", type=words.OUTPUT, aggregation_status="false")
    add(result, "title", words.PEOPLE)
    indicator = add(result, "indicator", measure=words.UNIT)
    add(indicator, "title", words.PEOPLE)
    period = add(indicator, "period")
    add(period, "period-start", iso_date=first_day(start))
    add(period, "period-end", iso_date=last_day(end))
    actual = add(period, "actual", value=project.beneficiaries_number)
    if project.beneficiaries_bound:
        add(actual, "comment", names(Bound, project.beneficiaries_bound))
    if project.women_beneficiaries_number is not None:
        women = add(period, "actual", value=project.women_beneficiaries_number)
        add(women, "dimension", name="sex", value="female")


def add_links(element: Element, project: Project, base: str) -> None:
    for language, code in (("en", "en"), ("zh", "zh-hans")):
        address = page_of(FIELDS.page, base, code, project)
        texts = ("Page of the portal", "") if language == "en" else ("", "门户网站页面")
        add_link(element, address, "text/html", texts, words.ACTIVITY_PAGE, language)
    for source in project.sources.all():
        if source.address:
            kind = "application/pdf" if source.address.endswith(".pdf") else "text/html"
            add_link(element, source.address, kind, both(source, "name"), words.ACTIVITY_PAGE)
    for document in project.documents.all():
        if document.kind == document.Kind.FINAL_REPORT:
            address = f"{base}{default_storage.url(document.file.name)}"
            texts = both(document, "title")
            texts = texts if any(texts) else ("Final report", "最终报告")
            link = document.content_type, texts, words.RESULTS, document.language[:2]
            add_link(element, address, *link, document.dated)


def add_link(element, address, kind, texts, category, language="", dated=""):
    link = add(element, "document-link", url=address, format=kind)
    add(link, "title", texts)
    add(link, "category", code=category)
    if language:
        add(link, "language", code=language)
    if dated and (match := PARTIAL_DATE.fullmatch(dated)) and match[3]:
        add(link, "document-date", iso_date=dated)
