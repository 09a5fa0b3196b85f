"""A proposal as a Word document in the Fund's order, and as one ZIP with its papers."""

import zipfile
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils.translation import override
from docx import Document
from docx.oxml.ns import qn

from projects.calls.models import Proposal, RequiredPaper
from projects.calls.proposals.documents import check_docx, package, proposal_docx
from tests import make
from tests.calls.proposals.complete import complete_proposal, scan
from tests.papers.word_files import words

pytestmark = pytest.mark.django_db

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
    paragraphs = [p.text for p in read(check_docx(proposal, with_chinese=True)).paragraphs]
    assert paragraphs[paragraphs.index("Partners 合作伙伴") + 1] == "none 无"

    document = read(proposal_docx(proposal, with_chinese=True))
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
        document = read(proposal_docx(loaded(situation="Wood\x0b is\x1f short.")))

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


def test_sums_agree_in_the_form_the_check_and_the_sheet():
    proposal = complete_proposal()
    output = proposal.outputs.get()
    # Of the whole project, of two years, in kind alone.
    proposal.budget_lines.create(purpose="Travel", fund_usd=1_500, year=2)
    proposal.budget_lines.create(purpose="Rooms", kind_usd=2_000, cash_usd=300, year=2)
    proposal.budget_lines.create(output=output, purpose="Print", fund_usd=250, year=2)
    proposal = Proposal.objects.for_form().with_amounts().get(pk=proposal.pk)

    form, check = read(proposal_docx(proposal)), read(check_docx(proposal))
    framework = cells(form)
    assert framework["Ten digesters"][-2:] == ["30,000", "250"]
    assert framework["the whole project"] == ["", "", "(UNDP fills it in)", "0", "1,500"]
    assert framework["Total"][-2:] == ["30,000", "1,750"]
    assert framework["Contribution of the Fund"] == ["US$ 31,750"]
    assert framework["Other inputs"] == ["US$ 32,300"]
    assert headings(check) == CHECK
    assert cells(check)["Total"][-4:] == ["31,750", "300", "32,000", "64,050"]
    assert (proposal.sum_asked_usd, proposal.sum_other_usd) == (31_750, 32_300)


def test_the_zip_holds_all_papers_in_the_order_of_the_call():
    proposal = complete_proposal(endorsed=False)
    RequiredPaper.objects.update(position=2)
    make.RequiredPaper(call=proposal.call, name="Plan", each_country=False, position=1)
    paper = proposal.call.required_papers.get(name="Plan")
    letter = proposal.call.required_papers.get(name="Endorsement letter")
    for one, country in ((letter, "NP"), (letter, "LA"), (paper, None)):
        proposal.endorsements.create(paper=one, country_id=country, file=scan())

    file = package(Proposal.objects.for_form().get())
    with file, zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
        letter = words(archive.read(names[0]))
        checklist = Document(BytesIO(archive.read(names[2])))
        assert archive.read(names[3]).startswith(b"%PDF")

    for said in ("的函", str(proposal.institution), "中国南南合作网秘书处：", "附件：", "Plan.pdf"):
        assert said in letter
    assert names == [
        "00 Covering letter.docx",
        "01 Proposal.docx",
        "02 Check of the Secretariat.docx",
        "03 Plan.pdf",
        "04 Endorsement letter Laos.pdf",
        "05 Endorsement letter Nepal.pdf",
    ]
    rules = cells(checklist)
    assert rules["Enough countries take part"] == ["3 countries take part.", "yes"]


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
