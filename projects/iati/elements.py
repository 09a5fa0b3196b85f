"""Small pieces of IATI's XML."""

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element, SubElement

from django.urls import reverse
from django.utils.translation import override

from sscnet.core.parsing.xml import writable

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
CHINESE = "zh"

# A text in English and in Chinese, either of which may be missing.
Both = tuple[str | None, str | None]


def add(parent: Element, tag: str, texts: Both = ("", ""), /, **attributes) -> Element:
    """Add an element with these attributes, but for those that are None, and its narratives."""
    known = {key.replace("_", "-"): str(v) for key, v in attributes.items() if v is not None}
    element = SubElement(parent, tag, known)
    english, chinese = texts
    if english:
        SubElement(element, "narrative").text = writable(english)
    if chinese:
        SubElement(element, "narrative", {LANG: CHINESE}).text = writable(chinese)
    return element


def add_text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = writable(text)


def both(record, field: str) -> Both:
    """Return a translated text as it is in each language, none standing in."""
    return getattr(record, field), getattr(record, f"{field}_zh_hans")


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
