"""The search of a plain list: its address takes the words, and the list keeps what they find."""

from .engine import matching
from .found import Found

LONGEST = 200


def text_of(request) -> str:
    """Return the words in an address, without what no page can hold; too many are cut."""
    text = request.GET.get("q", "").replace("\0", "")
    return " ".join(text.split())[:LONGEST]


def found_for(request, kind: str) -> Found | None:
    """Return what the words in the address find of a kind; None without any."""
    text = text_of(request)
    return matching(text, kind) if text else None
