"""Chinese names in Latin letters, as people type them: zhaoqi, zhao qi, zhǎo qì, zhao3qi4."""

import re

from pypinyin import lazy_pinyin

from .words import TOKEN, fold, simplify

# The syllables of Mandarin, and a few more spellings.
SYLLABLE = (
    "(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    "(?:iang|iong|uang|uai|iao|ian|ing|uan|ang|eng|ong|ai|ei|ao|ou|an|en|er|ia|ie|iu|in|ua|uo|ui"
    "|un|ue|a|o|e|i|u)"
)
ONE = re.compile(SYLLABLE)
SEVERAL = re.compile(f"(?:{SYLLABLE}){{2,}}")
NUMBERED = re.compile(f"(?:{SYLLABLE}[1-5])+")
# The last syllable may be a prefix.
BEGUN = re.compile(f"(?:{SYLLABLE})+[a-z]{{0,5}}")
SHORTEST_BEGUN = 5
BREAK = "|"


def spelled(text: str) -> str:
    """Spell the Chinese of a name, its syllables separated: `|zhao|qi|`; empty without any."""
    runs = (match[0] for match in TOKEN.finditer(text) if match["han"])
    return " ".join(
        BREAK + BREAK.join(plain(s) for s in lazy_pinyin(simplify(r))) + BREAK for r in runs
    )


def plain(syllable: str) -> str:
    """Write a syllable without tone; ü may be typed as v or u, so all are u."""
    return fold(syllable).replace("v", "u")


def without_tones(word: str) -> str:
    """Return the letters of a folded word that may be pinyin; empty when it cannot be."""
    word = word.replace("v", "u")
    if NUMBERED.fullmatch(word):
        word = re.sub("[1-5]", "", word)
    return word if word.isascii() and word.isalpha() else ""


def pattern(words: list[str], *, is_last: bool) -> str:
    """Return the regular expression that finds these words in what `spelled` gives, or nothing.

    One syllable alone is as good as always an English word, so two are needed. `is_last` allows
    the last syllable to be begun only.
    """
    letters = "".join(without_tones(word) for word in words)
    if not all(without_tones(word) for word in words):
        return ""
    if len(words) == 1 and ONE.fullmatch(letters):
        return ""
    if SEVERAL.fullmatch(letters):
        ending = "" if is_last else r"\|"
    elif is_last and len(letters) >= SHORTEST_BEGUN and BEGUN.fullmatch(letters):
        ending = ""
    else:
        return ""
    return r"\|" + r"\|?".join(letters) + ending
