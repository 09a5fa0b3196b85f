"""Draw the icons and the social card anew, as PNG from our own SVG: python -m sscnet.dev.pictures

Needs Chromium, as the browser tests do. What it draws is in the repository; run it when the mark,
the name or the colours change.
"""

import csv
import shutil

from playwright.sync_api import sync_playwright

from sscnet.dev import CHECKOUT

IMAGES = CHECKOUT / "static" / "img"
TILES = CHECKOUT / "sscnet" / "secretariat" / "data" / "country_tiles.csv"
ICON_SIZES = (180, 192, 512)
CARD_WIDTH, CARD_HEIGHT = 1200, 630
STEP, TILE = 26, 23

CARD = """
<style>
  * {{ margin: 0; }}
  body {{ width: 1200px; height: 630px; overflow: hidden; background: #fbf9f4; color: #14262b; }}
  main {{ position: relative; display: grid; grid-template-columns: 132px 1fr; gap: 10px 34px;
    padding: 30px 60px; align-items: center; }}
  main svg {{ width: 132px; height: 132px; grid-row: 1 / span 2; }}
  h1 {{ font: 600 58px/1.12 "Source Serif 4", "Noto Serif", "Noto Serif CJK SC", serif; }}
  p {{ font: 400 34px/1.2 "Noto Sans CJK SC", sans-serif; color: #4a5d61; }}
  .map {{ position: absolute; right: 40px; bottom: 0; }}
</style>
<body>
<svg class="map" width="884" height="416">{tiles}</svg>
<main>{mark}<h1>China South-South<br>Cooperation Network</h1>
<p lang="zh-Hans">中国南南合作网</p></main>
"""


def main():
    mark = (IMAGES / "favicon.svg").read_text(encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": CARD_WIDTH, "height": CARD_HEIGHT})
        for size in ICON_SIZES:
            draw_icon(page, mark, size)
        page.set_content(CARD.format(mark=mark, tiles=tiles()))
        page.screenshot(path=IMAGES / "card.png")
        browser.close()


def draw_icon(page, mark, size):
    """Fill the square: phones cut the corners themselves."""
    square = mark.replace('rx="9"', "").replace("<svg", f'<svg width="{size}" height="{size}"')
    page.set_content(f"<style>* {{ margin: 0; display: block; }}</style>{square}")
    area = {"x": 0, "y": 0, "width": size, "height": size}
    page.screenshot(path=IMAGES / f"icon-{size}.png", clip=area)


def tiles():
    with TILES.open(encoding="utf-8") as file:
        return "".join(
            f'<rect x="{int(row["column"]) * STEP}" y="{int(row["row"]) * STEP}" width="{TILE}"'
            f' height="{TILE}" rx="3" fill="{"#0b6265" if row["iso2"] == "CN" else "#cfe3de"}"/>'
            for row in csv.DictReader(file)
        )


if __name__ == "__main__":
    main()
