"""Running text in Chinese is set as Chinese is: measured in the browser."""

import pytest

from tests import make
from tests.browser.questions.chinese import ITALICS, STYLES, faults_of_type

pytestmark = pytest.mark.django_db(transaction=True)

LINE_BREAKS = "。，、；：！？）》」』”’…"
TEXT = (
    "南南合作（South-South cooperation）是发展中国家之间的合作；“知识、经验、技术”由此分享，"
    "《行动纲领》对此有何规定？请看：第一，农业、能源、贸易；第二，技术、金融……第三，培训！"
)

# Lets a text flow in columns of every width, and gives the characters that begin a line.
FIRST_OF_LINES = """(text) => {
  const box = document.querySelector("main").appendChild(document.createElement("p"));
  box.textContent = text;
  const range = document.createRange();
  const first = new Set();
  for (let width = 144; width <= 400; width += 4) {
    box.style.inlineSize = `${width}px`;
    let bottom = -1;
    for (let at = 0; at < text.length; at++) {
      range.setStart(box.firstChild, at);
      range.setEnd(box.firstChild, at + 1);
      const place = range.getBoundingClientRect();
      if (bottom >= 0 && place.top >= bottom - 2) first.add(text[at]);
      bottom = place.bottom;
    }
  }
  return [...first];
}"""


def test_running_text_is_set_as_chinese_is(open_page):
    make.Page(slug="about", title="About", title_zh_hans="关于", body_zh_hans=f"{TEXT}\n\n*强调*")
    page = open_page(locale="zh-CN")
    page.goto("/zh-hans/about/")

    assert len(page.evaluate(STYLES)) > 5
    assert [*faults_of_type(page)] == []
    # There is room between its lines.
    ratio = page.locator(".prose p").first.evaluate(
        "p => parseFloat(getComputedStyle(p).lineHeight) / parseFloat(getComputedStyle(p).fontSize)"
    )
    assert ratio == pytest.approx(1.75, abs=0.01)
    # Headings are set in a Song of the reader's own.
    fonts_of = platform_fonts(page)
    assert "Serif" in fonts_of("h1")
    assert "Sans" in fonts_of(".prose p")
    # No line begins with a mark that closes.
    first = page.evaluate(FIRST_OF_LINES, TEXT)
    assert len(first) > 10
    assert set(first) & set(LINE_BREAKS) == set()

    page.goto("/projects/")
    assert set(page.evaluate(ITALICS)) == {"italic"}


def platform_fonts(page):
    """Give a function that names the fonts of an element, none of which comes from us."""
    tools = page.context.new_cdp_session(page)
    tools.send("DOM.enable")
    tools.send("CSS.enable")
    root = tools.send("DOM.getDocument")["root"]["nodeId"]

    def fonts_of(selector):
        node = tools.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
        fonts = tools.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        assert not any(font["isCustomFont"] for font in fonts)
        return " ".join(font["familyName"] for font in fonts)

    return fonts_of
