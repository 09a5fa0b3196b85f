"""A proposal as a Word document in the Fund's order, and as one ZIP with its papers."""

import re
import zipfile
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import override
from docx import Document
from docx.oxml.ns import qn
from lxml import html

from projects.calls.admin.call_pages import sheet_of
from projects.calls.handling.readings import appraisal
from projects.calls.models import Call, Proposal, RequiredPaper
from projects.calls.outline import CHECK as OF_SECRETARIAT
from projects.calls.outline import FUND_FORM
from projects.calls.proposals.documents import package, paper_docx
from projects.calls.proposals.pages import SectionPage
from projects.calls.proposals.sending import send
from secretariat.back_office import groups
from sscnet.drafts.page import as_sent
from sscnet.outbox.models import Message
from sscnet.papers import layout
from sscnet.papers.fields import PaperKind, names_of
from sscnet.papers.filling import check_template
from sscnet.papers.models import PaperTemplate
from tests import make
from tests.calls.proposals.complete import complete_proposal, country, scan
from tests.papers.test_templates import template as officers_template
from tests.papers.word_files import words

pytestmark = pytest.mark.django_db

NUMBER = "INT/../..."
PARTS = [
    "Cover",
    "Part Ia. Situation analysis",
    "Part Ib. Strategy",
    "Part II. Results and resources framework",
]
CHECK = [
    "The proposal",
    "Participating and beneficiary countries",
    "Partners",
    "Endorsements",
    "Budget",
    "Contact",
    "Rules of the call",
]


def loaded(**values):
    proposal = complete_proposal(**values)
    return Proposal.objects.for_form().get(pk=proposal.pk)


def read(content):
    return Document(BytesIO(content))


def headings(document):
    return [p.text for p in document.paragraphs if p.style.name == "Heading 1"]


