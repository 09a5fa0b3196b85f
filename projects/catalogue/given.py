"""What an address asks of the list of projects."""

from dataclasses import dataclass

from sscnet.catalogue import given

from .declaration import ORDERS, RELEVANCE


@dataclass(frozen=True)
class Given(given.Given):
    orders = ORDERS
    relevance = RELEVANCE
