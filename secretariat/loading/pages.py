"""The Secretariat's pages and the dated figures."""

from secretariat.models import DatedFigure, Page
from sscnet.core.models import State

from .facts import SOURCES, Fact, LoadingOutcome, Writer
from .files import CannotLoad, CsvRow, Files, UnreadableValue, source

PAGES = ("about", "pgtf", "contact", "privacy", "accessibility")
FIGURES = {value: value for value in DatedFigure.Figure.values}


def load_figures(files: Files, outcome: LoadingOutcome) -> None:
    writer = Writer(DatedFigure, (SOURCES,), outcome)
    order = list(FIGURES)
    for row in files.rows("official_figures.csv", "figure", "label_en", "value", "as_of", "source"):
        figure = row.one_of("figure", FIGURES, f"Write one of {', '.join(FIGURES)}.")
        as_of = row.partial_date("as_of")
        values = {
            "figure": figure or "",
            "label": row.required("label_en"),
            "label_zh_hans": row.text("label_zh"),
            "value": row.integer("value"),
            "qualifier": row.text("qualifier"),
            "as_of": as_of,
            "position": order.index(figure) if figure else 0,
        }
        writer.write(Fact((row,), f"{figure} {as_of}", values, {"sources": row.sources()}))


def load_pages(files: Files, outcome: LoadingOutcome) -> None:
    writer = Writer(Page, (SOURCES,), outcome)
    for position, slug in enumerate(PAGES):
        english, chinese = (
            read_page(files, f"pages/{slug}.{code}.md") for code in ("en", "zh-hans")
        )
        values = {
            "slug": slug,
            "title": english["title"],
            "title_zh_hans": chinese["title"],
            "summary": english["summary"],
            "summary_zh_hans": chinese["summary"],
            "body": english["body"],
            "body_zh_hans": chinese["body"],
            "position": position,
            "state": str(State.PUBLISHED),
        }
        row = CsvRow(f"pages/{slug}.en.md", 1, {}, files.problems)
        fact = Fact((row,), slug, values, {"sources": english["sources"]}, find={"slug": slug})
        writer.write(fact)


def read_page(files: Files, name: str) -> dict:
    """Read a page: lines `title:`, `summary:`, `source: name | address | what`, then the text."""
    with files.open(name) as file:
        head, _blank, body = file.read().partition("\n\n")
    page = {"title": "", "summary": "", "sources": [], "body": body.strip() + "\n"}
    for number, line in enumerate(head.splitlines(), start=1):
        key, colon, text = line.partition(":")
        text = text.strip()
        if key == "source":
            title, address, supports = (part.strip() for part in (text + " |  | ").split("|")[:3])
            page["sources"].append({**source(title, supports), "name": title, "address": address})
        elif colon and key in page:
            page[key] = text
        else:
            cure = "Write title:, summary: or source: and a text, then an empty line and the text."
            raise CannotLoad([UnreadableValue(name, number, "head", line, cure)])
    return page
