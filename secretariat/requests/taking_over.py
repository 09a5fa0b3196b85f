"""What the portal knows that a question is about, and rows of a table that become records.

They go through the import's own preview, with the institution as source, tied to the answer by its
key. A row whose record is known carries its key, so that rows taken over twice change nothing; what
it would change is ticked row by row, and waits as a version.
"""

from typing import NamedTuple

from django.contrib import admin
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, Model, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from meetings.models import Meeting
from meetings.programme.fields import MeetingResource
from members.models import Institution
from members.profiles.fields import TEXTS
from members.resources import InstitutionResource
from projects.models import Project
from projects.resources import ProjectResource
from sscnet.changes.context import IMPORT_NUMBER
from sscnet.core.i18n.labels import field_label
from sscnet.core.models import ImportBatch, PublicRecord
from sscnet.core.parsing.sheet_rows import column_name
from sscnet.exchange import RecordResource, line
from sscnet.exchange.admin.records import SheetSourceForm, content_of_rows
from sscnet.exchange.outcomes import Draft
from sscnet.exchange.sheets import names_by_heading

from .models import RequestQuestion, Response, Submission, SubmittedAnswer

About = RequestQuestion.About
RESOURCES = {
    About.PROJECTS: ProjectResource,
    About.ACTIVITIES: MeetingResource,
    About.SERVICES: InstitutionResource,
}
# What the columns of our ready-made tables are called, beside the names that their sheets have.
NAMES = {About.PROJECTS: {column_name(name): "year_approved" for name in ("Year", "年份")}}
# Where an institution corrects what is known of it.
CORRECTED = {
    About.PROJECTS: "secretariat:my_institution",
    About.ACTIVITIES: "meetings:my_activities",
    About.SERVICES: "members:profile",
    About.CONTACTS: "members:people",
    About.PROFILE: "members:profile",
}


# ------------------------------------------------------------------ what is known


def known(institution: Institution, about: str) -> list:
    """Return what the portal knows of an institution, published records or words."""
    if about == About.PROFILE:
        values = ((Institution._meta.get_field(name), getattr(institution, name)) for name in TEXTS)
        words = [(field, dict(getattr(field, "flatchoices", ())).get(v, v)) for field, v in values]
        return [f"{field_label(field)}: {value}" for field, value in words if value]
    if about == About.CONTACTS:
        rows = institution.affiliations.current().select_related("user")
        return [f"{row.user}, {row.get_role_display()}" for row in rows]
    if about == About.SERVICES:
        return list(institution.services.all())
    model = {About.PROJECTS: Project, About.ACTIVITIES: Meeting}[about]
    return list(model.objects.published().filter(institutions=institution).distinct())


def beside(response: Response, questions) -> list[tuple[RequestQuestion, list, str]]:
    """Return the questions about something known, each with that, and where it is corrected."""
    institution = response.institution
    return [
        (question, found, reverse(CORRECTED[question.about], args=[institution.slug]))
        for question in questions
        if question.about and (found := known(institution, question.about))
    ]


# ------------------------------------------------------------------ what rows became


class TakenRow(NamedTuple):
    """What a row of an answer is among the records: `record` is None where it is none yet."""

    cells: list[str]
    record: Model | None

    @property
    def words(self) -> str:
        """Return its state: a row may name the code of a draft that is another institution's."""
        if self.record is None:
            return gettext("not taken over yet")
        is_public = isinstance(self.record, PublicRecord)
        return self.record.get_state_display() if is_public else str(self.record)

    @property
    def email(self) -> str:
        return email_in(self.cells)

    @property
    def page(self) -> str:
        """Return the address of its public page."""
        is_public = isinstance(self.record, PublicRecord) and self.record.is_published
        return self.record.get_absolute_url() if is_public else ""

    @property
    def admin_page(self) -> str:
        """Return where an officer sees it."""
        record = getattr(self.record, "institution", self.record)
        return record and reverse(admin_urlname(record._meta, "change"), args=[record.pk])


def taken_rows(answer: SubmittedAnswer) -> list[TakenRow]:
    """Return what the rows of an answer became; none where they become nothing."""
    find = {
        About.PROJECTS: records_of,
        About.ACTIVITIES: records_of,
        About.SERVICES: services_of,
        About.CONTACTS: people_of,
    }.get(answer.question.about)
    if not (find and answer.rows):
        return []
    return [TakenRow(*one) for one in zip(answer.rows_in_words, find(answer), strict=True)]


def records_of(answer: SubmittedAnswer) -> list[Model | None]:
    """Find the record of each row: by its key or number, or by a title.

    By a title that it has or once had, if it is one of the institution or came from its answers.
    """
    resource = RESOURCES[answer.question.about]()
    rows = rows_by_field(answer, resource)
    keys = {key for row in rows for key in resource.keys_of(row)}
    titles = {title for row in rows for title in titles_in(row)}
    there = resource.load_records(keys, resource.get_queryset())
    there |= records_titled(
        resource.field_list.model, answer.submission.response.institution, titles
    )
    names = ([*resource.keys_of(row), *titles_in(row)] for row in rows)
    return [next((there[name] for name in some if name in there), None) for some in names]


