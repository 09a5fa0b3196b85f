"""Addresses that let whoever knows them in, cut out of logs, histories and the texts of mails.

They are known by how they begin (`SECRET_ADDRESSES` of the settings), before anything is resolved:
one that is misspelt or leads nowhere still holds its secret. tests/monitoring/test_request_log.py
has a link of each kind.
"""

import re
from functools import cache
from urllib.parse import parse_qsl, unquote

from django.conf import settings

CUT = "…"
# How the secrets themselves look, where the beginning is misspelt too.
LOOKS = re.compile(
    r"(?<![\w-])(?:"
    # Sealed tokens, and keys for a new password.
    r"[\w-]+-[0-9a-f]{32}"
    # Tokens of invitations: no slug has capitals.
    r"|(?=[\w-]*[A-Z])(?=[\w-]*[a-z])(?=[\w-]*\d)[\w-]{32}"
    # Codes of papers and references of questions.
    r"|(?:Q-)?[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}"
    r")(?![\w-])"
)
# Names of parameters that hold secrets, or values that name a person.
PRIVATE_NAME = re.compile(r"(?i)auth|code|csrf|key|mail|pass|secret|sess|sig|token")
# Percent signs encoded again and again.
MOST_DECODED = 5


@cache
def beginning() -> re.Pattern:
    beginnings = "|".join(settings.SECRET_ADDRESSES)
    return re.compile(rf"(?i)(?<![\w-])({beginnings})[/\\]+[^\s/\\]\S*")


def without_secrets(text: str) -> str:
    """Return a text in which no address lets anybody in."""
    return LOOKS.sub(CUT, beginning().sub(rf"\1/{CUT}", text))


def decoded(text: str) -> str:
    """Return a part of an address as it was meant; what is encoded too often is left out."""
    for _again in range(MOST_DECODED):
        if (plain := unquote(text)) == text:
            return re.sub(r"\s", "+", text)
        text = plain
    return f"/{CUT}"


def shown_path(path: str) -> str:
    """Return the path of a request for a log or a history, however it was spelt."""
    cut = without_secrets(plain := decoded(path))
    return path if cut == plain and plain != f"/{CUT}" else cut


def shown_query(query: str) -> str:
    """Return the query of a request for a log, without secrets and without e-mail addresses."""
    shown = []
    for name, value in parse_qsl(query, keep_blank_values=True):
        known, plain = decoded(name), decoded(value)
        is_private = PRIVATE_NAME.search(known) or "@" in plain
        shown.append(f"{known}={CUT if is_private else plain}")
    return without_secrets("&".join(shown))
