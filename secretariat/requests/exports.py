"""What was sent to a request as a table, a workbook, a Word file and an archive of files.

All read submissions alone, of `Response.with_submissions`: drafts are their own people's.
"""

import io
import zipfile

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext
from docx import Document

from members.models import Affiliation, Institution
from sscnet.core.pages.views import private_download
from sscnet.core.uploads.documents import DOCX, XLSX, safe_download_name
from sscnet.exchange.writing.workbook import WorkbookSheet, write_xlsx

from .models import Request, RequestQuestion, Response, SubmittedAnswer

Kind = RequestQuestion.Kind


def table(responses: list[Response], questions: list[RequestQuestion]) -> list[tuple]:
    """Return each response with the answer it sent to each question, None where there is none."""
    rows = []
    for response in responses:
        given = {answer.question_id: answer for answer in sent_answers(response)}
        rows.append((response, [given.get(question.pk) for question in questions]))
    return rows


def sent_answers(response: Response) -> list[SubmittedAnswer]:
    """Return the answers that count, those that were sent last."""
    submission = response.submission
    return list(submission.answers.all()) if submission else []


def unreachable(asked: Request) -> list[Institution]:
    """Return those that have not answered and of whom nobody gets mails."""
    return without_address(Institution.objects.filter(responses__in=asked.responses.waiting()))


def without_address(institutions: QuerySet[Institution]) -> list[Institution]:
    """Return those of whom nobody gets mails."""
    return list(institutions.exclude(affiliations__in=Affiliation.objects.receiving_mail()))


def workbook(asked: Request, responses: list[Response]) -> bytes:
    questions = list(asked.questions.all())
    rows = table(responses, questions)
    headers = [gettext("Institution"), gettext("State"), gettext("Since"), gettext("Sent")]
    headers += [str(question) for question in questions]
    cells = [
        [
            str(response.institution),
            response.get_state_display(),
            timezone.localdate(response.since),
            timezone.localdate(response.submission.sent_at) if response.submission else "",
            *(cell_of(answer) for answer in given),
        ]
        for response, given in rows
    ]
    sheets = [WorkbookSheet(str(asked), headers, cells)]
    for n, question in enumerate(questions):
        if question.kind == Kind.TABLE:
            names = [gettext("Institution"), *(column.name for column in question.columns)]
            lines = [
                [str(response.institution), *row]
                for response, given in rows
                if given[n]
                for row in given[n].rows_in_words
            ]
            sheets.append(WorkbookSheet(f"{n + 1} {question}", names, lines))
    return write_xlsx(*sheets)


def cell_of(answer):
    if answer is None:
        return ""
    return answer.value if answer.question.kind in (Kind.NUMBER, Kind.DATE) else str(answer)


def word(asked: Request, responses: list[Response]) -> bytes:
    """Return a page an institution that has sent its answer."""
    document = Document()
    sent = [response for response in responses if response.submission]
    for n, response in enumerate(sent):
        if n:
            document.add_page_break()
        document.add_heading(str(response.institution), 1)
        for answer in sent_answers(response):
            document.add_heading(str(answer.question), 2)
            if answer.question.kind == Kind.TABLE:
                add_table(document, answer)
            else:
                document.add_paragraph(str(answer))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def add_table(document, answer) -> None:
    names = [column.name for column in answer.question.columns]
    made = document.add_table(rows=0, cols=len(names), style="Table Grid")
    for row in [names, *answer.rows_in_words]:
        for cell, text in zip(made.add_row().cells, row, strict=False):
            cell.text = text


def archive(asked: Request, responses: list[Response]) -> bytes:
    """Return the files by institution and question; the sealed slip is one of them."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as bundle:
        for number, response in enumerate(responses, 1):
            answers = sent_answers(response)
            files = [(str(answer.question), answer.file) for answer in answers if answer.file]
            if response.submission and response.submission.slip:
                files.append((gettext("Sealed slip"), response.submission.slip))
            for title, stored in files:
                extension = stored.name.rpartition(".")[2]
                name = safe_download_name(f"{response.institution} {title}", extension)
                with stored.open() as content:
                    bundle.writestr(f"{number:02} {name}", content.read())
    return file.getvalue()


def sheet(response: Response, question: RequestQuestion) -> HttpResponse:
    """Return a table of the draft as a workbook, which the form takes back filled in."""
    given = response.answers.filter(question=question).first()
    names = [column.name for column in question.columns]
    content = write_xlsx(WorkbookSheet(str(question), names, given.rows_in_words if given else []))
    download = HttpResponse(content, content_type=XLSX.content_type)
    name = safe_download_name(f"{response.institution} {question}", "xlsx")
    return private_download(download, name)


WRITERS = {
    "xlsx": (workbook, XLSX.content_type),
    "docx": (word, DOCX.content_type),
    "zip": (archive, "application/zip"),
}
LABELS = [("xlsx", "Excel"), ("docx", "Word"), ("zip", "ZIP")]


def download(asked: Request, kind: str, responses: list[Response]) -> HttpResponse:
    """Return these responses in one of `WRITERS`."""
    if kind not in WRITERS:
        raise Http404
    write, content_type = WRITERS[kind]
    stem = slugify(str(asked), allow_unicode=True) or "request"
    response = HttpResponse(write(asked, responses), content_type=content_type)
    return private_download(response, f"{stem}.{kind}")