def test_chinese_stands_beside_in_a_chinese_type_and_an_empty_part_says_so():
    proposal = loaded()
    proposal.partners.all().delete()
    paragraphs = [
        p.text for p in read(paper_docx(OF_SECRETARIAT, proposal, with_chinese=True)).paragraphs
    ]
    assert paragraphs[paragraphs.index("Partners 合作伙伴") + 1] == "–"

    document = read(paper_docx(FUND_FORM, proposal, with_chinese=True))
    assert cells(document)["Title\n标题"] == [
        "INT/../... – Biogas for mountain villages",
        "山村沼气",
    ]
    assert ["Wood is short.", "柴火不足。"] in [
        [cell.text for cell in row.cells] for table in document.tables for row in table.rows
    ]
    fonts = document.styles["Normal"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "SimSun"
    language = document.styles["Normal"].element.rPr.find(qn("w:lang"))
    assert language.get(qn("w:eastAsia")) == "zh-CN"


def cells(document):
    return {
        row.cells[0].text: [cell.text for cell in row.cells[1:]]
        for table in document.tables
        for row in table.rows
    }


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_form_has_the_funds_parts_and_fields_only(language):
    # Control characters would break the document.
    with override(language):
        document = read(paper_docx(FUND_FORM, loaded(situation="Wood\x0b is\x1f short.")))

    assert headings(document) == PARTS
    title, *above = document.paragraphs[:3]
    assert title.text == "Perez-Guerrero Trust Fund for South-South Cooperation"
    assert [p.text for p in above] == ["Members of the Group of 77", "Government of China"]
    lines = cells(document)
    assert lines["Title"] == ["INT/../... – Biogas for mountain villages"]
    assert lines["Number of beneficiaries"] == ["1,200"]
    assert lines["Duration"] == ["December 2027 to November 2028"]
    assert lines["Contribution of the Fund"] == ["US$ 30,000"]
    assert lines["Total cost"] == ["US$ 60,000"]
    assert lines["Ten digesters"][:2] == ["Building", "Bricks"]
    assert not {"PGTF area", "Modality", "Applies as", "Reference"} & set(lines)
    assert "Wood is short." in [p.text for p in document.paragraphs]
    assert "柴" not in document.element.xml


# ------------------------------------------------------------------ sums


def of_whole_project(proposal):
    proposal.budget_lines.all().update(output=None)


def of_two_years(proposal):
    first = proposal.outputs.get()
    second = proposal.outputs.create(name="Training")
    lines = [(first, 1, 250, 0, 0), (first, 2, 1_500, 300, 0), (second, 2, 0, 0, 2_001)]
    for output, year, fund, cash, kind in [*lines, (None, 2, 999, 1, 0)]:
        proposal.budget_lines.create(
            output=output, year=year, fund_usd=fund, cash_usd=cash, kind_usd=kind
        )


def in_kind_only(proposal):
    proposal.budget_lines.filter(fund_usd=0).update(cash_usd=0, kind_usd=41_234)


def of_six_countries(proposal):
    for iso2, name in (("KE", "Kenya"), ("PE", "Peru"), ("FJ", "Fiji")):
        proposal.proposal_countries.create(country=country(iso2, name))
    proposal.budget_lines.create(output=proposal.outputs.get(), purpose="Travel", cash_usd=777)


def in_three_currencies(proposal):
    """Type amounts in other currencies into the page of the budget, which refuses them."""
    data = as_sent(*SectionPage(loaded_again(proposal), "budget").forms)
    for name, amount in (("fund", "€ 5,000"), ("cash", "¥30,000"), ("kind", "5000 RMB")):
        data[f"rows-0-{name}_usd"] = amount
    page = SectionPage(loaded_again(proposal), "budget", data)
    page = page.save(SectionPage(loaded_again(proposal), "budget").version())
    assert set(page.rows.forms[0].errors) == {"fund_usd", "cash_usd", "kind_usd"}


def loaded_again(proposal):
    return Proposal.objects.for_form().with_amounts().with_readings().get(pk=proposal.pk)


def tables_of(content):
    """Return the tables of a Word file, row by row, without those of a field a row."""
    tables = [[[c.text for c in row.cells] for row in table.rows] for table in read(content).tables]
    assert all(text for table in tables for row in table for text in row), "filled or struck out"
    return [table for table in tables if len(table[0]) > 2]


def tables_on(page):
    tables = html.fromstring(page).iter("table")
    return [[[" ".join(c.itertext()) for c in row] for row in t.iter("tr")] for t in tables]


def flat(tables):
    """Return tables with their white space as one, and nothing as the page and Word strike out."""
    return [[[" ".join(text.split()) for text in row] for row in table] for table in tables]


def summed(lines, *names):
    return [f"{sum(getattr(line, name) for line in lines):,}" for name in names]


SOURCES = ("fund_usd", "cash_usd", "kind_usd")


@pytest.mark.parametrize(
    "odd",
    [of_whole_project, of_two_years, in_kind_only, of_six_countries, in_three_currencies],
)
def test_sums_agree_to_the_dollar_in_document_page_sheet_and_zip(client, odd):
    proposal = complete_proposal()
    odd(proposal)
    proposal = loaded_again(proposal)
    client.force_login(make.Affiliation(institution=proposal.institution).user)
    lines = list(proposal.budget_lines.all())
    fund, cash, kind = (sum(getattr(line, name) for line in lines) for name in SOURCES)

    form, check = paper_docx(FUND_FORM, proposal), paper_docx(OF_SECRETARIAT, proposal)
    tables = [*tables_of(form), *tables_of(check)]
    cover = cells(read(form))
    amounts = ("Contribution of the Fund", "Other inputs", "Total cost")
    assert [cover[name] for name in amounts] == [
        [f"US$ {amount:,}"] for amount in (fund, cash + kind, fund + cash + kind)
    ]
    rows = {table[0][0]: {row[0]: row[1:] for row in table[1:]} for table in tables}
    for output in {line.output for line in lines}:
        of_output = [line for line in lines if line.output == output]
        name = output.name if output else "the whole project"
        years = sorted({line.year for line in of_output})
        by_year = [summed([one for one in of_output if one.year == n], "fund_usd") for n in years]
        said = "\n".join(f"Year {n}: {asked}" for n, (asked,) in zip(years, by_year, strict=True))
        assert rows["Intended outputs"][name][-1] == said
        assert rows["Output"][name][:3] == summed(of_output, *SOURCES)
    for n in {line.year for line in lines}:
        of_year = [line for line in lines if line.year == n]
        assert rows["Year"][f"Total for year {n}"][2:5] == summed(of_year, *SOURCES)
    for table in ("Output", "Year"):
        total = [f"{fund:,}", f"{cash:,}", f"{kind:,}", f"{fund + cash + kind:,}"]
        assert rows[table]["Total"][-4:] == total

    address = reverse("calls:proposal_document", args=[proposal.institution.slug, proposal.pk])
    page = [table for table in tables_on(client.get(address).content) if len(table[0]) > 2]
    assert flat(page) == flat(tables)
    with package(proposal) as file, zipfile.ZipFile(file) as archive:
        names = ("01 Proposal.docx", "02 Check of the Secretariat.docx")
        assert [t for name in names for t in tables_of(archive.read(name))] == tables
    headers, (row,) = sheet_of([appraisal(proposal, [])])
    columns = ("requested, US$", "other inputs, US$", "in cash, US$", "in kind, US$")
    assert [row[headers.index(name)] for name in columns] == [fund, cash + kind, cash, kind]
    countries = row[headers.index("participating countries")].split("; ")
    assert len(countries) == proposal.proposal_countries.count()


@pytest.mark.parametrize("kind", [PaperKind.FUND_FORM, PaperKind.CHECK])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_our_template_is_taken_back_as_an_officers(kind, language):
    """Officers change ours in Word: what it asks for is what a template can ask for."""
    ours = layout.ours(kind, language)
    check_template(ours, kind)
    names, lists = names_of(kind)
    asked = set(re.findall(r"\{\{ (\w+) \}\}", words(ours)))
    assert len(asked) > 10
    assert asked <= names
    assert set(re.findall(r"for one in (\w+)", words(ours))) == set(lists) - {"attachments"}


def test_an_officers_template_of_the_call_is_filled_and_others_are_not():
    proposal = loaded()
    template = officers_template("{{ title }}: {{ situation }} {%p if outputs %}")
    with pytest.raises(ValidationError):
        check_template(template, PaperKind.FUND_FORM)
    template = officers_template("{{ title }}: {{ contact_name }}", "{{ gender }}")
    with pytest.raises(ValidationError, match="gender"):
        check_template(template, PaperKind.FUND_FORM)
    template = officers_template("{{ title }}: {{ contact_phone }}")
    check_template(template, PaperKind.FUND_FORM)
    ours = words(paper_docx(FUND_FORM, proposal))
    kept = PaperTemplate.objects.create(kind="fund_form", language="en", content=template)
    # The newest of all; that of the call stays with the call.
    assert words(paper_docx(FUND_FORM, proposal)).strip() == f"{NUMBER} – {proposal.title}: –"
    proposal.call.paper_templates.add(kept)
    newer = layout.ours("fund_form", "en")
    PaperTemplate.objects.create(kind="fund_form", language="en", content=newer)
    assert words(paper_docx(FUND_FORM, proposal)).strip() == f"{NUMBER} – {proposal.title}: –"
    proposal.call.paper_templates.clear()
    assert words(paper_docx(FUND_FORM, proposal)) == ours


def test_the_zip_holds_all_papers_in_the_order_of_the_call():
    proposal = complete_proposal(endorsed=False)
    RequiredPaper.objects.update(position=2)
    make.RequiredPaper(call=proposal.call, name="Plan", each_country=False, position=1)
    paper = proposal.call.required_papers.get(name="Plan")
    letter = proposal.call.required_papers.get(name="Endorsement letter")
    for one, of_country in ((letter, "NP"), (letter, "LA"), (paper, None)):
        proposal.endorsements.create(paper=one, country_id=of_country, file=scan())

    file = package(Proposal.objects.for_form().get())
    with file, zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
        letter = words(archive.read(names[1]))
        checklist = Document(BytesIO(archive.read(names[3])))
        assert archive.read(names[4]).startswith(b"%PDF")

    for said in ("的函", str(proposal.institution), "中国南南合作网秘书处：", "附件：", "Plan.pdf"):
        assert said in letter
    assert names == [
        "00 Not ready for the Fund.txt",
        "00 Covering letter.docx",
        "01 Proposal.docx",
        "02 Check of the Secretariat.docx",
        "03 Plan.pdf",
        "04 Endorsement letter Laos.pdf",
        "05 Endorsement letter Nepal.pdf",
    ]
    rules = cells(checklist)
    assert rules["Enough countries take part"] == ["3 countries take part.", "yes"]


def test_nothing_says_ready_while_the_form_of_the_fund_is_missing(client):
    """Page, sending, ZIP, mail, paper and the officers' page name it until it is there."""
    proposal = complete_proposal()
    slot = make.RequiredPaper(call=proposal.call, kind="fund_form", name="Form", each_country=False)
    blank = proposal.call.documents.create(kind="form", title="Blank", file=scan())
    user = make.Affiliation(institution=proposal.institution).user
    client.force_login(user)
    whose = [proposal.institution.slug, proposal.pk]
    pages = [
        reverse(f"calls:{name}", args=whose)
        for name in ("proposal", "proposal_check", "proposal_send", "proposal_document")
    ]
    Call.objects.update(binding_rules=[])
    papers = client.get(reverse("calls:proposal_section", args=[*whose, "endorsements"]))
    assert blank.file.url in papers.content.decode()

    said = "Missing, and required by the Fund: Form."
    assert [said in client.get(page).content.decode() for page in pages] == [True] * 4
    assert cells(read(paper_docx(OF_SECRETARIAT, loaded_again(proposal))))[
        "The Fund’s own form"
    ] == [said]
    send(loaded_again(proposal), by=user)
    assert said in Message.objects.get(kind="proposal-received").text
    proposal = loaded_again(proposal)
    with package(proposal) as file, zipfile.ZipFile(file) as archive:
        assert said in archive.read("00 Not ready for the Fund.txt").decode()
    officer = make.Officer(group=groups.OFFICER)
    client.force_login(officer)
    page = reverse("admin:calls_proposal_change", args=[proposal.pk])
    assert said in client.get(page).content.decode()

    with make.without_history():
        proposal.endorsements.create(paper=slot, file=scan())
    proposal = loaded_again(proposal)
    assert said not in client.get(page).content.decode()
    with package(proposal) as file, zipfile.ZipFile(file) as archive:
        assert "00 Not ready for the Fund.txt" not in archive.namelist()
        assert any(name.endswith(" Form.pdf") for name in archive.namelist())


def test_documents_are_for_the_institution_only_and_are_not_kept(client):
    proposal = complete_proposal()
    address = reverse("calls:proposal_docx", args=[proposal.institution.slug, proposal.pk])
    client.force_login(make.Affiliation(institution=proposal.institution, role="viewer").user)

    response = client.get(address, {"chinese": "1"})

    assert "no-store" in response["Cache-Control"]
    assert response["Content-Disposition"] == f'attachment; filename="proposal-{proposal.pk}.docx"'
    assert "山村沼气" in read(response.content).element.xml

    client.force_login(make.Affiliation().user)
    assert client.get(address).status_code == 404
