"""Counts wrong links and codes, so that who guesses is slowed; what counts keeps no address."""

import time

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from members.accounts.throttles import counted_address

HOUR = 60 * 60


def count(request, what: str) -> int:
    """Count one more wrong try; return how many of this hour came from one address."""
    key = key_of(request, what)
    cache.add(key, 0, HOUR)
    # One step: of many at once none is missed.
    return cache.incr(key)


def so_far(request, what: str) -> int:
    return cache.get(key_of(request, what), 0)


def key_of(request, what: str) -> str:
    name = salted_hmac(f"meetings.wrong_{what}", counted_address(request), algorithm="sha256")
    return f"wrong-{what}:{int(time.time()) // HOUR}:{name.hexdigest()}"
