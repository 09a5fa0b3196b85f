"""Reading a form that was filled in with Word: which text belongs to which field.

Labels, headings and columns are those of `outline`, in either language, as people leave them: in
other words, numbered, in another order. What belongs to a field for certain is placed; everything
else is named with where it stood (`Unplaced`), so that nothing is lost or wrong in silence.
"""

import calendar
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial

from django.core.exceptions import ValidationError

from sscnet.core.forms.typed_fields import MonthField
from sscnet.core.i18n.numbers import read_number
from sscnet.papers.reading import BY_TYPE, Block, WordCell, WordParagraph, WordTable

from ..form import FORM, PERIOD
from ..models import Proposal
from ..models.rows import MOST_YEARS
from ..outline import (
    AFTER_APPROVAL,
    BY_UNDP,
    CONTACT,
    FUND_FORM,
    TOTAL,
    WHOLE_PROJECT,
    Both,
    FormTable,
    both,
    outputs,
    signatures,
)

PARTS = [*FUND_FORM.parts, CONTACT]
LINES = {line.name: line for part in PARTS for line in part.lines}
LONG = {line.name for line in LINES.values() if line.is_long}
TEXTS = {one.name for one in FORM if one.is_text}
NOT_READ = {"sector"} | {line.name for line in LINES.values() if line.is_sum}
LABELS = {name: line.label for name, line in LINES.items() if name not in LONG}
HEADINGS = {str(part.section): part.heading for part in PARTS}
# How like a label must be to what stands in the form, and how much more so than any other.
LIKE, MORE = 0.66, 0.1
LONGEST_LABEL = 80
IN_CHINESE = "_zh_hans"
YEARS = [str(n) for n in range(1, MOST_YEARS + 1)]
NO_WORDS = {"the", "and", "for", "usd", "part", "iii", "section"}
NUMBERING = re.compile(
    r"第[一二三四五六七八九十\dⅠⅡⅢI]+部分|[（(][甲乙丙一二三四五六七八九十\d]+[)）]"
)
CHINESE = re.compile(r"[\u3400-\u9fff]")
STRUCK_OUT = {"", "–", "—", "-", "--", "/", "…", "none", "无"}
NUMBER_OF_PROJECT = re.compile(r"\s*INT\s*/[\d./A-Z]*\s*[–—:-]*\s*", re.IGNORECASE)
YEAR = re.compile(r"(?:year|第)\s*(\d)(?!\d)\s*年?", re.IGNORECASE)
OF_YEAR = re.compile(rf"\s*{YEAR.pattern}\s*[:：-]?\s*(.*)", re.IGNORECASE)
UNTIL = re.compile(r"\s+to\s+|\s*[–—至到~～]\s*|\s+-\s+")
MONTHS = [name.casefold() for name in calendar.month_abbr]
NAMED_MONTH = re.compile(r"([A-Za-z]{3})[a-z]*\.?,?\s+(\d{4})|(\d{4}),?\s+([A-Za-z]{3})[a-z]*")


@dataclass(frozen=True)
class Unplaced:
    """A text that belongs to no field for certain, and where in the file it stood."""

    where: str
    text: str


@dataclass
class FormReading:
    """What was read: fields by the names that the form gives them, and the rows of the outputs.

    An output has its texts by the same names, and what is asked for by the number of the year;
    `whole` is what is asked for the project as a whole.
    """

    fields: dict[str, str] = field(default_factory=dict)
    outputs: list[dict[str, str]] = field(default_factory=list)
    whole: dict[str, str] = field(default_factory=dict)
    unplaced: list[Unplaced] = field(default_factory=list)


def read_form(blocks: list[Block], proposal: Proposal) -> FormReading:
    """Return what the blocks of a Word file say of the proposal's form."""
    reader = FormReader([both(partial(line.read, proposal)) for line in FUND_FORM.above])
    for block in blocks:
        if isinstance(block, WordTable):
            reader.table(block.rows)
        elif block.text:
            reader.paragraph(block)
    return reader.finished()


# ------------------------------------------------------------------ which label it is


