"""What XML can hold, and which XML of others is read."""

import io
import re

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOST_ELEMENTS = 500_000
DEEPEST = 100
# The characters that XML 1.0 has no way to write.
UNWRITABLE = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


def writable(text: str) -> str:
    return UNWRITABLE.sub("", text)


def check_xml(content: bytes) -> None:
    """Raise ValidationError unless this is XML of a size and depth that its reader can bear.

    Runs by `run_limited`.
    """
    depth = elements = 0
    try:
        events = iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True)
        for event, element in events:
            depth += 1 if event == "start" else -1
            elements += event == "start"
            if depth > DEEPEST or elements > MOST_ELEMENTS:
                raise ValueError
            if event == "end":
                element.clear()
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise ValidationError(
            _("The file cannot be read as XML. Download it again from its source.")
        ) from None
