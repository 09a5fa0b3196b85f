"""Makes `filled_form.docx` again: the form as an institution filled it in, by way of LibreOffice.

    python -m tests.calls.proposals.filled_form

Headings are changed by hand, a cell is merged, the columns stand in another order, and a table was
pasted in. LibreOffice writes it as its own kind of document and back, as an office would.
"""

import subprocess
import tempfile
from pathlib import Path

from docx import Document

FILE = Path(__file__).with_suffix(".docx")
# Read into the fields of the proposal itself.
FIELDS = {
    "title": "Small biogas plants for mountain villages",
    "title_zh_hans": "山村小型沼气池",
    "scope": "interregional",
    "beneficiaries_number": "1200",
    "beneficiaries": "Farmers of ten villages, half of them women",
    "beneficiaries_zh_hans": "十个村庄的农民，其中一半为妇女",
    "starts_in": "2028-01",
    "ends_in": "2029-12",
    "situation": "Wood is short.\nWomen walk two hours a day to fetch it.",
    "situation_zh_hans": "柴火不足。\n妇女每天步行两小时取柴。",
    "strategy": "Digesters are built together.\n1. Training\nMasons learn from masons.",
    "strategy_zh_hans": "共同建设沼气池。",
    "intended_outcome": "Less wood is burnt.",
    "intended_outcome_zh_hans": "减少木柴消耗。",
    "outcome_indicator": "Tonnes of wood a year",
    "outcome_indicator_zh_hans": "年木柴消耗吨数",
    "contact_name": "Wang Li",
    "contact_position": "Head of division",
    "contact_email": "wang@example.org",
    "contact_phone": "+86 10 5555 0000",
}
OUTPUTS = [
    {
        "name": f"{count} digesters in {place}",
        "name_zh_hans": f"{chinese}的{count}座沼气池",
        "activities": f"Build in {place}\nTrain masons",
        "activities_zh_hans": f"在{chinese}建设\n培训工匠",
        "inputs": "Bricks and cement",
        "inputs_zh_hans": "砖和水泥",
        "1": str(1_000 + 100 * count),
        "2": str(500 + count),
    }
    for count, place, chinese in [
        (10, "Yunnan", "云南"),
        (12, "Laos", "老挝"),
        (14, "Nepal", "尼泊尔"),
        (16, "Viet Nam", "越南"),
        (18, "Sri Lanka", "斯里兰卡"),
        (20, "Kenya", "肯尼亚"),
        (22, "Peru", "秘鲁"),
        (24, "Cuba", "古巴"),
        (26, "Fiji", "斐济"),
        (28, "Mali", "马里"),
    ]
]
WHOLE = {"1": "3000", "2": "1250"}
# What belongs to no field for certain, and has to be named.
NOT_PLACED = ["Risks: floods in June", "2,400 | 3,600", "9,999", "about 300 litres a day"]


def both(name: str, values: dict) -> str:
    return "\n".join((values[name], values[f"{name}_zh_hans"]))


def rows_of(document, *rows: list[str]):
    table = document.add_table(len(rows), max(map(len, rows)), "Table Grid")
    for cells, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(cells.cells, texts, strict=False):
            cell.text = text
    return table


def written():
    document = Document()
    document.add_heading("Application to the Fund", 0)
    document.add_paragraph("Members of the Group of 77")
    document.add_heading("1. Cover page", 1)
    lines = rows_of(
        document,
        ["Project type", "Interregional", ""],
        ["Title", f"INT/../... – {FIELDS['title']}", FIELDS["title_zh_hans"]],
        ["Sector", "(UNDP fills it in)", ""],
        ["Estimated number of beneficiaries", "1,200", ""],
        ["受益者", both("beneficiaries", FIELDS), ""],
        ["Duration of the project", "January 2028 – December 2029", ""],
        ["Estimated starting date", "2028年1月", ""],
        ["Total cost", "US$ 60,000", ""],
        ["Daily yield", "about 300 litres a day", ""],
    )
    # The two languages in one merged cell.
    lines.rows[4].cells[1].merge(lines.rows[4].cells[2])
    document.add_heading("2. Analysis of the situation", 1)
    for text in both("situation", FIELDS).split("\n"):
        document.add_paragraph(text)
    document.add_heading("第一部分（乙） 策略", 1)
    rows_of(document, [FIELDS["strategy"], FIELDS["strategy_zh_hans"]])
    document.add_heading("Our risks", 1)
    document.add_paragraph("Risks: floods in June")
    rows_of(document, ["2,400", "3,600"])
    document.add_heading("Results and resources", 1)
    rows_of(
        document,
        ["Intended outcome", both("intended_outcome", FIELDS)],
        ["Indicator of the outcome", both("outcome_indicator", FIELDS)],
    )
    outputs_table(document)
    pasted_table(document)
    document.add_heading("联系方式", 1)
    for label, name in (
        ("Contact person", "contact_name"),
        ("职务", "contact_position"),
        ("E-mail", "contact_email"),
        ("Telephone", "contact_phone"),
    ):
        document.add_paragraph(f"{label}: {FIELDS[name]}")
    return document


def outputs_table(document) -> None:
    """Write half of the outputs in another order of columns, activities merged with nothing."""
    head = ["Activities", "Intended outputs", "Inputs (resources)", "Budget line", "Budget by year"]
    rows = [
        [
            both("activities", row),
            both("name", row),
            both("inputs", row),
            "",
            f"Year 1: US$ {int(row['1']):,}\n第2年：{int(row['2']):,}",
        ]
        for row in OUTPUTS[:5]
    ]
    whole = ["", "The whole project", "", "", "Year 1: 3,000\nYear 2: 1,250"]
    stray = ["", "", "", "", "9,999"]
    rows_of(document, head, *rows, whole, stray)


def pasted_table(document) -> None:
    """Write the others as a sheet has them: a column a year, and an output over two rows."""
    head = ["No.", "预期产出", "活动", "投入", "Year 1, US$", "Year 2, US$"]
    rows = [
        [
            "",
            both("name", row),
            both("activities", row),
            both("inputs", row),
            row["1"],
            f"{int(row['2']):,}.00",
        ]
        for row in OUTPUTS[5:]
    ]
    last = rows.pop()
    first, second = int(last[4]) - 100, 100
    above = [*last[:4], str(first), last[5]]
    below = ["", "", "", "", str(second), ""]
    table = rows_of(document, head, *rows, above, below)
    for column in (1, 2, 3):
        table.rows[-2].cells[column].merge(table.rows[-1].cells[column])


def converted(path: Path, extension: str) -> Path:
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{path.parent}/profile"]
    command += ["--convert-to", extension, "--outdir", str(path.parent), str(path)]
    subprocess.run(command, check=True, capture_output=True)
    return path.with_suffix(f".{extension}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "form.docx"
        written().save(made)
        odt = converted(made, "odt")
        made.unlink()
        FILE.write_bytes(converted(odt, "docx").read_bytes())
