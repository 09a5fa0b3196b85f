"""Pages in colours of the reader's own and on paper, in a real browser."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from projects.models import Project
from tests.browser.walk import PROOF, SCHEMES
from tests.network import fill_with_network

pytestmark = pytest.mark.django_db(transaction=True)

A4 = re.compile(rb"/Type\s*/Page\b(?!s)")


def test_a_page_is_read_before_the_style_sheet_of_paper_came(page):
    held = []
    page.route("**/css/print*.css", lambda route: held.append(route))
    page.goto("/projects/", wait_until="commit")

    expect(page.get_by_role("contentinfo")).to_be_visible()
    state = page.evaluate("document.readyState")
    held[0].continue_()
    page.wait_for_load_state("domcontentloaded")

    # The parser waits: Chromium lays a page out when it ends, even if no style sheet came yet.
    assert state == "loading"


# ------------------------------------------------------------------ the reader's own colours

# Marks that say something, and the page they are on.
MARKS = {
    "/countries/": [".tilemap a rect", ".tilemap path", ".legend rect"],
    "/projects/?country=VN": [".status", "#country-VN", ".sdg"],
    "/projects/?view=map&country=VN": [".tilemap .is-ticked rect"],
    "/projects/{project}/": [".status", ".stackbar .part-1", ".stackbar .part-2", ".key rect"],
    "/countries/VN/": [".bars rect"],
}
# How long the pages may be at most on a desk and on a phone, in points.
LENGTHS = {
    "/": (2400, 4000),
    "/projects/{project}/": (2300, 3600),
    "/topics/small-hydropower/": (2600, 4200),
    "/members/biogas-institute-of-ministry-of-agriculture/": (2400, 3600),
    "/members/international-center-on-small-hydropower/": (2400, 3600),
    "/activities/ffrc-2021-rad/": (1900, 2800),
    "/figures/": (4600, 9000),
}
# Of several links one is where the reader is; its edge is unlike those of the others.
CURRENT = {"/projects/?country=VN": [".menu nav a", ".toolbar .chip"]}
EDGES = """selector => {
  const edge = (element) => {
    const style = getComputedStyle(element);
    return `${style.borderBottomWidth} ${style.borderBottomColor}`;
  };
  const others = document.querySelectorAll(`${selector}:not([aria-current])`);
  return [edge(document.querySelector(`${selector}[aria-current]`)), [...others].map(edge)];
}"""
PRESSED = {
    "/": [".topic a", ".need .button", ".wordmark"],
    "/countries/": [".tilemap a", ".header-search .button"],
    "/projects/?country=VN": ["#country-VN", ".chip.is-active", ".result h3 a", "#q"],
}
PAD = 4


@pytest.fixture
def project(db):
    fill_with_network()
    return Project.objects.get(fund_numbers__number="INT/18/K08")


def test_the_networks_pages_in_colours_of_the_readers_own_and_on_paper(open_page, project):
    """Where a reader's colours replace ours, the grounds are gone: an edge or a fill must do."""
    unseen = []
    for scheme in SCHEMES:
        page = open_page(forced_colors="active", color_scheme=scheme, reduced_motion="reduce")
        for path in dict.fromkeys([*MARKS, *CURRENT, *PRESSED]):
            page.goto(path.format(project=project.slug))
            unseen += [f"{scheme}: {path}: {mark}" for mark in unseen_marks(page, path)]

    for path, most in LENGTHS.items():
        for width, height in zip((1280, 390), most, strict=True):
            page = open_page(viewport={"width": width, "height": 800})
            page.goto(path.format(project=project.slug))
            if (tall := page.evaluate("document.documentElement.scrollHeight")) > height:
                unseen.append(f"{path} at {width}: {tall} points")

    # The longest have the most to tell; nobody counts the pages of all but for the long proof.
    page, too_long = open_page(), []
    longest = sorted(Project.objects.published(), key=lambda project: -length(project))
    for address in (one.get_absolute_url() for one in (longest if PROOF else longest[:3])):
        for prefix in ("", "/zh-hans"):
            page.goto(prefix + address)
            if (sheets := len(A4.findall(page.pdf(format="A4")))) != 1:
                too_long.append(f"{prefix}{address}: {sheets} sheets of paper")

    assert not unseen + too_long, "\n".join(unseen + too_long)


def length(project):
    return sum(len(str(value)) for value in vars(project).values())


def unseen_marks(page, path):
    for selector in MARKS.get(path, []):
        if contrast(*colours(picture(page, selector))) < 3:
            yield selector
    for selector in CURRENT.get(path, []):
        current, others = page.evaluate(EDGES, selector)
        if current in others:
            yield f"the current one of {selector}"
    # Focus is drawn for those who use the keyboard.
    page.keyboard.press("Tab")
    for selector in PRESSED.get(path, []):
        before = picture(page, selector)
        page.locator(selector).first.focus()
        after = picture(page, selector, before.size)
        page.evaluate("document.activeElement.blur()")
        # A ring of two pixels around the whole.
        if changed(before, after) < 2 * (before.width + before.height - 4 * PAD):
            yield f"focus of {selector}"


def picture(page, selector, size=None):
    """Give the picture of an element and a little around it; of a status its dot alone."""
    element = page.locator(selector).first
    element.scroll_into_view_if_needed()
    box = element.bounding_box()
    if selector == ".status":
        box["width"] = 10
    width, height = size or (int(box["width"]) + 2 * PAD, int(box["height"]) + 2 * PAD)
    x = int(box["x"] + (box["width"] - width) / 2)
    y = int(box["y"] + (box["height"] - height) / 2)
    clip = {"x": x, "y": y, "width": width, "height": height}
    return Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("RGB")


def colours(image):
    """Give the colour of the ground and the one that is most unlike it, specks left out."""
    counted = sorted(image.getcolors(image.width * image.height), reverse=True)
    ground = counted[0][1]
    rest = [colour for count, colour in counted[1:] if count >= image.width * image.height / 100]
    return ground, max(rest, key=lambda colour: contrast(ground, colour), default=ground)


def changed(before, after):
    pairs = zip(before.get_flattened_data(), after.get_flattened_data(), strict=True)
    return sum(contrast(*pair) >= 3 for pair in pairs)


def contrast(one, other):
    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


def light(colour):
    linear = [
        v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4
        for v in (c / 255 for c in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
