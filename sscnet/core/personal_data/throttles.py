"""Where requests come from, and how many tried a wrong link or code from there."""

import ipaddress

from django.utils.crypto import salted_hmac

from ..database.cache import count_up
from .security_log import address_of

HOUR = 60 * 60
# How much of an address counts as one customer of a provider, and as one network.
CUSTOMER = {4: 32, 6: 64}
NETWORK = {4: 24, 6: 48}


def counted_address(request, prefixes: dict[int, int] = CUSTOMER) -> str:
    """Return where a request comes from, without what its sender can change at will.

    Unknown addresses count as one.
    """
    if (given := address_of(request)) is None:
        return ""
    address = ipaddress.ip_address(given)
    return str(ipaddress.ip_network((address, prefixes[address.version]), strict=False))


def count_wrong(request, what: str) -> int:
    """Count one more wrong try; return how many of this hour came from one address.

    What counts keeps no address.
    """
    name = salted_hmac(f"wrong_{what}", counted_address(request), algorithm="sha256")
    return count_up(f"wrong-{what}:{name.hexdigest()}", HOUR)
