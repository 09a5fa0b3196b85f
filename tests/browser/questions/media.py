"""Does anything move where a reader wants no motion, and what is printed?"""

# Whatever would move or fade, in the page as it is and while a list is loaded.
MOVES = r"""() => {
  const list = document.querySelector("#catalogue");
  list?.classList.add("htmx-request");
  const long = (times) => times.split(", ").some((time) => parseFloat(time) > 0);
  // A narrow map opens at its projects: nothing is seen to move.
  const running = document.documentElement.getAnimations({subtree: true})
    .filter(({animationName}) => animationName !== "open-here");
  const found = running.map(({effect}) =>
    `${effect.target.tagName}.${effect.target.className} moves`);
  for (const element of document.querySelectorAll("*"))
    for (const part of [null, "::before", "::after"]) {
      const style = getComputedStyle(element, part);
      const isAnimated = style.animationName !== "none" && long(style.animationDuration);
      if (isAnimated || long(style.transitionDuration) || style.scrollBehavior === "smooth")
        found.push(`${element.tagName}.${element.className}${part ?? ""} would move`);
    }
  list?.classList.remove("htmx-request");
  return [...new Set(found)];
}"""

# What can only be pressed has no place on paper.
PRINTED = r"""() => {
  const isShown = (element) => element.checkVisibility({visibilityProperty: true});
  const press = "nav, .filter-form, .search, button, .button, summary, [type=submit], .skip-link";
  const found = [...document.querySelectorAll(press)].filter(isShown)
    .map((element) => `prints ${element.tagName}.${element.className} “${
      element.textContent.trim().replace(/\s+/g, " ").slice(0, 40)}”`);
  const shown = [...document.querySelectorAll(".print-only")].filter(isShown);
  if (!shown.some((element) => element.textContent.includes(location.pathname)))
    found.push("does not print its address");
  return found;
}"""


def printed(page):
    page.emulate_media(media="print")
    found = page.evaluate(PRINTED)
    page.emulate_media(media="screen")
    return found
