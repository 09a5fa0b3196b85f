"""Is a Chinese page in Chinese, and set as Chinese is?

Texts in closed parts of a page count as well, for they can be opened.
"""

import re

from tests.english import english_on

SPACED_OUT = re.compile("[^\n]*[。！？；：，、][ \u00a0]+(?=[一-鿿“《])[^\n]*")

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
  const {fontStyle} = getComputedStyle(element);
  element.remove();
  return fontStyle;
})"""

# What is asked of a style; what this browser does not know yet, it leaves out.
SET = {
    "fontStyle": "normal",
    "letterSpacing": "normal",
    "lineBreak": "strict",
    "textAutospace": "normal",
    "textSpacingTrim": "trim-start",
}


def english(page, stop, names=()):
    """Name what is English, and the lines of our own pages with room where a mark has its own."""
    language = page.locator("html").get_attribute("lang")
    if language.lower() not in ("zh-hans", "zh-cn"):
        yield f"its language is {language}"
    yield from english_on(page, names)
    if not str(stop).startswith("/admin/"):
        yield from SPACED_OUT.findall(page.locator("main").inner_text())


def faults_of_type(page):
    for style in page.evaluate(STYLES):
        yield from (
            f"{name} is {style[name]}: {style}"
            for name, value in SET.items()
            if style.get(name, value) != value
        )
    if (styles := set(page.evaluate(ITALICS))) != {"normal"}:
        yield f"Chinese is slanted: {styles}"
