"""Texts in two languages, and shares of 100 %, as elements of IATI hold them."""

from collections.abc import Iterable, Iterator

from django.urls import reverse
from django.utils.translation import override

# A text in English and in Chinese, either of which may be missing.
Both = tuple[str | None, str | None]


def both(record, field: str) -> Both:
    """Return a translated text as it is in each language, none standing in."""
    return getattr(record, field), getattr(record, f"{field}_zh_hans")


def headed(heads: Both, texts: Both) -> Both:
    """Put a head before each text that is there."""
    return tuple(
        f"{head}{colon}{text}" if text else ""
        for head, colon, text in zip(heads, (": ", "："), texts, strict=True)
    )


def joined(first: Both, second: Both) -> Both:
    """Put one note after another, in each language; what is missing stays so."""
    signs = ("; ", "；")
    return tuple(
        f"{one}{sign}{two}" if one else ""
        for one, sign, two in zip(first, signs, second, strict=True)
    )


def with_shares(rows: Iterable, code) -> Iterator[tuple[str, str, object]]:
    """Return each code, its share of 100 % by how many rows carry it, and the first row."""
    rows = list(rows)
    of_code: dict[str, list] = {}
    for row, part in zip(rows, even_parts(len(rows)), strict=True):
        of_code.setdefault(code(row), []).append((row, part))
    for key, some in of_code.items():
        hundredths = sum(part for _row, part in some)
        yield key, f"{hundredths // 100}.{hundredths % 100:02}", some[0][0]


def even_parts(number: int) -> list[int]:
    """Divide 100 % evenly, in hundredths, so that the parts add up to the whole."""
    each, rest = divmod(10_000, number or 1)
    return [each + (n >= number - rest) for n in range(number)]


def reverse_in_english(name: str, *args) -> str:
    with override("en"):
        return reverse(name, args=args)