def words_in(text: str) -> tuple[set[str], set[str]]:
    """Return the English words and the pairs of Chinese characters, without numbering."""
    text = NUMBERING.sub(" ", unicodedata.normalize("NFKC", text)).casefold()
    text = re.sub("(?<=[a-z])-(?=[a-z])", "", text)
    words = set(re.findall("[a-z]{3,}", text)) - NO_WORDS
    english = {word.rstrip("s")[:8] for word in words}
    runs = re.findall(r"[\u3400-\u9fff]+", text)
    return english, {run[n : n + 2] for run in runs for n in range(max(len(run) - 1, 1))}


def likeness(text: str, label: Both) -> float:
    """Return how like a label is to a text, from 0 to 1, in the language that is more like."""
    found = zip(words_in(text), (words_in(label.en)[0], words_in(label.zh)[1]), strict=True)
    return max(2 * len(a & b) / (len(a) + len(b)) if a and b else 0 for a, b in found)


def best(text: str, labels: dict[str, Both], least: float = LIKE) -> str:
    """Return the name of the label that the text is; "" where none is, or another as much."""
    if len(text) > LONGEST_LABEL:
        return ""
    scores = sorted(((likeness(text, label), name) for name, label in labels.items()), reverse=True)
    (first, name), (second, _other) = scores[0], (*scores, (0, ""))[1]
    return name if first >= least and (first - second >= MORE or first > second == 0) else ""


def labels_of(table: FormTable) -> dict[str, Both]:
    return {column.name: column.label for column in table.columns}


def is_nothing(text: str) -> bool:
    notes = [both(one) for one in (BY_UNDP, AFTER_APPROVAL)]
    return text.strip().casefold() in STRUCK_OUT or any(text in (one.en, one.zh) for one in notes)


def by_language(text: str) -> Both | None:
    """Return the English and the Chinese lines of a text; None where they take turns."""
    lines = [line for line in text.split("\n") if line.strip()]
    found: list[tuple[bool, list[str]]] = []
    for line in lines:
        letters, signs = len(re.findall("[A-Za-z]", line)), len(CHINESE.findall(line))
        # A line of figures is of the language before it.
        is_chinese = found[-1][0] if found and not letters + signs else signs * 2 > letters
        if found and found[-1][0] == is_chinese:
            found[-1][1].append(line)
        else:
            found.append((is_chinese, [line]))
    if len(found) > 2:
        return None
    texts = {is_chinese: "\n".join(lines) for is_chinese, lines in found}
    return Both(texts.get(False, ""), texts.get(True, ""))


def month_in(text: str) -> str:
    """Return a month as the form stores it; "" where it is none."""
    if found := NAMED_MONTH.fullmatch(text.strip()):
        name, year = found[1] or found[4], found[2] or found[3]
        if name.casefold() in MONTHS:
            return f"{year}-{MONTHS.index(name.casefold()):02}"
    try:
        return MonthField().clean(text)
    except ValidationError:
        return ""


# ------------------------------------------------------------------ the file, block by block


