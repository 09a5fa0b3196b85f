"""What XML can hold."""

import re

# The characters that XML 1.0 has no way to write.
UNWRITABLE = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


def writable(text: str) -> str:
    return UNWRITABLE.sub("", text)
