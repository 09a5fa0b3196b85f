"""Secrets that the database keeps, with keys it does not know: `ENCRYPTION_KEYS` of the settings.

The first key writes, all of them read. docs/security.md says how a key is changed.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.signing import JSONSerializer


def fernet() -> MultiFernet:
    digests = [hashlib.sha256(f"encryption {key}".encode()) for key in settings.ENCRYPTION_KEYS]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(one.digest())) for one in digests])


def encrypt(text: str) -> str:
    return fernet().encrypt(text.encode()).decode()


def decrypt(text: str) -> str:
    """Return the text; raise InvalidToken where none of the keys wrote it."""
    return fernet().decrypt(text.encode()).decode()


def encrypt_again(text: str) -> str:
    """Return what any of the keys wrote, written with the first."""
    return fernet().rotate(text.encode()).decode()


class EncryptedSerializer(JSONSerializer):
    """Encrypts sessions: links to come back to, keys for a new password, a factor being set up."""

    def dumps(self, obj):
        return fernet().encrypt(super().dumps(obj))

    def loads(self, data):
        return super().loads(fernet().decrypt(data))