def records_titled(model: type[Model], institution: Institution, titles: set[str]) -> dict:
    own = Q(pgh_obj__in=model.objects.filter(institutions=institution).values("pk"))
    answers = SubmittedAnswer.objects.filter(submission__response__institution=institution)
    imports = ImportBatch.objects.filter(answer__in=answers.values("pk"))
    numbers = list(imports.values_list("pk", flat=True))
    came = Q(**{f"pgh_context__metadata__{IMPORT_NUMBER}__in": numbers})
    titled = Q(title__in=titles) | Q(i18n__title_zh_hans__in=titles)
    events = model.pgh_event_model._base_manager.filter(titled, own | came).order_by("pgh_id")
    names = list(events.values_list("pgh_obj_id", "title", "i18n__title_zh_hans"))
    records = model.objects.in_bulk({key for key, *_titles in names})
    return {t: records[key] for key, *both in names for t in both if t and key in records}


def titles_in(row: dict) -> list[str]:
    return [title for name in ("title_en", "title_zh") if (title := line(row.get(name)))]


def rows_by_field(answer: SubmittedAnswer, resource: RecordResource) -> list[dict]:
    """Return the rows by the fields that their columns name; a column without one keeps its own."""
    fields = names_by_heading(resource.fields) | NAMES.get(answer.question.about, {})
    columns = [column.name for column in answer.question.columns]
    names = [fields.get(column_name(name), name) for name in columns]
    return [dict(zip(names, row, strict=False)) for row in answer.rows_in_words]


def services_of(answer: SubmittedAnswer) -> list[Model | None]:
    services = answer.submission.response.institution.services.all()
    named = {title: one for one in services for title in (one.title, one.title_zh_hans) if title}
    return [next((named[c] for c in row[1:3] if c in named), None) for row in answer.rows_in_words]


def people_of(answer: SubmittedAnswer) -> list[Model | None]:
    """Return as what each contact acts for the institution, or the invitation to do so."""
    institution = answer.submission.response.institution
    invitations = institution.invitations.filter(withdrawn_at=None)
    named = {one.email.lower(): one for one in invitations}
    acting = institution.affiliations.current().select_related("user", "institution")
    named |= {one.user.email.lower(): one for one in acting}
    return [named.get(email_in(row).lower()) for row in answer.rows]


def email_in(row: list[str]) -> str:
    return next((cell for cell in row if "@" in cell), "")


# ------------------------------------------------------------------ taking over


def answers():
    """Return the answers with rows that may become records, of what was sent last."""
    rows = SubmittedAnswer.objects.filter(question__about__in=RESOURCES).exclude(rows=[])
    later = Submission.objects.filter(
        response=OuterRef("submission__response"), number__gt=OuterRef("submission__number")
    )
    rows = rows.exclude(Exists(later))
    return rows.select_related(
        "question", "submission__response__request", "submission__response__institution"
    )


def preview(request, answer: SubmittedAnswer):
    """Show what the rows would do; raise ValidationError where the columns name nothing known."""
    resource = RESOURCES[answer.question.about]()
    records = admin.site.get_model_admin(resource.field_list.model)
    if not records.has_import_permission(request):
        raise PermissionDenied
    is_services = answer.question.about == About.SERVICES
    rows = [row_of_services(answer, resource)] if is_services else rows_with_keys(answer, resource)
    columns = list(rows[0])
    content = content_of_rows([columns, *([row[name] for name in columns] for row in rows)])
    institution = answer.submission.response.institution
    day = timezone.localdate(answer.submission.sent_at)
    text = gettext("Answer of %(institution)s to the Secretariat")
    initial = {"source_name": text % {"institution": institution}, "source_read_on": day}
    source = SheetSourceForm(is_needed=True, initial=initial)
    name = str(initial["source_name"])
    return records.preview(request, content, name, source, answer.pk)


def rows_with_keys(answer: SubmittedAnswer, resource: RecordResource) -> list[dict]:
    """Return the rows, with the key of the record where it is known.

    Those that were taken over are left out: somebody may have put them right.
    """
    key = resource.key[0]
    rows = zip(rows_by_field(answer, resource), records_of(answer), strict=True)
    were_taken = ImportBatch.objects.filter(answer=answer.pk, undone_at=None).exists()
    rows = [(row, record) for row, record in rows if not (record and were_taken)]
    if not rows:
        raise ValidationError(gettext("All of these rows are records already."))
    return [{**row, key: row.get(key) or getattr(record, key, "")} for row, record in rows]


def row_of_services(answer: SubmittedAnswer, resource: RecordResource) -> dict:
    """Return one row: the institution with the services it has, and those of the answer."""
    institution, column = answer.submission.response.institution, resource.fields["services"]
    rows = [[cell.replace("|", "/") for cell in row] for row in answer.rows_in_words]
    named, draft = {title for row in rows for title in row[1:3]}, Draft(institution, resource.lists)
    kept = [texts for texts in column.get(draft) if named.isdisjoint(filter(None, texts[1:3]))]
    services = column.cell([*kept, *rows], draft)
    return {resource.key[0]: institution.slug, "services": services}
