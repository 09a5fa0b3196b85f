"""Does a page shut anybody out? Asked by axe-core, best practices included."""

from pathlib import Path

import axe_playwright_python

# The policy for contents forbids inline scripts on our pages. `page.evaluate` runs in the browser's
# debugger, to which the policy does not apply: the pages are checked under their own policy.
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")

# Everything that is on by default, and the size of targets (WCAG 2.2), which is not.
RUN = """() => axe.run(document, {rules: {"target-size": {enabled: true}}})
  .then(result => result.violations.flatMap(found => found.nodes.map(node =>
    `${found.id}: ${node.target} ${node.any.concat(node.all, node.none)[0]?.message ?? ""}`)))"""


def violations(page):
    # Colours that fade in would be measured half-way.
    page.evaluate("Promise.all(document.getAnimations().map(animation => animation.finished))")
    # What a bar that sticks lies over comes out from under it when one scrolls.
    page.evaluate(
        "document.querySelectorAll('.submit-row').forEach(bar => bar.style.position = 'static')"
    )
    page.evaluate(AXE)
    return page.evaluate(RUN)
