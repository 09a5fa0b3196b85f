"""Every kind of page at 320 px: it fits, and nothing comes from another host."""

import pytest

from tests.browser.walk import PROOF, Walk, sample_from

pytestmark = pytest.mark.django_db(transaction=True)

WIDTH = 320
# The names of what sticks out, to find it by; what scrolls in a frame of its own does not.
STICKS_OUT = """(width) => document.documentElement.scrollWidth <= width ? [] :
  [...document.querySelectorAll("body *")]
    .filter((element) => element.getBoundingClientRect().right > width + 1)
    .map((element) => `${element.tagName}.${element.className}`).slice(0, 5)
    .concat(`${document.documentElement.scrollWidth} px`)"""


WALKS = sample_from(1)


@pytest.mark.parametrize("part", WALKS)
def test_pages_fit_320_px_and_load_nothing_from_elsewhere(open_page, live_server, part):
    elsewhere, wide = [], []

    def listen(page):
        page.on("request", lambda request: note(request.url))
        # What the policy for contents stops is never asked for, but was meant to be loaded.
        page.on("console", lambda message: refused(message.text))

    def note(address):
        if not address.startswith((live_server.url + "/", "data:", "blob:")):
            elsewhere.append(address)

    def refused(text):
        if "Content Security Policy" in text:
            elsewhere.append(text)

    walk = Walk(open_page, listen, viewport={"width": WIDTH, "height": 800}, is_mobile=True)
    for stop in WALKS[part]:
        page = walk.open(stop, "/zh-hans" if len(str(stop)) % 2 else "")
        if PROOF:
            page.wait_for_load_state("networkidle")
        if out := page.evaluate(STICKS_OUT, WIDTH):
            wide.append(f"{stop}: {out}")

    assert elsewhere == []
    assert not wide, "\n".join(wide)
