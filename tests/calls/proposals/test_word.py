"""The road through Word: the form given out, taken back, compared, and stored as accepted."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document

from projects.calls.models import Proposal
from projects.calls.proposals import sending
from projects.calls.proposals.word_reading import read_form
from sscnet.papers.reading import read_blocks
from tests import make
from tests.calls.proposals import filled_form
from tests.calls.proposals.complete import complete_proposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal():
    return make.Proposal(call=make.Call(), title="", contact_name="", contact_email="")


@pytest.fixture
def pages(client, proposal):
    client.force_login(make.Affiliation(institution=proposal.institution).user)
    return Pages(client, proposal)


class Pages:
    """The pages of one proposal, as a browser would use them."""

    def __init__(self, client, proposal):
        self.client = client
        whose = [proposal.institution.slug, proposal.pk]
        self.address = reverse("calls:proposal_word", args=whose)
        self.file_address = reverse("calls:proposal_word_file", args=whose)

    def send(self, content):
        return self.client.post(self.address, {"file": SimpleUploadedFile("a.docx", content)})

    def form(self):
        return Document(io.BytesIO(self.client.get(self.file_address).content))

    def accept(self, page, *keys, **more):
        data = {"reading": page.context["reading"], "take": keys} | more
        return self.client.post(self.address, data)


def saved(document) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def loaded(proposal):
    return Proposal.objects.for_form().get(pk=proposal.pk)


def rows_of(proposal):
    """Return the outputs, and what the whole project asks for, as a filled form has them."""
    lines = list(proposal.budget_lines.all())

    def amounts(output):
        return {str(one.year): str(one.fund_usd) for one in lines if one.output_id == output}

    names = [name for name in filled_form.OUTPUTS[0] if not name.isdigit()]
    texts = [
        {name: getattr(one, name) for name in names} | amounts(one.pk)
        for one in proposal.outputs.all()
    ]
    return texts, amounts(None)


def test_of_a_form_changed_by_hand_nothing_is_read_wrongly(proposal):
    blocks = read_blocks(SimpleUploadedFile("a.docx", filled_form.FILE.read_bytes()))
    reading = read_form(blocks, proposal)

    wanted = {("", name): value for name, value in filled_form.FIELDS.items()}
    read = {("", name): value for name, value in reading.fields.items()}
    for values, rows in (
        (wanted, [*filled_form.OUTPUTS, filled_form.WHOLE]),
        (read, [*reading.outputs, reading.whole]),
    ):
        values |= {(n, name): value for n, row in enumerate(rows) for name, value in row.items()}
    assert len(wanted) >= 100
    right = {key for key, value in read.items() if wanted.get(key) == value}
    assert set(read) == right, "nothing is read that does not stand there"
    assert len(right) >= 0.9 * len(wanted)
    texts = [one.text for one in reading.unplaced]
    for words in filled_form.NOT_PLACED:
        assert any(words in text for text in texts), words


def test_what_was_read_is_shown_and_only_what_is_accepted_is_stored(pages, proposal):
    page = pages.send(filled_form.FILE.read_bytes())

    text = page.content.decode()
    for words in ("山村小型沼气池", "10 digesters in Yunnan", "about 300 litres a day", "9,999"):
        assert words in text
    assert loaded(proposal).title == ""
    page = pages.accept(page, "title", "situation")
    now = loaded(proposal)
    assert (now.title, now.title_zh_hans or "") == (filled_form.FIELDS["title"], "")
    assert now.situation == filled_form.FIELDS["situation"]

    page = pages.accept(page, all="1")
    assert page.context["problems"] == []
    assert page.context["comparison"].values == []
    now = loaded(proposal)
    assert {name: getattr(now, name) for name in filled_form.FIELDS} == filled_form.FIELDS | {
        "beneficiaries_number": 1200
    }
    assert rows_of(now) == (filled_form.OUTPUTS, filled_form.WHOLE)


def test_the_form_that_is_given_out_comes_back_as_it_was(client):
    proposal = complete_proposal()
    proposal.budget_lines.create(purpose="Travel", fund_usd=1_500, year=2)
    client.force_login(make.Affiliation(institution=proposal.institution).user)
    pages = Pages(client, proposal)
    form = pages.form()

    page = pages.send(saved(form))
    assert page.context["comparison"].values == []
    assert page.context["comparison"].unplaced == []

    for table in form.tables:
        for row in table.rows:
            if row.cells[0].text.startswith("Ten digesters"):
                row.cells[1].text, row.cells[4].text = "Building and training", "Year 1: 29,000"
                row.cells[2].text = "Bricks\n砖\nCement"
    page = pages.send(saved(form))
    values = [(one.key, one.read) for one in page.context["comparison"].values]
    assert values == [("output-0-activities", "Building and training")]
    unplaced = [(one.where, one.text) for one in page.context["comparison"].unplaced]
    # In turns in two languages; and two budget lines share the amount.
    assert unplaced == [
        ("Ten digesters", "Bricks\n砖\nCement"),
        ("Ten digesters: Year 1, US$", "29,000"),
    ]


def test_a_colleague_is_not_overwritten_and_what_is_wrong_is_named(pages, proposal):
    document = filled_form.written()
    for paragraph in document.paragraphs:
        if "E-mail" in paragraph.text:
            paragraph.runs[0].text = "E-mail: wang at example"
    page = pages.send(saved(document))
    Proposal.objects.filter(pk=proposal.pk).update(situation="A colleague wrote this.")

    after = pages.accept(page, "situation", "contact_email", "contact_name", "year-0-1")

    problems = "\n".join(after.context["problems"])
    assert "Situation analysis: somebody saved it" in problems
    assert "Email: " in problems
    assert f"{filled_form.OUTPUTS[0]['name']}: accept the output" in problems
    now = loaded(proposal)
    assert (now.situation, now.contact_name) == ("A colleague wrote this.", "Wang Li")
    assert now.contact_email == ""
    # Compared once more, it is stored.
    pages.accept(after, "situation")
    assert loaded(proposal).situation == filled_form.FIELDS["situation"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"any text", "unknown content"),
        (b"%PDF-1.4\nstartxref\n0\n%%EOF", "as a Word file"),
        (filled_form.FILE.read_bytes()[:3000], "damaged"),
    ],
)
def test_another_file_is_refused_beside_the_field(pages, content, said):
    page = pages.send(content)
    assert said in str(page.context["forms"][0].errors["file"])
    page = pages.client.post(pages.address, {"reading": "made:up"})
    assert "out of date" in page.content.decode()


def test_an_empty_form_and_one_without_the_form_are_read_without_a_word(pages):
    comparison = pages.send(saved(pages.form())).context["comparison"]
    assert (comparison.values, comparison.unplaced) == ([], [])
    assert {"Situation analysis", "Contact person"} <= set(comparison.missing)

    document = Document()
    document.add_paragraph("Dear colleague, here is our idea.")
    comparison = pages.send(saved(document)).context["comparison"]
    assert [one.text for one in comparison.unplaced] == ["Dear colleague, here is our idea."]


def test_nobody_writes_in_what_was_sent(client):
    proposal = complete_proposal()
    user = make.Affiliation(institution=proposal.institution).user
    client.force_login(user)
    pages = Pages(client, proposal)
    form = pages.form()
    for table in form.tables:
        for row in table.rows:
            if row.cells[0].text.startswith("Title"):
                row.cells[1].text = "Another title"
    page = pages.send(saved(form))
    sending.send(loaded(proposal), by=user)

    assert pages.accept(page, "title").status_code == 302
    assert loaded(proposal).title == "Biogas for mountain villages"
