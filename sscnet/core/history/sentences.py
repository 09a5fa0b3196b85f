"""Sentences whose values a page can mark."""

from dataclasses import dataclass
from string import Formatter


@dataclass(frozen=True)
class SentencePiece:
    """A piece of a sentence: plain words, or a "name", an "old" or a "new" value."""

    text: str
    kind: str = ""


class Sentence(tuple[SentencePiece, ...]):
    """Pieces, which a page marks by their kind; prints as plain words."""

    __slots__ = ()

    def __str__(self):
        return "".join(piece.text for piece in self)


def sentence(words: str, **values: "str | Sentence") -> Sentence:
    """Return words with values in the places that they name: {field} set to {new}."""
    pieces = []
    for before, place, *_ in Formatter().parse(words):
        pieces.append(SentencePiece(before))
        if place:
            value = values[place]
            pieces += value if isinstance(value, Sentence) else [SentencePiece(value)]
    return Sentence(piece for piece in pieces if piece.text)


def marked(kind: str, text: str) -> Sentence:
    return Sentence([SentencePiece(text, kind)])
