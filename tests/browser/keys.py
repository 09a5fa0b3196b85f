"""A person who has only a keyboard: at every stop the focus is looked at.

`Keys(page)` presses Tab and collects in `faults` where the focus is not seen, where something lies
over it, and where it jumps about.
"""

# What is wrong with the element in focus. A ring that is left to the browser ("auto") is thick
# enough; a tile of the map has the stroke of its square for a ring.
LOOK = r"""([isPhone, isBackwards]) => {
  const element = document.activeElement, before = window.stopBefore;
  const isEnd = [null, document.body, document.documentElement, window.firstStop].includes(element);
  window.stopBefore = isEnd ? null : element;
  if (isEnd) return null;
  window.firstStop ??= element;
  const words = element.ariaLabel || element.labels?.[0]?.textContent || element.textContent;
  const name = `${element.tagName.toLowerCase()} “${(words || element.value || element.name || "")
    .trim().replace(/\s+/g, " ").slice(0, 50)}”`;
  const faults = [];

  const canvas = window.inks ??= Object.assign(document.createElement("canvas"),
    {width: 1, height: 1}).getContext("2d", {willReadFrequently: true});
  const light = (ink) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = ink;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    const linear = [r, g, b].map((v) => v / 255)
      .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return [0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2], a];
  };
  const ground = (element) => {
    for (; element; element = element.parentElement) {
      const [value, alpha] = light(getComputedStyle(element).backgroundColor);
      if (alpha === 255) return value;
    }
    return 1;
  };
  const isSeen = (kind, width, ink, under) => {
    if (kind === "auto") return true;
    if (kind === "none" || parseFloat(width) < 2) return false;
    const [value, alpha] = light(ink);
    const [low, high] = [value, under].sort((a, b) => a - b);
    return alpha > 0 && (high + 0.05) / (low + 0.05) >= 3;
  };
  const style = getComputedStyle(element);
  const under = ground(element.parentElement);
  const squares = element instanceof SVGElement ? [...element.querySelectorAll("rect")] : [];
  if (!isSeen(style.outlineStyle, style.outlineWidth, style.outlineColor, under)
      && !squares.map((square) => getComputedStyle(square))
        .some(({stroke, strokeWidth}) => isSeen(stroke, strokeWidth, stroke, under)))
    faults.push("its focus is not seen");

  // What can be seen of it: what is in the window and in every frame that scrolls.
  const sight = {left: 0, top: 0, right: innerWidth, bottom: innerHeight};
  for (let frame = element.parentElement; frame; frame = frame.parentElement)
    if (["auto", "scroll"].includes(getComputedStyle(frame).overflowX)) {
      const {left, right} = frame.getBoundingClientRect();
      sight.left = Math.max(sight.left, left);
      sight.right = Math.min(sight.right, right);
    }
  const boxes = [...element.getClientRects()].filter((box) => box.width && box.height);
  const inSight = boxes.map((box) => [
    Math.max(box.left, sight.left), Math.min(box.right, sight.right),
    Math.max(box.top, sight.top), Math.min(box.bottom, sight.bottom),
  ]).filter(([left, right, top, bottom]) => left < right && top < bottom);
  if (!inSight.length) faults.push("is out of sight");
  for (const [left, right, top, bottom] of inSight) {
    const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    if (!over || !(element.contains(over) || over.closest("label")?.control === element))
      faults.push(`is covered by ${over?.tagName.toLowerCase()}.${over?.className}`);
  }

  // The parts of a date are one stop.
  if (before?.isConnected && before !== element) {
    const FOLLOWING = Node.DOCUMENT_POSITION_FOLLOWING;
    const follows = Boolean(before.compareDocumentPosition(element) & FOLLOWING);
    if (follows === isBackwards) faults.push("is out of order in the page");
    const [first, second] = isBackwards ? [element, before] : [before, element];
    const from = [...first.getClientRects()].at(-1), to = second.getClientRects()[0];
    // In one column the eye goes down and to the right; of the map, as on a map, no order is asked.
    if (isPhone && from && to && !first.closest(".tilemap") && !second.closest(".tilemap")) {
      const shared = Math.min(from.bottom, to.bottom) - Math.max(from.top, to.top);
      const isOneLine = shared > Math.min(from.height, to.height) / 2;
      if (to.bottom <= from.top + 1 || (isOneLine && to.right <= from.left + 1))
        faults.push("jumps up or to the left");
    }
  }
  return {name, faults};
}"""
PHONE = 640
LONGEST = 700


class Keys:
    """The keyboard of a page; `faults` says what was wrong at a stop."""

    def __init__(self, page):
        self.page = page
        self.faults = []

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text):
        self.page.keyboard.type(text)

    def tab(self, key="Tab"):
        """Go one stop on; give its name, or nothing at the end of the page."""
        self.page.keyboard.press(key)
        # Django's own admin lays its columns and lists out anew on a phone.
        is_phone = self.page.viewport_size["width"] < PHONE and "/admin/" not in self.page.url
        stop = self.page.evaluate(LOOK, [is_phone, key != "Tab"])
        if stop is None:
            return None
        self.faults += [f"{stop['name']} {fault}" for fault in stop["faults"]]
        return stop["name"]

    def to(self, target):
        """Tab until the target has the focus."""
        for _ in range(LONGEST):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.tab()
        raise AssertionError(f"The keyboard does not come to {target}")

    def open(self, target):
        """Tab to a link or a button, press Enter, and wait for the page it leads to."""
        self.to(target)
        with self.page.expect_navigation():
            self.press("Enter")

    def round(self, key="Tab"):
        """Go through the whole page; give the names of its stops."""
        # A map is at its place when its animation has ended.
        self.page.evaluate(
            "Promise.all(document.getAnimations().map((one) => one.finished)).then(() => {"
            " window.firstStop = window.stopBefore = null; })"
        )
        stops = []
        while len(stops) < LONGEST and (name := self.tab(key)):
            stops.append(name)
        assert len(stops) < LONGEST, f"the focus never leaves the page: {stops[-5:]}"
        return stops

    def faults_of_round(self):
        """Go through the whole page and back; the focus is seen and follows the page."""
        there, back = self.round(), self.round("Shift+Tab")
        # A page with errors begins at the list of them.
        if not 2 < len(there) <= len(back) or not set(there) <= set(back):
            self.faults.append(f"there and back are other stops: {there}, {back}")
        return self.faults