class FormReader:
    """Goes through a file and notes each value with its field, or where it stood."""

    def __init__(self, above: list[Both]):
        # What stands above the form.
        self.above = above
        self.reading = FormReading()
        # Of each field all that was read, the same once.
        self.found: dict[str, list[str]] = defaultdict(list)
        self.long_texts: dict[str, list[str]] = defaultdict(list)
        # The part that is read, and the label whose value has to follow.
        self.section, self.level, self.heading = "", 0, ""
        self.label = ""
        self.totals: list[tuple[str, list[str]]] = []

    def miss(self, where: object, text: str) -> None:
        if not is_nothing(text):
            self.reading.unplaced.append(Unplaced(str(where), text))

    def paragraph(self, paragraph: WordParagraph) -> None:
        text = paragraph.text
        named = best(text, HEADINGS, LIKE if paragraph.level else 1)
        is_below = self.section in LONG and self.level < paragraph.level < BY_TYPE
        line = None if self.section in LONG and not paragraph.level else line_in(text)
        if named or (paragraph.level and not is_below and not line):
            # What follows an unknown heading is of a part that the form does not have, or renamed.
            self.section, self.level, self.heading = named, paragraph.level, text
        elif self.section in LONG:
            self.long_texts[self.section].append(text)
        elif line:
            name, value = line
            self.label = "" if value else name
            self.put(name, value)
        elif self.label:
            self.put(self.label, text)
            self.label = ""
        elif not any(is_like(text, one) for one in self.above):
            self.miss(self.heading, text)

    # -------------------------------------------------------------- tables

    def table(self, rows: list[list[WordCell]]) -> None:
        for n, row in enumerate(rows[:5]):
            columns = columns_in(row, labels_of(outputs))
            if "name" in columns.values() and len(columns) > 1:
                for other in rows[:n]:
                    self.row_of_lines(other)
                self.outputs_table(columns, rows[n + 1 :])
                return
            if len(columns_in(row, labels_of(signatures))) > 1:
                return
        has_labels = any(best(cell.text, LABELS) for row in rows for cell in row[:1])
        if self.section in LONG and not has_labels and all(len(row) <= 2 for row in rows):
            self.long_texts[self.section] += [cell.text for row in rows for cell in row]
            return
        for row in rows:
            self.row_of_lines(row)

    def row_of_lines(self, row: list[WordCell]) -> None:
        """Take a row of labels, each with its values after it, in one language or in two."""
        name = ""
        for n, cell in enumerate(row):
            found = best(cell.text, LABELS) if not name or n > 1 else ""
            if found and found != name:
                name = found
            elif name:
                self.put(name, cell.text)
            elif any(one.text for one in row):
                self.miss(self.heading, " | ".join(one.text for one in row if one.text))
                return

    def outputs_table(self, columns: dict[int, str], rows: list[list[WordCell]]) -> None:
        output: dict[str, str] | None = None
        for row in rows:
            cells, unclear = placed(row, columns)
            filled = [cell for cell in row if cell.text and not cell.goes_on]
            headings = columns_in(row, labels_of(outputs))
            if "name" in headings.values() and len(headings) > 1:
                # The headings again: Word makes one table of two that touch.
                columns, output = headings, None
                continue
            if len(headings) == len(filled) > 0 and "".join(headings.values()).isdigit():
                columns = columns | headings
                continue
            first = filled[0].text if filled else ""
            name = cells.pop("name", None)
            if is_like(first, both(TOTAL)):
                self.totals.append((first, [cell.text for cell in filled[1:]]))
                continue
            if is_like(first, both(WHOLE_PROJECT)):
                output = self.reading.whole
                unclear = [text for text in unclear if text != first]
            elif name and not is_nothing(name.text) and not name.goes_on:
                output = {}
                self.reading.outputs.append(output)
                self.add(output, "name", name.text)
            elif not (name and name.goes_on):
                output = None
            for text in unclear:
                self.miss(first, text)
            for column, cell in cells.items():
                self.cell_of(output, column, cell.text, first)

    def cell_of(self, output: dict[str, str] | None, column: str, text: str, where: str) -> None:
        if column == "by_undp" or is_nothing(text):
            return
        if output is None:
            self.miss(self.heading, text)
        elif column in ("activities", "inputs") and output is not self.reading.whole:
            self.add(output, column, text)
        elif column.isdigit():
            self.amount(output, column, text, where)
        else:
            for line in text.split("\n"):
                found = OF_YEAR.fullmatch(line)
                self.amount(output, *(found.groups() if found else ("", line)), where)

    def amount(self, output: dict[str, str], year: str, text: str, where: str) -> None:
        number = read_number(text)
        is_whole = number is not None and number % 1 == 0
        if is_whole and year in YEARS:
            # What is merged with the row above is asked for besides.
            output[year] = str(int(output.get(year, 0)) + int(number))
        else:
            self.miss(where, text)

    def add(self, output: dict[str, str], name: str, text: str) -> None:
        """Add a text to an output; below the one of a row that it is merged with."""
        texts = by_language(text)
        if not texts:
            self.miss(output.get("name", self.heading), text)
            return
        between = " " if name == "name" else "\n"
        for key, value in ((name, texts.en), (name + IN_CHINESE, texts.zh)):
            lines = [*output.get(key, "").split("\n"), *value.split("\n")]
            if value:
                output[key] = between.join(filter(None, lines))

    # -------------------------------------------------------------- what was read

    def put(self, name: str, text: str) -> None:
        name = "title" if name == "title_and_number" else name
        if name not in NOT_READ and not is_nothing(text) and text not in self.found[name]:
            self.found[name].append(text)

    def finished(self) -> FormReading:
        """Return what was read, once of each field all is known."""
        for name, texts in self.long_texts.items():
            self.put(name, "\n".join(text for text in texts if not is_nothing(text)))
        for name, texts in self.found.items():
            values = self.values_of(name, texts)
            if values is None or any(self.reading.fields.get(k, v) != v for k, v in values.items()):
                for text in texts:
                    self.miss(LINES[name].label.en, text)
            else:
                self.reading.fields |= values
        rows = [*self.reading.outputs, self.reading.whole]
        total = sum(int(value) for row in rows for key, value in row.items() if key.isdigit())
        for where, texts in self.totals:
            amounts = [OF_YEAR.sub(r"\2", line) for text in texts for line in text.split("\n")]
            numbers = [number for number in map(read_number, amounts) if number is not None]
            if numbers and sum(numbers) != total:
                self.miss(where, " | ".join(texts))
        return self.reading

    def values_of(self, name: str, texts: list[str]) -> dict[str, str] | None:
        """Return the values of a field by the names of the form; None where it is not certain."""
        if name in TEXTS:
            return in_each_language(name, texts)
        if name == "duration":
            values = [period_in(text) for text in texts]
        else:
            values = [{name: READERS.get(name, str)(text)} for text in texts]
        is_certain = all(values[0].values()) and all(one == values[0] for one in values)
        return values[0] if is_certain else None


