"""Codes by mail: a session keeps a random text, of which only a key of ours makes the code.

A mere hash would tell the code: it has 34 bits.
"""

from django.conf import settings
from django.utils.crypto import get_random_string, salted_hmac

SALT = "members.accounts.security.codes"
# None is a vowel or taken for another.
SIGNS = "BCDFGHJKLMNPQRSTVWXZ"


def new_kept() -> str:
    return get_random_string(22)


def code_of(kept: str) -> str:
    """Return the code as it is mailed and typed; empty where none was sent."""
    if not kept:
        return ""
    mac = salted_hmac(SALT, kept, secret=settings.ENCRYPTION_KEYS[0], algorithm="sha256")
    signs = "".join(SIGNS[byte % 20] for byte in mac.digest() if byte < 240)
    return f"{signs[:4]}-{signs[4:8]}"
