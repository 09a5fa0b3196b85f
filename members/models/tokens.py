"""The secrets of links: the database keeps only what they are recognised by."""

import hashlib


def hash_token(token):
    """Return what is kept of a link's secret: who reads the database cannot use the links."""
    return hashlib.sha256(token.encode()).hexdigest()
