"""Numbers as people write them."""

import re
import unicodedata
from decimal import Decimal

CURRENCY = re.compile(r"^(US\$|USD|\$)|(US\$|USD|\$|美元)$|['’]", re.IGNORECASE)
NUMBER = re.compile(r"(\d{1,3}(,\d{3})+|\d{1,15})(\.\d+)?", re.ASCII)


def read_number(text: str) -> Decimal | None:
    """Read 29000, 29,000, 29 000, US$ 29,000.50 or ２９，０００; None if it is no such number."""
    text = CURRENCY.sub("", "".join(unicodedata.normalize("NFKC", text).split()))
    return Decimal(text.replace(",", "")) if NUMBER.fullmatch(text) else None
