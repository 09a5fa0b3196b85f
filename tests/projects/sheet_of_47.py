"""The sheet of 47 rows: made up, marked as sample, with every mistake we know officers make.

    python -m tests.projects.sheet_of_47     writes data/import_47.xlsx anew

Titles follow proposals that committees of the Fund looked at; amounts, dates and partners are
invented. Existing projects are those of `load_network`, found by their numbers.
"""

from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook

PATH = Path(__file__).parent / "data" / "import_47.xlsx"

NEW, CHANGED, SAME, REFUSED = 31, 5, 2, 9

# Written as officers write: case and spaces of a header do not matter.
HEADERS = [
    "Code",
    "fund numbers",
    " Title_EN ",
    "title_zh_hans",
    "summary_en",
    "programme",
    "area",
    "status",
    "status_declared_on",
    "approved_on",
    "year_approved",
    "planned_start_on",
    "final_report_on",
    "granted_usd",
    "other_inputs_usd",
    "other_cash_usd",
    "other_kind_usd",
    "lead_country",
    "participating_countries",
    "sectors",
    "primary_sdg",
    "sdg_reasons_en",
    "submitter",
    "sources",
    "note",
]
NAMES = [header.strip().lower().replace(" ", "_") for header in HEADERS]

TITLES = [
    "Quinoa, a multipurpose crop for agro-industrial uses",
    "Financing policies for agricultural exports",
    "Frozen semen for better sheep breeds",
    "Pesticides from honey bee propolis",
    "Monitoring of chlorinated pesticides",
    "Biological decontamination of feeds",
    "Livelihoods from fine flavour cocoa",
    "Education wastage and its economics",
    "Education systems for rural areas",
    "Small hydropower and carbon finance",
    "Bio-products in cultures of economic importance",
    "Training on entrepreneurship",
    "Remote medical collaboration",
    "Rice processing and nutrition",
]
COUNTRIES = [
    "LA; LK; VN",
    "KE TZ UG",
    "NA; ZM; ZW",
    "Viet Nam; Lao People's Democratic Republic; TH",
]
SECTORS = ["agriculture", "renewable-energy; training-and-research", "可再生能源", "Trade"]


def row(n: int, **values) -> dict:
    """Make a good new row; `values` say what is particular about it."""
    title = TITLES[n % len(TITLES)]
    phase = n // len(TITLES) + 1
    return {
        "fund_numbers": f"INT/31/K{n:02}",
        "title_en": f"Sample: {title}, phase {phase}",
        "title_zh_hans": f"示例项目{n}",
        "summary_en": "Sample text, made up for a test.",
        "programme": "pgtf",
        "area": "food-and-agriculture",
        "status": "ongoing",
        "status_declared_on": datetime(2032, 6, 30),
        "approved_on": date(2031, 9, 26),
        "year_approved": 2031,
        "granted_usd": 25000 + 500 * n,
        "other_inputs_usd": 60000,
        "lead_country": "CN",
        "participating_countries": COUNTRIES[n % len(COUNTRIES)],
        "sectors": SECTORS[n % len(SECTORS)],
        "primary_sdg": n % 17 + 1,
        "submitter": "National Bamboo Research Center",
        "sources": "Sample source | https://example.org/sample",
        "note": "Sample, made up for a test.",
    } | values


def rows() -> list[dict]:
    return [*new_rows(), *known_rows(), *refused_rows()]


def new_rows() -> list[dict]:
    good = [row(n) for n in (*range(1, 18), 40, 41)]
    good[0] |= {"granted_usd": "29,000", "primary_sdg": "SDG 7", "sdg_reasons_en": "7: Sample."}
    good[1] |= {"fund_numbers": "int31k02", "status": "Completed", "year_approved": "２０３１"}
    good[2] |= {"final_report_on": "2033-05", "submitter": None}
    without_number = [row(n, fund_numbers=None) for n in range(18, 23)]
    not_g77 = [
        row(23, participating_countries="LA; TR; VN"),
        row(24, participating_countries="KZ; LA; VN"),
        row(25, participating_countries="LA; MX; VN"),
    ]
    few_countries = [row(26, participating_countries="LA"), row(27, participating_countries=None)]
    low_inputs = [row(n, other_inputs_usd=10000) for n in (28, 29)]
    return [*good, *without_number, *not_g77, *few_countries, *low_inputs]


def known_rows() -> list[dict]:
    """Rows about projects that are there: five bring something new, two do not."""
    return [
        {"fund_numbers": "INT/18/K08", "summary_en": "Sample summary, made up for a test."},
        {"fund_numbers": "INT/18/K07", "status_declared_on": date(2032, 1, 31)},
        {"fund_numbers": "INT/18/K06", "granted_usd": 26500},
        {"fund_numbers": "INT/17/K03", "status": "completed"},
        {"fund_numbers": "INT/10/K05", "sectors": "information-technology; trade", "area": "-"},
        {"fund_numbers": "INT/09/K10", "year_approved": 2008, "status": "completed"},
        {"fund_numbers": "INT/08/K11", "granted_usd": "38,000", "lead_country": "中国"},
    ]


def refused_rows() -> list[dict]:
    return [
        row(31, participating_countries="LA; Atlantis; VN"),
        row(32, fund_numbers="INT/31/K50"),
        row(33, fund_numbers="INT/31/K50"),
        row(34, fund_numbers="INT/20/K03; INT/10/K04"),
        row(35, approved_on="12.05.2019"),
        row(36, planned_start_on="next spring"),
        row(37, granted_usd=-5000),
        row(38, other_cash_usd=50000, other_kind_usd=20000),
        row(39, status="finished"),
    ]


def make() -> Workbook:
    book = Workbook()
    sheet = book.active
    sheet.title = "Sample"
    sheet.append(HEADERS)
    for n, values in enumerate(rows(), 2):
        # A blank line, as sheets have: the rows below keep the numbers that Excel shows.
        place = n if n <= NEW + 1 else n + 1
        for column, name in enumerate(NAMES, 1):
            if (value := values.get(name)) is not None:
                sheet.cell(place, column, value)
    # The same file however often it is made.
    book.properties.created = book.properties.modified = datetime(2026, 11, 25)
    return book


if __name__ == "__main__":
    PATH.parent.mkdir(exist_ok=True)
    make().save(PATH)
