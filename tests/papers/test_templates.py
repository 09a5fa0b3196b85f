"""Word templates: what ours look like, what they fill in, and which of others are refused."""

import io
import re
import resource
import zipfile

import pytest
from django.core.exceptions import ValidationError
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm

from sscnet.papers import layout
from sscnet.papers.fields import PaperKind, sample
from sscnet.papers.filling import check_template, fill, filled, in_both
from tests.papers.word_files import words

NOTICE = PaperKind.NOTICE


def template(*lines: str, header: str = "") -> bytes:
    """Return a Word file with these lines; a list is a row of a table."""
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    document.sections[0].header.paragraphs[0].text = header
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def changed(content: bytes, name: str, change) -> bytes:
    """Return a Word file with one of its parts changed, or added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        parts = {one: old.read(one) for one in old.namelist()}
        for one, part in (parts | {name: change(parts.get(name, b""))}).items():
            new.writestr(one, part, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def refusal(content: bytes, kind=NOTICE) -> str:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with pytest.raises(ValidationError) as raised:
        check_template(content, kind)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 5
    return " ".join(raised.value.messages)


# ------------------------------------------------------------------ ours


def test_our_papers_have_the_page_of_the_national_standard():
    document = Document(io.BytesIO(layout.ours(NOTICE, "zh-hans")))
    section = document.sections[0]

    margins = [section.top_margin, section.bottom_margin, section.left_margin, section.right_margin]
    assert [round(one.mm) for one in margins] == [37, 35, 28, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    grid = document.element.body.sectPr.find(qn("w:docGrid"))
    lines = Mm(297 - 37 - 35).twips / int(grid.get(qn("w:linePitch")))
    signs = Mm(210 - 28 - 26).pt / (16 + int(grid.get(qn("w:charSpace"))) / 4096)
    assert (round(lines, 1), round(signs, 1)) == (22, 28)

    lines = [one for one in document.paragraphs if "%" not in one.text]
    order = [one.style.name for one in lines]
    assert order[1:6] == ["letterhead", "number", "rule", "Heading 1", "to"]
    assert order[-4:] == ["issuer", "date", "note", "small"]
    fonts = {one.style.name: font_of(one.style) for one in lines if one.style.name != "rule"}
    assert fonts["Heading 1"] == ("方正小标宋简体", 22)
    assert fonts["text"] == ("仿宋_GB2312", 16)
    assert fonts["heading"] == ("黑体", 16)
    styles = {one.style.name: one.style.paragraph_format for one in lines}
    # The issuer above the date, both at the right, where the seal goes over both.
    assert (styles["issuer"].right_indent.pt, styles["date"].right_indent.pt) == (64, 64)
    assert (styles["text"].first_line_indent.pt, styles["to"].first_line_indent.pt) == (32, 0)
    names = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE).blob.decode()
    assert 'w:altName w:val="FangSong,仿宋,STFangsong,Noto Serif CJK SC"' in names


def font_of(style):
    return style.element.rPr.rFonts.get(qn("w:eastAsia")), style.font.size.pt


@pytest.mark.parametrize("name", sorted(path.name for path in layout.TEXTS.glob("*.txt")))
def test_each_of_our_texts_fills_in_every_field_it_has(name):
    kind, language, _txt = name.split(".")
    made = words(filled(layout.ours(kind, language), kind, sample(kind)))

    assert "{" not in made
    text = layout.TEXTS.joinpath(name).read_text(encoding="utf-8")
    for asked_for in set(re.findall(r"\{\{ (?:one\.)?(\w+) \}\}", text)) - {"logo", "qr"}:
        assert f"[{asked_for}]" in made


@pytest.mark.django_db
def test_values_are_text_in_both_scripts_and_never_markup():
    def make():
        return {"name": "#<w:p/> {{ code }} & 李伟", "costs": "one\ntwo", "days": "3\x00\x07日"}

    values = in_both(make, "en") | {"signer": "王丽\n主任"}
    made = words(fill(PaperKind.LETTER, values, "en"))

    assert "#<w:p/> {{ code }} & 李伟" in made
    assert "Costs: one\ntwo" in made
    assert "3日" in made
    assert "None" not in made


# ------------------------------------------------------------------ those of others


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{{ sum }}", "sum"),
        ("{{ number.__class__ }}", "__class__"),
        ("{{ number|upper }}", "filter (number)"),
        ("{{ self }}", "self"),
        ("{{ range(9) }}", "call (range)"),
        ("{% for one in everything %}{{ one }}{% endfor %}", "everything"),
        ("{% for one in attachments %}{{ one.size }}{% endfor %}", "one.size"),
        ("{% for a in attachments %}{% for b in attachments %}{% endfor %}{% endfor %}", "for"),
        ("{% for one in attachments %}{{ loop.index }}{% endfor %}", "loop"),
        ("{% if number == 1 %}x{% endif %}", "compare (number)"),
        ("{% set a = 1 %}", "assign"),
        ("{% macro a() %}{% endmacro %}", "macro"),
        ("{% include 'a' %}", "include"),
        ("{{r number }}", "{{r"),
        ("{{ number", "unexpected"),
    ],
)
def test_a_template_that_does_more_than_fill_in_is_refused(line, said):
    assert said in refusal(template("{{ subject }}", line))
    assert said in refusal(template("{{ subject }}", header=line)), "in the header, too"


def test_a_template_with_fields_lists_and_conditions_is_taken():
    check_template(
        template(
            "{{ subject }} {{ meeting_zh }}",
            "{%p for one in attachments %}",
            "{{ one.name }}",
            "{%p endfor %}",
            "{% if costs %}{{ costs }}{% else %}–{% endif %}",
            header="{{ number }}",
        ),
        NOTICE,
    )


def relation(kind: str, target: str):
    head = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    line = f'<Relationship Id="x" Type="{head}/{kind}" Target="{target}" TargetMode="External"/>'
    return lambda part: part.replace(b"</Relationships>", line.encode() + b"</Relationships>")


FIELD = '<w:p><w:fldSimple w:instr=" INCLUDETEXT /etc/passwd "/></w:p>'


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("word/vbaProject.bin", lambda part: b"x", "macros"),
        ("[Content_Types].xml", lambda part: part.replace(
            b"wordprocessingml.document.main", b"ms-word.document.macroEnabled.main"), "macros"),
        ("word/media/large.bmp", lambda part: bytes(50 * 1024**2), "smaller"),
        ("word/_rels/document.xml.rels", relation("image", "http://x.example/a.png"), "links to"),
        ("word/_rels/document.xml.rels", relation("oleObject", "file:///a"), "links to"),
        ("word/document.xml", lambda part: part.replace(
            b"<w:sectPr", FIELD.encode() + b"<w:sectPr", 1), "field of Word"),
        ("word/document.xml", lambda part: part[:200], "Word could not read"),
    ],
)  # fmt: skip
def test_a_template_that_reaches_out_or_is_too_much_is_refused(name, change, said):
    assert said in refusal(changed(template("{{ subject }}"), name, change))


def test_what_is_no_word_file_is_refused():
    assert "damaged" in refusal(template("{{ subject }}")[:2000])
    assert "unknown content" in refusal(b"any text")
    assert "larger than" in refusal(bytes(6 * 1024**2))
