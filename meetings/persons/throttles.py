"""Counts wrong links and codes, so that who guesses is slowed; what counts keeps no address."""

from django.utils.crypto import salted_hmac

from members.accounts.sessions.throttles import counted_address
from sscnet.core.database.cache import count_up

HOUR = 60 * 60


def count(request, what: str) -> int:
    """Count one more wrong try; return how many of this hour came from one address."""
    name = salted_hmac(f"meetings.wrong_{what}", counted_address(request), algorithm="sha256")
    return count_up(f"wrong-{what}:{name.hexdigest()}", HOUR)
