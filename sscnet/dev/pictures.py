"""Draw the icons and the social card anew, as PNG from our own SVG: python -m sscnet.dev.pictures

Needs Chromium, as the browser tests do. What it draws is in the repository; run it when the mark,
the name or the colours change.
"""

import csv
import shutil
from pathlib import Path

from jinja2 import Template
from playwright.sync_api import sync_playwright

from sscnet.dev import CHECKOUT

IMAGES = CHECKOUT / "static" / "img"
COUNTRIES = CHECKOUT / "secretariat" / "data" / "countries.csv"
ICON_SIZES = (180, 192, 512)
CARD_WIDTH, CARD_HEIGHT = 1200, 630
STEP = 26


def main():
    mark = (IMAGES / "favicon.svg").read_text(encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": CARD_WIDTH, "height": CARD_HEIGHT})
        for size in ICON_SIZES:
            draw_icon(page, mark, size)
        page.set_content(card(mark))
        page.screenshot(path=IMAGES / "card.png")
        browser.close()


def draw_icon(page, mark, size):
    """Fill the square: phones cut the corners themselves."""
    page.set_content(mark.replace('rx="9"', ""))
    page.add_style_tag(content=f"body {{ margin: 0; }} svg {{ display: block; width: {size}px; }}")
    area = {"x": 0, "y": 0, "width": size, "height": size}
    page.screenshot(path=IMAGES / f"icon-{size}.png", clip=area)


def card(mark):
    template = Template(Path(__file__).with_name("card.html").read_text(encoding="utf-8"))
    with COUNTRIES.open(encoding="utf-8") as file:
        tiles = [
            {
                "x": int(row["tile_column"]) * STEP,
                "y": int(row["tile_row"]) * STEP,
                "is_china": row["iso2"] == "CN",
            }
            for row in csv.DictReader(file)
            if row["tile_column"]
        ]
    return template.render(mark=mark, tiles=tiles)


if __name__ == "__main__":
    main()
