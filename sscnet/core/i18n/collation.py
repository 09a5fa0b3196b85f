"""Sort names and titles as people expect: English by letters, Chinese by pinyin.

The database sorts by the bytes of UTF-8, which puts capitals before small letters and Chinese in an
order no reader knows.
"""

import string
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from pypinyin.contrib.tone_convert import to_tone3
from pypinyin.pinyin_dict import pinyin_dict

# The characters by their readings take the places from here on: behind every alphabet.
FIRST_HAN = 0x3400
LAST_CODE = 0xFFFF
# Latin letters with marks stand between these two.
MARKED_LATIN = range(0x00C0, 0x1F00)
MARKS_IN_FRONT = string.punctuation + string.whitespace + "“”‘’«»《》「」【】（）…—–"


def sort_key(text: str) -> str:
    """Return what to compare instead of the text, without capitals, accents and marks in front."""
    if text.isascii():
        return text.lower().lstrip(MARKS_IN_FRONT)
    return text.lstrip(MARKS_IN_FRONT).casefold().translate(places())


def by_name[T](records: Iterable[T]) -> list[T]:
    """Return records in the order of their names, in the language of the page."""
    return sorted(records, key=lambda record: sort_key(str(record)))


@cache
def places() -> dict[int, int]:
    return plain_latin() | han_by_pinyin()


def plain_latin() -> dict[int, int]:
    plain = ((code, unicodedata.normalize("NFKD", chr(code))[0]) for code in MARKED_LATIN)
    return {code: ord(letter) for code, letter in plain if letter.isascii()}


def han_by_pinyin() -> dict[int, int]:
    """Return each Chinese character its place by its usual reading: syllable, tone, then code."""
    sharing = defaultdict(list)
    for code, readings in pinyin_dict.items():
        if FIRST_HAN <= code <= LAST_CODE:
            sharing[readings.partition(",")[0]].append(code)
    # The tone as a figure behind the letters: "mai4". A ü stands among the u.
    readings = sorted(sharing, key=lambda text: to_tone3(text).replace("v", "u"))
    han = (code for reading in readings for code in sorted(sharing[reading]))
    return {code: FIRST_HAN + n for n, code in enumerate(han)}
