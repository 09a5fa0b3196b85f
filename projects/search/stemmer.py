"""English stems by the Porter2 rules, as PostgreSQL and most search engines use them.

Of our own, because index, question and marking must cut words alike: asking the database for the
stem of every word of a page would cost a query, and its rules move with its version.
"""

import re

VOWELS = "aeiouy"
DOUBLES = ("bb", "dd", "ff", "gg", "mm", "nn", "pp", "rr", "tt")
LI_AFTER = "cdeghkmnrt"
# The part after the first consonant that follows a vowel; R2 is the same within R1.
REGION = re.compile(r"[aeiouy][^aeiouy]")
HAS_VOWEL = re.compile(r"[aeiouy]")
SHORT_SYLLABLE = re.compile(r"(?:[^aeiouy][aeiouy][^aeiouywxY]|^[aeiouy][^aeiouy])$")
LONG_STARTS = ("gener", "commun", "arsen")

EXCEPTIONS = {
    "skis": "ski",
    "skies": "sky",
    "dying": "die",
    "lying": "lie",
    "tying": "tie",
    "idly": "idl",
    "gently": "gentl",
    "ugly": "ugli",
    "early": "earli",
    "only": "onli",
    "singly": "singl",
} | {word: word for word in ("sky", "news", "howe", "atlas", "cosmos", "bias", "andes")}
STOP_AFTER_PLURAL = {
    *("inning", "outing", "canning", "herring", "earring"),
    *("proceed", "exceed", "succeed"),
}

STEP_2 = {
    "ational": "ate",
    "tional": "tion",
    "enci": "ence",
    "anci": "ance",
    "abli": "able",
    "entli": "ent",
    "izer": "ize",
    "ization": "ize",
    "ation": "ate",
    "ator": "ate",
    "alism": "al",
    "aliti": "al",
    "alli": "al",
    "fulness": "ful",
    "ousli": "ous",
    "ousness": "ous",
    "iveness": "ive",
    "iviti": "ive",
    "biliti": "ble",
    "bli": "ble",
    "fulli": "ful",
    "lessli": "less",
}
STEP_3 = {
    "ational": "ate",
    "tional": "tion",
    "alize": "al",
    "icate": "ic",
    "iciti": "ic",
    "ical": "ic",
    "ful": "",
    "ness": "",
}
STEP_4 = (
    *("al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent"),
    *("ism", "ate", "iti", "ous", "ive", "ize", "ion"),
)


def longest_first(endings):
    return tuple(sorted(endings, key=len, reverse=True))


ENDINGS_2 = longest_first([*STEP_2, "ogi", "li"])
ENDINGS_3 = longest_first([*STEP_3, "ative"])
ENDINGS_4 = longest_first(STEP_4)


def ending(word: str, endings: tuple[str, ...]) -> str:
    """Give the longest of the endings that the word has."""
    return next((e for e in endings if word.endswith(e)), "")


def regions(word: str) -> tuple[int, int]:
    """Say where R1 and R2 begin."""
    start = next((len(s) for s in LONG_STARTS if word.startswith(s)), None)
    if start is None:
        start = after_region(word, 0)
    return start, after_region(word, start)


def after_region(word: str, start: int) -> int:
    match = REGION.search(word, start)
    return match.end() if match else len(word)


def stem(word: str) -> str:
    """Cut an English word in small letters down to its stem."""
    if len(word) <= 2:
        return word
    if word in EXCEPTIONS:
        return EXCEPTIONS[word]
    # A y that begins the word or follows a vowel is a consonant.
    word = re.sub(r"(^|[aeiouy])y", r"\1Y", word)
    r1, r2 = regions(word)
    word = plural(word)
    if word in STOP_AFTER_PLURAL:
        return word
    word = y_to_i(past_and_ing(word, r1))
    return last_letter(step_4(step_3(step_2(word, r1), r1, r2), r2), r1, r2).lower()


def plural(word: str) -> str:
    if word.endswith("sses"):
        return word[:-2]
    if word.endswith(("ied", "ies")):
        return word[:-2] if len(word) > 4 else word[:-1]
    if word.endswith(("us", "ss")) or not word.endswith("s"):
        return word
    return word[:-1] if HAS_VOWEL.search(word[:-2]) else word


def past_and_ing(word: str, r1: int) -> str:
    found = ending(word, ("eedly", "ingly", "edly", "eed", "ing", "ed"))
    if found in ("eed", "eedly"):
        return word[: -len(found)] + "ee" if len(word) - len(found) >= r1 else word
    if not found or not HAS_VOWEL.search(word[: -len(found)]):
        return word
    word = word[: -len(found)]
    if word.endswith(("at", "bl", "iz")):
        return word + "e"
    if word.endswith(DOUBLES):
        return word if len(word) == 3 and word[0] in "aeo" else word[:-1]
    return word + "e" if len(word) <= r1 and SHORT_SYLLABLE.search(word) else word


def y_to_i(word: str) -> str:
    if len(word) > 2 and word[-1] in "yY" and word[-2] not in VOWELS:
        return word[:-1] + "i"
    return word


def step_2(word: str, r1: int) -> str:
    found = ending(word, ENDINGS_2)
    rest = word[: len(word) - len(found)]
    if not found or len(rest) < r1:
        return word
    if found == "ogi":
        return word[:-1] if rest.endswith("l") else word
    if found == "li":
        return rest if rest[-1:] in LI_AFTER and rest else word
    return rest + STEP_2[found]


def step_3(word: str, r1: int, r2: int) -> str:
    found = ending(word, ENDINGS_3)
    rest = word[: len(word) - len(found)]
    if not found or len(rest) < r1:
        return word
    if found == "ative":
        return rest if len(rest) >= r2 else word
    return rest + STEP_3[found]


def step_4(word: str, r2: int) -> str:
    found = ending(word, ENDINGS_4)
    rest = word[: len(word) - len(found)]
    if not found or len(rest) < r2 or (found == "ion" and rest[-1:] not in ("s", "t")):
        return word
    return rest


def last_letter(word: str, r1: int, r2: int) -> str:
    rest = word[:-1]
    if word.endswith("e") and (
        len(rest) >= r2 or (len(rest) >= r1 and not SHORT_SYLLABLE.search(rest))
    ):
        return rest
    return rest if word.endswith("ll") and len(rest) >= r2 else word
