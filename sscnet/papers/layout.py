"""Our own templates: the Word file that a text of `templates/papers/` describes, line by line.

A line is `style | text`. The page is that of GB/T 9704-2012: A4, 22 lines of 28 signs, margins of
37, 35, 28 and 26 mm, FangSong of 16 pt; issuer and date at the right, with room for a seal over
both. Officers download what is made here, change it in Word, and upload it as theirs.
"""

from dataclasses import dataclass
from functools import cache
from io import BytesIO

from django.conf import settings
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

TEXTS = settings.BASE_DIR / "templates" / "papers"
LATIN = "Times New Roman"
SONG, FANG, HEI, KAI = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"
# What shows a font where it is not installed: first the names of other systems, then Debian's.
OTHER_NAMES = {
    SONG: "FZXiaoBiaoSong-B05S,STZhongsong,SimSun,Noto Serif CJK SC",
    FANG: "FangSong,仿宋,STFangsong,Noto Serif CJK SC",
    HEI: "SimHei,Noto Sans CJK SC",
    KAI: "KaiTi,楷体,STKaiti,Noto Serif CJK SC",
}
RED = RGBColor(0xC0, 0x00, 0x00)
LINE = Pt(28.95)  # 22 of them between the margins
LEFT, CENTRE, RIGHT, JUSTIFY = (
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
)


@dataclass(frozen=True)
class Style:
    """How a line is set; distances in lines, indents in signs."""

    font: str = FANG
    size: float = 16
    align: WD_ALIGN_PARAGRAPH = JUSTIFY
    first: float = 0
    left: float = 0
    right: float = 0
    before: float = 0
    after: float = 0
    colour: RGBColor | None = None
    is_bold: bool = False
    is_exact: bool = True


STYLES = {
    "letterhead": Style(SONG, 30, CENTRE, colour=RED, is_exact=False),
    "number": Style(align=CENTRE, before=1),
    "title": Style(SONG, 22, CENTRE, before=1, after=1, is_exact=False),
    "award": Style(SONG, 36, CENTRE, is_exact=False),
    "award text": Style(size=18, first=2, is_exact=False),
    "centred": Style(align=CENTRE),
    "to": Style(),
    "text": Style(first=2),
    "heading": Style(HEI, first=2, align=LEFT),
    "second heading": Style(KAI, first=2, align=LEFT),
    "plain": Style(),
    # Wide enough for the seal: the issuer stands over the date, and both four signs from the edge.
    "issuer": Style(align=RIGHT, right=4, before=2),
    "date": Style(align=RIGHT, right=4),
    "signer": Style(align=RIGHT, right=4),
    "note": Style(first=2, before=1, align=LEFT),
    "small": Style(size=10.5, align=LEFT, is_exact=False),
    "picture": Style(align=CENTRE, is_exact=False),
    "seal": Style(align=CENTRE),
    "cell": Style(size=12, align=LEFT, is_exact=False),
}


def ours(kind: str, language: str) -> bytes:
    """Return our template of a kind; in the other language where there is none in this one."""
    of_language = TEXTS / f"{kind}.{language}.txt"
    path = of_language if of_language.exists() else next(TEXTS.glob(f"{kind}.*.txt"))
    return made(path.name)


