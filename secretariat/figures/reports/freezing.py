"""Publishing a report freezes its figures, and the members of every list that a figure opens."""

from dataclasses import asdict

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from meetings.models import Meeting
from members.models import Institution
from projects.catalogue.filters import ProjectFilter
from projects.models import Project
from secretariat.models import YearlyReport
from sscnet.codelists.models import Country
from sscnet.core.i18n.texts import per_language
from sscnet.facets.engine import current
from sscnet.papers.typesetting import NotMade

from ..network import NetworkFigures
from . import paper

# By the kind of a list: its records, and the field that its ids are of.
KINDS = {
    "project": (Project, "pk", "code"),
    "country": (Country, "pk", "iso2"),
    "institution": (Institution, "slug", "slug"),
    "meeting": (Meeting, "pk", "slug"),
}


def contents_of(report: YearlyReport) -> dict:
    """Return the report's figures in each language, their lists, and the records in these."""
    index, sections = current(ProjectFilter), {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            figures = NetworkFigures(QueryDict(report.query), index, report.year)
            sections[language] = [asdict(figures.section(one.section)) for one in report.chosen]
    lists = {key: [kind, sorted(map(str, ids))] for key, (kind, ids) in figures.lists.items()}
    return {"sections": sections, "lists": lists, "records": records_of(figures.lists)}


def records_of(lists: dict) -> dict:
    """Return what is written of each record in a list: its key and its name in each language."""
    ids: dict[str, set] = {kind: set() for kind in KINDS}
    for kind, members in lists.values():
        ids[kind].update(members)
    return {kind: names_of(kind, members) for kind, members in ids.items()}


def names_of(kind: str, members: set) -> dict:
    model, field, key = KINDS[kind]
    names = {}
    for record in model.objects.filter(**{f"{field}__in": members}):
        named = {"key": getattr(record, key)} | per_language(record.__str__)
        names[str(getattr(record, field))] = named
    return names


@transaction.atomic
def publish(report: YearlyReport, user) -> None:
    """Freeze the report, for everybody. Raise ValidationError if it is, or no PDF can be made."""
    report = YearlyReport.objects.select_for_update().get(pk=report.pk)
    if report.is_frozen:
        raise ValidationError(_("The report is published already."))
    if not report.chosen:
        raise ValidationError(_("Choose at least one section first."))
    report.contents = contents_of(report)
    report.frozen_at, report.frozen_by = timezone.now(), user
    # What no PDF can be made of is refused before it is kept for ever.
    try:
        per_language(lambda: paper.make(report))
    except NotMade as error:
        raise ValidationError(str(error)) from error
    report.save()


@transaction.atomic
def new_version(report: YearlyReport) -> YearlyReport:
    """Return a new version with the same words, to be changed and published too."""
    versions = YearlyReport.objects.filter(year=report.year).select_for_update()
    newest = versions.order_by("-version").first()
    if not newest.is_frozen:
        raise ValidationError(_("There is a version that is not published yet: go on with it."))
    words = {"introduction": report.introduction, "i18n": report.i18n}
    made = YearlyReport.objects.create(year=report.year, version=newest.version + 1, **words)
    for one in report.chosen:
        made.sections.create(section=one.section, words=one.words, i18n=one.i18n)
    return made
