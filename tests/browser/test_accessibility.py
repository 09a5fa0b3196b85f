"""Every kind of page under axe-core, best practices included: no violation.

Each page comes in one of the eight combinations of language, scheme and width, another one each
time; with PROOF=1 it comes in all of them.
"""

from pathlib import Path

import axe_playwright_python
import pytest
from django.contrib import admin
from django.urls import reverse

from tests.browser.walk import PREFIXES_SCHEMES_WIDTHS, PROOF, Walk, sample_from

pytestmark = pytest.mark.django_db(transaction=True)

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


def combinations(number):
    if PROOF:
        return PREFIXES_SCHEMES_WIDTHS
    return [PREFIXES_SCHEMES_WIDTHS[number % len(PREFIXES_SCHEMES_WIDTHS)]]


WALKS = sample_from(0)


@pytest.mark.parametrize("part", WALKS)
def test_no_page_shuts_anybody_out(open_page, part):
    walk = Walk(open_page)
    found = []

    for number, stop in enumerate(WALKS[part]):
        for prefix, scheme, width in combinations(number):
            page = walk.page_of(stop.who)
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            walk.open(stop, prefix)
            where = f"{prefix}{stop}, {scheme}, {width}"
            found += [f"{where}: {violation}" for violation in violations(page)]

    assert not found, "\n".join(found)


# ------------------------------------------------------------------ the admin


def pages_of(model):
    """Give the list of a model in the admin, its empty form, and the form of a record."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    yield reverse(f"{name}_changelist")
    yield reverse(f"{name}_add")
    if record := model._default_manager.first():
        yield reverse(f"{name}_change", args=[record.pk])


def test_no_list_and_no_form_of_the_admin_shuts_anybody_out(open_page):
    page = Walk(open_page).page_of("officer")
    addresses = [address for model in admin.site._registry for address in pages_of(model)]
    found = []

    for address in addresses if PROOF else addresses[::24]:
        # What nobody may add has no empty form.
        if page.goto(address).status != 403:
            page.wait_for_load_state()
            found += [f"{address}: {violation}" for violation in violations(page)]

    assert not found, "\n".join(found)


def test_boxes_of_the_admin_have_the_names_of_their_fields(open_page):
    page = Walk(open_page).page_of("officer")
    page.goto("/admin/projects/project/add/")

    page.locator("#project_countries-group .add-row a").click()
    page.get_by_role("combobox", name="Country").first.click()

    page.get_by_role("searchbox", name="Country").fill("Viet")
    page.get_by_role("option", name="Viet Nam").click()
    assert page.get_by_role("combobox", name="Country Viet Nam").count() == 1
