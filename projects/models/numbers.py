"""Our codes and the Fund's numbers in the spellings people use."""

import re
import unicodedata

FUND_NUMBER = re.compile(
    r"(?<![^\W_])(?:INT[\s/._-]*)?(\d{2})[\s/._-]*K[\s/._-]*(\d{2}|[1-9])(?![^\W_])", re.IGNORECASE
)
CODE = re.compile(r"(?<![^\W_])(?:SSC|(SAMPLE))[\s/._-]*(\d{1,9})(?![^\W_])", re.IGNORECASE)


def fund_number(text: str) -> str | None:
    """Return the number of the Fund that a text is, as it is kept: int18k08 is INT/18/K08."""
    match = FUND_NUMBER.fullmatch(tidy(text))
    return fund_number_of(match) if match else None


def code(text: str) -> str | None:
    """Return the code of ours that a text is, as it is kept: ssc2 is SSC-0002."""
    match = CODE.fullmatch(tidy(text))
    return code_of(match) if match else None


def fund_number_of(match: re.Match) -> str:
    return f"INT/{int(match[1]):02}/K{int(match[2]):02}"


def code_of(match: re.Match) -> str:
    """Write a code with its leading noughts; sample records have codes of their own kind."""
    return f"SAMPLE-{int(match[2]):06}" if match[1] else f"SSC-{int(match[2]):04}"


def tidy(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip(" \t\r\n\"'“”「」.,;")
