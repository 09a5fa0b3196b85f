"""Every kind of page under axe-core, best practices included: no violation.

Each page comes in one of the eight combinations of language, scheme and width, another one each
time; with PROOF=1 it comes in all of them.
"""

from pathlib import Path

import axe_playwright_python
import pytest

from tests.browser.walk import PREFIXES_SCHEMES_WIDTHS, PROOF, STOPS, Walk

pytestmark = pytest.mark.django_db(transaction=True)

# The policy for contents forbids inline scripts on our pages. `page.evaluate` runs in the browser's
# debugger, to which the policy does not apply: the pages are checked under their own policy.
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")

# Everything that is on by default, and the size of targets (WCAG 2.2), which is not.
RUN = """outside => axe.run({exclude: outside}, {rules: {"target-size": {enabled: true}}})
  .then(result => result.violations.flatMap(found => found.nodes.map(node =>
    `${found.id}: ${node.target} ${node.any.concat(node.all, node.none)[0]?.message ?? ""}`)))"""

# Markup of Django's own admin, in its templates and scripts, which we take as it comes.
NOT_OURS = [
    # The rows of a table form are named by the heads of their columns alone.
    ".tabular.inline-related table",
    # Boxes that Django's autocomplete makes by script; the field beneath has its label.
    ".select2",
    # The label of the search holds a picture only.
    "#searchbar",
]


def violations(page):
    # Colours that fade in would be measured half-way.
    page.evaluate("Promise.all(document.getAnimations().map(animation => animation.finished))")
    page.evaluate(AXE)
    return page.evaluate(RUN, NOT_OURS)


def combinations(number):
    if PROOF:
        return PREFIXES_SCHEMES_WIDTHS
    return [PREFIXES_SCHEMES_WIDTHS[number % len(PREFIXES_SCHEMES_WIDTHS)]]


@pytest.mark.parametrize("part", STOPS)
def test_no_page_shuts_anybody_out(open_page, part):
    walk = Walk(open_page)
    found = []

    for number, stop in enumerate(STOPS[part]):
        for prefix, scheme, width in combinations(number):
            page = walk.page_of(stop.who)
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            walk.open(stop, prefix)
            where = f"{prefix}{stop}, {scheme}, {width}"
            found += [f"{where}: {violation}" for violation in violations(page)]

    assert not found, "\n".join(found)
