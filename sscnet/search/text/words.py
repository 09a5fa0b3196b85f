"""What a text's words are, for the index, for a question and for marking alike.

A text is cut into tokens: a word of letters and digits, or a run of Chinese characters. Words are
compared without case, accents and width, in American spelling and by their stem; Chinese is
compared in simplified characters. Stems are worked out in Python, by the rules that most search
engines use (Porter2): asking the database for those of every word of a page would cost a query,
and its rules move with its version.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer
from opencc import OpenCC

LONGEST_WORD = 60
# A Chinese lexeme: up to three characters on from each. Words of one and two are its beginnings.
GRAM = 3

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Combining accents and invisible signs belong to the letter before.
ATTACHED = (
    "\u00ad\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200d\u2060"
    "\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\ufeff"
)
TOKEN = re.compile(f"(?P<han>[{HAN}]+)|(?:[^\\W_{HAN}][{ATTACHED}]*)+")
# Between two words that may as well be written as one.
HYPHEN = re.compile("[-\u2010-\u2015\u2212'\u2019\uff0d.\u00b7/&]")
LONGEST_CHAIN = 5

# A stemmer works on a word in place, so each thread has its own.
own = threading.local()
STOPWORDS = {
    *("a", "about", "an", "and", "are", "as", "at", "be", "but", "by", "for", "from", "how", "in"),
    *("into", "is", "it", "its", "near", "of", "on", "or", "so", "such", "that", "the", "their"),
    *("then", "there", "these", "they", "this", "to", "was", "were", "what", "where", "which"),
    *("who", "will", "with"),
}
# Letters that no decomposition leads back to plain ones.
LETTERS = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
)

BRITISH = [
    # Rules that change no English word into another. `organiz` is written `organis`, not the
    # other way round: its stem then stays apart from that of `organic`.
    (r"(?<=[a-z]{3})iz", "is"),
    (r"(?<=[a-z]{3})yz", "ys"),
    (r"^programme(s?)$", r"program\1"),
    (r"centre", "center"),
    (r"centring", "centering"),
    (r"fibre", "fiber"),
    (r"metre", "meter"),
    (r"litre", "liter"),
    (r"theatre", "theater"),
    (r"(col|lab|harb|neighb|fav|behavi|hon|rum|vap|hum|flav|endeav|vig|arm|parl|od)our", r"\1or"),
    (r"^(travel|model|label|channel|fuel|signal|level|cancel|counsel)l(?=ed|ing|er|or)", r"\1"),
    (r"^alumini?um", "aluminum"),
    (r"^sulph", "sulf"),
    (r"^an?aem", "anem"),
    (r"^haem", "hem"),
    (r"^paed", "ped"),
    (r"^foet", "fet"),
    (r"^oestr", "estr"),
    (r"rrhoea", "rrhea"),
    (r"^plough", "plow"),
    (r"^mould", "mold"),
    (r"^tyre", "tire"),
    (r"^grey", "gray"),
    (r"^draught", "draft"),
    (r"^artefact", "artifact"),
    (r"(catal|dial|anal)ogue", r"\1og"),
    (r"(lic|def|off|pret)ence", r"\1ense"),
    (r"^practise", "practice"),
    (r"^ageing", "aging"),
    (r"(judg|acknowledg)ement", r"\1ment"),
    (r"^enrol(?=ment|s?$)", "enroll"),
    (r"^fulfil(?=ment|s?$)", "fulfill"),
    (r"^skilful", "skillful"),
    (r"^yoghurt", "yogurt"),
]
BRITISH_RULES = [(re.compile(pattern), american) for pattern, american in BRITISH]


class Token(NamedTuple):
    """A word or a run of Chinese in a text, as it is compared (`text`) and where it stands."""

    start: int
    end: int
    text: str
    is_han: bool
    # A hyphen or its like, and nothing else, stands between it and the word before.
    is_glued: bool = False


class Simplified(dict):
    """Return a Chinese character's simplified form, by its code.

    Character by character, so that text and question change alike wherever a word begins or ends.
    """

    converter = OpenCC("t2s")

    def __missing__(self, code: int) -> str:
        character = unicodedata.normalize("NFKC", chr(code))
        simple = self.converter.convert(character)
        self[code] = simple if len(simple) == 1 else chr(code)
        return self[code]


SIMPLIFIED = Simplified()


def simplify(run: str) -> str:
    return run.translate(SIMPLIFIED)


@lru_cache(maxsize=100_000)
def fold(word: str) -> str:
    """Write a word in plain small letters: no accents, no full width, no capitals."""
    if word.isascii():
        return word.lower()[:LONGEST_WORD]
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", word).casefold())
    plain = text.translate(LETTERS)
    return "".join(letter for letter in plain if letter.isalnum())[:LONGEST_WORD]


@lru_cache(maxsize=100_000)
def american(word: str) -> str:
    """Write a word of plain letters so that British and American spelling are the same."""
    for pattern, spelling in BRITISH_RULES:
        word = pattern.sub(spelling, word)
    return word


def stem(word: str) -> str:
    """Return the stem of an English word in small letters: agricultural gives agricultur."""
    if not hasattr(own, "english"):
        own.english = snowballstemmer.stemmer("english")
    return own.english.stemWord(word)


@lru_cache(maxsize=100_000)
def lexeme(word: str) -> str:
    """Return what a word is compared by; words with digits or of other scripts as they are."""
    return stem(american(word)) if word.isascii() and word.isalpha() else word


def tokens(text: str) -> Iterator[Token]:
    """Cut a text into its words and runs of Chinese; a possessive 's belongs to no word."""
    end, before = 0, None
    for match in TOKEN.finditer(text):
        start = match.start()
        if match["han"]:
            token = Token(start, match.end(), simplify(match[0]), True)
        else:
            gap = text[end:start]
            is_glued = before is not None and not before.is_han and bool(HYPHEN.fullmatch(gap))
            if is_glued and gap in "'\u2019" and match[0] in ("s", "S"):
                end = match.end()
                continue
            word = fold(match[0])
            if not word:
                continue
            # "e government" is "e-government" too.
            if before and not before.is_han and gap == " " and is_letter(before.text):
                is_glued = True
            elif is_glued and gap in ".&/" and not may_join(before.text, word, gap):
                is_glued = False
            token = Token(start, match.end(), word, False, is_glued)
        yield token
        end, before = match.end(), token