@cache
def made(name: str) -> bytes:
    page = Page(is_english=name.endswith(".en.txt"))
    for line in (TEXTS / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            style, _bar, text = line.partition("|")
            page.add(style.strip(), text.strip())
    return page.content()


def lines(number: float) -> Emu:
    return Emu(round(LINE * number))


class Page:
    """Writes lines into a Word file, one under the other."""

    def __init__(self, *, is_english: bool):
        self.is_english = is_english
        self.language = "en-GB" if is_english else "zh-CN"
        self.document = Document()
        self.table = None
        self.set_page(self.document.sections[0])
        self.set_fonts(self.document.styles["Normal"].element.get_or_add_rPr(), FANG, 16)
        self.name_other_fonts()
        for language in self.document.styles.element.iter(qn("w:lang")):
            language.set(qn("w:val"), self.language)

    def content(self) -> bytes:
        self.document.core_properties.language = self.language
        file = BytesIO()
        self.document.save(file)
        return file.getvalue()

    def add(self, style: str, text: str) -> None:
        match style:
            case "landscape":
                section = self.document.sections[0]
                section.page_width, section.page_height = Mm(297), Mm(210)
                section.top_margin = section.bottom_margin = Mm(24)
                section.footer_distance = Mm(12)
            case "page":
                self.document.add_page_break()
            case "rule":
                self.rule()
            case "frame":
                self.frame()
            case "table":
                self.start_table(text.split(" | "))
            case "side":
                self.side(*text.split(" | "))
            case "row":
                self.fill_row(self.table.add_row(), text.split(" | "))
            case "footer":
                # Beside the number of the page.
                last = self.document.sections[0].footer.paragraphs[-1]
                self.set(last.insert_paragraph_before(), "small", text)
            case _:
                self.set(self.document.add_paragraph(), style, text)

    # -------------------------------------------------------------- the page

    def set_page(self, section) -> None:
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.footer_distance = Mm(26)
        for old in section._sectPr.findall(qn("w:docGrid")):
            section._sectPr.remove(old)
        # 156 mm hold 28 signs of 15.8 pt: the type of 16 pt is set that much closer, in 4096ths.
        grid = 'w:type="linesAndChars" w:linePitch="579" w:charSpace="-849"'
        section._sectPr.append(parse_xml(f"<w:docGrid {nsdecls('w')} {grid}/>"))
        self.number_pages(section.footer.paragraphs[0])

    def number_pages(self, paragraph: Paragraph) -> None:
        self.set(paragraph, "centred", "— ")
        run = paragraph.runs[0]
        field = f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        run._element.addnext(parse_xml(field))
        paragraph.add_run(" —")
        for one in paragraph.runs:
            one.font.size = Pt(14)

    def name_other_fonts(self) -> None:
        """Say in the table of fonts what else a font may be called."""
        part = self.document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
        fonts = "".join(
            f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/>'
            '<w:family w:val="auto"/></w:font>'
            for name, others in OTHER_NAMES.items()
        )
        part._blob = f"<w:fonts {nsdecls('w')}>{fonts}</w:fonts>".encode()

    # -------------------------------------------------------------- lines

    def set(self, paragraph: Paragraph, name: str, text: str) -> None:
        style = STYLES[name]
        size = style.size * (0.8 if self.is_english and style.size == 16 else 1)
        form = paragraph.paragraph_format
        paragraph.alignment = LEFT if self.is_english and style.align == JUSTIFY else style.align
        form.space_before, form.space_after = lines(style.before), lines(style.after)
        form.left_indent, form.right_indent = Pt(size * style.left), Pt(size * style.right)
        form.first_line_indent = 0 if self.is_english else Pt(size * style.first)
        if style.is_exact:
            form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
            form.line_spacing = Pt(20) if self.is_english else LINE
        else:
            off = parse_xml(f'<w:snapToGrid {nsdecls("w")} w:val="0"/>')
            paragraph._element.pPr.insert_element_before(off, "w:spacing", "w:ind", "w:jc", "w:rPr")
        # Issuer, date and the last line of the text stay together on a page.
        form.keep_with_next = name in {"issuer", "number", "letterhead", "title"}
        run = paragraph.add_run(text)
        run.bold = style.is_bold or None
        run.font.color.rgb = style.colour
        self.set_fonts(run._element.get_or_add_rPr(), style.font, size)
        if name in {"title", "award"}:
            level = parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="0"/>')
            paragraph._element.get_or_add_pPr().append(level)

    def set_fonts(self, properties, font: str, size: float) -> None:
        fonts = properties.get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for script, name in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", font)):
            fonts.set(qn(f"w:{script}"), name)
        properties.get_or_add_sz().val = Pt(size)
        for old in properties.findall(qn("w:lang")):
            properties.remove(old)
        attributes = f'w:val="{self.language}" w:eastAsia="zh-CN"'
        properties.append(parse_xml(f"<w:lang {nsdecls('w')} {attributes}/>"))

    def rule(self) -> None:
        """Draw the red line below letterhead and number."""
        paragraph = self.document.add_paragraph()
        form = paragraph.paragraph_format
        form.space_after, form.line_spacing = Pt(0), Mm(4)
        self.border(paragraph, 'bottom w:sz="12" w:space="1" w:color="C00000"')

    def border(self, paragraph: Paragraph, line: str) -> None:
        borders = f'<w:pBdr {nsdecls("w")}><w:{line} w:val="single"/></w:pBdr>'
        paragraph._element.get_or_add_pPr().insert_element_before(
            parse_xml(borders), "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
        )

    def frame(self) -> None:
        """Draw a double frame around the page, and leave room inside it."""
        section = self.document.sections[0]
        sides = "".join(
            f'<w:{side} w:val="thinThickSmallGap" w:sz="24" w:space="24" w:color="C00000"/>'
            for side in ("top", "left", "bottom", "right")
        )
        borders = f'<w:pgBorders {nsdecls("w")} w:offsetFrom="page">{sides}</w:pgBorders>'
        section._sectPr.insert_element_before(parse_xml(borders), "w:lnNumType", "w:pgNumType",
                                              "w:cols", "w:titlePg", "w:docGrid")  # fmt: skip
        # A sheet to hang up has no number of its page.
        for paragraph in section.footer.paragraphs:
            paragraph._element.clear()

    # -------------------------------------------------------------- tables

    def side(self, left: str, right: str) -> None:
        """Write two columns: how the paper is checked, and whose it is, with room for the seal."""
        table = self.document.add_table(1, 2)
        for cell, name, text in zip(table.rows[0].cells, ("small", "seal"), (left, right),
                                    strict=True):  # fmt: skip
            first, *others = text.split(" // ")
            self.set(cell.paragraphs[0], name, first)
            for one in others:
                self.set(cell.add_paragraph(), name, one)

    def start_table(self, headings: list[str]) -> None:
        self.table = self.document.add_table(0, len(headings))
        self.table.style = "Table Grid"
        self.fill_row(self.table.add_row(), headings)
        marked = parse_xml(f"<w:tblHeader {nsdecls('w')}/>")
        self.table.rows[0]._tr.get_or_add_trPr().append(marked)

    def fill_row(self, row, texts: list[str]) -> None:
        """Fill the cells; a text alone, such as the start of a loop, stands in the first one."""
        for cell, text in zip(row.cells, texts, strict=False):
            self.set(cell.paragraphs[0], "cell", text)
