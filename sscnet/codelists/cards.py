"""Pictures for those who share a page: drawn of the record, 1200 by 630 dots as services ask."""

import io
import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext
from PIL import Image, ImageDraw, ImageFont, ImageOps

from sscnet.core.uploads import on_white

from .tiles import SIZE, Cover

WIDTH, HEIGHT, PANEL, MARGIN = 1200, 630, 460, 64
ROOM = WIDTH - PANEL - 2 * MARGIN
PAPER, INK, SOFT, RED = "#fbf9f4", "#14262b", "#4a5d61", "#b5341f"
SEA, LAND, WHITE = "#0b3c40", "#1d5a5e", "#ffffff"
# Pan-CJK collections hold several fonts; the third is that of simplified Chinese.
FONT, SIMPLIFIED = "NotoSerifCJK-Bold.ttc", 2
# Sizes of a title, each with the lines that have room above the line below it.
TITLE_SIZES = {60: 4, 50: 5, 42: 6}
MOST_IN_A_LINE = 120
# A line breaks at spaces and between Chinese characters, never before their punctuation.
CHINESE = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
PIECES = re.compile(rf"\s+|[{CHINESE}][，。、：；！？）》”’]*|[^\s{CHINESE}]+")


@dataclass(frozen=True)
class Card:
    """What a card says and shows; `picture` is the name of a stored one, which may be a logo."""

    kind: str
    title: str
    line: str
    cover: Cover | None
    picture: str = ""
    is_logo: bool = False

    def answer(self) -> HttpResponse:
        return HttpResponse(self.draw(), content_type="image/png")

    def draw(self) -> bytes:
        image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
        panel = self.shown()
        image.paste(panel, (WIDTH - PANEL, 0))
        if has_font():
            self.write(ImageDraw.Draw(image))
        encoded = io.BytesIO()
        # Half of the time goes here; a drawing's few colours are found in a quarter of it.
        how = Image.Quantize.MEDIANCUT if self.picture else Image.Quantize.FASTOCTREE
        image.quantize(256, how).save(encoded, "PNG")
        return encoded.getvalue()

    def shown(self) -> Image.Image:
        """Return the picture cut to the panel; a drawing where there is none."""
        if self.picture:
            # One that is lost leaves the drawing.
            with suppress(OSError), default_storage.open(self.picture) as file:
                return self.cut(Image.open(file))
        panel = Image.new("RGB", (PANEL, HEIGHT), SEA)
        if self.cover:
            draw_cover(ImageDraw.Draw(panel), self.cover)
        return panel

    def cut(self, picture: Image.Image) -> Image.Image:
        picture = on_white(picture)
        if self.is_logo:
            return ImageOps.pad(picture, (PANEL, HEIGHT), color=WHITE)
        return ImageOps.fit(picture, (PANEL, HEIGHT))

    def write(self, draw: ImageDraw.ImageDraw) -> None:
        y = MARGIN - 8
        draw.text((MARGIN, y), shortened(capfirst(self.kind), font(26)), RED, font(26))
        size, lines = fitted(self.title)
        y += 52
        for line in lines:
            draw.text((MARGIN, y), line, INK, font(size))
            y += size * 5 // 4
        for line in wrapped(self.line, font(28))[:2]:
            draw.text((MARGIN, y + 20), line, SOFT, font(28))
            y += 40
        network = gettext("China South-South Cooperation Network")
        draw.text((MARGIN, HEIGHT - MARGIN - 24), network, INK, font(26))


def draw_cover(draw: ImageDraw.ImageDraw, cover: Cover) -> None:
    left, top, width, _height = cover.window(PANEL / HEIGHT)
    scale = PANEL / width

    def square(one, colour):
        x, y, side = (one.x - left) * scale, (one.y - top) * scale, SIZE * scale
        draw.rounded_rectangle((x, y, x + side, y + side), 3 * scale, colour)

    for one in cover.land.squares.values():
        square(one, LAND)
    for one, colour in cover.squares:
        square(one, colour)


# ---------------------------------------------------------------- text


@cache
def has_font() -> bool:
    return Path(settings.CJK_FONTS, FONT).exists()


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    path = Path(settings.CJK_FONTS, FONT)
    return ImageFont.truetype(path, size, SIMPLIFIED, layout_engine=ImageFont.Layout.BASIC)


def fitted(text: str) -> tuple[int, list[str]]:
    """Return the largest size in which the text has room, and its lines; cut where none does."""
    for size, most in TITLE_SIZES.items():
        lines = wrapped(text, font(size))
        if len(lines) <= most:
            return size, lines
    rest = " ".join(lines[most - 1 :])
    return size, [*lines[: most - 1], shortened(rest, font(size))]


def wrapped(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    lines = [""]
    for piece in PIECES.findall(text):
        if font.getlength((lines[-1] + piece).rstrip()) > ROOM and lines[-1]:
            lines.append("")
        lines[-1] = (lines[-1] + piece).lstrip()
    return [shortened(line.rstrip(), font) for line in lines]


def shortened(text: str, font: ImageFont.FreeTypeFont) -> str:
    if font.getlength(text) <= ROOM:
        return text
    text = text[:MOST_IN_A_LINE]
    while text and font.getlength(f"{text}…") > ROOM:
        text = text[:-1]
    return f"{text.rstrip()}…"