def is_letter(word: str) -> bool:
    return len(word) == 1 and word.isalpha() and word not in STOPWORDS


def may_join(first: str, second: str, gap: str) -> bool:
    """Return whether the gap joins a number like INT/18 or an abbreviation like U.N."""
    if gap == "/":
        return any(c.isdigit() for c in first + second)
    return len(first) == 1


def chains(text: str) -> Iterator[list[Token]]:
    """Return the tokens of a text, those together that hyphens hold together."""
    chain: list[Token] = []
    for token in tokens(text):
        if chain and not token.is_glued:
            yield chain
            chain = []
        chain.append(token)
    if chain:
        yield chain


def joined(chain: list[Token]) -> Iterator[tuple[int, str]]:
    """Write the words of a chain as one, with the place of the first: each two, and all."""
    words = [token.text for token in chain]
    for n in range(len(words) - 1):
        if not (words[n].isdecimal() and words[n + 1].isdecimal()):
            yield n, (words[n] + words[n + 1])[:LONGEST_WORD]
    if 2 < len(words) <= LONGEST_CHAIN:
        yield 0, "".join(words)[:LONGEST_WORD]


def grams(run: str) -> Iterator[str]:
    """Return the Chinese lexemes of a run, one for each character."""
    return (run[n : n + GRAM] for n in range(len(run)))
