"""The code blocks of the documents, so that tests run what a reader would type.

`tests/test_docs.py` reads from the calls of `documented` which blocks a test runs.
"""

import re
import textwrap
from pathlib import Path

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"(?<=\n\n) {4}.*\n(?:\n* {4}.*\n)*")


def code_blocks(document: str) -> list[str]:
    """Return what stands indented after an empty line, without the indentation."""
    text = (ROOT / document).read_text(encoding="utf-8")
    return [textwrap.dedent(block) for block in BLOCK.findall(text)]


def documented(document: str, beginning: str, filled: dict[str, str] | None = None) -> str:
    """Return the one block that begins so, with its placeholders filled in; each must be there."""
    [block] = [block for block in code_blocks(document) if block.startswith(beginning)]
    for placeholder, value in (filled or {}).items():
        assert placeholder in block, f"{placeholder} is not in:\n{block}"
        block = block.replace(placeholder, value)
    return block
