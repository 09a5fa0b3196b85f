"""Is a page whole when it is made large: nothing cut, covered or out of the page?

As WCAG 2.2 asks: 320 px (1.4.10), pages and text at 200 % (1.4.4), room between letters, words and
lines (1.4.12).
"""

BIG_TEXT = "html { font-size: 200% !important; }"
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important;
  word-spacing: .16em !important; }
  p { margin-block-end: 2em !important; }"""
# A page at 200 % has half the pixels: 1280 of a desk become 640, 390 of a phone 195.
VIEWS = {
    "320 px": (320, ""),
    "a desk at 200 %": (640, ""),
    "a phone at 200 %": (195, ""),
    "text at 200 % on a desk": (1280, BIG_TEXT),
    "text at 200 % on a phone": (390, BIG_TEXT),
    "spaced text on a desk": (1280, SPACED),
    "spaced text at 320 px": (320, SPACED),
}

# More than WCAG asks, and more than the layout of Django's own admin can do.
ON_A_PHONE_AT_200 = {"a phone at 200 %", "text at 200 % on a phone"}

# The policy for contents knows no rule against sheets that a debugger makes.
ADOPT = """css => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
}"""

# Markup of Django's own admin, which we take as it comes.
NOT_OURS = [
    # Boxes that Django's autocomplete makes by script.
    ".select2-selection__rendered",
    # The name of a row above its fields, in one line.
    ".tabular .original p",
]

# First as the page comes, then with all that can be opened: there one part may lie over another.
# A field scrolls what is longer than itself.
LOOK = r"""(notOurs) => {
  const found = [];
  const scrollsItself = ["input", "textarea", "select", ...notOurs].join();
  const name = (element) => element.tagName.toLowerCase()
    + (element.className?.baseVal ?? element.className).replace(/^(?=.)|\s+/g, ".")
    + ` “${element.textContent.trim().replace(/\s+/g, " ").slice(0, 40)}”`;
  const isShown = (element) => element.checkVisibility({visibilityProperty: true});
  // Of the last the eye sees a cross: Django puts its word far outside.
  const isSpokenOnly = (element) =>
    element.closest(".visually-hidden, .skip-link, .trap, .inline-deletelink");
  const scrolls = (element) => [null, "::details-content"].some((part) =>
    ["auto", "scroll"].includes(getComputedStyle(element, part).overflowX));
  const frame = (element) => {
    while (element !== document.body && !scrolls(element)) element = element.parentElement;
    return element;
  };
  const texts = () => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const all = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (!node.data.trim() || !isShown(parent) || isSpokenOnly(parent)) continue;
      const around = frame(parent), edge = around.getBoundingClientRect();
      const isFramed = around !== document.body;
      // What is cut is said below; here it lies over nothing beyond its own edge.
      const isCut = getComputedStyle(parent).overflowX === "hidden";
      const end = isCut ? parent.getBoundingClientRect().right : Infinity;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const line of range.getClientRects()) {
        const width = Math.min(line.right, end) - line.left;
        const box = new DOMRect(line.left, line.top, width, line.height);
        // What a frame has scrolled away is not there to be seen.
        const isAway = isFramed && (box.right > edge.right + 1 || box.left < edge.left - 1);
        const isBelow = isFramed && (box.bottom > edge.bottom + 1 || box.top < edge.top - 1);
        if (box.width > 1 && box.height > 1 && !isAway) all.push({parent, box, around, isBelow});
      }
    }
    return all;
  };

  const inOrder = texts().sort((a, b) => a.box.top - b.box.top);
  inOrder.forEach((one, n) => {
    for (const other of inOrder.slice(n + 1)) {
      if (other.box.top >= one.box.bottom) break;
      if (one.parent.contains(other.parent) || other.parent.contains(one.parent)) continue;
      if ((one.isBelow || other.isBelow) && one.around !== other.around) continue;
      const across = Math.min(one.box.right, other.box.right)
        - Math.max(one.box.left, other.box.left);
      const down = Math.min(one.box.bottom, other.box.bottom) - other.box.top;
      if (across > 2 && down > Math.min(one.box.height, other.box.height) / 3)
        found.push(`${name(one.parent)} lies over ${name(other.parent)}`);
    }
  });

  const isWide = (which) => {
    if (document.documentElement.scrollWidth > document.documentElement.clientWidth)
      found.push(`scrolls sideways ${which}: ${document.documentElement.scrollWidth} px`);
  };
  isWide("as it comes");
  const closed = [...document.querySelectorAll("details:not([open])")];
  for (const details of closed) details.open = true;
  isWide("with all parts open");
  const width = document.documentElement.clientWidth;
  for (const element of document.body.querySelectorAll("*")) {
    if (!isShown(element) || isSpokenOnly(element) || element.matches(scrollsItself)) continue;
    const style = getComputedStyle(element);
    const cuts = (kind) => kind === "hidden" || kind === "clip";
    if ((cuts(style.overflowX) && element.scrollWidth > element.clientWidth + 1)
        || (cuts(style.overflowY) && element.scrollHeight > element.clientHeight + 1))
      found.push(`is cut: ${name(element)}`);
  }
  for (const {parent, box} of texts())
    if (box.left < -1 || box.right > width + 1)
      found.push(`is out of the page: ${name(parent)}`);
  for (const details of closed) details.open = false;
  return found;
}"""


def faults_when_large(page, stop):
    # Else a phone lays it out as wide as a desk.
    if not page.locator("meta[name=viewport][content*='width=device-width']").count():
        yield "does not take the width of the screen"
    for view, (width, css) in VIEWS.items():
        if view in ON_A_PHONE_AT_200 and stop.path.startswith("/admin/"):
            continue
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(ADOPT, css)
        yield from (f"{view}: {fault}" for fault in page.evaluate(LOOK, NOT_OURS))
    page.evaluate(ADOPT, "")