def line_in(text: str) -> tuple[str, str] | None:
    """Return field and value of a paragraph such as “Title: Biogas”, or of a label alone."""
    label, mark, value = text.replace("：", ":", 1).partition(":")
    name = best(label, LABELS, LIKE if mark else 1)
    return (name, value.strip()) if name else None


def columns_in(row: list[WordCell], labels: dict[str, Both]) -> dict[int, str]:
    """Return which column begins where, by the headings in a row."""
    columns, place = {}, 0
    for cell in row:
        year = YEAR.search(cell.text) if len(cell.text) < LONGEST_LABEL else None
        if not cell.goes_on and (name := year[1] if year else best(cell.text, labels)):
            columns[place] = name
        place += cell.width
    return columns


def placed(row: list[WordCell], columns: dict[int, str]) -> tuple[dict[str, WordCell], list[str]]:
    """Return the cells by their columns, and texts of no column or of several."""
    cells, unclear, place = {}, [], 0
    for cell in row:
        names = {columns[n] for n in range(place, place + cell.width) if n in columns}
        if len(names) == 1 and not names & set(cells):
            cells[names.pop()] = cell
        elif cell.text:
            unclear.append(cell.text)
        place += cell.width
    return cells, unclear


def is_like(text: str, label: Both) -> bool:
    return bool(text) and likeness(text, label) == 1


def in_each_language(name: str, texts: list[str]) -> dict[str, str] | None:
    values: dict[str, str] = {}
    for text in texts:
        pair = by_language(NUMBER_OF_PROJECT.sub("", text, count=1) if name == "title" else text)
        for key, value in ((name, pair.en), (name + IN_CHINESE, pair.zh)) if pair else ():
            # A title has one line.
            value = " ".join(value.split()) if name == "title" else value
            if value and values.setdefault(key, value) != value:
                return None
        if not pair:
            return None
    return values


def period_in(text: str) -> dict[str, str]:
    """Return the first and the last month; empty where they are not two."""
    months = [month_in(one) for one in UNTIL.split(text)]
    return dict(zip(PERIOD, months if len(months) == 2 else ("", ""), strict=True))


def number_in(text: str) -> str:
    number = read_number(text)
    return "" if number is None else str(number)


def scope_in(text: str) -> str:
    scopes = [code for code, label in Proposal.Scope.choices if is_like(text, both(label))]
    return scopes[0] if scopes else ""


READERS = {"starts_in": month_in, "beneficiaries_number": number_in, "scope": scope_in}
