"""Answers of every kind, as a form takes them and as they are written out."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils.translation import override
from PIL import Image

from meetings.models import MeetingQuestion
from sscnet.drafts.page import as_sent
from sscnet.exchange.writing.workbook import WorkbookSheet, write_xlsx
from sscnet.questions.forms import AnswersForm
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
LETTER = b"%PDF-1.4\nstartxref\n9\n%%EOF\n"
COLUMNS = "Title\nYear (number)\nStart (date)\nState (choice: planned; finished)"
COLUMNS_ZH = "标题\n年份（数字）\n开始（日期）\n状态（选项：计划中；已完成）"


@pytest.fixture
def asked():
    meeting = make.Meeting()

    def ask(kind, **values):
        question = MeetingQuestion(meeting=meeting, kind=kind, text=f"Your {kind}?", **values)
        question.full_clean()
        question.save()
        return question

    return ask


@pytest.fixture
def table(asked):
    return asked("table", choices=COLUMNS, choices_zh_hans=COLUMNS_ZH)


@pytest.fixture
def delegate():
    return make.Delegate()


def form_of(delegate, question, values="", files=None, **more):
    name = f"question-{question.pk}"
    data = QueryDict(mutable=True)
    for key, value in more.items():
        data[name + key] = value
    if values:
        data.setlist(name, values if isinstance(values, list) else [values])
    return AnswersForm(data, files, owner=delegate, questions=[question])


def saved(delegate, question, *sent, **more):
    form = form_of(delegate, question, *sent, **more)
    assert form.is_valid(), form.errors
    form.save()
    delegate.refresh_from_db()
    return delegate.answers.filter(question=question).first()


def row(n, *cells):
    return {f"-{n}-{place}": cell for place, cell in enumerate(cells)}


def test_each_kind_is_stored_as_what_it_is_and_shown_again(delegate, asked, table):
    number, day = asked("number"), asked("date")
    several = asked("choice", choices="Biogas\nBamboo\nWater", takes_several=True)

    assert saved(delegate, number, "12.5").number == Decimal("12.5")
    assert saved(delegate, day, "2027-03-01").day == date(2027, 3, 1)
    assert str(saved(delegate, several, ["1", "3"])) == "Biogas, Water"
    rows = row(0, "Digesters", "2019", "", "2") | row(1, "", "", "", "")
    answer = saved(delegate, table, **rows)
    assert answer.rows == [["Digesters", "2019", "", "2"]]
    assert str(answer) == "Digesters | 2019 |  | finished"
    with override("zh-hans"):
        assert str(answer) == "Digesters | 2019 |  | 已完成"
    again = AnswersForm(owner=delegate, questions=[table, several])
    assert 'value="Digesters"' in again.as_p()
    assert again.as_p().count("checked") == 2
    # Nothing given: the answer goes.
    assert saved(delegate, number, "") is None


def test_a_stored_file_stays_where_none_is_sent_and_goes_for_a_new_one(
    delegate, asked, django_capture_on_commit_callbacks
):
    question = asked("file", is_required=True)

    def send(*contents):
        sent = [SimpleUploadedFile("a.pdf", content) for content in contents]
        files = dict.fromkeys([f"question-{question.pk}"], *sent) if sent else {}
        with django_capture_on_commit_callbacks(execute=True):
            return saved(delegate, question, "", files).file

    first = send(LETTER)
    assert send().read() == LETTER
    assert send(LETTER + b"\n").read() == LETTER + b"\n"
    assert not default_storage.exists(first.name)


def test_a_file_is_of_the_kinds_and_the_size_that_the_question_takes(delegate, asked):
    def refusal(question, content):
        files = {f"question-{question.pk}": SimpleUploadedFile("any.bin", content)}
        return str(form_of(delegate, question, "", files).errors)

    sheet = write_xlsx(WorkbookSheet("One", ["A"], [["1"]]))
    table = asked("file", file_kinds=["excel"], megabytes=1)
    assert "Excel; at most 1 MB." in AnswersForm(owner=delegate, questions=[table]).as_p()
    assert "What was found: PDF. Accepted: Excel" in refusal(table, LETTER)
    assert "the limit is 1.0" in refusal(table, LETTER + b" " * 1024**2)
    files = {f"question-{table.pk}": SimpleUploadedFile("any.bin", sheet)}
    assert saved(delegate, table, "", files).file.name.endswith(".xlsx")
    assert "Accepted: PDF, picture, Word" in refusal(asked("file"), sheet)
    sealed = asked("file", has_seal=True)
    assert "too few to read a page" in refusal(sealed, small_picture())
    assert "signed and sealed" in AnswersForm(owner=delegate, questions=[sealed]).as_p()


def small_picture():
    content = io.BytesIO()
    Image.new("RGB", (40, 30)).save(content, "PNG")
    return content.getvalue()


def test_a_wrong_cell_is_named_by_its_row_and_column(delegate, table):
    cells = row(0, "One", "about 2019", "2019-02-30", "") | row(1, "x" * 501, "", "", "")
    form = form_of(delegate, table, **cells)
    assert not form.is_valid()
    (errors,) = form.errors.values()
    assert [error.partition(": ")[0] for error in errors] == [
        "Row 1, Year",
        "Row 1, Start",
        "Row 2, Title",
    ]
    # What was typed stands in its box again.
    assert 'value="about 2019"' in form.as_p()


def test_rows_come_from_a_sheet_in_either_language_and_at_most_a_hundred(delegate, table):
    def sheet(text):
        return {f"question-{table.pk}-sheet": SimpleUploadedFile("rows.csv", text.encode())}

    with override("zh-hans"):
        # Numbers and days as people write them.
        chinese = sheet('标题,状态,年份,开始\n沼气,已完成,2018,2018年4月3日\n竹子,,"2,018",\n')
        answer = saved(delegate, table, "", chinese)
        assert answer.rows == [["沼气", "2018", "2018-04-03", "2"], ["竹子", "2018", "", ""]]
    for text, said in (
        ("Title\n" + "one\n" * 101, "At most 100 rows."),
        ("\x00", ""),
        ("Name\nx\n", "column"),
    ):
        form = form_of(delegate, table, "", sheet(text))
        assert not form.is_valid()
        assert said in str(form.errors)
    assert delegate.answers.get().rows[0][0] == "沼气"


def test_a_table_needs_columns_that_take_the_same_in_both_languages(asked):
    for values, field in (
        ({}, "choices"),
        ({"choices": "\n".join("abcdefghijklmnop")}, "choices"),
        ({"choices": "Year (number)", "choices_zh_hans": "年份"}, "choices_zh_hans"),
    ):
        with pytest.raises(ValidationError) as refused:
            asked("table", **values)
        assert list(refused.value.message_dict) == [field]


def test_a_text_is_as_long_as_the_question_allows(delegate, asked):
    text = asked("text", length=5)
    assert not form_of(delegate, text, "123456").is_valid()
    assert saved(delegate, text, "12345").text == "12345"


# ------------------------------------------------------------------ what is stored stays


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_stored_day_stands_in_its_box_in_every_language(delegate, asked, language):
    question = asked("date")
    saved(delegate, question, "2027-06-30")
    with override(language):
        page = AnswersForm(owner=delegate, questions=[question]).as_p()
    assert '<input type="date" name="question-' in page
    assert 'value="2027-06-30"' in page


def sheet_of(question, text):
    return {f"question-{question.pk}-sheet": SimpleUploadedFile("rows.csv", text.encode())}


@pytest.mark.parametrize(
    "text", ["Name\nx\n", "Title,Other\n,x\n", "Title,Year\nx,soon\n", "Title"]
)
def test_rows_stay_in_their_boxes_where_a_wrong_sheet_came(delegate, table, text):
    rows = row(0, "Digesters", "2019", "", "2")
    answer = saved(delegate, table, **rows)
    form = form_of(delegate, table, "", sheet_of(table, text), **rows)
    assert not form.is_valid()
    form.save()
    assert 'value="Digesters"' in form.as_p()
    # Sent alone, as no browser does: then what is stored is shown.
    form = form_of(delegate, table, "", sheet_of(table, text))
    assert 'value="Digesters"' in form.as_p()
    answer.refresh_from_db()
    assert answer.rows == [["Digesters", "2019", "", "2"]]


def test_rows_of_a_sheet_are_shown_where_another_answer_is_wrong(delegate, asked, table):
    number = asked("number")
    sent = {f"question-{number.pk}": "many", f"question-{table.pk}-0-0": "Digesters"}
    questions = [number, table]
    files = sheet_of(table, "Title,Year\nBamboo,2020\n")
    form = AnswersForm(sent, files, owner=delegate, questions=questions)
    assert not form.is_valid()
    form.save()
    page = form.as_p()
    assert 'value="Bamboo"' in page
    assert 'value="Digesters"' not in page
    assert delegate.answers.get().rows == [["Bamboo", "2020", "", ""]]


def test_a_cell_that_is_no_day_is_still_to_be_read_in_its_box(delegate, table):
    saved(delegate, table, **row(0, "Digesters", "2019", "2019-04-03", "2"))
    delegate.answers.update(rows=[["Digesters", "2019", "spring of 2019", "2"]])
    page = AnswersForm(owner=delegate, questions=[table]).as_p()
    name = f"question-{table.pk}-0-2"
    assert f'<input type="text" name="{name}" value="spring of 2019"' in page


def test_what_is_checked_again_shows_the_stored_rows(delegate, table):
    saved(delegate, table, **row(0, "Digesters", "2019", "2019-04-03", "2"))
    stored = AnswersForm(owner=delegate, questions=[table])
    form = AnswersForm(as_sent(stored), owner=delegate, questions=[table])
    assert form.is_valid()
    assert form.cleaned_data[f"question-{table.pk}"] == delegate.answers.get().rows
    assert 'value="Digesters"' in form.as_p()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "text"),
        ("takes_several", True),
        ("choices", "Biogas\nBamboo\nWater"),
        ("choices", "Bamboo\nBiogas"),
        ("choices_zh_hans", "竹子\n沼气"),
    ],
)
def test_an_answered_question_changes_its_words_alone(field, value):
    delegate = make.Delegate()
    question = delegate.delegation.meeting.questions.create(
        kind="choice", text="Topic", choices="Biogas\nBamboo"
    )
    if field == "choices_zh_hans":
        question.choices_zh_hans = "沼气\n竹子"
        question.save()
    delegate.answers.create(question=question, chosen=[1])
    kept = getattr(question, field)
    setattr(question, field, value)
    with pytest.raises(ValidationError, match="There are already answers"):
        question.full_clean()
    # The database refuses it from wherever it comes.
    with pytest.raises(IntegrityError, match="was answered stays"), transaction.atomic():
        question.save()
    setattr(question, field, kept)
    question.choices = "Biogas digesters\nBamboo"
    question.full_clean()
    question.save()
