"""Chinese is set as Chinese is: measured in the browser, on the portal's pages and in the admin."""

import pytest

from tests import make

pytestmark = pytest.mark.django_db(transaction=True)

LINE_BREAKS = "。，、；：！？）》」』”’…"
TEXT = (
    "南南合作（South-South cooperation）是发展中国家之间的合作；“知识、经验、技术”由此分享，"
    "《行动纲领》对此有何规定？请看：第一，农业、能源、贸易；第二，技术、金融……第三，培训！"
)

# The style of each element that is in Chinese; those that hold no text of their own do not count.
STYLES = """() => [...document.querySelectorAll("body *")]
  .filter(element => element.matches(":lang(zh)") && !element.matches("script, style, svg *"))
  .filter(element => [...element.childNodes].some(node => node.nodeType == 3 && node.data.trim()))
  .map(element => {
    const style = getComputedStyle(element);
    return {
      tag: element.tagName, text: element.textContent.trim().slice(0, 30),
      fontStyle: style.fontStyle, letterSpacing: style.letterSpacing, lineBreak: style.lineBreak,
      textAutospace: style.textAutospace, textSpacingTrim: style.textSpacingTrim,
    };
  })"""

# Puts a text into the page, in elements that browsers set in italics, and gives their styles.
ITALICS = """() => ["em", "i", "cite", "address", "dfn", "var"].map(tag => {
  const element = document.querySelector("main, #content").appendChild(document.createElement(tag));
  element.textContent = "南南合作";
  return getComputedStyle(element).fontStyle;
})"""

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


@pytest.fixture
def pages(open_page):
    """The pages to measure: running text, a record, and the admin's start and a form."""
    make.Page(slug="about", title="About", title_zh_hans="关于", body_zh_hans=f"{TEXT}\n\n*强调*")
    project = make.Project(title_zh_hans="以竹代塑", summary_zh_hans=TEXT)
    page = open_page(make.Administrator(), locale="zh-CN")

    def walk():
        for address in (
            "/about/",
            "/projects/",
            f"/projects/{project.slug}/",
            "/admin/",
            f"/admin/projects/project/{project.pk}/change/",
        ):
            page.goto(f"/zh-hans{address}")
            yield page

    return walk()


def test_no_chinese_is_slanted_or_spaced_out_and_its_marks_stand_right(pages):
    for page in pages:
        styles = page.evaluate(STYLES)
        assert len(styles) > 5
        for style in styles:
            assert style["fontStyle"] == "normal", (page.url, style)
            assert style["letterSpacing"] == "normal", (page.url, style)
            assert style["lineBreak"] == "strict", (page.url, style)
            # What this browser does not know yet, it leaves out.
            assert style.get("textAutospace", "normal") == "normal", (page.url, style)
            assert style.get("textSpacingTrim", "trim-start") == "trim-start", (page.url, style)
        assert set(page.evaluate(ITALICS)) == {"normal"}, page.url


def test_english_keeps_its_italics(page):
    page.goto("/projects/")

    assert set(page.evaluate(ITALICS)) == {"italic"}


def test_running_text_has_room_between_its_lines(pages):
    page = next(pages)

    ratio = page.locator(".prose p").first.evaluate(
        "p => parseFloat(getComputedStyle(p).lineHeight) / parseFloat(getComputedStyle(p).fontSize)"
    )

    assert ratio == pytest.approx(1.75, abs=0.01)


def test_no_line_begins_with_a_mark_that_closes(pages):
    page = next(pages)

    first = page.evaluate(FIRST_OF_LINES, TEXT)

    assert len(first) > 10
    assert set(first) & set(LINE_BREAKS) == set()


def test_headings_are_set_in_a_song_of_the_readers_own(pages):
    page = next(pages)
    tools = page.context.new_cdp_session(page)
    tools.send("DOM.enable")
    tools.send("CSS.enable")
    root = tools.send("DOM.getDocument")["root"]["nodeId"]

    def fonts_of(selector):
        node = tools.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
        fonts = tools.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        assert not any(font["isCustomFont"] for font in fonts)
        return " ".join(font["familyName"] for font in fonts)

    assert "Serif" in fonts_of("h1")
    assert "Sans" in fonts_of(".prose p")
