"""Reading the files, and saying exactly what is wrong with a row."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.core.exceptions import ValidationError

from sscnet.core.fields import validate_partial_date

ADDRESS = re.compile(r"https?://[^\s,]+")
SOURCES_APART = " ; "
NAMES_OF_HOSTS = {
    "g77.org": "Group of 77",
    "docslib.org": "docslib, a copy of the final report",
    "vdocuments.us": "vdocuments, a copy of the final report",
    "southsouth-galaxy.org": "South-South Galaxy",
    "unsouthsouth.org": "United Nations Office for South-South Cooperation",
    "ecdc.net.cn": "China South-South Cooperation Network",
    "github.com": "GitHub, published code list",
}


@dataclass(frozen=True)
class UnreadableValue:
    """A value that cannot be loaded, and what to do about it."""

    file: str
    line: int
    column: str
    value: str
    cure: str

    def __str__(self):
        return f"{self.file}, line {self.line}, {self.column}: “{self.value}”. {self.cure}"


class CannotLoad(Exception):
    """The files hold problems; nothing was loaded."""

    def __init__(self, problems: list[UnreadableValue]):
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass
class CsvRow:
    """A row of a file; its methods read one cell each and note what they cannot read."""

    file: str
    line: int
    cells: dict[str, str]
    problems: list[UnreadableValue] = field(repr=False)

    def problem(self, column: str, cure: str, value: str | None = None) -> None:
        value = self.cells.get(column, "") if value is None else value
        self.problems.append(UnreadableValue(self.file, self.line, column, value, cure))

    @property
    def has_problem(self) -> bool:
        return any((p.file, p.line) == (self.file, self.line) for p in self.problems)

    def text(self, column: str) -> str:
        return self.cells.get(column, "").strip()

    def required(self, column: str) -> str:
        if not self.text(column):
            self.problem(column, "Fill in this cell.")
        return self.text(column)

    def integer(self, column: str) -> int | None:
        text = self.text(column)
        if text and not re.fullmatch(r"\d{1,9}", text, re.ASCII):
            self.problem(column, "Write a whole number.")
            return None
        return int(text) if text else None

    def amount(self, column: str) -> Decimal | None:
        try:
            amount = Decimal(self.text(column)) if self.text(column) else None
        except InvalidOperation:
            amount = Decimal("NaN")
        if amount is not None and not (amount.is_finite() and 0 <= amount < 10**12):
            self.problem(column, "Write an amount in US dollars: digits only, not below 0.")
            return None
        return amount

    def yes_no(self, column: str) -> bool | None:
        text = self.text(column)
        if text not in ("", "0", "1"):
            self.problem(column, "Write 1 for yes, 0 for no, nothing for not known.")
        return {"1": True, "0": False}.get(text)

    def day(self, column: str) -> date | None:
        try:
            return date.fromisoformat(self.text(column)) if self.text(column) else None
        except ValueError:
            self.problem(column, "Write a day as 2019-05-21.")
            return None

    def partial_date(self, column: str) -> str:
        try:
            if self.text(column):
                validate_partial_date(self.text(column))
        except ValidationError as error:
            self.problem(column, error.messages[0])
            return ""
        return self.text(column)

    def one_of(self, column: str, known: dict, cure: str):
        """Give what `known` holds under the cell's text; None for an empty cell."""
        text = self.text(column)
        if text and text not in known:
            self.problem(column, cure)
        return known.get(text)

    def several_of(self, column: str, known: dict, cure: str) -> list:
        """Give what `known` holds under each word of the cell, in the cell's order."""
        words = self.text(column).replace(";", " ").split()
        for word in words:
            if word not in known:
                self.problem(column, f"{cure} Not known: {word}.")
        return [known[word] for word in words if word in known]

    def sources(self, column: str = "source", confidence: str = "") -> list[dict]:
        """Split the cell into sources, each with a name and, where it has one, an address."""
        parts = self.required(column).split(SOURCES_APART)
        level = self.text(confidence) if confidence else ""
        return [source(part.strip(), confidence=level) for part in parts if part.strip()]


def source(text: str, supports: str = "", confidence: str = "") -> dict:
    """Make a source of a text such as `https://… (page of …)` or `Network, about us, https://…`.

    A bracket that begins with "for" says what the source supports, any other one names it.
    """
    match = ADDRESS.search(text)
    address = match[0] if match else ""
    name = ADDRESS.sub("", text).strip(" ,:;")
    if address and name.startswith("(for ") and name.endswith(")"):
        name, supports = "", name[len("(for ") : -1]
    if address and (not name or name.startswith("(")):
        name = ", ".join(filter(None, [host_name(address), name.strip("()")]))
    return {"name": name, "address": address, "supports": supports, "confidence": confidence}


def host_name(address: str) -> str:
    host = address.split("/")[2].removeprefix("www.")
    return next((name for end, name in NAMES_OF_HOSTS.items() if host.endswith(end)), host)


@dataclass
class Files:
    """The folder of files, and the problems found in them so far."""

    folder: Path
    problems: list[UnreadableValue] = field(default_factory=list)

    def rows(self, name: str, *columns: str) -> Iterator[CsvRow]:
        """Give the rows of a CSV file; `columns` are those it must have."""
        with self.open(name) as file:
            reader = csv.DictReader(file)
            missing = [column for column in columns if column not in (reader.fieldnames or [])]
            if missing:
                problem = UnreadableValue(
                    name, 1, ", ".join(missing), "", "Add the missing columns."
                )
                self.problems.append(problem)
                return
            for cells in reader:
                row = CsvRow(name, reader.line_num, cells, self.problems)
                if None in cells or None in cells.values():
                    row.problem(columns[0], "This row has more or fewer cells than the header.")
                    continue
                yield row

    def open(self, name: str):
        path = self.folder / name
        try:
            text = path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            raise CannotLoad(
                [UnreadableValue(name, 0, "file", str(path), "The file is missing.")]
            ) from None
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise CannotLoad(
                [UnreadableValue(name, line, "file", "", "Save the file as UTF-8.")]
            ) from None
        return io.StringIO(text, newline="")
