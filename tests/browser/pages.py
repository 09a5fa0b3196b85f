"""What tests in the browser ask of any page, and the way from one page to the next."""

import pytest

WITH_AND_WITHOUT_SCRIPTS = pytest.mark.parametrize(
    "scripts",
    [
        pytest.param(True, id="with scripts", marks=pytest.mark.proof),
        pytest.param(False, id="without scripts"),
    ],
)


def complaints(page, found=None):
    """Collect what the browser complains about, such as a breach of the security policy."""
    found = [] if found is None else found

    def note(message):
        # A browser looks for an icon of its own accord.
        is_icon = message.location["url"].endswith("/favicon.ico")
        if message.type in ("error", "warning") and not is_icon:
            found.append(f"{message.text} {message.location}")

    page.on("console", note)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def follow(target):
    """Click what leads to another page, and wait until that page is loaded."""
    with target.page.expect_navigation():
        target.click()


def fits(page, shown):
    """Wait until a page shows an element; ask whether the page is no wider than its window."""
    page.locator(shown).first.wait_for()
    page.wait_for_load_state()
    # Not `innerWidth`: that of a phone grows with what is too wide.
    width = page.viewport_size["width"]
    return page.evaluate("document.documentElement.scrollWidth") <= width
