"""Our Word templates of a proposal's papers, made from `outline`, and the values they ask for.

Officers download one under "Templates of papers", change it in Word and upload it as theirs. The
kit repeats a row of a table (`{%tr for one in outputs %}`), but no columns: the amounts of several
years stand in one cell, a line a year.
"""

from functools import cache, partial
from typing import Any

from sscnet.core.i18n.languages import Language
from sscnet.papers import layout
from sscnet.papers.fields import TemplateField, declare
from sscnet.papers.filling import in_both

from ..models import Proposal
from ..outline import CHECK, FUND_FORM, Both, FormPart, FormTable, Line, ProposalPaper

# Of a table with so many columns the page is turned.
WIDE = 5
# Struck out on purpose: nothing was written, and nothing is forgotten.
NOTHING = "–"


def values_of(
    paper: ProposalPaper, proposal: Proposal, *, with_chinese: bool, nothing: str = NOTHING
) -> dict[str, Any]:
    """Return the values of a paper as a template asks for them: name, name_en and name_zh."""

    values = in_both(partial(paper.texts, proposal), Language.ENGLISH)
    for texts in [values, *(row for table in paper.tables for row in values[table.name])]:
        for name in [key.removesuffix("_en") for key in texts if key.endswith("_en")]:
            english, chinese = texts[f"{name}_en"], texts[f"{name}_zh"]
            texts |= {name: english or nothing, f"{name}_en": english or nothing}
            # Beside or below the English stands only what differs from it.
            texts[f"{name}_zh"] = chinese if with_chinese and chinese != english else ""
    for line in paper.lines:
        if line.is_text:
            values[f"{line.name}_zh"] = values[f"{line.name}_zh"] or nothing
    return {"subject": str(proposal)} | values


# ------------------------------------------------------------------ our templates


@cache
def template_of(paper: ProposalPaper, language: str) -> bytes:
    """Return our template of a paper: in English, or with the Chinese beside it."""
    return TemplateWriter(with_chinese=language == Language.CHINESE).content(paper)


class TemplateWriter:
    """Writes the parts of a paper, with placeholders for values."""

    def __init__(self, *, with_chinese: bool):
        self.with_chinese = with_chinese
        self.is_wide = False
        self.written: list[str] = []

    def content(self, paper: ProposalPaper) -> bytes:
        for n, line in enumerate(paper.above):
            self.add("centred" if n else "title", self.asked(line.name))
        for part in paper.parts:
            self.part(part)
        page = "form_wide" if self.is_wide else "form"
        return layout.word_file("".join(self.written), page, "form")

    def add(self, style: str, text: str) -> None:
        self.written.append(layout.paragraph(style, text))

    def words(self, both: Both, between: str = "\n") -> str:
        texts = [both.en, both.zh] if self.with_chinese else [both.en]
        return between.join(dict.fromkeys(text for text in texts if text))

    def asked(self, name: str, between: str = " ") -> str:
        pair = (f"{{{{ {name}_en }}}}", f"{{{{ {name}_zh }}}}")
        return between.join(pair) if self.with_chinese else f"{{{{ {name} }}}}"

    def part(self, part: FormPart) -> None:
        wants_wide = any(len(table.columns) > WIDE for table in part.tables)
        if wants_wide != self.is_wide:
            # What was written so far ends with its own page.
            self.written.append(layout.part("break_wide.xml" if self.is_wide else "break.xml"))
            self.is_wide = wants_wide
        self.add("heading", self.words(part.heading, " "))
        if short := [line for line in part.lines if not line.is_long]:
            rows = [[("label", self.words(one.label)), *self.cells(one)] for one in short]
            self.written.append(layout.table(rows))
        for line in part.lines:
            if line.is_long and self.with_chinese:
                self.written.append(layout.table([self.cells(line)]))
            elif line.is_long:
                self.add("text", self.asked(line.name))
        for table in part.tables:
            self.table(table)

    def cells(self, line: Line) -> list[tuple[str, str]]:
        """Return the cells of a value: of a text two, where the Chinese stands beside."""
        if line.is_text:
            return [("text", one) for one in self.asked(line.name, "|").split("|")]
        return [("text", self.in_one_cell(line.name))]

    def table(self, table: FormTable) -> None:
        head = [("label", self.words(column.label)) for column in table.columns]
        row = [
            ("amount" if one.is_amount else "text", self.in_one_cell(f"one.{one.name}"))
            for one in table.columns
        ]
        loop = [[("text", f"{{%tr for one in {table.name} %}}")], row, [("text", "{%tr endfor %}")]]
        self.add("text", f"{{%p if {table.name} %}}")
        self.add("text", "")
        self.written.append(layout.table([head, *loop]))
        self.add("text", "{%p else %}")
        self.add("text", NOTHING)
        self.add("text", "{%p endif %}")

    def in_one_cell(self, name: str) -> str:
        if not self.with_chinese:
            return self.asked(name)
        chinese = ("{%p if " + name + "_zh %}", f"{{{{ {name}_zh }}}}", "{%p endif %}")
        return "\n".join((f"{{{{ {name} }}}}", *chinese))


# ------------------------------------------------------------------ what a template can ask for


def fields_of(paper: ProposalPaper) -> list[TemplateField]:
    """Return the fields of a paper, those of the lists after them."""

    def field(name: str, what: str, words: Both) -> TemplateField:
        return TemplateField(name, "", what, words.en, words.zh)

    fields = [field(line.name, "", line.label) for line in paper.lines]
    for part in paper.parts:
        for table in part.tables:
            fields.append(field(table.name, "list", part.heading))
            fields += [field(f"{table.name}.{one.name}", "", one.label) for one in table.columns]
    return fields


for one in (FUND_FORM, CHECK):
    declare(one.kind, partial(fields_of, one), partial(template_of, one))
