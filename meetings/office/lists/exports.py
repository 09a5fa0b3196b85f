"""Lists of people taken out of the portal: as a file, as a page to print, as PDF; each is noted."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from meetings.models import SENSITIVE, Delegate, Meeting, PersonExport
from meetings.programme.times import on_papers
from sscnet.core.i18n.texts import per_language
from sscnet.core.pages.views import DO_NOT_KEEP, private_download
from sscnet.core.personal_data.security_log import log_security
from sscnet.exchange.writing.formats import FORMATS as FILES
from sscnet.papers.fields import PaperKind
from sscnet.papers.files import word_download
from sscnet.papers.filling import fill_now
from sscnet.papers.typesetting import make_pdf

from .columns import COLUMNS, NAMES, columns_for, columns_of, headers_of, people_of_paper, rows_of

CSV, XLSX, WORD, SHEET, TAGS, SIGNS = "csv", "xlsx", "word", "sign-in", "tags", "signs"
PRINTED = {SHEET: _("Sign-in sheet"), TAGS: _("Name tags"), SIGNS: _("Signs for the table")}
FORMATS = [CSV, XLSX, WORD, *PRINTED]
TEMPLATES = {TAGS: "name_tags", SIGNS: "table_signs"}
# Everybody who signs reads the sheet.
NOT_ON_SHEETS = {*NAMES, "email", *SENSITIVE}
EMPTY_ROWS = 6


def take(
    request, meeting: Meeting, wanted: str, people: list[Delegate], columns: list[str]
) -> HttpResponse:
    """Return the people as was wanted, and note who took them. Raise NotMade."""
    if wanted in TEMPLATES:
        people = [p for p in people if p.is_confirmed and p.name and not p.to_be_named]
        columns, response = [], tags(meeting, wanted, people)
    elif wanted == WORD:
        people = [one for one in people if one.name and not one.to_be_named]
        known = columns_for(request.user, COLUMNS)
        columns, response = [*known], word(meeting, people, known)
    elif wanted == SHEET:
        people = [one for one in people if not one.erased_at]
        columns = [name for name in columns if name in COLUMNS and name not in NOT_ON_SHEETS]
        response = sheet(request, meeting, people, columns)
    else:
        known = columns_of(meeting)
        headers, rows = headers_of(columns, known), rows_of(people, columns, known)
        content = FILES[wanted].write(gettext("People"), headers, rows)
        response = FILES[wanted].download(content, "people")
    response["Cache-Control"] = DO_NOT_KEEP
    export = PersonExport.objects.create(
        by=request.user,
        meeting=meeting,
        format=wanted,
        columns=columns,
        people=len(people),
    )
    export.delegates.set(people)
    log_security("people_exported", meeting=meeting.pk, format=wanted, rows=len(people))
    return response


def word(meeting, people, known) -> HttpResponse:
    """Return the list of delegates by the template of officers, with what the officer may see."""

    def values():
        return on_papers(meeting) | {"people": people_of_paper(people, known)}

    content = fill_now(PaperKind.DELEGATES, values)
    return word_download(content, f"delegates-{meeting.slug}.docx")


def sheet(request, meeting, people, columns) -> TemplateResponse:
    context = {
        "meeting": meeting,
        "title": PRINTED[SHEET],
        "headers": headers_of(columns),
        "people": list(zip(people, rows_of(people, columns), strict=True)),
        "empty_rows": range(EMPTY_ROWS),
    }
    return TemplateResponse(request, "admin/meetings/desk/print_sign-in.html", context)


# ------------------------------------------------------------------ name tags and signs


def tags(meeting: Meeting, wanted: str, people: list[Delegate]) -> HttpResponse:
    """Return the PDF with a tag or sign for each, with names in both scripts."""
    data = {
        "title": f"{PRINTED[wanted]}: {meeting}",
        "author": gettext("China South-South Cooperation Network"),
        "lang": script_of(get_language()),
        "meeting": in_each_language(meeting),
        "people": [of_person(one) for one in people],
    }
    content = make_pdf(TEMPLATES[wanted], data)
    response = HttpResponse(content, content_type="application/pdf")
    return private_download(response, f"{wanted}.pdf")


def of_person(delegate: Delegate) -> dict:
    latin = (delegate.given_names, delegate.family_name.upper())
    return {
        "chinese": delegate.chinese_name,
        "latin": " ".join(part for part in latin if part),
        "role": delegate.role,
        "institution": in_each_language(delegate.delegation.institution),
    }


def in_each_language(record) -> list[dict[str, str]]:
    """Return what a record is called in each language; once where that is the same."""
    found = {}
    for language, words in per_language(record.__str__).items():
        found.setdefault(words, script_of(language))
    return [{"words": words, "lang": script} for words, script in found.items()]


def script_of(language: str) -> str:
    """Return the language as Typst names it: two letters."""
    return language.partition("-")[0]
